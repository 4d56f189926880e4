package exchange_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/engine/sheet"
	"meixu/app/exchange"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// FuzzTR25Import takes tables of clients in that say anything: each is refused with a sentence, or
// looked at, run and counted, and no row is lost or taken in by half.
func FuzzTR25Import(f *testing.F) {
	const heads = "姓名,手机,生日,性别,身份证,会员号,过敏史,备注,监护人\n"
	for _, seed := range []string{
		heads + "林晚秋,13800008818,1990-05-01,女,,V1,青霉素、头孢,老客户,\n林晚秋,13800008818,1990-05-01\n陈,13800008818,1991-05-01\n",
		heads + "=cmd|'/C calc'!A0,+8613800008819,32994,男,310101199005012345,,,,\n", heads + "<script>alert(1)</script>,1.38E+10,1990/13/1,其他\n",
		"姓名,姓名,姓名\n,,\n", "手机\n13800008818\n", "a\n", heads, "姓名;手机;生日\n\u202e林;１３８０００８８１８;20200230\n", "姓名\t手机\t生日\n林\x01\x02\t13800138001.0\t1990.5.1\n",
		"姓名,手机,证件号\n林,13800008820,11010519491231002X\n林,13800008820,11010519491231002x\n", "%s%d%!v(MISSING),手机,生日\n%n,13800008821,1990-05-01\n", "\"姓名\n\",\" 手 机 \",\"生日(公历)\"\n小,13800008822,1990-05-01",
		"姓名,手机,生日,共用手机\n甲,13800008823,1990-05-01,是\n乙,13800008823,1990-05-01,是\n", "姓名,手机,生日\n   ,13800008824,2190-05-01\n幼,13800008825,2025-12-31\n",
	} {
		f.Add([]byte(seed))
	}
	site := uitest.New(f)
	office, manager := site.App.Rooms.Exchange, site.Actor("manager")
	office.House.Wake = nil
	seat, door := site.Cookie("manager"), site.Server.Handler()
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 1<<16 {
			return
		}
		id, err := office.ReadFile(t.Context(), manager, "../客户.csv", body)
		if err != nil {
			_, ok := fault.FieldsOf(err)
			require.True(t, ok, err)
			return
		}
		r := httptest.NewRequest(http.MethodGet, "http://localhost"+importPath(id), nil)
		r.AddCookie(seat)
		w := httptest.NewRecorder()
		door.ServeHTTP(w, r)
		require.Equal(t, http.StatusOK, w.Code)
		if err := office.Run(t.Context(), manager, id); err != nil {
			_, ok := fault.FieldsOf(err)
			require.True(t, ok, err)
			require.NoError(t, office.Drop(t.Context(), manager, id))
			return
		}
		seen, err := office.Continue(t.Context(), access.System("test"))
		require.NoError(t, err)
		require.Positive(t, seen)
		p, err := office.Import(t.Context(), manager, id, exchange.Look{})
		require.NoError(t, err)
		require.Equal(t, term.ImportDone, p.State)
		require.Equal(t, p.Total, p.Added+p.Filled+p.Skipped+p.Refused, "each row once")
		came(t, site, p.Import)
	})
}

func importPath(id term.ImportID) string { return fmt.Sprintf("/exchange/imports/%d", id) }

// came looks at the files that an import made: as good as those that the desk writes.
func came(t *testing.T, site *uitest.Site, i store.Import) {
	t.Helper()
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		list, err := r.ClientsImported(i.ID, 0, sheet.MostRows)
		require.Len(t, list, i.Added)
		for _, c := range list {
			require.Empty(t, site.App.Rooms.Exchange.House.Clients.Check(c, r.Today()))
			require.Equal(t, term.NormalPhone(c.Phone), c.Phone)
		}
		return err
	}))
}

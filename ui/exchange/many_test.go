package exchange_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"meixu/app/access"
	"meixu/app/exchange"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// watched is the book of clients with somebody who looks at every file that is kept.
type watched struct {
	book exchange.Clients
	seen func()
}

func (w watched) Check(c store.Client, today term.Day) fault.Fields { return w.book.Check(c, today) }

func (w watched) Keep(tx *store.Tx, c store.Client) {
	w.seen()
	w.book.Keep(tx, c)
}

func people(n int) []byte {
	var out bytes.Buffer
	out.WriteString("姓名,手机,生日,会员号\n")
	for i := range n {
		_, _ = fmt.Fprintf(&out, "客人%c%c,139%08d,19%02d-05-01,V%05d\n", 0x4e00+i%2000, 0x5200+i/2000, i, 50+i%50, i)
	}
	return out.Bytes()
}

// TestImportGoesOnAfterACrash stops an import between two writes, breaks one in the middle, and
// goes on: every row comes in once.
func TestImportGoesOnAfterACrash(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	office, manager := site.App.Rooms.Exchange, site.As("manager")
	book := office.House.Clients
	office.House.Wake = nil
	manager.PostFile("/exchange/imports", "file", people(450)).Want(http.StatusOK, "确认导入 450 位")
	manager.Post("/exchange/imports/1/run").Want(http.StatusOK, "0 / 450")

	ctx, stop := context.WithCancel(t.Context())
	office.House.Clients = watched{book, stop}
	_, err := office.Continue(ctx, access.System("test"))
	require.NoError(t, err)
	manager.Get("/exchange/imports/1/state").Want(http.StatusOK, "200 / 450")

	left := 30
	office.House.Clients = watched{book, func() {
		if left--; left == 0 {
			panic("the program is gone")
		}
	}}
	_, err = office.Continue(t.Context(), access.System("test"))
	require.Error(t, err)
	manager.Get("/exchange/imports/1/state").Want(http.StatusOK, "200 / 450")

	office.House.Clients = book
	_, err = office.Continue(t.Context(), access.System("test"))
	require.NoError(t, err)
	require.Equal(t, "450 0 0 0", counts(manager.Get("/exchange/imports/1").Want(http.StatusOK, "已导入")))
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		n, err := r.CountClients()
		require.Equal(t, 450, n)
		return err
	}))
}

// BenchmarkImport takes 20,000 clients in from Excel and back again (U6).
func BenchmarkImport(b *testing.B) {
	site := uitest.New(b)
	f := excelize.NewFile()
	require.NoError(b, f.SetSheetRow("Sheet1", "A1", &[]any{"姓名", "手机", "性别", "生日", "会员号", "渠道", "微信", "地址", "过敏史", "备注"}))
	for i := range 20_000 {
		require.NoError(b, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+2), &[]any{
			fmt.Sprintf("客人%c%c", 0x4e00+i%2000, 0x5200+i/2000), fmt.Sprintf("139%08d", i), "女", fmt.Sprintf("19%02d-05-01", 50+i%50),
			fmt.Sprintf("V%05d", i), "美团", fmt.Sprintf("wx%d", i), "上海市徐汇区漕溪北路 88 号", "青霉素", "老客户，周末方便",
		}))
	}
	var file bytes.Buffer
	require.NoError(b, f.Write(&file))
	manager, office := site.As("manager"), site.App.Rooms.Exchange
	office.House.Wake = nil
	lap := func(name string, do func()) {
		before := time.Now() //nolint:forbidigo // measures
		do()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.Logf("%-28s %8.2f s, heap %d MB, from the system %d MB", name, time.Since(before).Seconds(), m.HeapAlloc>>20, m.Sys>>20)
	}
	lap("upload and trial", func() {
		manager.PostFile("/exchange/imports", "file", file.Bytes()).Want(http.StatusOK, "确认导入 20000 位")
	})
	manager.Post("/exchange/imports/1/run").Want(http.StatusOK)
	lap("run of 20,000", func() {
		_, err := office.Continue(b.Context(), access.System("test"))
		require.NoError(b, err)
	})
	set := func(name, value string) {
		require.NoError(b, site.App.DB.Write(b.Context(), store.Act{Role: "system", Station: "test", Action: "test.fill"}, func(tx *store.Tx) error {
			return tx.SaveSetting(name, value)
		}))
	}
	set("export.most", "99999")
	manager.Post("/exchange/exports", "list", "clients", "reason", "测量").Want(http.StatusOK)
	lap("export of 20,000", func() { manager.Post("/exchange/exports/1/file").Want(http.StatusOK) })
	manager.Post("/exchange/imports/1/undo", "reason", "测量").Want(http.StatusOK)
	lap("undo of 20,000", func() {
		_, err := office.Continue(b.Context(), access.System("test"))
		require.NoError(b, err)
	})
}

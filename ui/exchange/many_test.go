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

// TestThreeHundredFaults: the dry run shows them row by row as in the table, by page and by reason,
// each at its cell with what was read and why it was refused.
func TestThreeHundredFaults(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	var table bytes.Buffer
	table.WriteString("姓名,备用,手机,生日\n林晚秋,x,13900000000,1990-05-01\n")
	for i := range 300 {
		phone := fmt.Sprintf("139%08d", i+1)
		if i%2 == 0 {
			phone = "1.38E+10"
		}
		_, _ = fmt.Fprintf(&table, "=%d,备,%s,1990-05-01\n", i, phone)
	}
	m := site.As("manager")
	m.PostFile("/exchange/imports", "file", table.Bytes()).
		Want(http.StatusOK, "确认导入 1 位", "A 姓名 · 姓名不合要求<b class=\"count\">300</b>", "科学计数丢了后几位<b class=\"count\">150</b>",
			`class="wrong" id="cell-A3"`, "<b>=0</b>", `class="wrong" id="cell-C3"`, "<b>1.38E&#43;10</b>", `href="#col-C"`, `id="col-C"`, "第 1–50 条，共 300 条", "page=2").
		Not(`id="cell-C4"`, `id="row-2"`, `id="row-53"`)
	m.Get("/exchange/imports/1?page=6").Want(http.StatusOK, `id="row-302"`, "第 251–300 条").Not(`id="row-252"`)
	m.Get("/exchange/imports/1?why=C.exchange.row.power&page=3").Want(http.StatusOK, `id="row-203"`, "第 101–150 条，共 150 条").Not(`id="row-204"`)
	m.Get("/exchange/imports/1?why=nothing&page=99").Want(http.StatusOK).Not(`id="row-`)
}

// TestEveryListLeaves takes out each list that the manager may see: those about people with a
// reason, all with headings in words.
func TestEveryListLeaves(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	addClients(t, site, store.Client{Name: "=HYPERLINK(1)", Phone: "13800008817"})
	m, lists := site.As("manager"), site.App.Rooms.Exchange.Lists(site.Actor("manager"))
	codes := map[string]bool{}
	for _, l := range lists {
		codes[l.Code] = true
		var rows [][]string
		switch {
		case l.Code == "segment":
			continue // of a rule that its page keeps
		case l.Personal:
			page := m.Post("/exchange/exports", "list", l.Code, "reason", "盘点").Want(http.StatusOK)
			rows = rowsOf(t, m.Post(page.Path+"/file"))
		default:
			rows = rowsOf(t, m.Post("/exchange/exports/list", "list", l.Code))
		}
		require.NotEmpty(t, rows, l.Code)
		for _, head := range rows[0] {
			require.NotContains(t, head, ".", l.Code)
			require.NotEmpty(t, head, l.Code)
		}
	}
	for _, code := range []string{"waits", "requests", "breaches", "messages", "ratings", "followups", "papers", "rooms", "devices"} {
		require.True(t, codes[code], code)
	}
	for path, list := range map[string]string{
		"/reception/waits": "waits", "/reception/requests": "requests", "/reception/breaches": "breaches", "/messages": "messages", "/feedback": "ratings",
		"/aftercare": "followups", "/people": "papers", "/premises": "rooms",
	} {
		page := m.Get(path)
		if path == "/premises" && page.Status == http.StatusOK {
			continue // shows a list when there is one
		}
		page.Want(http.StatusOK, `name="list" value="`+list+`"`)
	}
}

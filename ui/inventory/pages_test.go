package inventory_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	shelf "meixu/app/inventory"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// productOf is the row of a product of the default catalogue.
func productOf(s *uitest.Site, code string) (p store.Product) {
	s.T.Helper()
	require.NoError(s.T, s.App.DB.Read(s.T.Context(), func(r *store.Read) error {
		all, err := r.Products()
		for _, have := range all {
			if have.Code == code {
				p = have
			}
		}
		return err
	}))
	require.NotZero(s.T, p.ID)
	return p
}

func id[I ~int64](n I) string { return strconv.FormatInt(int64(n), 10) }

// filler receives two packs of filler and gives the lot.
func filler(s *uitest.Site) term.LotID {
	s.T.Helper()
	lot, err := s.App.Rooms.Stock.Receive(s.T.Context(), s.Actor("stock"), shelf.Receive{
		Product: productOf(s, "P-HA").ID, Lot: "A1", Expires: "2026-04-15", Packs: 2, Supplier: "供货商", Invoice: "F-1", Registration: "国械注进20183131234",
	})
	require.NoError(s.T, err)
	return lot
}

func TestReceivePages(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	b := s.As("stock")
	b.Get("/stock").Want(http.StatusOK, "库存", "收货入库", "注射用A型肉毒毒素")
	b.Get("/stock/receive").Want(http.StatusOK, "包装追溯码")
	toxin := []string{
		"product", id(productOf(s, "P-BTX").ID), "lot", "c4821", "expires", "2026-12-31", "packs", "2", "supplier", "国药", "invoice", "F-9",
		"registration", "国药准字S20171003", "celsius", "4.5", "traces", "81234567890123456789\n81234567890123456790", "_once", "k1",
	}
	b.Post("/stock/receive", toxin...).Want(http.StatusConflict, "REG-DRG-02", `value="c4821"`, "81234567890123456790")
	signed := append(toxin, "second", id(s.StaffID("manager")), "pin", "0000")
	b.Post("/stock/receive", signed...).Want(http.StatusUnprocessableEntity, "PIN 码不对", `value="F-9"`).Not("0000")
	signed[len(signed)-1] = uitest.PIN
	first := b.Post("/stock/receive", signed...).Want(http.StatusOK, "C4821", "已验收入库")
	b.Post("/stock/receive", signed...).Want(http.StatusOK).At(first.Path) // a double click gets the first answer
	b.Get("/stock?show=low").Want(http.StatusOK)
	b.Post("/stock/receive", "product", id(productOf(s, "P-HA").ID), "packs", "x", "lot", "甲").
		Want(http.StatusUnprocessableEntity, "请填写数字", `value="甲"`)
	b.Post("/stock/receive", "product", id(productOf(s, "P-HA").ID), "lot", "A1", "expires", "2026-03-01", "packs", "1",
		"supplier", "x", "invoice", "y", "registration", "国械注进20183131234").Want(http.StatusConflict, "REG-DEV-05")
	s.As("nurse").Post("/stock/receive", toxin...).Want(http.StatusForbidden)
	s.As("front").Get("/stock").Want(http.StatusForbidden)
}

func TestLotPages(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	lot := filler(s)
	path := "/stock/lot/" + id(lot)
	item := store.Item{}
	require.NoError(t, s.App.DB.Write(t.Context(), storetest.Act("test.prepare"), func(tx *store.Tx) (err error) {
		if item, err = tx.ItemByCode("INJ-HA-LIP"); err != nil {
			items, _ := tx.Items(true)
			for _, i := range items {
				if i.Kind == "filler_ha" {
					item = i
				}
			}
		}
		treatment, err := storetest.Treat(tx, item.ID)
		if err != nil {
			return err
		}
		_, err = shelf.Take(tx, shelf.TakeCmd{Treatment: treatment.ID, Lot: "A1", Qty: 500, By: s.StaffID("nurse")})
		return err
	}))
	s.As("nurse").Get(path).Want(http.StatusOK, "林晚秋", "领用", "国械注进20183131234")
	s.As("stock").Get(path).Want(http.StatusOK, "无权查看姓名").Not("林晚秋")
	s.As("stock").Get("/stock?show=expiring").Want(http.StatusOK, "60 天内到期", "A1")
	s.As("stock").Get("/stock/rows").Want(http.StatusOK, "A1").Not("<html")
	s.As("stock").Get("/stock/lot/999").Want(http.StatusNotFound)

	b := s.As("stock")
	b.Post(path+"/count", "count_qty", "viel", "count_note", "二层").Want(http.StatusUnprocessableEntity, "请填写数量", `value="viel"`, `value="二层"`)
	old := b.Seen(path, path+"/count")
	require.NoError(t, s.App.DB.Write(t.Context(), storetest.Act("test.prepare"), func(tx *store.Tx) error {
		_, err := tx.Move(store.Account{Kind: "stock", ID: int64(lot)}, 100, store.Subject{Noun: "lot", ID: int64(lot)})
		return err
	}))
	for version := range 9 { // a blind count tells no balance to who tries them all out
		for guess := range 100 {
			sum := sha256.Sum256(fmt.Appendf(nil, "lot %d.%d %d", lot, version, guess*100))
			require.NotEqual(t, hex.EncodeToString(sum[:16]), old)
		}
	}
	for _, seen := range []string{old, "", "x"} { // what was counted no longer lies there
		b.Post(path+"/count", "count_qty", "1.5", "count_note", "二层", "_seen", seen).
			Want(http.StatusConflict, "刚刚被别人改过", `value="1.5"`, `value="二层"`)
	}
	b.Post(path+"/count", "count_qty", "1.1", "count_note", "").Want(http.StatusOK, "盘点已提交", "有一次盘点等待复核")
	b.Post(path+"/count", "count_qty", "1").Want(http.StatusConflict, "等待复核")
	b.Get("/stock/counts").Want(http.StatusOK, "这是您自己的盘点")
	m := s.As("manager")
	m.Get("/stock/counts").Want(http.StatusOK, "-0.5", "同意调账")
	m.Post("/stock/count/1/decide", "answer", "approve", "reason", "").Want(http.StatusUnprocessableEntity, "请填写复核意见")
	b.Post("/stock/count/1/decide", "answer", "approve", "reason", "x").Want(http.StatusForbidden)
	m.Post("/stock/count/1/decide", "answer", "approve", "reason", "破损", "_seen", "c1.1-l1.0").Want(http.StatusConflict, "刚刚被别人改过", `value="破损"`)
	m.Post("/stock/count/1/decide", "answer", "approve", "reason", "破损").Want(http.StatusOK, "盘点已复核", "没有等待复核的盘点")

	b.Post(path+"/hold", "hold_state", "recalled", "hold_reason", "").Want(http.StatusUnprocessableEntity, "请填写原因")
	b.Post(path+"/hold", "hold_state", "quarantine", "hold_reason", "破损").Want(http.StatusOK, "待查隔离")
	b.Post(path+"/release", "release_reason", "x").Want(http.StatusForbidden)
	m.Post(path+"/release", "release_reason", "无碍").Want(http.StatusOK, "已解除隔离")
	m.Post(path+"/hold", "hold_state", "recalled", "hold_reason", "召回").Want(http.StatusOK, "已召回")
	m.Post(path+"/release", "release_reason", "无碍").Want(http.StatusConflict, "REG-DEV-05")
}

package crm_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// guest is a client of the past: how many days ago she came, and what she paid then.
type guest struct {
	tier string
	ago  []int
	fen  term.Fen
}

// crowd adds clients with visits and payments through the store's own steps.
func crowd(t *testing.T, s *uitest.Site, guests ...guest) (ids []term.ClientID) {
	t.Helper()
	require.NoError(t, s.App.DB.Write(t.Context(), storetest.Act("test.crowd"), func(tx *store.Tx) error {
		for i, g := range guests {
			c := store.Client{
				Name: fmt.Sprintf("沈客%d", i), Phone: fmt.Sprintf("1370000%04d", i), Gender: "female", Birth: "1990-01-01", Tier: g.tier,
				Source: "walk_in", Consultant: s.StaffID("consultant"),
			}
			require.NoError(t, tx.AddClient(&c))
			ids = append(ids, c.ID)
			for _, days := range g.ago {
				at := tx.Now().Add(-time.Duration(days) * 24 * time.Hour)
				v := store.Visit{Client: c.ID, State: "completed", Stage: "S6", Station: "gone", StationAt: at, ArrivedAt: at}
				require.NoError(t, tx.AddVisit(&v))
				if g.fen == 0 {
					continue
				}
				o := store.Order{Client: c.ID, Visit: v.ID, TotalFen: g.fen, State: "paid"}
				require.NoError(t, tx.AddOrder(&o))
				p := store.Payment{Order: o.ID, Kind: "payment", AmountFen: g.fen, Cashier: s.StaffID("cashier"), At: at, Day: at.Day(tx.Zone())}
				require.NoError(t, tx.AddPayment(&p))
			}
		}
		return nil
	}))
	return ids
}

func night(t *testing.T, s *uitest.Site) {
	t.Helper()
	_, err := s.App.Rooms.Book.Nightly(t.Context(), access.System("jobs"))
	require.NoError(t, err)
}

func TestSegments(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	ids := crowd(t, s,
		guest{"gold", []int{200, 100}, 600_000},  // ¥12,000 in all, away for 100 days
		guest{"gold", []int{20}, 2_000_000},      // came lately
		guest{"normal", []int{300}, 5_000_000},   // no VIP
		guest{"diamond", []int{120}, 100_000},    // spent too little
		guest{"normal", nil, 0},                  // never came
		guest{"normal", []int{89, 5}, 3_000_000}, // ¥60,000 in a year: gold tonight
	)
	owner := s.As("owner")
	vip := url.Values{"tiers": {"gold", "diamond"}, "spent": {"10000"}, "away": {"90"}}
	page := "/clients/segments?" + vip.Encode()
	t.Run("VIP, ten thousand, away for ninety days", func(t *testing.T) {
		owner.Get(page).Want(http.StatusOK, "1 人", "沈客0", "¥12,000.00").Not("沈客1", "沈客2", "沈客3")
		s.As("manager").With("HX-Request", "true").Get("/clients/segments/found?"+vip.Encode()).Want(http.StatusOK, "1 人", "沈客0").Not("<html")
		owner.Get("/clients/segments?spent=viel").Want(http.StatusUnprocessableEntity, "viel")
		found := s.As("owner").With("HX-Request", "true").Get("/clients/segments/found?tiers=gold&spent=10000.50&tag=").Want(http.StatusOK, "2 人")
		require.Equal(t, "/clients/segments?spent=10000.50&tiers=gold", found.Header.Get("HX-Replace-Url"), "the way back leads to what was built")
		wrong := s.As("owner").With("HX-Request", "true").Get("/clients/segments/found?tiers=gold&spent=viel").Want(http.StatusOK, "累计消费不少于", `href="#f-spent"`).Not("沈客", " 人<", "segment-save")
		require.Empty(t, wrong.Header.Get("HX-Replace-Url"), "a condition that nobody understood is no smaller question")
		s.As("front").Get(page).Want(http.StatusForbidden)
		s.As("front").Post("/clients/segments", "name", "甲", "rule", "{}").Want(http.StatusForbidden)
	})
	t.Run("the count is that of the rows, whatever is asked", func(t *testing.T) {
		require.NoError(t, s.App.DB.Read(t.Context(), func(r *store.Read) error {
			for _, rule := range []crm.Rule{
				{},
				{Away: 90},
				{Within: 30, SpentMin: 1},
				{SpentMax: 100_000},
				{VisitsMin: 2},
				{Marketing: true},
				{Gender: "male"},
				{RMax: 5},
				{Consultant: s.StaffID("consultant"), Sources: []string{"walk_in"}, Stages: crm.Stages, Tag: 1, YearMin: 1, FMin: 1, MMin: 1},
			} {
				n, err := r.CountSegment(rule)
				require.NoError(t, err)
				rows := 0
				page := store.SegmentPage{Limit: 2}
				for {
					list, err := r.InSegment(rule, page)
					require.NoError(t, err)
					rows += len(list)
					if len(list) < page.Limit {
						break
					}
					page.After = &list[len(list)-1]
				}
				require.Equal(t, n, rows, "%+v", rule)
			}
			return nil
		}))
	})
	t.Run("it is saved under a name, taken out with a reason and retired", func(*testing.T) {
		rule := `{"tiers":["gold","diamond"],"spent_min":1000000,"away":90}`
		owner.Post("/clients/segments", "name", " ", "rule", rule).Want(http.StatusUnprocessableEntity, "请填写名称", "1 人")
		owner.Post("/clients/segments", "name", "沉睡金卡", "rule", "{").Want(http.StatusUnprocessableEntity, "条件读不出来")
		owner.Post("/clients/segments", "name", "沉睡金卡", "rule", rule).Want(http.StatusOK, "已保存分群", "沉睡金卡", "1 人")
		owner.Post("/exchange/exports/ask", "list", "segment", "f_rule", rule).Want(http.StatusOK, "分群名单")
		owner.Post("/clients/segments/1/retire").Want(http.StatusOK, "已移除分群").Not("沉睡金卡")
		owner.Post("/clients/segments/1/retire").Want(http.StatusNotFound)
	})
	t.Run("the night scores, sets stages and tiers with a reason, and asks for a call once", func(t *testing.T) {
		night(t, s)
		owner.Get(fmt.Sprintf("/client/%d", ids[5])).Want(http.StatusOK, "由普通变为金卡", "近 12 个月实付 ¥60,000.00（标准 ¥50,000.00）", "重要")
		owner.Get("/clients/segments?stages=prospect").Want(http.StatusOK, "沈客4", "没来过").Not("沈客5")
		require.NoError(t, s.App.DB.Read(t.Context(), func(r *store.Read) error {
			c, err := r.Client(ids[0])
			require.Equal(t, "gold", c.Tier, "nobody loses a tier within a year of having it")
			return err
		}))
		night(t, s)
		require.NoError(t, s.App.DB.Read(t.Context(), func(r *store.Read) error {
			changes, err := r.TierChangesOf(ids[5])
			require.Len(t, changes, 1)
			return err
		}))
		s.Clock.Forward(72 * 24 * time.Hour) // the ninety days of one who came lately end
		night(t, s)
		night(t, s)
		require.NoError(t, s.App.DB.Read(t.Context(), func(r *store.Read) error {
			list, err := r.TasksOfClient(ids[1], 10)
			require.Len(t, list, 1)
			require.Equal(t, []any{"churn", s.StaffID("consultant")}, []any{list[0].Kind, list[0].Staff})
			return err
		}))
	})
	t.Run("who stays away stands on the list, and is called once", func(t *testing.T) {
		mine := s.As("consultant")
		mine.Get("/clients/churn").Want(http.StatusOK, "沈客0", "天没来，近 12 个月消费", "让顾问联系")
		ask := fmt.Sprintf("/clients/churn/%d", ids[0])
		mine.Post(ask).Want(http.StatusOK, "已建联系任务")
		mine.Post(ask).Want(http.StatusOK)
		mine.Post(fmt.Sprintf("/clients/churn/%d", ids[4])).Want(http.StatusConflict, "还没有到过店")
		var here store.Client
		require.NoError(t, s.App.DB.Write(t.Context(), storetest.Act("test.here"), func(tx *store.Tx) error {
			here = store.Client{Name: "沈客今", Phone: "13900007799", Gender: "female", Birth: "1990-01-01", Source: "walk_in", Consultant: s.StaffID("consultant")}
			require.NoError(t, tx.AddClient(&here))
			return tx.AddVisit(&store.Visit{Client: here.ID, State: term.VisitCompleted, Stage: "S6", Station: term.AtLeaving, StationAt: tx.Now(), ArrivedAt: tx.Now(), ClosedAt: tx.Now()})
		}))
		mine.Post(fmt.Sprintf("/clients/churn/%d", here.ID)).Want(http.StatusConflict, "0 天前刚来过")
		s.As("front").Post(ask).Want(http.StatusForbidden)
		require.NoError(t, s.App.DB.Read(t.Context(), func(r *store.Read) error {
			list, err := r.TasksOfClient(ids[0], 10)
			require.Len(t, list, 1)
			return err
		}))
	})
	t.Run("leaving a field asks for nothing anew, which would close what is just being opened", func(*testing.T) {
		s.As("owner").Get("/clients/segments").Want(http.StatusOK, `hx-trigger="input delay:200ms"`)
	})
	t.Run("a rule that the builder cannot make is not saved", func(*testing.T) {
		owner = s.As("owner")
		for _, rule := range []string{`{"tiers":["king"]}`, `{"spent_min":-5}`, `{"away":999999999}`, `{"r_max":6}`, `{"stages":["x"]}`, `[]`, "{"} {
			owner.Post("/clients/segments", "name", "坏规则", "rule", rule).Want(http.StatusUnprocessableEntity, "条件读不出来", `value="坏规则"`)
		}
		s.As("front").Post("/clients/segments", "name", "偷看", "rule", "{}").Want(http.StatusForbidden)
		owner.Get("/clients/segments").Want(http.StatusOK).Not("坏规则")
	})
	t.Run("tags are words of the house", func(*testing.T) {
		tag := fmt.Sprintf("/client/%d/tag", ids[0])
		owner = s.As("owner") // the months ended the session
		owner.Post("/clients/segments/tag", "name", "爱拍照").Want(http.StatusOK, "已添加标签")
		owner.Post(tag, "tag", "99").Want(http.StatusUnprocessableEntity)
		owner.Post(tag, "tag", "1").Want(http.StatusOK, "爱拍照", `aria-pressed="true"`)
		owner.Get("/clients/segments?tag=1").Want(http.StatusOK, "1 人", "沈客0")
		owner.Post(tag, "tag", "1", "off", "1").Want(http.StatusOK, `aria-pressed="false"`)
		owner.Get("/clients/segments?tag=1").Want(http.StatusOK, "0 人", "没有符合条件的客户")
	})
	t.Run("money paid back is no longer spent", func(t *testing.T) {
		require.NoError(t, s.App.DB.Write(t.Context(), storetest.Act("test.back"), func(tx *store.Tx) error {
			list, err := tx.PaymentsOf(1)
			require.NoError(t, err)
			p := store.Payment{Order: 1, Kind: "refund", AmountFen: list[0].AmountFen, Cashier: s.StaffID("cashier"), At: tx.Now(), Day: tx.Today(), Reverses: list[0].ID}
			return tx.AddPayment(&p)
		}))
		owner.Get(page).Want(http.StatusOK, "2 人", "沈客1", "沈客2").Not("沈客0")
	})
}

package reception_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/app/engine/find"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/app/reception"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// topics gathers the news that a deed sends.
func topics(t *testing.T, s *uitest.Site, deed func()) (heard []string) {
	t.Helper()
	events, cancel := s.App.Hub.Listen()
	deed()
	cancel()
	for e := range events {
		heard = append(heard, e.Topic)
	}
	return heard
}

func TestEveryDeedIsAnActAndIsHeard(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	id := filed(t, site, "林晚秋", "13800008817")
	desk, front := site.App.Rooms.Desk, site.Actor("front")
	ctx := t.Context()
	require.Subset(t, topics(t, site, func() { arrived(t, site, id) }), []string{live.Queue, live.Board, "visit:1"})
	require.Subset(t, topics(t, site, func() {
		require.NoError(t, desk.Assign(ctx, front, reception.Assign{Visit: 1, Consultant: site.StaffID("consultant")}))
	}), []string{live.Queue, live.Board, "visit:1"})
	require.Subset(t, topics(t, site, func() {
		require.NoError(t, desk.MoveTicket(ctx, front, reception.OnTicket{Ticket: 1, Deed: reception.Call}))
	}), []string{live.Queue})
	require.Subset(t, topics(t, site, func() {
		require.NoError(t, desk.Leave(ctx, front, 1, "不想等"))
	}), []string{live.Queue, live.Board, "visit:1"})
	require.Contains(t, topics(t, site, func() {
		_, err := site.App.Rooms.Book.AddLead(ctx, front, crm.NewLead{Name: "周", Phone: "13800008818", Channel: "phone"})
		require.NoError(t, err)
	}), "leads")
	read(t, site, func(r *store.Read) error {
		for _, action := range []string{"client.create", "visit.arrive", "visit.assign", "queue.call", "visit.leave", "lead.add"} {
			acts, err := r.Acts(store.ActFilter{Action: action})
			require.NoError(t, err)
			require.Len(t, acts, 1, action)
			require.Equal(t, "reception", acts[0].Act.Role, action)
		}
		acts, err := r.Acts(store.ActFilter{Action: "visit.leave"})
		require.Equal(t, "不想等", acts[0].Act.Reason)
		return err
	})
}

func TestASecondVisitOnSessionsThatAreLeft(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	id := filed(t, site, "林晚秋", "13800008817")
	heard := 0
	site.App.Engines.SOP.On(reception.SignalSession, func(*store.Tx, access.Actor, sop.Subject) error { heard++; return nil })
	line := bought(t, site, id)
	front := site.As("front")
	front.Get("/reception/arrive?client=1").Want(http.StatusOK, "剩 3 / 3 次", `name="line" value="1"`)
	front.Post("/reception/arrive", "client", "1", "line", "1").At("/reception/visit/2").Want(http.StatusOK, "T01")
	require.Equal(t, 1, heard)
	read(t, site, func(r *store.Read) error {
		v, err := r.Visit(2)
		require.Equal(t, []term.OrderLineID{line}, v.Wanted)
		return err
	})
}

// bought gives the client a paid order of three sessions from an earlier visit that is over.
func bought(t *testing.T, s *uitest.Site, id term.ClientID, of ...term.ItemID) (line term.OrderLineID) {
	t.Helper()
	v := arrived(t, s, id)
	require.NoError(t, s.App.Rooms.Desk.Leave(t.Context(), s.Actor("front"), v, "改天再做"))
	err := s.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "order.place"}, func(tx *store.Tx) error {
		items, err := tx.Items(true)
		if err != nil {
			return err
		}
		item := append(of, items[0].ID)[0]
		o := store.Order{Client: id, Visit: v, TotalFen: 300, State: term.OrderPaid}
		if err := tx.AddOrder(&o); err != nil {
			return err
		}
		l := store.OrderLine{Order: o.ID, Item: item, Sessions: 3, PriceFen: 100, TotalFen: 300}
		if err := tx.AddOrderLine(&l); err != nil {
			return err
		}
		line = l.ID
		_, err = tx.Move(store.Account{Kind: "session", ID: int64(l.ID)}, 3, store.Subject{Noun: "order", ID: int64(o.ID)})
		return err
	})
	require.NoError(t, err)
	return line
}

func TestTheFinderIsFilledAtStart(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	filed(t, site, "林晚秋", "13800008817")
	filed(t, site, "单思远", "13800008818")
	book, err := crm.New(t.Context(), site.App.Rooms.Book.Doer, find.New(), sop.New())
	require.NoError(t, err)
	for typed, name := range map[string]string{"lwq": "林晚秋", "8818": "单思远", "shansiyuan": "单思远", "晚秋": "林晚秋"} {
		people, err := book.Find(t.Context(), site.Actor("front"), typed)
		require.NoError(t, err)
		require.Len(t, people, 1, typed)
		require.Equal(t, name, people[0].Name)
		require.NotContains(t, people[0].Phone, "0000")
	}
	_, err = book.Find(t.Context(), site.Actor("stock"), "lwq")
	require.Equal(t, fault.KindForbidden, fault.KindOf(err))
}

func TestTwoDesksAtOnceOpenOneVisit(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	id := filed(t, site, "林晚秋", "13800008817")
	front, errs := site.Actor("front"), make(chan error, 2)
	for range 2 {
		go func() {
			_, err := site.App.Rooms.Desk.Arrive(context.Background(), front, reception.Arrive{Client: id})
			errs <- err
		}()
	}
	first, second := <-errs, <-errs
	if first != nil {
		first, second = second, first
	}
	require.NoError(t, first)
	require.Equal(t, fault.KindConflict, fault.KindOf(second))
}

package feedback_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/feedback"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// invited is a visit whose client was asked for a rating.
func invited(t *testing.T, site *uitest.Site) (v store.Visit) {
	t.Helper()
	require.NoError(t, site.App.DB.Write(t.Context(), storetest.Act("visit.close"), func(tx *store.Tx) error {
		items, err := tx.Items(true)
		require.NoError(t, err)
		tr, err := storetest.Treat(tx, items[0].ID)
		if err != nil {
			return err
		}
		if v, err = tx.Visit(tr.Visit); err != nil {
			return err
		}
		if err := site.App.Engines.SOP.Start(tx, v.ID); err != nil {
			return err
		}
		for range 2 { // a visit is invited once
			if err := feedback.Invite(tx, words.ZH, v, site.GuestURL); err != nil {
				return err
			}
		}
		return nil
	}))
	return v
}

func TestRating(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	v := invited(t, site)
	desk := site.As("aftercare")
	page := desk.Get("/feedback/messages").Want(200, "林晚秋", "/alerts/bar")
	links := regexp.MustCompile(`/rate/[A-Z0-9]+`).FindAllString(page.Body, -1)
	require.Len(t, links, 1)
	site.As("doctor").Get("/feedback/messages").Want(403)
	phone := site.AsGuest()
	phone.Get(links[0]).Want(200, "整体").Not("林晚秋")
	phone.Post(links[0], "q.s_overall", "", "q.improve", "等候太久", "_step", "done").Want(422, "等候太久", "f-q.s_overall", "f-q.nps")
	phone.Post(links[0], "q.s_overall", "2", "q.nps", "3", "q.improve", "等候太久", "q.again", "front", "q.again", "nurse", "q.anonymous", "true", "_step", "done").Want(200, "谢谢")
	phone.Post(links[0], "q.s_overall", "5", "q.nps", "9", "_step", "done").Want(409)
	desk.Get("/feedback").Want(200, "等候太久", "匿名").Not("林晚秋")
	desk.Get("/tasks").Want(200, "客户不满意")
	site.As("owner").Get("/owner/again").Want(200, "2026-03", "100%").Not("⟦")
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		row, err := r.RatingOf(v.ID)
		require.Equal(t, 40, row.Score)
		require.Equal(t, 3, row.Nps)
		require.Equal(t, "front,nurse", row.Again)
		stamps, err2 := r.SOPStamps(v.ID)
		require.NoError(t, err2)
		proved := false
		for _, s := range stamps {
			proved = proved || s.Step == "S6-08" && s.State == store.StampDone
		}
		require.True(t, proved, "S6-08 is stamped")
		return err
	}))
	desk.Get("/feedback/messages").Want(200).Not("林晚秋") // who rated is not invited any more
	desk.Post("/feedback/messages/1/sent").Want(409)
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		got, err := r.Task(term.TaskID(1))
		require.Equal(t, store.TaskDone, got.State)
		require.Equal(t, "rated", got.Outcome)
		return err
	}))
}

// TestAMessageIsSentOnce: the code for the client's phone, the number on record, the mark.
func TestAMessageIsSentOnce(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	invited(t, site)
	desk := site.As("aftercare")
	page := desk.Get("/feedback/messages").Want(200, "林晚秋")
	link := regexp.MustCompile(`/rate/[A-Z0-9]+`).FindString(page.Body)
	page.Want(200, "标记为已发送", `data-copy="text-1"`).Not("tel:", "13800000000")
	desk.Get("/feedback/messages/1/code").Want(200, "<path", link).Not("林晚秋", "/alerts/bar") // the client looks at it
	site.As("doctor").Post("/feedback/messages/1/phone").Want(403)
	site.As("doctor").Get("/feedback/messages/1/code").Want(403)
	before := reveals(t, site)
	desk.Post("/feedback/messages/1/phone").Want(200, `href="tel:1`)
	require.Equal(t, before+1, reveals(t, site), "who asked for the number is on record")
	desk.Post("/feedback/messages/1/sent").Want(200)
	desk.Post("/feedback/messages/1/phone").Want(409)
	desk.Get("/feedback/messages").Want(200).Not("林晚秋")
	desk.Post("/feedback/messages/1/sent").Want(409)
}

// TestWhoSuffersIsNotInvited: while an event of the visit is open nobody asks for a rating.
func TestWhoSuffersIsNotInvited(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	v := invited(t, site)
	e := store.Event{Kind: feedback.Adverse, Client: v.Client, Visit: v.ID, State: "taken", Severity: "C"}
	save := func(fn func(*store.Tx) error) {
		require.NoError(t, site.App.DB.Write(t.Context(), storetest.Act("form.sign"), fn))
	}
	save(func(tx *store.Tx) error { e.OpenedAt = tx.Now(); return tx.AddEvent(&e) })
	desk := site.As("aftercare")
	desk.Get("/feedback/messages").Want(200).Not("林晚秋")
	desk.Get("/feedback/messages/1/code").Want(409, "S6-07")
	desk.Post("/feedback/messages/1/sent").Want(409, "S6-07")
	save(func(tx *store.Tx) error { e.State = "closed"; e.ClosedAt = tx.Now(); return tx.SaveEvent(&e) })
	desk.Get("/feedback/messages").Want(200, "林晚秋")
	desk.Post("/feedback/messages/1/sent").Want(200)
}

// reveals counts on record how often a whole number was asked for.
func reveals(t *testing.T, site *uitest.Site) (n int) {
	t.Helper()
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		acts, err := r.Acts(store.ActFilter{Action: "client.reveal", Limit: 50})
		n = len(acts)
		return err
	}))
	return n
}

func TestTasksAreDoneOrPutOffWithAReason(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	invited(t, site)
	desk := site.As("aftercare")
	desk.Post("/tasks/1/done", "outcome", "done").Want(409, "S6-08")
	desk.Post("/tasks/1/move", "due", "2026-03-05T10:00", "reason", "").Want(422, "2026-03-05T10:00", "请写明理由")
	desk.Post("/tasks/1/move", "due", "2026-03-05T10:00", "reason", "客户出差").Want(200).At("/tasks")
	site.As("cashier").Get("/tasks/1").Want(403)
	site.As("cashier").Post("/tasks/1/move", "due", "2026-03-06T10:00", "reason", "x").Want(403)
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		got, err := r.Task(term.TaskID(1))
		require.Equal(t, "2026-03-05 10:00", got.DueAt.Stamp(r.Zone()))
		return err
	}))
}

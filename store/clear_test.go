package store_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

// marked is a text that would be found in the clear; a name, a number and a finding.
const marked = "回访韩梅梅 13987654321 眼周血肿"

// notInClear looks through every file of a data folder, the write-ahead log too.
func notInClear(t *testing.T, dir, text string) {
	t.Helper()
	files := 0
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		require.NoError(t, err)
		require.False(t, bytes.Contains(body, []byte(text)), "%s holds the text in the clear", entry.Name())
		files++
		return nil
	}))
	require.Positive(t, files)
}

// What is typed as the reason of a deed stays in the trail for ever, so it is sealed there.
func TestReasonsAreNotInClear(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	storetest.Fill(t, dir)
	db, err := store.Open(bg, store.Options{Dir: dir, Keys: storetest.Keys(), Now: storetest.NewClock().Now})
	require.NoError(t, err)
	act := storetest.Act("client.phone")
	act.Reason, act.Subject = marked, store.Subject{Noun: "client", ID: 11}
	require.NoError(t, db.Write(bg, act, set("a", "1")))
	db.Saw(act, 11)
	require.NoError(t, db.Flush(bg))
	notInClear(t, dir, marked)
	require.NoError(t, db.Close())
	notInClear(t, dir, marked)

	again := storetest.Open(t, store.Options{Dir: dir})
	require.NoError(t, again.VerifyChain(bg))
	require.NoError(t, again.Read(bg, func(r *store.Read) error {
		one, err := r.Act(1)
		require.NoError(t, err)
		require.Equal(t, marked, one.Act.Reason)
		all, err := r.Acts(store.ActFilter{Subject: act.Subject})
		require.NoError(t, err)
		require.Len(t, all, 2, "the deed and the view")
		trail, err := r.TrailOf(store.TrailFilter{Client: term.ClientID(11), Limit: 10})
		require.NoError(t, err)
		history, err := r.History("settings", read[int64](t, again, `SELECT id FROM settings WHERE name = 'a'`))
		require.NoError(t, err)
		require.NotEmpty(t, history)
		for _, a := range append(append(all, trail...), history...) {
			require.Equal(t, marked, a.Act.Reason)
		}
		return nil
	}))
}

// Whatever people write about a client in the rows of the house is sealed, and so are the
// copies in the trail.
func TestWhatIsWrittenAboutClientsIsNotInClear(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	storetest.Fill(t, dir)
	db, err := store.Open(bg, store.Options{Dir: dir, Keys: storetest.Keys(), Now: storetest.NewClock().Now})
	require.NoError(t, err)
	require.NoError(t, db.Raw(`PRAGMA foreign_keys = OFF`), "the rows stand for themselves")
	client := store.Client{Name: "韩梅梅", Phone: "13987654321", Gender: "female", Birth: "1990-01-01"}
	lead := store.Lead{Name: "韩梅梅", State: term.LeadLost, Channel: "phone", LostReason: marked}
	visit := store.Visit{State: term.VisitLeft, Stage: "S1", Station: term.Gone, CloseReason: marked, ConsultantReason: marked}
	task := store.Task{Kind: "escalation", Key: "1", TitleKey: "task.title.escalation", TitleArgs: []string{marked}, CancelReason: marked}
	stamp := store.SOPStamp{Run: 1, Step: "S4-08", State: store.StampManual, Reason: marked}
	plan := store.Plan{State: term.PlanRefused, CasesReason: marked, DecisionReason: marked, Void: store.Void{VoidReason: marked}}
	item := store.PlanItem{Area: marked, Dose: marked, Sessions: 1, PriceReason: marked, OffLabelReason: marked, State: "proposed"}
	treatment := store.Treatment{State: term.TreatmentStopped, Area: marked, PhotoReason: marked, StopReason: marked}
	order := store.Order{State: term.OrderCancelled, CancelReason: marked}
	payment := store.Payment{Kind: "refund", AmountFen: 1, Reason: marked}
	leg := store.PaymentLeg{Payment: 1, Method: term.Card, AmountFen: 1, Reference: marked}
	consent := store.Consent{Purpose: term.ForPhotoCase, WithdrawReason: marked}
	booking := store.Appointment{State: term.AppointmentCancelled, CancelReason: marked, OverlapReason: marked, Note: marked}
	shown := store.Case{ItemKind: "botulinum", Title: marked, Story: marked, State: "shown", WithdrawReason: marked}
	signature := store.Signature{Role: "client", Capacity: "agent", Name: marked, Relation: marked, Reason: marked, Strokes: marked}
	write(t, db, func(tx *store.Tx) error {
		now := tx.Now()
		if err := tx.AddClient(&client); err != nil {
			return err
		}
		c := client.ID
		visit.Client, task.Client, plan.Client, treatment.Client, order.Client, consent.Client, booking.Client = c, c, c, c, c, c, c
		visit.StationAt, visit.ArrivedAt, task.DueAt, consent.GivenAt, payment.At, payment.Day = now, now, now, now, now, "2026-03-02"
		booking.StartsAt, booking.EndsAt = now, now.Add(time.Hour)
		signature.Client, signature.SignedAt = c, now
		return errors.Join(tx.AddLead(&lead), tx.AddVisit(&visit), tx.AddTask(&task), tx.AddSOPStamp(&stamp), tx.AddPlan(&plan), tx.AddPlanItem(&item),
			tx.AddTreatment(&treatment), tx.AddOrder(&order), tx.AddPayment(&payment), tx.AddPaymentLeg(&leg), tx.AddConsent(&consent), tx.AddAppointment(&booking), tx.AddSignature(&signature),
			tx.AddCase(&shown))
	})
	notInClear(t, dir, marked)
	require.NoError(t, db.Close())
	notInClear(t, dir, marked)

	again := storetest.Open(t, store.Options{Dir: dir})
	require.NoError(t, again.Read(bg, func(r *store.Read) error {
		l, err := r.Lead(lead.ID)
		require.NoError(t, err)
		v, err := r.Visit(visit.ID)
		require.NoError(t, err)
		k, err := r.Task(task.ID)
		require.NoError(t, err)
		p, err := r.Plan(plan.ID)
		require.NoError(t, err)
		i, err := r.PlanItem(item.ID)
		require.NoError(t, err)
		d, err := r.Treatment(treatment.ID)
		require.NoError(t, err)
		o, err := r.Order(order.ID)
		require.NoError(t, err)
		y, err := r.Payment(payment.ID)
		require.NoError(t, err)
		legs, err := r.PaymentLegs(1)
		require.NoError(t, err)
		require.Equal(t, marked, legs[0].Reference)
		n, err := r.ConsentByID(consent.ID)
		require.NoError(t, err)
		b, err := r.Appointment(booking.ID)
		require.NoError(t, err)
		signed, err := r.Signatures(store.Document{ID: signature.Document, Client: client.ID})
		require.NoError(t, err)
		require.Equal(t, []string{marked, marked, marked}, []string{signed[0].Name, signed[0].Relation, signed[0].Reason})
		require.Equal(t, []string{marked}, k.TitleArgs)
		demo, err := r.Case(shown.ID)
		require.NoError(t, err)
		require.Equal(t, []string{marked, marked, marked}, []string{demo.Title, demo.Story, demo.WithdrawReason})
		for _, text := range []string{
			l.LostReason, v.CloseReason, v.ConsultantReason, k.CancelReason, p.CasesReason, p.DecisionReason, p.VoidReason,
			i.Area, i.Dose, i.PriceReason, i.OffLabelReason, d.Area, d.PhotoReason, d.StopReason, o.CancelReason, y.Reason, n.WithdrawReason, b.CancelReason, b.OverlapReason,
		} {
			require.Equal(t, marked, text)
		}
		stamps, err := r.SOPStamps(stamp.Visit)
		require.NoError(t, err)
		require.Equal(t, marked, stamps[0].Reason)
		timeline, err := r.Timeline(client.ID, []string{"visit", "payment", "task"}, 10, 0)
		require.NoError(t, err)
		for _, h := range timeline {
			require.Contains(t, h.Extra+h.TitleEN, marked, h.Noun)
		}
		require.NotEmpty(t, timeline)
		return nil
	}))
}

// A column of free text that is not sealed must be about the house, not about a client. What
// checks hold of rooms and devices is; events.steps holds numbers, instants and staff only.
func TestFreeTextColumnsAreSealed(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	require.Equal(t, "checks.note item_prices.reason items.remark stock_counts.note stock_counts.reason till_counts.reason", read[string](t, db, `SELECT coalesce(group_concat(n, ' ' ORDER BY n), '')
		FROM (SELECT t.name || '.' || c.name AS n FROM pragma_table_list t, pragma_table_info(t.name) c WHERE t.schema = 'main' AND t.type = 'table'
		AND c.type = 'TEXT' AND (c.name LIKE '%reason%' OR c.name LIKE '%note%' OR c.name LIKE '%remark%' OR c.name IN ('story', 'dose', 'area', 'title_args', 'reference')))`))
}

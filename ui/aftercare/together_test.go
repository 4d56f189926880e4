package aftercare_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/engine/sop"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// beside makes a further treatment of the same visit that was signed out an hour later.
func beside(t *testing.T, site *uitest.Site, first store.Treatment, care string) (tr store.Treatment) {
	t.Helper()
	site.Clock.Forward(time.Hour)
	require.NoError(t, site.App.DB.Write(t.Context(), storetest.Act("treatment.signout"), func(tx *store.Tx) error {
		items, err := tx.Items(true)
		require.NoError(t, err)
		var item store.Item
		for _, i := range items {
			if i.CareTemplate == care && i.ID != first.Item {
				item = i
			}
		}
		require.NotZero(t, item.ID, care)
		orders, err := tx.OrdersOfVisit(first.Visit)
		require.NoError(t, err)
		line := store.OrderLine{Order: orders[0].ID, Item: item.ID, Sessions: 1, PriceFen: 1, TotalFen: 1}
		if err := tx.AddOrderLine(&line); err != nil {
			return err
		}
		tr = store.Treatment{
			Visit: first.Visit, Client: first.Client, Line: line.ID, Item: item.ID, SessionNo: 1, State: term.TreatmentSignedOut,
			StartedAt: tx.Now(), FinishedAt: tx.Now(), Operator: site.StaffID("doctor"),
		}
		if err := tx.AddTreatment(&tr); err != nil {
			return err
		}
		return prove(site, tx, tr, "procedure.finished")
	}))
	return tr
}

// prove gives evidence about a treatment twice: hooks bear running again.
func prove(site *uitest.Site, tx *store.Tx, tr store.Treatment, kind string) error {
	by := access.System("test")
	by.Lang = "zh"
	on := sop.Subject{Visit: tr.Visit, Treatment: tr.ID}
	for range 2 {
		if err := site.App.Engines.SOP.Prove(tx, by, on, kind, store.Subject{}); err != nil {
			return err
		}
	}
	return nil
}

// followed says for which treatments of the visit the 48-hour call is done.
func followed(t *testing.T, site *uitest.Site, visit term.VisitID) map[term.TreatmentID]bool {
	t.Helper()
	done := map[term.TreatmentID]bool{}
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		all, err := r.SOPStamps(visit)
		for _, s := range all {
			if s.Step == "S6-03" {
				done[s.Treatment] = s.State == store.StampDone
			}
		}
		return err
	}))
	return done
}

// records are the signed records of a call.
func records(t *testing.T, site *uitest.Site, call store.Task) (list []store.Answer) {
	t.Helper()
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		all, err := r.AnswersOf(call.Client, 50)
		for _, a := range all {
			if a.Task == call.ID && a.State == store.AnswerSigned {
				list = append(list, a)
			}
		}
		return err
	}))
	return list
}

// well are the toxin's answers of a client who is well, beside those of the filler.
var well = []string{"q.lid", "yes", "q.double", "no", "q.swallow", "no", "q.voice", "no", "q.breath_2", "no", "q.rash", "no", "q.limb", "no", "q.smile", "no"}

// A client is called once about what was done in one visit: both are asked about, each keeps a
// record of its own, and each counts as followed up.
func TestOneCallForTwoTreatments(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	filler := treated(t, site)
	toxin := beside(t, site, filler, "AC-BTX")
	d2 := dayTask(t, site, filler, 2)
	require.Equal(t, filler.FinishedAt.Add(48*time.Hour), d2.DueAt, "the earlier of both")
	dayTask(t, site, filler, 0)
	path := fmt.Sprintf("/aftercare/%d", d2.ID)
	caller := site.As("aftercare")
	caller.Get("/aftercare?show=all").Want(200, "透明质酸填充·鼻唇沟 / 肉毒毒素")
	caller.Get(path).Want(200, filler.Number, toxin.Number, "打针的皮肤颜色和旁边一样", "吞咽、喝水呛", "q.breath_2")
	caller.Post(path, calm()...).Want(422, "f-q.swallow").Not("f-q.cold\" class=\"fault")
	require.Empty(t, records(t, site, d2))
	caller.Post(path, calm(append(well, "_step", "save")...)...).Want(200)
	caller.Post(path, calm(well...)...).Want(200).At("/aftercare")
	require.Equal(t, map[term.TreatmentID]bool{filler.ID: true, toxin.ID: true}, followed(t, site, filler.Visit))
	kept := records(t, site, d2)
	require.Len(t, kept, 2)
	about := map[string]term.TreatmentID{kept[0].FormCode: kept[0].Treatment, kept[1].FormCode: kept[1].Treatment}
	require.Equal(t, map[string]term.TreatmentID{"F8-AC-HA": filler.ID, "F8-AC-BTX": toxin.ID}, about)
	for _, a := range kept {
		require.NotContains(t, a.Body, "breath_2", "each in its own words")
		require.Contains(t, a.Body, `"breath"`)
	}
	caller.Get(path).Want(200, "吞咽、喝水呛")
	caller.Post(path, calm(well...)...).Want(409)
}

// A sign of the second treatment is a red flag of that one, and one call raises one.
func TestARedFlagBelongsToItsTreatment(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	filler := treated(t, site)
	toxin := beside(t, site, filler, "AC-BTX")
	path := fmt.Sprintf("/aftercare/%d", dayTask(t, site, filler, 2).ID)
	caller := site.As("aftercare")
	caller.Post(path, "q.reached", "yes", "q.swallow", "yes", "_step", "save").Want(200, "本次回访发现红旗")
	require.Len(t, flags(t, site), 1)
	require.Equal(t, toxin.ID, flags(t, site)[0].Treatment)
	require.Equal(t, "ESC-TOXIN", flags(t, site)[0].Code)
	caller.Post(path, calm(append(well, "q.swallow", "yes", "q.fever", "yes", "q.assessment", "redflag", "q.action", "马上到院")...)...).Want(200)
	require.Len(t, flags(t, site), 1)
	require.Contains(t, flags(t, site)[0].Note, "发热")
}

// Two treatments with the same care are asked about by one form and kept in one record.
func TestTheSameQuestionsAreAskedOnce(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	filler := treated(t, site)
	other := beside(t, site, filler, "AC-HA")
	d2 := dayTask(t, site, filler, 2)
	path := fmt.Sprintf("/aftercare/%d", d2.ID)
	site.As("aftercare").Get(path).Want(200, filler.Number, other.Number).Not("q.breath_2")
	site.As("aftercare").Post(path, calm()...).Want(200).At("/aftercare")
	require.Len(t, records(t, site, d2), 1)
	require.Equal(t, map[term.TreatmentID]bool{filler.ID: true, other.ID: true}, followed(t, site, filler.Visit))
}

// A treatment that is stopped is not asked about later; the other's calls go on.
func TestAStoppedTreatmentLeavesTheCall(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	filler := treated(t, site)
	toxin := beside(t, site, filler, "AC-BTX")
	shared := func() (list []store.Task) {
		require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
			all, err := r.TasksOfVisit(filler.Visit)
			for _, x := range all {
				if x.Kind == "followup" && x.Day > 2 && len(x.Also) > 0 {
					list = append(list, x)
				}
			}
			return err
		}))
		return list
	}
	require.NotEmpty(t, shared())
	require.NoError(t, site.App.DB.Write(t.Context(), storetest.Act("procedure.stop"), func(tx *store.Tx) error {
		row, err := tx.Treatment(filler.ID)
		if err != nil {
			return err
		}
		row.State = term.TreatmentStopped
		if err := tx.SaveTreatment(&row); err != nil {
			return err
		}
		if err := prove(site, tx, filler, "procedure.stopped"); err != nil {
			return err
		}
		return prove(site, tx, filler, "procedure.finished")
	}))
	for _, x := range shared() {
		require.Equal(t, store.TaskOpen, x.State)
		require.Equal(t, []store.TaskPart{{Treatment: toxin.ID, Form: "F8-AC-BTX"}}, x.Parts())
	}
	require.Len(t, dayTask(t, site, filler, 2).Parts(), 2, "something was done to the client: the first days stay")
}

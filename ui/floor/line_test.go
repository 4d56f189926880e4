package floor_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest/day"
)

// line is the line of stages of the visit, as stage and state.
func line(d *day.Day) (states map[string]string) {
	d.T.Helper()
	states = map[string]string{}
	d.Read(func(r *store.Read) error {
		s, err := d.App.Engines.SOP.Stepper(r, d.Visit, words.ZH)
		if err != nil {
			return err
		}
		for _, x := range s.Stages {
			states[x.ID] = x.State
			if x.State == "ended" || x.State == "off" {
				require.Zero(d.T, x.Missing, "nothing is wanted of a visit that ended")
			}
		}
		return nil
	})
	return states
}

// A visit that ended early shows where and why, and wants nothing more.
func TestTheLineEndsWhereTheVisitEnded(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Examined)
	d.Post("front", "/reception/visit/{visit}/leave", "reason", "临时有事").Want(200)
	require.Equal(t, map[string]string{"S1": "done", "S2": "ended", "S3": "off", "S4": "off", "S5": "off", "S6": "off"}, line(d))
	d.As("manager").Get(fmt.Sprintf("/visit/%d", d.Visit)).Want(200, "在此结束", `title="临时有事"`, "未进行").Not("还缺")
}

// A plan whose only line the client refused is no plan and consent.
func TestARefusedPlanIsNotDone(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Approved)
	require.Equal(t, "now", line(d)["S3"])
	d.Write(func(tx *store.Tx) error {
		plan, err := tx.PlanOf(d.Visit)
		if err != nil {
			return err
		}
		plan.State = term.PlanRefused
		return tx.SavePlan(&plan)
	})
	require.Equal(t, "ended", line(d)["S3"])
	require.Equal(t, "off", line(d)["S4"])
	d.As("manager").Get(fmt.Sprintf("/visit/%d", d.Visit)).Want(200, "客户未接受方案")
}

// Observation is time that runs, nothing blocks it.
func TestObservationIsUnderWay(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.SignedOut)
	require.NotEqual(t, "blocked", line(d)["S5"])
	d.Post("nurse", "/aftercare/guide/{treatment}/told", "signs", "on", "phone", "on").Want(200)
	require.Equal(t, "now", line(d)["S5"], "S6 has begun, the observation runs")

	t.Run("care guides of several treatments are told apart", func(t *testing.T) {
		page, name := fmt.Sprintf("/visit/%d", d.Visit), d.Item.Name
		d.As("nurse").Get(page).Want(200, "护理单</a>")
		d.Write(func(tx *store.Tx) error {
			first, err := tx.Treatment(d.Treatment)
			require.NoError(t, err)
			return tx.AddTreatment(&store.Treatment{
				Visit: d.Visit, Client: d.Client, Line: first.Line, Item: first.Item, SessionNo: 2, State: term.TreatmentSignedOut,
				StartedAt: tx.Now(), FinishedAt: tx.Now(), Operator: first.Operator,
			})
		})
		d.As("nurse").Get(page).Want(200, "护理单 · "+name+"</a>", "护理单 · "+name+" (2)</a>").Not("护理单</a>")
	})
}

// On a second visit the line and the table say the same: evidence of the first visit counts,
// and says from which visit it comes.
func TestASecondVisitTakesOver(t *testing.T) {
	t.Parallel()
	d := day.New(t)
	d.Sessions = 3
	d.To(day.Locked)
	d.Post("nurse", "/aftercare/close/{visit}", "reason", "全程未见异常反应").Want(200)
	first := d.Visit
	d.Again()
	states := line(d)
	require.Equal(t, "done", states["S2"])
	require.Equal(t, "done", states["S3"])
	page := d.As("manager").Get(fmt.Sprintf("/visit/%d", d.Visit))
	page.Want(200, fmt.Sprintf(`<a href="/visit/%d#run">沿用 2026-`, first))
	board, err := d.App.Rooms.Reports.Board(t.Context(), d.Actor("manager"))
	require.NoError(t, err)
	onBoard := map[string]string{}
	for _, lane := range board.Lanes {
		for _, card := range lane.Cards {
			require.Equal(t, d.Visit, card.Visit)
			for _, s := range card.Line.Stages {
				onBoard[s.ID] = s.State
			}
		}
	}
	require.Equal(t, states, onBoard, "the small line of the board says what the page of the visit says")
}

// Words of the board and the visit: no lonely dot, no red for leaving, English names.
func TestAVisitThatEndedWantsNoSignature(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Papered)
	page := fmt.Sprintf("/visit/%d", d.Visit)
	d.As("front").Get(page).Want(200, "待签", "客户提前离开").Not("button danger")
	d.Post("front", "/reception/visit/{visit}/leave", "reason", "临时有事").Want(200)
	d.As("front").Get(page).Want(200, "未签，就诊已结束").Not("0/2")
	d.As("consultant").Get(d.Fill("/client/{client}")).Want(200, "未签 · 就诊已结束").Not("待签")
	var papers []store.Document
	d.Read(func(r *store.Read) (err error) {
		papers, err = r.Documents(store.DocumentFilter{Kind: "contract", Client: d.Client, NotVoid: true})
		return err
	})
	require.Len(t, papers, 1)
	paper := fmt.Sprintf("/doc/%d", papers[0].ID)
	d.As("consultant").Get(paper).Want(200, "不再签署").Not(paper+"/sign", "/handover")
	d.Post("consultant", paper+"/sign", "role", "client", "name", "林清禾", "strokes", day.Pen, "_seen", papers[0].SHA256).Want(409, "S1-03")
}

// After the treatment the client is not in the room of the talk any more.
func TestWhereTheClientIs(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Started)
	manager := d.As("manager")
	page := fmt.Sprintf("/visit/%d", d.Visit)
	var room store.Room
	d.Read(func(r *store.Read) (err error) {
		room, err = r.Room(d.Room)
		return err
	})
	manager.Get(page).Want(200, "<dt>房间</dt><dd>"+room.Name)
	manager.Post("/lang", "lang", "en", "back", page)
	manager.Get(page).Want(200, d.Item.NameEN)
}

// TestMissingPhotosAreRedAtOnce (S2-03): a skin record without the photos that must go with it turns the
// consultation red with the reason, on the line of the visit and on the board, while the visit is in it.
func TestMissingPhotosAreRedAtOnce(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.SkinPhoto)
	require.Equal(t, "now", line(d)["S2"], "nothing is wrong before the record is signed")
	d.Write(func(tx *store.Tx) error {
		list, err := tx.MediaList(store.MediaFilter{Visit: d.Visit, Client: d.Client})
		require.NotEmpty(t, list)
		for _, m := range list {
			m.VoidedAt, m.State = tx.Now(), "void"
			require.NoError(t, tx.SaveMedia(&m))
		}
		return err
	})
	d.To(day.Skin)
	require.Equal(t, "blocked", line(d)["S2"])
	why := "皮肤检测与拍照：还没有照片。"
	d.As("manager").Get(fmt.Sprintf("/visit/%d", d.Visit)).Want(200, "受阻", `title="`+why+`"`)
	d.As("manager").Get("/board").Want(200, `class="visit-why"`, why)
}

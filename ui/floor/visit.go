package floor

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/engine/banner"
	"meixu/app/engine/sop"
	"meixu/app/floor"
	"meixu/app/words"
	"meixu/store/term"
	"meixu/ui/kit"
)

type visitView struct {
	floor.Visit
	Dos   []doLine
	Runs  []stageLines
	Links []link
	Ends  []link
	End   bool // the reader may end the visit early
	Close bool // everything was done in the house, and the reader may close the visit
	Lines paperLines
	Shut  *shut // why the visit may not be closed, after it was tried
	// Must, Soft and After are what remains before a close: what keeps the visit open, what is
	// left out with a reason, what goes on afterwards. Calls is what an early end calls off.
	Must, Soft, After, Calls []openLine
	Reason                   kit.Field // why soft steps are left out
}

// doLine is one thing that comes next, with the page on which it is done.
type doLine struct {
	floor.Do
	Link string // the step's own line when no page is registered for it
	Room bool   // Link leads to a room
}

// stageLines is one stage of the run with its steps.
type stageLines struct {
	sop.RunStage
	Steps []stepLine
	Done  int
	Open  bool // begun and not finished, or the visit is over: to be read at once
}

type stepLine struct {
	sop.RunStep
	Anchor   string
	Evidence string
	Stamp    bool
	Skip     bool
	Undo     bool
	For      string // the treatment's number, of a step done for several
}

// link is a page of another room about this visit; For tells those of several treatments or
// orders apart.
type link struct{ Key, Icon, Path, For string }

// paperLines say which lists can be opened.
type paperLines struct{ Documents, Answers, Money, Photos bool }

// ClientBanner hangs the client into the frame.
func (v visitView) ClientBanner() *banner.View { return v.Banner }

// SOPStepper hangs the line of stages into the frame.
func (v visitView) SOPStepper() *sop.Stepper { return v.Stepper }

var visitPage = kit.New[visitView](pages, "visit.html")

func (h room) visit(c echo.Context) error {
	v, err := h.read(c, term.VisitID(kit.ParamID(c, "id")))
	if err != nil {
		return err
	}
	return visitPage.Draw(c, http.StatusOK, "floor.visit.title", v)
}

// visitNow is the part of the page that follows the news of the visit.
func (h room) visitNow(c echo.Context) error {
	v, err := h.read(c, term.VisitID(kit.ParamID(c, "id")))
	if err != nil {
		return err
	}
	return visitPage.Part(c, http.StatusOK, "now", v)
}

func (h room) read(c echo.Context, id term.VisitID) (visitView, error) {
	seen, err := h.Visit(c.Request().Context(), kit.Who(c), id)
	v := visitView{Visit: seen}
	if err != nil {
		return v, err
	}
	self := fmt.Sprintf("/visit/%d", id)
	for _, do := range seen.Next {
		to := h.reach(c, do.Where, "")
		if seen.Shut(to) {
			to = ""
		}
		line := doLine{Do: do, Link: to, Room: to != "" && to != self}
		if !line.Room {
			line.Link = "#" + anchor(do.RunStep)
		}
		v.Dos = append(v.Dos, line)
	}
	first := true // the first stage that is not finished is open, later ones when begun
	for _, stage := range seen.Run.Stages {
		lines := h.stage(c, seen, stage)
		unfinished := lines.Done < len(lines.Steps)
		lines.Open = unfinished && (first || lines.Done > 0) || seen.State != term.VisitOpen
		first = first && !unfinished
		v.Runs = append(v.Runs, lines)
	}
	h.ways(c, &v)
	return v, nil
}

// anchor is the line of a step on the page.
func anchor(s sop.RunStep) string { return fmt.Sprintf("step-%s-%d", s.ID, s.Treatment) }

func (h room) stage(c echo.Context, v floor.Visit, stage sop.RunStage) stageLines {
	by, lines := kit.Who(c), stageLines{RunStage: stage}
	numbers := map[term.TreatmentID]string{}
	for _, t := range v.Treatments {
		numbers[t.ID] = words.Text{ZH: t.ItemName, EN: t.ItemNameEN}.In(by.Lang)
	}
	for _, s := range stage.Steps {
		if s.Settled() {
			lines.Done++
		}
		line := stepLine{
			RunStep: s, Anchor: anchor(s), Evidence: h.reach(c, v.Evidence(by, s.Ref), ""),
			Stamp: by.May("step.stamp") && s.Stampable(by), Skip: by.May("step.skip") && s.Skippable(),
			Undo: by.May("step.undo") && (s.State == "manual" || s.State == "skipped" || s.State == "done" && !s.Proved),
		}
		if s.Treatment != 0 {
			line.For = numbers[s.Treatment]
		}
		lines.Steps = append(lines.Steps, line)
	}
	return lines
}

// ways are the pages of other rooms about this visit, and the ways in which it can end.
func (h room) ways(c echo.Context, v *visitView) {
	by, id := kit.Who(c), v.ID
	add := func(list *[]link, key, icon, path string, which ...string) {
		if h.routes.Reaches(by, path) {
			*list = append(*list, link{Key: key, Icon: icon, Path: path, For: strings.Join(which, "")})
		}
	}
	add(&v.Links, "floor.go.reception", "door-enter", fmt.Sprintf("/reception/visit/%d", id))
	add(&v.Links, "floor.go.forms", "clipboard-text", fmt.Sprintf("/form/visit/%d", id))
	add(&v.Links, "floor.go.consultation", "message-2-heart", fmt.Sprintf("/consultation/%d", id))
	add(&v.Links, "floor.go.exam", "stethoscope", fmt.Sprintf("/consultation/%d/exam", id))
	if v.Plan != 0 {
		add(&v.Links, "floor.go.plan", "clipboard-list", fmt.Sprintf("/plan/%d", v.Plan))
	}
	for _, m := range v.Money {
		if m.State == term.OrderOpen {
			add(&v.Links, "floor.go.till", "receipt-yuan", fmt.Sprintf("/till/%d", m.ID), m.Number)
		}
	}
	for _, t := range v.Treatments {
		name := words.Text{ZH: t.ItemName, EN: t.ItemNameEN}.In(by.Lang)
		if guided(t.State) {
			add(&v.Links, "floor.go.guide", "heart-handshake", fmt.Sprintf("/aftercare/guide/%d", t.ID), name)
		}
		if t.State == term.TreatmentInProgress {
			add(&v.Ends, "floor.end.stop", "hand-stop", fmt.Sprintf("/procedure/%d/stop", t.ID), name)
		}
	}
	v.Links, v.Ends = apart(v.Links), apart(v.Ends)
	for _, t := range v.Tasks {
		if t.Kind == "rating" && t.State == "open" {
			add(&v.Links, "feedback.message.waits", "send", fmt.Sprintf("/feedback/messages#visit-%d", id))
		}
	}
	if v.Left != nil {
		v.Must, v.Soft, v.After = h.openLines(c, *v, v.Left.Must), h.openLines(c, *v, v.Left.Reason), h.openLines(c, *v, v.Left.Later)
	}
	v.Calls = h.openLines(c, *v, v.Off)
	v.Reason = kit.Field{Name: "reason", Kind: kit.Text, LabelKey: "floor.close.reason", Required: true, Wide: true, Scope: "close-"}
	v.Close = v.Left != nil && len(v.Must) == 0
	v.End = v.State == term.VisitOpen && !v.Begun() && !v.Close && (by.May("visit.leave") || by.May("visit.refuse"))
	v.Lines = paperLines{
		Documents: h.routes.Reaches(by, "/doc/1"), Answers: h.routes.Reaches(by, "/form/1"),
		Money: h.routes.Reaches(by, "/till/1"), Photos: h.routes.Reaches(by, "/media/1"),
	}
}

// apart leaves the name of a treatment or order only on ways that would read alike without it;
// treatments with one item are told apart by their place in the list.
func apart(list []link) []link {
	alike, same := map[string]int{}, map[link]int{}
	for _, l := range list {
		alike[l.Key]++
	}
	for i, l := range list {
		if alike[l.Key] == 1 {
			list[i].For = ""
			continue
		}
		twin := link{Key: l.Key, For: l.For}
		if same[twin]++; same[twin] > 1 {
			list[i].For = fmt.Sprintf("%s (%d)", l.For, same[twin])
		}
	}
	return list
}

// guided says that the hands are off and the client is to be told how to go on (S6-01).
func guided(s term.TreatmentState) bool {
	return s == term.TreatmentSignedOut || s == term.TreatmentObserving || s == term.TreatmentReleased || s == term.TreatmentStopped
}

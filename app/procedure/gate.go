package procedure

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/people"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Row is one requirement of the gate: green or red, what is missing, who must do it, where.
type Row struct {
	Step   string
	Title  words.Text
	Done   bool
	Soft   bool // may be skipped with a reason
	Ahead  bool // not its turn yet: nothing to worry about
	Gap    *fault.Error
	Role   string
	Lead   bool
	Where  string
	Need   access.Permission // of the page at Where; "" for pages of other rooms
	Rule   string
	Waived bool   // cannot be done any more, with the reason
	Name   string // who did it, or handed the tablet to the client who did
	Client bool   // the client did it
	At     term.Instant
	Reason string
}

// shown are the earlier steps of the visit that the gate always shows, green or red.
var shown = []string{"S2-02", "S2-05", "S3-02", "S3-06"}

// afterward is the first step after the client has left the treatment room's care.
const afterward = "S6-03"

// preop says that a step belongs to the gate before the start.
func preop(step string) bool { return strings.HasPrefix(step, "S4") || step == "S5-01" }

// readRows turns the run of the SOP into the rows of the gate and of the procedure.
func (s *Suite) readRows(r *store.Read, p *Page) error {
	on := sop.Subject{Visit: p.Treatment.Visit, Treatment: p.ID}
	gaps, err := s.flow.Gate(r, on, "start")
	if err != nil {
		return err
	}
	steps, err := s.flow.Steps(r, on, func(step *sop.Step) bool {
		return step.Scope == sop.OfTreatment && step.ID < afterward || preop(step.ID) || slices.Contains(shown, step.ID) ||
			slices.ContainsFunc(gaps, func(g sop.Gap) bool { return g.Step == step.ID })
	})
	if err != nil {
		return err
	}
	for _, step := range steps {
		p.place(step, gaps)
	}
	p.signIn()
	if err := p.operatorRow(r); err != nil {
		return err
	}
	if err := p.observeRow(r); err != nil {
		return err
	}
	slices.SortStableFunc(p.Gate, func(a, b Row) int { return doneLast(a) - doneLast(b) })
	return nil
}

// signIn puts the first of the three checks (F18) at the head of the gate: nothing starts
// without it, and the time-out comes after it.
func (p *Page) signIn() {
	row := Row{
		Step: "F18", Title: words.Text{ZH: words.ZH.T("procedure.gate.signin"), EN: words.EN.T("procedure.gate.signin")},
		Role: string(access.Nurse), Need: access.TreatmentSignIn, Rule: "S5-02", At: p.SignedInAt, Done: !p.SignedInAt.IsZero(),
		Where: Path(p.ID) + "/form/signin",
	}
	if !row.Done {
		p.Missing++
		row.Gap = fault.Refuse(row.Rule, "procedure.gap.signin")
	}
	p.Gate = append([]Row{row}, p.Gate...)
}

// operatorRow shows that the operator may not do the item or does another treatment now: red
// before the time-out, not a refusal after it.
func (p *Page) operatorRow(r *store.Read) error {
	if !p.Before() || p.Treatment.Operator == 0 {
		return nil
	}
	gap, err := operatorBusy(r, p.Treatment)
	if err != nil {
		return err
	}
	if err := people.CheckOperator(r, p.Treatment.Operator, p.Item); err != nil && gap == nil && !errors.As(err, &gap) {
		return err
	}
	if gap == nil {
		return nil
	}
	p.Missing++
	p.Gate = append([]Row{{
		Step: "operator", Title: words.Text{ZH: words.ZH.T("procedure.gate.operator"), EN: words.EN.T("procedure.gate.operator")},
		Role: string(access.Nurse), Need: access.TreatmentAssign, Rule: gap.Rule, Gap: gap, Where: Path(p.ID) + "/assign",
	}}, p.Gate...)
	return nil
}

// observeRow says why a client whose time of observation is over may not leave yet: its form is
// not signed, or found something.
func (p *Page) observeRow(r *store.Read) error {
	at := slices.IndexFunc(p.Run, func(row Row) bool { return row.Step == "S5-10" })
	if at < 0 || p.Run[at].Done || minutesLeft(p.ObserveUntil, r.Now()) > 0 || p.FinishedAt.IsZero() {
		return nil
	}
	proof, err := observedProof(r, p.Treatment, p.Item)
	if err != nil || proof.Done {
		return err
	}
	row := &p.Run[at]
	row.Ahead, row.Gap = false, fault.Refuse("S5-10", proof.Key, proof.Args...)
	return nil
}

// doneLast puts what is still to do before what is done, each in the order of the SOP.
func doneLast(r Row) int {
	if r.Done {
		return 1
	}
	return 0
}

func (p *Page) place(step sop.RunStep, gaps sop.Gaps) {
	row := rowOf(step)
	at := slices.IndexFunc(gaps, func(g sop.Gap) bool { return g.Step == step.ID && (g.Treatment == 0 || g.Treatment == p.ID) })
	if at >= 0 {
		row.Done, row.Gap, row.Where = false, gaps[at].Fault(), gaps[at].Where
	}
	if row.Where == Path(p.ID) {
		row.Where = "" // here already
	}
	p.lead(step.Prove, &row)
	preop := preop(step.ID)
	switch {
	case step.ID == "S5-01":
		p.TimeOut = true
		fallthrough
	case preop, step.Treatment == 0 && (slices.Contains(shown, step.ID) || at >= 0):
		if at < 0 && !preop {
			row.Done = true
		}
		if !row.Done {
			p.Missing++
		}
		p.Gate = append(p.Gate, row)
	case step.Treatment != 0 && step.ID < afterward:
		row.Ahead = !row.Done && step.State != "late" && step.State != "red"
		p.Run = append(p.Run, row)
	}
}

// lead sends a row to the very card of the readiness page and back here, or to the page where
// room and device are chosen; reactions have buttons only while the client is watched.
func (p *Page) lead(kind string, row *Row) {
	ready := func(card string) string { return fmt.Sprintf("/ready?from=%d#%s", p.ID, card) }
	switch {
	case kind == ProveReaction && !p.Watched():
		row.Where = ""
	case kind == "kit.checked":
		row.Where = ready("kit")
	case kind == "room.disinfected" && p.Treatment.Room != 0:
		row.Where = ready(fmt.Sprintf("room-%d", p.Treatment.Room))
	case kind == "device.checked" && p.Treatment.Device != 0:
		row.Where = ready(fmt.Sprintf("device-%d", p.Treatment.Device))
	case kind == "room.disinfected" || kind == "device.checked":
		row.Where, row.Need = Path(p.ID)+"/assign", access.TreatmentAssign
	}
}

// needs are the permissions of the pages where the evidence of this room is given.
var needs = map[string]access.Permission{
	ProveIdentity: access.IdentityCheck, ProveMark: access.SiteMark, ProveToday: access.TodayCheck,
	ProveSkinTest: access.SkinTest, ProveClear: access.ContraClear, ProvePhoto: access.TreatmentPhoto,
	ProveLot: access.LotTake, ProveToxin: access.LotTake, ProveCompanion: access.CompanionConfirm,
	ProveTimeOut: access.TreatmentTimeOut, ProveRecord: access.RecordWrite, ProveWaste: access.CountsClose,
	ProveCounts: access.CountsClose, ProveSignOut: access.TreatmentSignOut, ProveObserved: access.ObservationNote,
}

func rowOf(step sop.RunStep) Row {
	row := Row{
		Step: step.ID, Title: step.Title, Soft: step.Gate != sop.Hard, Role: step.Role, Lead: step.Lead,
		Where: step.Where, Need: needs[step.Prove], Rule: step.RuleID(), Name: step.Name, At: step.DoneAt, Reason: step.Reason,
	}
	row.Client = step.ByClient()
	row.Waived = step.State == "not_applicable"
	switch step.State {
	case "done", "manual", "skipped", "not_applicable":
		row.Done = true
	}
	return row
}

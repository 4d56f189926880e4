package procedure

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// way is one line of the state machine: in the states From the deed may be done, and it
// leads to To ("" stays where it is).
type way struct {
	From []term.TreatmentState
	Deed access.Permission
	To   []term.TreatmentState
}

// Groups of states.
var (
	before  = []term.TreatmentState{term.TreatmentScheduled, term.TreatmentSignedIn, term.TreatmentTimedOut}
	during  = []term.TreatmentState{term.TreatmentInProgress}
	after   = []term.TreatmentState{term.TreatmentSignedOut, term.TreatmentObserving}
	ended   = []term.TreatmentState{term.TreatmentSignedOut, term.TreatmentObserving, term.TreatmentReleased, term.TreatmentStopped}
	started = append(slices.Clone(during), ended...)
)

// ways is the state machine of a treatment. What is not in it is refused.
var ways = []way{
	{before, access.IdentityCheck, nil},
	{before, access.SiteMark, nil},
	{before, access.TodayCheck, nil},
	{before, access.SkinTest, nil},
	{before, access.ContraClear, nil},
	{before, access.CompanionConfirm, nil},
	{append(slices.Clone(before), started...), access.TreatmentPhoto, nil},
	{before, access.TreatmentAssign, nil},
	{append(slices.Clone(before), during...), access.LotTake, nil},
	{before[:1], access.TreatmentSignIn, []term.TreatmentState{term.TreatmentSignedIn}},
	{before[1:2], access.TreatmentTimeOut, []term.TreatmentState{term.TreatmentTimedOut}},
	{before[1:], access.ProcedureStart, []term.TreatmentState{term.TreatmentInProgress}},
	{append(slices.Clone(during), append(slices.Clone(after), term.TreatmentStopped)...), access.ReactionLog, nil},
	{started, access.RecordWrite, nil},
	{started, access.CountsClose, nil},
	{during, access.TreatmentSignOut, []term.TreatmentState{term.TreatmentSignedOut, term.TreatmentObserving}},
	{append(slices.Clone(after), term.TreatmentStopped), access.ObservationNote, nil},
	{append(slices.Clone(after), term.TreatmentStopped), access.TreatmentRelease, []term.TreatmentState{term.TreatmentReleased}},
	{ended, access.RecordSign, nil},
	{ended, access.RecordAmend, nil},
	{append(slices.Clone(before), during...), access.TreatmentStop, []term.TreatmentState{term.TreatmentCancelled, term.TreatmentStopped}},
}

// may is nil when the treatment's state allows the deed; S5-02 is the rule of the order of
// checks, start and end.
func may(t store.Treatment, deed access.Permission) error {
	for _, w := range ways {
		if w.Deed == deed && slices.Contains(w.From, t.State) && !left(t, deed) {
			return nil
		}
	}
	return fault.Refuse(orderRule(deed), "procedure.refuse.state", t.Number, fault.Word(t.State.Key()),
		fault.Word("procedure.deed."+string(deed))).At(Path(t.ID))
}

// orderRule is the SOP step that a deed in the wrong state breaks.
func orderRule(deed access.Permission) string {
	switch deed {
	case access.TreatmentSignOut, access.CountsClose:
		return "S5-08"
	case access.TreatmentRelease, access.ObservationNote:
		return "S5-10"
	case access.RecordSign, access.RecordAmend:
		return "S5-09"
	case access.TreatmentTimeOut:
		return "S5-01"
	case access.TreatmentStop:
		return "S5-05"
	default: // nothing to say for the others
	}
	return "S5-02"
}

// Machine prints the state machine, one line a way, for the owner of the SOP to read.
func Machine() string {
	var b strings.Builder
	for _, w := range ways {
		to := "="
		if len(w.To) > 0 {
			to = joined(w.To)
		}
		fmt.Fprintf(&b, "%-24s %s -> %s\n", w.Deed, joined(w.From), to)
	}
	return b.String()
}

func joined(states []term.TreatmentState) string {
	words := make([]string, len(states))
	for i, s := range states {
		words[i] = string(s)
	}
	return strings.Join(words, "|")
}

// holds says that one of the person's roles holds the permission.
func holds(who store.Staff, p access.Permission) bool {
	return slices.ContainsFunc(access.Holders(p), func(r access.Role) bool { return slices.Contains(who.Roles, string(r)) })
}

// skinTestWait is how long a skin test is watched before it is read.
const skinTestWait = 20 * time.Minute

// painAlarm is the pain (0–10) from which the emergency card is shown.
const painAlarm = 7

// Sign is a one-tap reaction; Alarm ones show the emergency card at once, whatever the pain.
type Sign struct {
	Code  string
	Alarm bool
	Card  string // emergency card of aftercare.md section 2
}

// Signs are the reactions of S5-04 in the order of their buttons.
var Signs = []Sign{
	{"calm", false, ""},
	{"pain", false, "ESC-REVIEW"},
	{"redness", false, ""},
	{"swelling", false, ""},
	{"vitals", false, ""},
	{"dizzy", true, "ESC-SYNCOPE"},
	{"blanching", true, "ESC-VO"},
	{"vision", true, "ESC-VISION"},
	{"breath", true, "ESC-ANAPH"},
	{"burn", true, "ESC-BURN"},
}

func signOf(code string) (Sign, bool) {
	at := slices.IndexFunc(Signs, func(s Sign) bool { return s.Code == code })
	if at < 0 {
		return Sign{}, false
	}
	return Signs[at], true
}

// Key is the words key of the reaction.
func (s Sign) Key() string { return "procedure.sign." + s.Code }

// card is the emergency card of an alarm of this sign.
func (s Sign) card() string {
	if s.Card == "" {
		return "ESC-REVIEW"
	}
	return s.Card
}

// alarms says that the reaction wants the emergency card.
func alarms(s Sign, pain int) bool { return s.Alarm || pain >= painAlarm }

// observeUntil is when the client may leave at the earliest; zero without observation.
func observeUntil(item store.Item, finished term.Instant) term.Instant {
	if item.ObserveMinutes <= 0 {
		return term.Instant{}
	}
	return finished.Add(time.Duration(item.ObserveMinutes) * time.Minute)
}

// minutesLeft counts the whole minutes until then, at least 1 while it is not over.
func minutesLeft(until, now term.Instant) int {
	if !now.Before(until) {
		return 0
	}
	return int((until.Sub(now) + time.Minute - time.Millisecond) / time.Minute)
}

// usedOf sums what a record says was used, by lot number, in thousandths.
func usedOf(answers form.Answers) map[string]term.Qty {
	used := map[string]term.Qty{}
	for _, row := range answers["products"].Rows {
		if n, err := form.Thousandths(row["used"]); err == nil {
			used[lotKey(row["lot"])] += term.Qty(n)
		}
	}
	return used
}

func lotKey(lot string) string { return strings.ToUpper(strings.TrimSpace(lot)) }

// Tally is what a lot's stock and the record say of the same treatment.
type Tally struct {
	Lot                             string
	Product                         string
	Unit                            string
	Toxic                           bool
	Taken, Wasted, Returned, Record term.Qty
	Open                            bool
}

// Left is what was taken and did not go back.
func (t Tally) Left() term.Qty { return t.Taken - t.Returned }

// Recorded is what a record says of product.
type Recorded struct {
	Used map[string]term.Qty // by lot
	// Wasted is what the record says was destroyed of toxic drugs; Asked says that it asks.
	Wasted term.Qty
	Asked  bool
}

// recorded reads what a filled record says of product; nothing when there is none.
func recorded(f form.Filled) Recorded {
	rec := Recorded{Used: usedOf(f.Answers)}
	if n, err := form.Thousandths(f.Answers.Value("discarded_units")); err == nil {
		_, rec.Asked = f.Template.Item("discarded_units")
		rec.Wasted = term.Qty(n)
	}
	return rec
}

// matches is nil when every lot is told and what the record says was used is exactly what
// was taken − returned − wasted (S5-07), and what it says was destroyed is what the stock
// destroyed (S5-06). A lot in the record that nobody took is refused too.
func matches(tallies []Tally, record Recorded) error {
	known := map[string]bool{}
	var wasted term.Qty
	for _, t := range tallies {
		known[lotKey(t.Lot)] = true
		if t.Open {
			return fault.Refuse("S5-07", "procedure.refuse.counts.open", t.Product, t.Lot).Ask("nurse")
		}
		if t.Taken-t.Wasted-t.Returned != t.Record {
			return fault.Refuse("S5-07", "procedure.refuse.counts.differ", t.Product, t.Lot,
				t.Record.String(), (t.Taken - t.Wasted - t.Returned).String(), t.Unit).Ask("nurse")
		}
		if t.Toxic {
			wasted += t.Wasted
		}
	}
	for lot, qty := range record.Used {
		if qty != 0 && !known[lot] {
			return fault.Refuse("S5-07", "procedure.refuse.counts.foreign", lot).Ask("nurse")
		}
	}
	if record.Asked && record.Wasted != wasted {
		return fault.Refuse("S5-06", "procedure.refuse.counts.waste", record.Wasted.String(), wasted.String()).Ask("nurse")
	}
	return nil
}

// doses are the faults of a record whose points and products contradict each other (S5-03):
// the units of all points are the units used of the product, and no more ml went in than used.
func doses(f form.Template, a form.Answers) (bad fault.Fields) {
	used := map[string]int64{}
	for _, row := range a["products"].Rows {
		if n, err := form.Thousandths(row["used"]); err == nil {
			used[row["unit"]] += n
		}
	}
	_, points := f.Item("points")
	_, products := f.Item("products")
	if !points || !products {
		return nil
	}
	units, ml := a.Sum("points", "units"), a.Sum("points", "ml")
	if _, asked := f.Item("total_units"); asked && units != used["U"] {
		bad.Add(form.Name("products"), "procedure.record.units", form.FromThousandths(units), form.FromThousandths(used["U"]))
	}
	if ml > used["ml"] && used["ml"] > 0 {
		bad.Add(form.Name("products"), "procedure.record.ml", form.FromThousandths(ml), form.FromThousandths(used["ml"]))
	}
	return bad
}

// balance are the faults of a record that says other than was taken: of no lot more used than
// is not back on the shelf (S5-07), and of toxic drugs taken = used + wasted + returned (S5-06).
func balance(tallies []Tally, record Recorded) (bad fault.Fields) {
	var taken, used, returned term.Qty
	for _, t := range tallies {
		said := record.Used[lotKey(t.Lot)]
		if said > t.Left() {
			bad.Add(form.Name("products"), "procedure.record.taken", t.Product, t.Lot, t.Taken.String(), t.Unit, t.Returned.String(), said.String())
		}
		if t.Toxic {
			taken, used, returned = taken+t.Taken, used+said, returned+t.Returned
		}
	}
	if record.Asked && taken > 0 && len(bad) == 0 && taken != used+record.Wasted+returned {
		bad.Add(form.Name("discarded_units"), "procedure.record.waste",
			taken.String(), used.String(), record.Wasted.String(), returned.String(), (taken - used - returned).String())
	}
	return bad
}

// mayRelease is nil when the observation is over (S5-10).
func mayRelease(t store.Treatment, now term.Instant) error {
	if left := minutesLeft(t.ObserveUntil, now); left > 0 {
		return fault.Refuse("S5-10", "procedure.refuse.observing", left).Ask("nurse").At(Path(t.ID))
	}
	return nil
}

// maySign is nil when the person may lock the record: the operator or a lead physician
// (REG-EMR-02).
func maySign(t store.Treatment, by access.Actor) error {
	if by.Staff == t.Operator || by.Lead && by.Is(access.Physician) {
		return nil
	}
	return fault.Refuse("REG-EMR-02", "procedure.refuse.signer").Ask("physician").At(Path(t.ID))
}

// Tags are the SOP tags of one treatment beside those of its kind and item: what happened to
// it, and an emergency kit that the item wants although its kind does not.
func Tags(state term.TreatmentState, item store.Item) (tags []string) {
	if state == term.TreatmentStopped {
		tags = append(tags, "abnormal")
	}
	if item.NeedsKit {
		tags = append(tags, "local_anaesthesia")
	}
	return tags
}

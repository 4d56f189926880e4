package procedure

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// TestMachine prints the state machine for the owner of the SOP to read.
func TestMachine(t *testing.T) {
	t.Parallel()
	const want = `identity.check           scheduled|signed_in|timed_out -> =
site.mark                scheduled|signed_in|timed_out -> =
today.check              scheduled|signed_in|timed_out -> =
skintest.read            scheduled|signed_in|timed_out -> =
contraindication.clear   scheduled|signed_in|timed_out -> =
companion.confirm        scheduled|signed_in|timed_out -> =
treatment.photo          scheduled|signed_in|timed_out|in_progress|signed_out|observing|released|stopped -> =
treatment.assign         scheduled|signed_in|timed_out -> =
lot.take                 scheduled|signed_in|timed_out|in_progress -> =
treatment.signin         scheduled -> signed_in
treatment.timeout        signed_in -> timed_out
procedure.start          signed_in|timed_out -> in_progress
reaction.log             in_progress|signed_out|observing|stopped -> =
record.write             in_progress|signed_out|observing|released|stopped -> =
counts.close             in_progress|signed_out|observing|released|stopped -> =
treatment.signout        in_progress -> signed_out|observing
observation.note         signed_out|observing|stopped -> =
treatment.release        signed_out|observing|stopped -> released
record.sign              signed_out|observing|released|stopped -> =
record.amend             signed_out|observing|released|stopped -> =
treatment.stop           scheduled|signed_in|timed_out|in_progress -> cancelled|stopped
`
	t.Log("\n" + Machine())
	require.Equal(t, want, Machine())
}

func TestMay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		state term.TreatmentState
		deed  access.Permission
		rule  string // "" may
	}{
		{term.TreatmentScheduled, access.IdentityCheck, ""},
		{term.TreatmentInProgress, access.IdentityCheck, "S5-02"},
		{term.TreatmentScheduled, access.ProcedureStart, "S5-02"},
		{term.TreatmentSignedIn, access.ProcedureStart, ""},
		{term.TreatmentReleased, access.TreatmentSignOut, "S5-08"},
		{term.TreatmentInProgress, access.TreatmentRelease, "S5-10"},
		{term.TreatmentInProgress, access.RecordSign, "S5-09"},
		{term.TreatmentScheduled, access.TreatmentTimeOut, "S5-01"},
		{term.TreatmentReleased, access.TreatmentStop, "S5-05"},
		{term.TreatmentCancelled, access.LotTake, "S5-02"},
	} {
		wantRule(t, c.rule, may(store.Treatment{ID: 1, State: c.state}, c.deed), string(c.state)+" "+string(c.deed))
	}
}

func wantRule(t *testing.T, rule string, err error, what string) {
	t.Helper()
	if rule == "" {
		require.NoError(t, err, what)
		return
	}
	var e *fault.Error
	require.ErrorAs(t, err, &e, what)
	require.Equal(t, rule, e.Rule, what)
	require.NotContains(t, e.Say("zh"), "⟦", what)
	require.NotContains(t, e.Say("en"), "⟦", what)
	require.NotContains(t, e.Say("zh"), "%!", what)
}

func TestMatches(t *testing.T) {
	t.Parallel()
	used := func(n term.Qty) map[string]term.Qty { return map[string]term.Qty{"L1": n} }
	line := Tally{Lot: "L1", Product: "P", Unit: "U", Taken: 100_000, Wasted: 80_000, Record: 20_000}
	for name, c := range map[string]struct {
		change func(*Tally)
		record map[string]term.Qty
		rule   string
	}{
		"equal":                        {func(*Tally) {}, used(20_000), ""},
		"a thousandth too little":      {func(x *Tally) { x.Record = 19_999 }, used(19_999), "S5-07"},
		"a thousandth too much":        {func(x *Tally) { x.Record = 20_001 }, used(20_001), "S5-07"},
		"not closed":                   {func(x *Tally) { x.Open = true }, used(20_000), "S5-07"},
		"part went back":               {func(x *Tally) { x.Returned, x.Wasted = 80_000, 0 }, used(20_000), ""},
		"a lot that nobody took":       {func(*Tally) {}, map[string]term.Qty{"L1": 20_000, "L2": 1}, "S5-07"},
		"a foreign lot, nothing of it": {func(*Tally) {}, map[string]term.Qty{"L1": 20_000, "L2": 0}, ""},
	} {
		x := line
		c.change(&x)
		wantRule(t, c.rule, matches([]Tally{x}, Recorded{Used: c.record}), name)
	}
	require.NoError(t, matches(nil, Recorded{}), "nothing taken and nothing used")
}

func TestUsedOf(t *testing.T) {
	t.Parallel()
	a := form.Answers{"products": {Rows: []form.Row{
		{"lot": " l1 ", "used": "0.05"}, {"lot": "L1", "used": "1"}, {"lot": "L2", "used": "x"},
	}}}
	require.Equal(t, map[string]term.Qty{"L1": 1050}, usedOf(a))
}

func TestObservation(t *testing.T) {
	t.Parallel()
	at := term.At(time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC))
	require.True(t, observeUntil(store.Item{}, at).IsZero())
	until := observeUntil(store.Item{ObserveMinutes: 30}, at)
	for minutes, left := range map[time.Duration]int{0: 30, 29*time.Minute + 59*time.Second: 1, 30 * time.Minute: 0, time.Hour: 0} {
		require.Equal(t, left, minutesLeft(until, at.Add(minutes)), minutes.String())
	}
	tr := store.Treatment{ID: 1, ObserveUntil: until}
	wantRule(t, "S5-10", mayRelease(tr, at.Add(29*time.Minute)), "one minute early")
	wantRule(t, "", mayRelease(tr, at.Add(30*time.Minute)), "in time")
}

func TestMaySign(t *testing.T) {
	t.Parallel()
	tr := store.Treatment{ID: 1, Operator: 7}
	wantRule(t, "", maySign(tr, access.Actor{Staff: 7, Roles: []access.Role{access.Nurse}}), "the operator")
	wantRule(t, "", maySign(tr, access.Actor{Staff: 8, Lead: true, Roles: []access.Role{access.Physician}}), "a lead physician")
	wantRule(t, "REG-EMR-02", maySign(tr, access.Actor{Staff: 8, Roles: []access.Role{access.Physician}}), "another physician")
}

func TestAlarms(t *testing.T) {
	t.Parallel()
	for _, s := range Signs {
		require.Equal(t, s.Alarm, alarms(s, 0), s.Code)
		require.True(t, alarms(s, painAlarm), s.Code)
	}
	calm, ok := signOf("calm")
	require.True(t, ok)
	require.False(t, alarms(calm, painAlarm-1))
	_, ok = signOf("nonsense")
	require.False(t, ok)
}

func TestReactionRanges(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in  Reaction
		bad string
	}{
		"calm":                    {Reaction{Sign: "calm"}, ""},
		"no sign":                 {Reaction{}, "sign"},
		"pain of eleven":          {Reaction{Sign: "pain", Pain: new(11)}, "pain"},
		"vitals without a number": {Reaction{Sign: "vitals"}, "pulse"},
		"a pulse of nine hundred": {Reaction{Sign: "vitals", Pulse: 900}, "pulse"},
		"oxygen over a hundred":   {Reaction{Sign: "vitals", SpO2: 101}, "spo2"},
	} {
		_, err := c.in.check()
		if c.bad == "" {
			require.NoError(t, err, name)
			continue
		}
		fields, ok := fault.FieldsOf(err)
		require.True(t, ok, name)
		_, has := fields.Of(c.bad)
		require.True(t, has, name)
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	require.Empty(t, Tags(term.TreatmentReleased, store.Item{}))
	require.Equal(t, []string{"abnormal", "local_anaesthesia"}, Tags(term.TreatmentStopped, store.Item{NeedsKit: true}))
}

func TestEveryRouteToAFormHasAPermission(t *testing.T) {
	t.Parallel()
	for which := range sheets {
		require.True(t, which.Permission().Known(), which)
		require.NotEmpty(t, which.code(store.Item{Kind: "botulinum"}), which)
	}
	require.Equal(t, "F7-BTX", FormRecord.code(store.Item{Kind: "botulinum"}))
	require.Equal(t, "F7-CARE", FormRecord.code(store.Item{Kind: "unheard of"}))
}

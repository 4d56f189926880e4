package gates_test

import (
	"time"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest/day"
)

// later is a day that reached the step, some time ago.
func later(last day.Step, d time.Duration) func(*day.Day) {
	return func(x *day.Day) {
		x.To(last)
		x.Clock.Forward(d)
	}
}

// since reaches the step, and then something changes in the house.
func since(last day.Step, change func(*day.Day, *store.Tx) error) func(*day.Day) {
	return func(d *day.Day) {
		d.To(last)
		d.Write(func(tx *store.Tx) error { return change(d, tx) })
	}
}

// expired ends the physician's registration yesterday.
func expired(d *day.Day, tx *store.Tx) error {
	papers, err := tx.Licences(d.StaffID("doctor"))
	if err != nil {
		return err
	}
	papers[0].ValidUntil = tx.Today().Add(-1)
	return tx.SaveLicence(&papers[0])
}

// learning takes the right for the item's kind back.
func learning(d *day.Day, tx *store.Tx) error {
	rights, err := tx.StaffRights(d.StaffID("doctor"))
	if err != nil {
		return err
	}
	right := rights[d.Item.Kind]
	right.Level = "learning"
	return tx.SaveStaffRight(&right)
}

// raised lifts the item above what a clinic may do.
func raised(d *day.Day, tx *store.Tx) error {
	d.Item.Level = "3"
	return tx.SaveItem(&d.Item)
}

// busy lets the physician treat somebody else.
func busy(d *day.Day, tx *store.Tx) error {
	other, err := tx.Treatment(d.Treatment)
	if err != nil {
		return err
	}
	other.State, other.Operator, other.StartedAt = term.TreatmentInProgress, d.StaffID("doctor"), tx.Now()
	return tx.AddTreatment(&other)
}

// overdueMachine brings in a machine whose maintenance was due yesterday.
func overdueMachine(d *day.Day, tx *store.Tx) error {
	machine := store.Device{
		Number: "SB-009", Name: "Q开关激光治疗机", Kind: "Q开关激光治疗机", Registration: "国械注准20233091009",
		MaintenanceDueOn: tx.Today().Add(-1), CalibrationDueOn: tx.Today().Add(90), State: "in_use",
	}
	err := tx.AddDevice(&machine)
	d.Device = machine.ID
	return err
}

// voidedForm withdraws the client's questionnaire after all.
func voidedForm(d *day.Day) {
	d.To(day.TimedOut)
	d.Post("quality", "/form/{form:F2}/void", "_reason", "填错客户").Want(200)
}

func lots(code string) []string { return append(second("stock"), "code", code) }

// start: everything of the gate is right at the moment of the start.
var start = []gate{
	{
		name: "an order that is not paid gives no treatment", stands: to(day.Billed), login: "nurse", path: "/procedure/schedule",
		form: []string{"visit", "{visit}", "line", "{session}"}, rule: "REG-FEE-08",
	},
	{
		name: "product is not opened before the consent is signed", stands: withoutPaper("consent", day.Baseline), login: "nurse",
		path: "/procedure/{treatment}/lots", form: lots("L-FIRST"), rule: "REG-CON-03",
	},
	{
		name: "without a signed consent there is no start", stands: withoutPaper("consent", day.Baseline), login: "nurse",
		path: "/procedure/{treatment}/start", rule: "REG-CON-03",
	},
	{
		name: "a consent half a year old does not count", stands: later(day.TimedOut, 181*24*time.Hour), login: "nurse",
		path: "/procedure/{treatment}/start", rule: "REG-CON-03",
	},
	{
		name: "without the health questionnaire there is no start", stands: voidedForm, login: "nurse",
		path: "/procedure/{treatment}/start", rule: "S2-02",
	},
	{
		name: "a wrong birthday is another person", stands: to(day.Staffed), login: "nurse", path: "/procedure/{treatment}/identity",
		form: []string{"way", "birth", "birth", "1994-06-05"}, rule: "S4-01",
	},
	{
		name: "without the identity checked there is no start", stands: but(day.TimedOut, day.Identified, day.SignedIn, day.TimedOut), login: "nurse",
		path: "/procedure/{treatment}/start", rule: "S4-01",
	},
	{
		name: "pregnant today: the doctor does not clear it", stands: with("F16-TODAY", []string{"pregnant", "yes"}, day.Today), login: "doctor",
		path: "/procedure/{treatment}/clear", form: []string{"verdict", "pass", "note", "客户坚持"}, rule: "S4-05",
	},
	{
		name: "not cleared today: no start", stands: but(day.TimedOut, day.Cleared, day.SignedIn, day.TimedOut), login: "nurse",
		path: "/procedure/{treatment}/start", rule: "S4-05",
	},
	{
		name: "neither a baseline photo nor its reason: no start", stands: but(day.SignedIn, day.Baseline), login: "nurse",
		path: "/procedure/{treatment}/start", rule: "S4-06",
	},
	{
		name: "an expired lot stays on the shelf", stands: to(day.Baseline), login: "nurse", path: "/procedure/{treatment}/lots",
		form: lots("L-OLD"), rule: "REG-DRG-06",
	},
	{
		name: "a lot that the house never received is not used", stands: to(day.Baseline), login: "nurse",
		path: "/procedure/{treatment}/lots", form: lots("L-NOBODY"), rule: "REG-DEV-06",
	},
	{
		name: "a lot of another product is not used", stands: to(day.Baseline), login: "nurse", path: "/procedure/{treatment}/lots",
		form: lots("L-OTHER"), rule: "REG-DEV-06",
	},
	{
		name: "the lot that expires first goes first", stands: to(day.Baseline), login: "nurse", path: "/procedure/{treatment}/lots",
		form: lots("L-LATER"), rule: "S4-07",
	},
	{
		name: "toxin is not taken by one person alone", stands: to(day.Baseline), login: "nurse", path: "/procedure/{treatment}/lots",
		form: []string{"code", "L-FIRST"}, rule: "REG-DRG-03",
	},
	{
		name: "a lot recalled after it was taken: no start", stands: since(day.TimedOut, recalled), login: "nurse",
		path: "/procedure/{treatment}/start", rule: "REG-DEV-06",
	},
	{
		name: "a room that nobody disinfected: no start", stands: but(day.TimedOut, day.Disinfect, day.SignedIn, day.TimedOut), login: "nurse",
		path: "/procedure/{treatment}/start", rule: "REG-INF-01",
	},
	{
		name: "a disinfection five hours old: no start", stands: later(day.TimedOut, 5*time.Hour), login: "nurse",
		path: "/procedure/{treatment}/start", rule: "REG-INF-01",
	},
	{
		name: "without the emergency kit checked: no injection", stands: but(day.TimedOut, day.Kit, day.SignedIn, day.TimedOut), login: "nurse",
		path: "/procedure/{treatment}/start", rule: "REG-CON-09",
	},
	{
		name: "a machine overdue for maintenance does not pass its check", stands: since(day.Filed, overdueMachine), login: "nurse",
		path: "/ready/device/{device}/check", form: passed(), rule: "REG-DEV-13",
	},
	{
		name: "a machine without today's check: no start", of: "LSR-QS-PIG", stands: but(day.Baseline, day.Machine), login: "nurse",
		path: "/procedure/{treatment}/start", rule: "REG-DEV-13",
	},
	{
		name: "an operator whose registration has ended: no start", stands: since(day.TimedOut, expired), login: "nurse",
		path: "/procedure/{treatment}/start", rule: "REG-STF-04",
	},
	{
		name: "an operator without the right for the item: no start", stands: since(day.TimedOut, learning), login: "nurse",
		path: "/procedure/{treatment}/start", rule: "REG-STF-04",
	},
	{
		name: "a nurse is not put in as operator of an injection", stands: to(day.Paid), login: "nurse",
		path: "/procedure/{treatment}/assign", form: []string{"operator", "{staff:nurse}", "room", "{room}"}, rule: "REG-STF-10",
	},
	{
		name: "a level that a clinic may not do: no start", stands: since(day.TimedOut, raised), login: "nurse",
		path: "/procedure/{treatment}/start", rule: "REG-LVL-03",
	},
	{
		name: "an operator treats one client at a time", stands: since(day.TimedOut, busy), login: "nurse",
		path: "/procedure/{treatment}/start", rule: "S5-02",
	},
	{
		name: "time-out not done: no start", stands: to(day.SignedIn), login: "nurse", path: "/procedure/{treatment}/start", rule: "S5-01",
	},
	{
		name: "a hard step is not skipped", stands: to(day.SignedIn), login: "manager", path: "/visit/{visit}/step/S5-01/skip",
		form: []string{"treatment", "{treatment}", "skip_reason", "赶时间"}, rule: "S5-01",
	},
	{
		name: "a hard step is not stamped by hand", stands: to(day.Arrived), login: "manager", path: "/visit/{visit}/step/S2-05/stamp",
		form: []string{"stamp_reason", "医师口头同意"}, rule: "REG-STF-09",
	},
}

package gates_test

import (
	"meixu/app/readiness"
	"meixu/store"
	"meixu/ui/uitest/day"
)

// recalled takes the lot in use out of use.
func recalled(d *day.Day, tx *store.Tx) error {
	lot, err := tx.Lot(d.Lots["L-FIRST"].ID)
	if err != nil {
		return err
	}
	lot.State = "recalled"
	return tx.SaveLot(&lot)
}

// passed are the fields of a good check of a machine.
func passed() []string {
	pairs := []string{"result", "good"}
	for _, point := range readiness.DevicePoints {
		pairs = append(pairs, "passed", point)
	}
	return pairs
}

// finish: nobody leaves, and nothing is closed, before it is written down.
var finish = []gate{
	{
		name: "the record incomplete: no sign-out", stands: to(day.Started), login: "doctor",
		path: "/procedure/{treatment}/form/signout", sheet: "F20", form: second("nurse"), rule: "S5-03",
	},
	{
		name: "counts not told: no sign-out", stands: to(day.Recorded), login: "doctor",
		path: "/procedure/{treatment}/form/signout", sheet: "F20", form: second("nurse"), rule: "S5-07",
	},
	{
		name: "counts that do not match the stock taken are refused", stands: to(day.Recorded), login: "nurse",
		path: "/procedure/{treatment}/counts", counts: []string{"30", "70", "0"}, form: second("stock"), rule: "S5-07",
	},
	{
		name: "toxin is not discarded by one person alone", stands: to(day.Recorded), login: "nurse",
		path: "/procedure/{treatment}/counts", counts: []string{"20", "80", "0"}, rule: "REG-DRG-03",
	},
	{
		name: "observation not over: no leaving", stands: but(day.Warned, day.Observed), login: "nurse",
		path: "/procedure/{treatment}/release", rule: "S5-10",
	},
	{
		name: "no guide handed over: no leaving", stands: to(day.Observed), login: "nurse",
		path: "/procedure/{treatment}/release", rule: "S6-01",
	},
	{
		name: "red flags not told: no leaving", stands: to(day.Guided), login: "nurse",
		path: "/procedure/{treatment}/release", rule: "S6-02",
	},
	{
		name: "a nurse does not sign the physician's record", stands: to(day.SignedOut), login: "nurse",
		path: "/procedure/{treatment}/sign", rule: "REG-EMR-02",
	},
	{
		name: "a signed record is not written over", stands: to(day.Locked), login: "doctor",
		path: "/procedure/{treatment}/form/record", sheet: "F7-BTX", rule: "REG-EMR-01",
	},
	{
		name: "a signed questionnaire is not written over", stands: to(day.Asked), login: "nurse",
		path: "/form/{form:F2}", sheet: "F2", rule: "REG-EMR-01",
	},
	{
		name: "a client in treatment does not just leave", stands: to(day.Started), login: "front",
		path: "/reception/visit/{visit}/leave", form: []string{"reason", "客户有事"}, rule: "S5-10",
	},
	{
		name: "a visit with a client under treatment is not closed", stands: to(day.SignedOut), login: "manager",
		path: "/aftercare/close/{visit}", rule: "S5-10",
	},
	{
		name: "a visit with an unpaid order is not closed", stands: to(day.Ordered), login: "manager",
		path: "/aftercare/close/{visit}", rule: "S3-06",
	},
}

// roles: the route of another role's deed is closed.
var roles = []gate{
	{name: "the till does not file clients", login: "cashier", path: "/reception/clients/new", form: newcomer(), status: 403},
	{name: "a consultant does not examine", stands: to(day.Arrived), login: "consultant", path: "/consultation/{visit}/exam", sheet: "F15", status: 403},
	{name: "a consultant does not approve", stands: to(day.Planned), login: "consultant", path: "/plan/{plan}/approve", status: 403},
	{name: "a nurse does not place orders", stands: to(day.Planned), login: "nurse", path: "/plan/{plan}/order", status: 403},
	{
		name: "a consultant takes no money", stands: to(day.Billed), login: "consultant", path: "/till/{order}/pay",
		form: []string{"card", "1300"}, status: 403,
	},
	{
		name: "a physician voids no payment", stands: to(day.Paid), login: "doctor", path: "/till/payment/{payment}/void",
		form: []string{"reason", "x"}, status: 403,
	},
	{
		name: "a nurse does not clear contraindications", stands: to(day.Today), login: "nurse", path: "/procedure/{treatment}/clear",
		form: []string{"note", "x"}, status: 403,
	},
	{name: "the desk does not start a procedure", stands: to(day.Paid), login: "front", path: "/procedure/{treatment}/start", status: 403},
	{
		name: "the till takes no product", stands: to(day.Paid), login: "cashier", path: "/procedure/{treatment}/lots",
		form: lots("L-FIRST"), status: 403,
	},
	{
		name: "a nurse grants no rights", login: "nurse", path: "/people/right",
		form: []string{"staff", "{staff:nurse}", "item", "botulinum", "level", "independent"}, status: 403,
	},
	{
		name: "the desk receives no lots", login: "front", path: "/stock/receive", form: []string{"lot", "L-NEW"}, status: 403,
	},
	{
		name: "aftercare amends no record", stands: to(day.Locked), login: "aftercare", path: "/procedure/{treatment}/amend",
		form: []string{"_reason", "x"}, status: 403,
	},
}

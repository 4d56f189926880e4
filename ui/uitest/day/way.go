package day

// The steps of the day.
const (
	Filed      Step = "the client's file"
	Arrived    Step = "arrival"
	Assigned   Step = "consultant assigned"
	Asked      Step = "basics and health questionnaire"
	Received   Step = "consultant takes over"
	Need       Step = "need card"
	Talked     Step = "consultation record"
	Reviewed   Step = "nurse's review"
	SkinPhoto  Step = "skin photo"
	Skin       Step = "skin analysis"
	Examined   Step = "doctor's examination"
	Planned    Step = "plan"
	Approved   Step = "plan approved"
	Shown      Step = "cases"
	Papered    Step = "papers issued"
	Signed     Step = "papers signed"
	Ordered    Step = "order"
	Billed     Step = "settlement list"
	Paid       Step = "payment"
	Disinfect  Step = "room disinfected"
	Kit        Step = "emergency kit checked"
	Machine    Step = "device checked"
	Staffed    Step = "operator, nurse, room"
	Identified Step = "identity"
	Today      Step = "today's state"
	Marked     Step = "site mark"
	Cleared    Step = "contraindications cleared"
	Baseline   Step = "baseline photo or reason"
	Taken      Step = "lot taken"
	SignedIn   Step = "sign-in"
	TimedOut   Step = "time-out"
	Started    Step = "start"
	Recorded   Step = "record"
	Counted    Step = "counts"
	SignedOut  Step = "sign-out"
	Observed   Step = "observation"
	Guided     Step = "guide handed over"
	Warned     Step = "red flags told"
	Released   Step = "leaving"
	Locked     Step = "record signed"
)

// Green is the last step before the start: every row of the gate is done.
const Green = TimedOut

type leg struct {
	step Step
	do   func(*Day)
}

// way is the day in its order.
var way = []leg{
	{Filed, (*Day).file},
	{Arrived, (*Day).arrive},
	{Assigned, func(d *Day) {
		d.must("front", "/reception/visit/{visit}/assign", "to", "consultant", "consultant", "{staff:consultant}")
	}},
	{Asked, (*Day).ask},
	{Received, func(d *Day) { d.must("consultant", "/consultation/{visit}/receive") }},
	{Need, sheet("consultant", "/consultation/{visit}/need", "F17")},
	{Talked, sheet("consultant", "/consultation/{visit}/record", "F4")},
	{Reviewed, sheet("nurse", "/consultation/{visit}/review", "F2-NURSE")},
	{SkinPhoto, (*Day).photograph},
	{Skin, sheet("nurse", "/consultation/{visit}/skin", "F3")},
	{Examined, sheet("doctor", "/consultation/{visit}/exam", "F15")},
	{Planned, (*Day).plan},
	{Approved, func(d *Day) { d.must("doctor", "/plan/{plan}/approve") }},
	{Shown, func(d *Day) {
		d.must("consultant", "/plan/{plan}/cases", "reason", "本项目暂无三个已授权案例")
	}},
	{Papered, func(d *Day) { d.must("consultant", "/plan/{plan}/papers") }},
	{Signed, (*Day).sign},
	{Ordered, (*Day).order},
	{Billed, func(d *Day) { d.must("cashier", "/till/{order}/statement") }},
	{Paid, (*Day).pay},
	{Disinfect, func(d *Day) { d.must("nurse", "/ready/room/{room}", "method", "wipe", "minutes", "30") }},
	{Kit, (*Day).checkKit},
	{Machine, (*Day).checkMachine},
	{Staffed, func(d *Day) { d.must("nurse", "/procedure/{treatment}/assign", d.Team("doctor")...) }},
	{Identified, func(d *Day) {
		d.must("nurse", "/procedure/{treatment}/identity", "way", "birth", "birth", "1994-05-06")
	}},
	{Today, sheet("nurse", "/procedure/{treatment}/form/today", "F16-TODAY")},
	{Marked, (*Day).mark},
	{Cleared, func(d *Day) { d.must("doctor", "/procedure/{treatment}/clear", "verdict", "pass", "note", "") }},
	{Baseline, func(d *Day) { d.must("nurse", "/procedure/{treatment}/nophoto", "reason", "客户不同意拍照") }},
	{Taken, func(d *Day) {
		d.must("nurse", "/procedure/{treatment}/lots", append(Second("stock"), "code", "L-FIRST")...)
	}},
	{SignedIn, sheet("nurse", "/procedure/{treatment}/form/signin", "F18", Second("doctor")...)},
	{TimedOut, sheet("doctor", "/procedure/{treatment}/form/timeout", "F19", Second("nurse")...)},
	{Started, func(d *Day) { d.must("nurse", "/procedure/{treatment}/start") }},
	{Recorded, func(d *Day) { d.must("doctor", "/procedure/{treatment}/form/record", d.Sheet(d.Item.FormCode)...) }},
	{Counted, func(d *Day) {
		d.must("nurse", "/procedure/{treatment}/counts", append(d.Counts("20", "80", "0"), Second("stock")...)...)
	}},
	{SignedOut, sheet("doctor", "/procedure/{treatment}/form/signout", "F20", Second("nurse")...)},
	{Observed, (*Day).watch},
	{Guided, (*Day).guide},
	{Warned, func(d *Day) { d.must("nurse", "/aftercare/guide/{treatment}/told", "signs", "on", "phone", "on") }},
	{Released, func(d *Day) { d.must("nurse", "/procedure/{treatment}/release") }},
	{Locked, func(d *Day) { d.must("doctor", "/procedure/{treatment}/sign") }},
}

// sheet posts a filled form.
func sheet(login, path, code string, more ...string) func(*Day) {
	return func(d *Day) {
		d.T.Helper()
		d.must(login, path, append(d.Sheet(code), more...)...)
	}
}

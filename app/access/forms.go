package access

import "strings"

// Deeds around filled forms. Which form a role may fill, sign and read stands in formDuties;
// a permission alone opens no form.
var (
	// FormView opens a filled form; on a tablet handed over the client's own only.
	FormView = allowHandover("form.view", everyone()...)
	// FormBegin begins a filling.
	FormBegin = allow("form.begin", Reception, Consultant, Physician, Nurse, Aftercare, Quality, Manager)
	// FormSave keeps what was typed into a draft.
	FormSave = allowHandover("form.save", Reception, Consultant, Physician, Nurse, Aftercare, Quality, Manager)
	// FormSign locks a complete draft (REG-EMR-04).
	FormSign = allowHandover("form.sign", Reception, Consultant, Physician, Nurse, Aftercare, Quality, Manager)
	// FormAmend puts a corrected filling in the place of a signed one, with a reason.
	FormAmend = proved(ByPIN, allow("form.amend", Reception, Consultant, Physician, Nurse, Aftercare, Quality, Manager))
	// FormVoid takes a filling out of use, with a reason.
	FormVoid = proved(ByPIN, allow("form.void", Consultant, Physician, Nurse, Quality, Manager))
	// FormHandover begins the forms that a client fills on a tablet of the house.
	FormHandover = allow("form.handover", Reception, Consultant, Nurse, Manager)
)

// formDuty says who does what with the forms of a code, or of a family (F7 has F7-BTX).
type formDuty struct {
	code   string
	begin  []Role // may begin it for somebody else to fill
	fill   []Role
	sign   []Role
	read   []Role
	client bool // a client may fill it on a tablet handed over
}

var (
	atDesk     = []Role{Reception, Consultant, Nurse, Manager}
	carers     = []Role{Physician, Nurse}
	talkers    = []Role{Consultant, Physician, Nurse, Aftercare, Quality} // FieldAnswers
	clinicians = []Role{Physician, Nurse, Aftercare, Quality}             // FieldDiagnosis
	callers    = []Role{Aftercare, Nurse, Physician}
	examiners  = []Role{Physician}
	lookers    = []Role{Physician, Nurse, Storekeeper, Quality, Manager}
)

// formDuties is the table of forms (forms.md, rulings 28 and 32); the longest code wins.
var formDuties = []formDuty{
	{code: "F1", fill: atDesk, sign: atDesk, client: true, read: []Role{
		Reception, Consultant, Physician, Nurse, Cashier, Aftercare, Quality, Manager,
	}},
	{code: "F2", begin: atDesk, fill: carers, sign: carers, read: talkers, client: true},
	{code: "F2-NURSE", fill: carers, sign: carers, read: talkers},
	{code: "F3", fill: []Role{Nurse, Physician, Consultant}, sign: []Role{Nurse, Physician, Consultant}, read: talkers},
	{code: "F4", fill: []Role{Consultant, Physician}, sign: []Role{Consultant, Physician}, read: append([]Role{Manager}, talkers...)},
	{code: "F5", fill: []Role{Consultant, Physician}, sign: examiners, read: talkers},
	{code: "F6", fill: []Role{Consultant, Physician}, sign: examiners, read: talkers},
	{code: "F7", fill: carers, sign: carers, read: clinicians},
	{code: "F8", fill: callers, sign: callers, read: clinicians},
	{code: "F9", begin: []Role{Reception, Aftercare}, fill: []Role{Aftercare}, sign: []Role{Aftercare}, client: true, read: []Role{
		Aftercare, Quality, Manager,
	}},
	{code: "F11", fill: clinicians, sign: clinicians, read: append([]Role{Manager}, clinicians...)},
	{code: "F15", fill: examiners, sign: examiners, read: clinicians},
	{code: "F16", fill: carers, sign: carers, read: clinicians},
	{code: "F16-ROOM", fill: carers, sign: carers, read: lookers},
	{code: "F16-DEVICE", fill: carers, sign: carers, read: lookers},
	{code: "F16-KIT", fill: carers, sign: carers, read: lookers},
	{code: "F17", fill: []Role{Reception, Consultant}, sign: []Role{Reception, Consultant}, read: append([]Role{Reception, Manager}, talkers...)},
	{code: "F18", fill: carers, sign: carers, read: clinicians},
	{code: "F19", fill: carers, sign: carers, read: clinicians},
	{code: "F20", fill: carers, sign: carers, read: clinicians},
	{code: "F21", fill: atDesk, sign: atDesk, read: []Role{Reception, Consultant, Nurse, Quality, Manager}},
}

// dutyOf finds the line of a code; an unknown form is nobody's.
func dutyOf(code string) (found formDuty) {
	for _, d := range formDuties {
		if (code == d.code || strings.HasPrefix(code, d.code+"-")) && len(d.code) > len(found.code) {
			found = d
		}
	}
	return found
}

// holds says that the actor works here, is not locked out and has one of the roles.
func (a Actor) holds(roles []Role) bool {
	if a.system {
		return true
	}
	if !a.SignedIn() {
		return false
	}
	for _, r := range roles {
		if a.Is(r) {
			return true
		}
	}
	return false
}

// FillsForm says that the actor may type into a form of the code. On a tablet handed over
// that holds for the forms that clients fill; which filling is bound by the session's path.
func (a Actor) FillsForm(code string) bool {
	d := dutyOf(code)
	if !a.Guest.None() {
		return d.client
	}
	return a.holds(d.fill)
}

// SignsForm says that the actor may sign a form of the code.
func (a Actor) SignsForm(code string) bool {
	d := dutyOf(code)
	if !a.Guest.None() {
		return d.client
	}
	return a.holds(d.sign)
}

// BeginsForm says that the actor may begin a form of the code, to fill it or to hand it over.
func (a Actor) BeginsForm(code string) bool {
	d := dutyOf(code)
	return a.holds(d.begin) || a.holds(d.fill)
}

// ReadsForm says that the actor may read filled forms of the code.
func (a Actor) ReadsForm(code string) bool {
	d := dutyOf(code)
	return a.holds(d.read) || a.holds(d.fill)
}

// SeesLevel says that the actor sees answers of a sensitivity (P0 … P3 of forms.md, identity) in
// forms of the code. Whoever fills a form sees what is asked in it, except the highest level.
func (a Actor) SeesLevel(code, level string) bool {
	switch {
	case !a.Guest.None():
		return dutyOf(code).client
	case level == "P0":
		return true
	case level == "P1":
		return a.Sees(FieldPhone) || a.Sees(FieldIdentity) || a.FillsForm(code)
	case level == string(FieldIdentity):
		return a.Sees(FieldIdentity) || a.FillsForm(code)
	case level == string(FieldMoney):
		return a.Sees(FieldMoney)
	case level == "P3":
		return a.Sees(FieldDiagnosis)
	}
	return a.Sees(FieldAnswers) || a.FillsForm(code)
}

package crm

import (
	"slices"

	"meixu/app/engine/document"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Choices of the form of a new client, as the schema knows them.
var (
	Genders  = []string{"female", "male", "unstated"}
	IDKinds  = []string{term.DocumentIDCard, term.DocumentPassport, term.DocumentHKMT, term.DocumentForeign}
	Channels = []string{"walk_in", "phone", "online", "platform", "referral", "staff", "other"}
)

// Minor is the age below which a guardian must consent (REG-CON-04).
const Minor = 18

// Phone brings a typed number to the one form in which numbers are kept and compared.
func Phone(typed string) string { return term.NormalPhone(typed) }

func goodPhone(phone string) bool { return term.GoodPhone(phone) }

// nameLongest is how long a name may be: foreign passports have long ones.
const nameLongest = 60

func goodName(name string) bool { return term.GoodPersonName(name, 2, nameLongest) }

// trim brings what was typed to the form in which it is kept.
func (in *NewClient) trim() {
	in.Name, in.Phone = spelled(in.Name), Phone(in.Phone)
	if in.Phone != "" {
		in.NoPhone = ""
	}
	in.IDNumber = term.NormalDocument(in.IDNumber)
	in.Guardian.Phone = Phone(in.Guardian.Phone)
	in.Guardian.Name, in.Guardian.Relation = spelled(in.Guardian.Name), spelled(in.Guardian.Relation)
}

// spelled is a name as it is kept.
func spelled(name string) string { return term.PersonName(name) }

// check names every wrong field of a new client.
func (in NewClient) check(today term.Day) fault.Fields {
	f := slices.Clone(in.Shape)
	if !goodName(in.Name) {
		f.Add("name", "crm.client.name.bad")
	}
	if !slices.Contains(Genders, in.Gender) {
		f.Add("gender", "crm.client.gender.bad")
	}
	if in.Birth == "" || today.Before(in.Birth) || in.Birth.Before("1900-01-01") {
		f.Add("birth", "crm.client.birth.bad")
	}
	checkPhone(&f, in.Phone, in.NoPhone, in.Minor(today))
	if !slices.Contains(Channels, in.Source) {
		f.Add("source", "crm.client.source.bad")
	}
	in.checkIdentity(&f)
	in.checkGuardian(&f, today)
	return f
}

// checkPhone: a number, or a word why there is none. A child is one by the birthday.
func checkPhone(f *fault.Fields, phone, why string, minor bool) {
	switch {
	case phone != "" && !goodPhone(phone):
		f.Add("phone", "crm.phone.bad")
	case phone == "" && why == "":
		f.Add("phone", "crm.phone.why")
	case phone == "" && !slices.Contains(term.NoPhones, why):
		f.Add("no_phone", "kit.bad.choice")
	case phone == "" && why == "child" && !minor:
		f.Add("no_phone", "crm.phone.child")
	}
}

// checkIdentity: a document that was compared must be named, and a resident card must be
// one and agree with birth day and sex (REG-CON-12).
func (in NewClient) checkIdentity(f *fault.Fields) {
	if in.IDKind != "" && !slices.Contains(IDKinds, in.IDKind) || in.IDKind == "" && (in.IDNumber != "" || in.IDChecked) {
		f.Add("id_kind", "crm.client.id_kind.bad")
	}
	if in.IDNumber == "" {
		return
	}
	if wrong := term.CheckDocument(in.IDKind, in.IDNumber, in.Birth, in.Gender); wrong != "" {
		f.Add("id_number", "crm.client.id_number."+string(wrong))
	}
}

// checkGuardian: below 18 a guardian consents beside the client (REG-CON-04).
func (in NewClient) checkGuardian(f *fault.Fields, today term.Day) {
	minor := in.Minor(today) && !today.Before(in.Birth) // a birthday to come is a slip, no child
	if !minor && in.Guardian.Name == "" {
		return
	}
	if !goodName(in.Guardian.Name) {
		f.Add("guardian_name", "crm.client.guardian.bad")
	}
	if document.SameName(in.Guardian.Name, in.Name) {
		f.Add("guardian_name", "crm.client.guardian.self")
	}
	if term.Likeness(in.Guardian.Relation) == "" {
		f.Add("guardian_relation", "crm.client.guardian.relation.bad")
	}
	if !goodPhone(in.Guardian.Phone) {
		f.Add("guardian_phone", "crm.phone.bad")
	}
}

// Minor says that the client is under age today.
func (in NewClient) Minor(today term.Day) bool { return in.Birth != "" && in.Birth.Age(today) < Minor }

// signed refuses a file without both signatures: no notice and no separate consent to health
// data, no file (REG-PII-01). The guardian of a minor signs too, that of a child alone
// (REG-CON-04).
func (s Strokes) signed(c store.Client, today term.Day) error {
	child := document.Child(c.Birth, today)
	switch {
	case !child && document.CheckStrokes(s.Privacy) != nil:
		return fault.Refuse("REG-PII-01", "crm.privacy.unsigned")
	case !child && document.CheckStrokes(s.Health) != nil:
		return fault.Refuse("REG-PII-01", "crm.health.unsigned")
	case (child || c.Guardian.Name != "") && (document.CheckStrokes(s.GuardianPrivacy) != nil || document.CheckStrokes(s.GuardianHealth) != nil):
		return fault.Refuse("REG-CON-04", "crm.guardian.unsigned")
	case !child && (document.SameStrokes(s.Privacy, s.GuardianPrivacy) || document.SameStrokes(s.Health, s.GuardianHealth)):
		return fault.Refuse("REG-CON-04", "crm.guardian.copied")
	}
	return nil
}

package access

import (
	"fmt"
	"slices"
	"strings"
)

// Field is a kind of sensitive fact that some roles see and others do not (rulings 32).
type Field string

// The sensitive kinds of fact.
const (
	FieldAnswers   Field = "answers"   // health questionnaire answers
	FieldAlarm     Field = "alarm"     // that the file has red words at all, without their content
	FieldAllergies Field = "allergies" // the red words themselves: allergies and contraindications
	FieldDiagnosis Field = "diagnosis" // examination, diagnosis, procedure records
	FieldPhotos    Field = "photos"    // clinical photos
	FieldMoney     Field = "money"     // the client's orders and payments
	FieldPhone     Field = "phone"     // the whole phone number (others see the last four)
	FieldIdentity  Field = "identity"  // id number and address
	FieldTrail     Field = "trail"     // who saw and changed what
	FieldCost      Field = "cost"      // purchase prices, margins, commission
)

// Fields lists the sensitive kinds of fact in the order of the table.
var Fields = []Field{
	FieldAnswers, FieldAlarm, FieldAllergies, FieldDiagnosis, FieldPhotos, FieldMoney,
	FieldPhone, FieldIdentity, FieldTrail, FieldCost,
}

var seers = map[Field][]Role{
	FieldAnswers: {Consultant, Physician, Nurse, Aftercare, Quality},
	// The tablet promises the client that medical staff alone read health answers; the others are
	// told to ask them.
	FieldAlarm:     {Reception, Consultant, Physician, Nurse, Cashier, Storekeeper, Aftercare, Quality, Manager, Owner},
	FieldAllergies: {Consultant, Physician, Nurse, Aftercare, Quality},
	FieldDiagnosis: {Physician, Nurse, Aftercare, Quality},
	FieldPhotos:    {Consultant, Physician, Nurse, Aftercare, Quality},
	// A physician approves a plan with its price.
	FieldMoney:    {Reception, Consultant, Physician, Cashier, Manager, Owner},
	FieldPhone:    {Reception, Consultant, Physician, Nurse, Aftercare, Manager, Owner},
	FieldIdentity: {Reception, Cashier, Physician, Manager, Owner},
	FieldTrail:    {Quality, Manager, Owner, AuditAdmin},
	FieldCost:     {Storekeeper, Manager, Owner},
}

// Sees says whether the actor sees this kind of fact. The system sees all, for exports and
// documents it draws on behalf of a deed.
func (a Actor) Sees(f Field) bool {
	if a.system {
		return true
	}
	return a.SignedIn() && slices.ContainsFunc(seers[f], a.Is)
}

func fieldMatrix() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-28s", "field")
	for _, r := range Roles {
		fmt.Fprintf(&b, " %-11s", r)
	}
	b.WriteString("\n")
	for _, f := range Fields {
		line := fmt.Sprintf("%-28s", f)
		for _, r := range Roles {
			mark := "."
			if slices.Contains(seers[f], r) {
				mark = "sees"
			}
			line += fmt.Sprintf(" %-11s", mark)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

// Package banner holds what the client banner shows on every screen about a client: who
// sits here, what is dangerous, what is owed and which consents stand. It never scrolls
// away, so that nobody treats the wrong person (screens.md section 1).
package banner

import "meixu/store/term"

// View is the banner of one client.
type View struct {
	// ClientID names the person; the name links to the file.
	ClientID term.ClientID
	// Name is the full name, as on the identity document.
	Name string
	// Number is the member number that tells people of one name apart.
	Number string
	// BirthYear is the year of birth; 0 when unknown.
	BirthYear int
	// Age is the age today in whole years; 0 when unknown.
	Age int
	// Gender is "female", "male" or "" when not asked.
	Gender string
	// Phone is masked already (138****8817).
	Phone string
	// Alarm says that the file has red words; those who may not read them are sent to the
	// medical staff.
	Alarm bool
	// Allergies and Contraindications are short words, shown in red to those who may read them.
	Allergies         []string
	Contraindications []string
	// Tier is the name of the member tier; "" for none.
	Tier string
	// DebtFen is what the client owes, in fen.
	DebtFen term.Fen
	// PrivacyOK and HealthOK say that the two data consents stand (REG-PRI).
	PrivacyOK bool
	HealthOK  bool
	// FaceURL is the permission-checked address of the portrait; "" draws the initial.
	FaceURL string
	// Need is what the client said once; nil when nothing stands or the reader may not see it.
	Need *Need
	// Badges are further short marks, such as "first visit".
	Badges []Badge
}

// Badge is one small mark behind the name.
type Badge struct {
	// Key is the words key of the mark.
	Key string
	// Tone is info, good, warn or danger; "" is plain.
	Tone string
	// Icon is a name from ui/assets/icons.txt; "" for none.
	Icon string
}

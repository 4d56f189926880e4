package consultation

import (
	"meixu/app/fault"
	"meixu/store"
)

// OwnForms are filled on the pages of the visit's consultation only: their signature carries what
// the page showed, and PIN or password where the deed asks for it.
var OwnForms = []string{FormTalk, FormNurse, FormSkin, FormExam}

// OnItsPage refuses to work on a form of the consultation anywhere else.
func OnItsPage(row store.Answer) error {
	if row.Visit == 0 {
		return nil
	}
	return fault.Refuse("REG-EMR-04", "consultation.refuse.own_page").At(VisitPath(row.Visit))
}

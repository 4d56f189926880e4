package procedure

import (
	"meixu/app/fault"
	"meixu/store"
)

// OwnForms are the codes (or families of codes) that are signed on the treatment's own pages
// only, where their gates are.
var OwnForms = []string{codeMark, codeToday, codeSkinTest, codeSignIn, codeTimeOut, codeSignOut, "F7"}

// OnItsPage refuses to work on a form of a treatment anywhere but on the treatment's page.
func OnItsPage(row store.Answer) error {
	if row.Treatment == 0 {
		return nil
	}
	return fault.Refuse("S5-02", "procedure.refuse.own_page").At(Path(row.Treatment))
}

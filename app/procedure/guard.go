package procedure

import (
	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/fault"
	"meixu/store"
)

// OwnForms are the codes (or families of codes) that are signed on the treatment's own pages
// only, where their gates are.
var OwnForms = []string{codeMark, codeSkinTest, codeSignIn, codeTimeOut, codeSignOut, "F7"}

// OnItsPage refuses to sign or amend a form of a treatment anywhere but on the treatment's
// page; the general form pages call it as a hook.
func OnItsPage(_ *store.Tx, _ access.Actor, f form.Filled) error {
	if f.Row.Treatment == 0 {
		return nil
	}
	return fault.Refuse("S5-02", "procedure.refuse.own_page").At(Path(f.Row.Treatment))
}

package papers

import (
	"slices"

	"meixu/app/access"
	"meixu/app/engine/document"
	"meixu/store"
)

// OwnHand says of a capacity that who is signed in holds it and may sign.
func OwnHand(by access.Actor) func(document.Role) bool {
	may := by.SignedIn() && by.May(access.DocumentSign)
	return func(role document.Role) bool { return may && role.Staff() && by.Is(access.Role(role)) }
}

// ClientHand says of a capacity that it is one of the client's side.
func ClientHand(role document.Role) bool { return !role.Staff() }

// mine finds what else of the plan waits for the same hand.
func (p *Paper) mine(r *store.Read, by access.Actor) error {
	if p.Row.Plan == 0 || !by.SignedIn() {
		return nil
	}
	stack, err := document.StackOf(r, p.Row.Client, p.Row.Plan)
	if err != nil {
		return err
	}
	at := p.Row.ID
	list := slices.DeleteFunc(stack.Awaits(OwnHand(by)), func(d store.Document) bool { return d.ID == at })
	if p.Left = len(list); p.Left > 0 {
		p.Next = list[max(slices.IndexFunc(list, func(d store.Document) bool { return d.ID > at }), 0)]
	}
	return nil
}

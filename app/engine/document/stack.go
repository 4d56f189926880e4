package document

import (
	"slices"

	"meixu/store"
	"meixu/store/term"
)

// Receipt is the kind of the papers that a till issues with each payment. Nobody signs them, no
// gate asks for them, and there may be so many that they would push others off a list.
const Receipt = "receipt"

// Stack are the documents of a plan read at once, its receipts left out: how it stands with each,
// in two queries however many there are.
type Stack struct {
	r      *store.Read
	docs   []store.Document // not void, newest first
	signed map[term.DocumentID][]store.Signature
}

// StackOf reads the documents of a client's plan that are not void. Page and gates of one
// snapshot share it.
func StackOf(r *store.Read, client term.ClientID, plan term.PlanID) (Stack, error) {
	return store.Recall(r, stackKey{client, plan}, func() (s Stack, err error) {
		s.r = r
		if s.docs, err = r.Documents(store.DocumentFilter{Client: client, Plan: plan, NotVoid: true, Without: Receipt, Limit: 500}); err != nil {
			return s, err
		}
		s.signed, err = r.SignaturesIn(s.docs)
		return s, err
	})
}

type stackKey struct {
	client term.ClientID
	plan   term.PlanID
}

// Documents are all of the stack, newest first.
func (s Stack) Documents() []store.Document { return slices.Clone(s.docs) }

// Unsigned are the capacities that have yet to sign an open document and still can.
func (s Stack) Unsigned(d store.Document) []Role {
	if d.State != store.DocumentOpen || expired(s.r, d) {
		return nil
	}
	return missing(d, s.signed[d.ID])
}

// Awaits lists the open documents for which a capacity that ask accepts has yet to sign, in
// the order in which they were issued.
func (s Stack) Awaits(ask func(Role) bool) (list []store.Document) {
	for _, d := range slices.Backward(s.docs) {
		if slices.ContainsFunc(s.Unsigned(d), ask) {
			list = append(list, d)
		}
	}
	return list
}

// Stands says the same as the function Stands of a document of the stack's plan.
func (s Stack) Stands(about For) (Standing, error) {
	asked := thing(about.Treatment, about.PlanItem, about.Order, about.Plan)
	for _, d := range s.docs {
		if thing(d.Treatment, d.PlanItem, d.Order, d.Plan) != asked {
			continue
		}
		frozen, err := Thaw([]byte(d.Body))
		if err != nil {
			return Standing{Document: d}, tampered(d, err)
		}
		if frozen.Code == about.Code {
			return standing(s.r, d, s.signed[d.ID])
		}
	}
	return Standing{}, nil
}

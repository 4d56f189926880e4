package papers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/document"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// HandPath is the page to which a tablet is locked that was handed over with all papers of
// a plan; the papers lie below it.
func HandPath(plan term.PlanID) string { return fmt.Sprintf("/papers/%d", plan) }

// HandPaperPath is the page of one paper on such a tablet.
func HandPaperPath(plan term.PlanID, id term.DocumentID) string {
	return fmt.Sprintf("%s/%d", HandPath(plan), id)
}

// inHand says that the tablet was handed over with the papers of the document's plan, and
// that the client's side signs this one. What is void is out of the client's hands.
func inHand(by access.Actor, d store.Document) bool {
	return d.Plan != 0 && by.Guest.Path == HandPath(d.Plan) && clients(d) && d.State != store.DocumentVoid
}

// clients says that somebody of the client's side signs the paper.
func clients(d store.Document) bool {
	return slices.ContainsFunc(d.Signers, func(role string) bool { return ClientHand(document.Role(role)) })
}

// Hand are the papers of a plan in the order in which the client reads them: first what may
// be refused, then quote and contract, so that nobody signs a price that a refusal changes.
type Hand struct {
	Name   string // how the client is greeted
	Papers []HandPaper
	Next   term.DocumentID // the first that waits for the client; 0: all done
}

// HandPaper is one paper in the client's hands.
type HandPaper struct {
	ID     term.DocumentID
	Title  string
	Waits  bool // for the client's side
	Refuse bool // the client may refuse it with a reason
}

// Done counts what the client has signed.
func (h Hand) Done() (n int) {
	for _, p := range h.Papers {
		if !p.Waits {
			n++
		}
	}
	return n
}

// Whole says that quote or contract are among the papers. They are not when the client has
// refused a part of the plan: then the house draws them anew.
func (h Hand) Whole() bool {
	return slices.ContainsFunc(h.Papers, func(p HandPaper) bool { return !p.Refuse })
}

// Place is the number of a paper among all, from 1; 0 when it is not among them.
func (h Hand) Place(id term.DocumentID) int {
	return 1 + slices.IndexFunc(h.Papers, func(p HandPaper) bool { return p.ID == id })
}

func (c *Cabinet) hand(r *store.Read, p store.Plan) (h Hand, err error) {
	stack, err := document.StackOf(r, p.Client, p.ID)
	if err != nil {
		return h, err
	}
	all := slices.DeleteFunc(stack.Documents(), func(d store.Document) bool {
		lapsed := d.State == store.DocumentOpen && len(stack.Unsigned(d)) == 0
		return !clients(d) || lapsed
	})
	slices.SortFunc(all, func(a, b store.Document) int {
		return cmp.Or(cmp.Compare(c.turn(a), c.turn(b)), cmp.Compare(a.ID, b.ID))
	})
	for _, d := range all {
		frozen, err := document.Thaw([]byte(d.Body))
		if err != nil {
			return h, err
		}
		paper := HandPaper{
			ID: d.ID, Title: frozen.Title, Waits: slices.ContainsFunc(stack.Unsigned(d), ClientHand), Refuse: c.refusals[d.Kind] != nil,
		}
		if paper.Waits && h.Next == 0 {
			h.Next = d.ID
		}
		h.Papers = append(h.Papers, paper)
	}
	return h, nil
}

// turn puts what may be refused before what follows from it.
func (c *Cabinet) turn(d store.Document) int {
	if c.refusals[d.Kind] != nil {
		return 0
	}
	return 1
}

// HandOver checks that there is something for the client to sign, so that the tablet can be
// given away with all papers of a plan.
func (c *Cabinet) HandOver(ctx context.Context, by access.Actor, plan term.PlanID) error {
	on := store.Subject{Noun: "plan", ID: int64(plan)}
	return c.WriteOn(ctx, by, access.PapersHandover, on, func(tx *store.Tx) error {
		p, err := planOf(tx.Read, plan)
		if err != nil {
			return err
		}
		v, err := tx.Visit(p.Visit)
		if err != nil {
			return err
		}
		tx.Result("plan", int64(plan))
		back := fmt.Sprintf("/plan/%d", plan)
		if !v.Open() {
			return fault.Refuse("S1-03", "consultation.visit.closed", v.Number, fault.Word(v.State.Key())).At(back)
		}
		h, err := c.hand(tx.Read, p)
		if err == nil && h.Next == 0 {
			err = fault.Refuse("S3-02", "documents.hand.nothing", p.Number).At(back)
		}
		return err
	})
}

// HandOverOne checks that this paper is one that by may see and that waits for the client's
// side, so that the tablet can be given away with it. The tablet then shows it by its scope
// alone, so this is the one place where who hands it over is asked.
func (c *Cabinet) HandOverOne(ctx context.Context, by access.Actor, id term.DocumentID) error {
	on := store.Subject{Noun: "document", ID: int64(id)}
	return c.WriteOn(ctx, by, access.DocumentHandover, on, func(tx *store.Tx) error {
		p, err := paperOf(tx.Read, by, id)
		if err != nil {
			return err
		}
		tx.Result("document", int64(id))
		if !slices.ContainsFunc(p.Signing, func(at Place) bool { return ClientHand(at.Role) }) {
			return fault.Refuse("S3-02", "documents.hand.none", p.Row.Number).At(Path(id))
		}
		return nil
	})
}

func planOf(r *store.Read, id term.PlanID) (store.Plan, error) {
	p, err := r.Plan(id)
	if errors.Is(err, store.ErrNotFound) {
		err = fault.NotFound("plan").Because(err)
	}
	return p, err
}

// Hand reads the papers of the plan that the tablet is locked to.
func (c *Cabinet) Hand(ctx context.Context, by access.Actor, plan term.PlanID) (h Hand, err error) {
	if by.Guest.Path != HandPath(plan) {
		return h, fault.Forbidden(string(access.Handover))
	}
	err = c.Read(ctx, by, access.DocumentView, func(r *store.Read) error {
		p, err := planOf(r, plan)
		if err != nil {
			return err
		}
		if h, err = c.hand(r, p); err != nil {
			return err
		}
		client, err := r.Client(p.Client)
		h.Name = client.Name
		return err
	})
	return h, err
}

// RefusalHook is what a room does when the client refuses a document of a kind, in the same
// transaction. It voids the document with the reason.
type RefusalHook func(tx *store.Tx, by access.Actor, d store.Document, reason string) error

// OnRefusal lets the client refuse documents of the kind; the room says what follows.
func (c *Cabinet) OnRefusal(kind string, h RefusalHook) { c.refusals[kind] = h }

// Refusal is a client's no to one paper, in the client's own words.
type Refusal struct {
	Document term.DocumentID
	Reason   string
}

// Refuse keeps a client's no (rulings 31). Only an open paper of a kind that a room lets be
// refused can be.
func (c *Cabinet) Refuse(ctx context.Context, by access.Actor, in Refusal) error {
	reason := strings.TrimSpace(in.Reason)
	on := store.Subject{Noun: "document", ID: int64(in.Document)}
	return c.WriteOn(ctx, by, access.ConsentRefuse, on, func(tx *store.Tx) error {
		d, err := documentOf(tx.Read, by, in.Document)
		if err != nil {
			return err
		}
		hook, known := c.refusals[d.Kind]
		if !known || d.State != store.DocumentOpen {
			return fault.Refuse("REG-CON-03", "document.not_open", d.Number)
		}
		if n := len([]rune(reason)); n < 2 || n > 300 {
			var wrong fault.Fields
			wrong.Add("reason", "documents.hand.reason")
			return wrong.Err()
		}
		tx.Result("document", int64(d.ID))
		return hook(tx, by, d, reason)
	})
}

// Package papers is the cabinet of documents: it shows, signs and prints what other rooms
// issue. Who may see a paper depends on its kind (rulings 32). When the last signature
// stands, the rooms that asked for it hear of it in the same transaction.
package papers

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/engine/document"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// PINs checks the PIN of a colleague who signs at somebody else's screen. It is slow on
// purpose and runs before the write.
type PINs interface {
	ConfirmPIN(ctx context.Context, by access.Actor, staff term.StaffID, pin string) error
}

// Hook is what a room does when a document of a kind is complete, in the same transaction.
type Hook func(tx *store.Tx, by access.Actor, d store.Document) error

// Cabinet is the service of the documents.
type Cabinet struct {
	deed.Doer
	pins     PINs
	hooks    map[string][]Hook
	refusals map[string]RefusalHook
}

// New makes the cabinet.
func New(d deed.Doer, pins PINs) *Cabinet {
	return &Cabinet{Doer: d, pins: pins, hooks: map[string][]Hook{}, refusals: map[string]RefusalHook{}}
}

// On registers what shall happen when a document of the kind (consent, contract …) has all
// its signatures.
func (c *Cabinet) On(kind string, h Hook) { c.hooks[kind] = append(c.hooks[kind], h) }

// fieldOf says which sensitive fact a kind of document holds; kinds that are not here hold
// health data.
var fieldOf = map[string]access.Field{
	"quote": access.FieldMoney, "contract": access.FieldMoney, "receipt": access.FieldMoney,
	"settlement": access.FieldMoney, "refund": access.FieldMoney, "statement": access.FieldMoney,
	"privacy": ofClient, "health_consent": ofClient, "photo": ofClient, "emergency_card": ofClient, "lot_label": "", "guide": ofCare,
}

// ofClient marks papers that name the person and say no more than the file's first page: who
// may open the file reads them.
const ofClient access.Field = "client"

// ofCare marks the care guide. It names the item, the area and how to behave afterwards, which
// is what the page "hand over the guide" shows as well: who may open that one (guide.view,
// reception among them) reads and prints the paper when a client asks for it again (S6-01).
const ofCare access.Field = "care"

// reads says whether the actor reads papers of the field; "" are papers of nobody.
func reads(by access.Actor, field access.Field) bool {
	if field == ofClient {
		return by.May(access.ClientView)
	}
	if field == ofCare {
		return by.May(access.GuideView) || by.Sees(access.FieldAnswers)
	}
	return field == "" || by.Sees(field)
}

// MaySee says whether the actor may read a document: by its kind, or because his own
// signature is asked for. A tablet in a client's hands shows the one paper it is locked to,
// or those papers of its plan that the client's side signs.
func MaySee(by access.Actor, d store.Document) bool {
	if !by.Guest.None() {
		return by.Guest.Path == Path(d.ID) || inHand(by, d)
	}
	field, known := fieldOf[d.Kind]
	if !known {
		field = access.FieldAnswers
	}
	if reads(by, field) {
		return true
	}
	return slices.ContainsFunc(d.Signers, func(role string) bool {
		return document.Role(role).Staff() && by.Is(access.Role(role))
	})
}

// Path is the page of a document.
func Path(id term.DocumentID) string { return fmt.Sprintf("/doc/%d", id) }

// Paper is a document ready to be shown, with the colleagues who could sign it here.
type Paper struct {
	document.View
	Row     store.Document
	Client  store.Client
	Signing []Place
	// May are the capacities in which the client's place may be signed, the usual one first.
	May []document.Capacity
	// Next is the next paper of the visit that waits for the signature of who is signed in,
	// zero when there is none; Left counts them.
	Next store.Document
	Left int
	// Over says that the visit ended before the paper was signed: it is not offered any more.
	Over bool
}

// Place is a signature that is missing.
type Place struct {
	Role document.Role
	// Own says that whoever is signed in holds the capacity.
	Own bool
	// Staff are the colleagues who hold it; they sign with their PIN.
	Staff []store.Staff
}

// Show reads a document for screen or printer; that it was seen is noted.
func (c *Cabinet) Show(ctx context.Context, by access.Actor, id term.DocumentID) (p Paper, err error) {
	var client term.ClientID
	err = c.Read(ctx, by, access.DocumentView, func(r *store.Read) error {
		d, err := documentOf(r, by, id)
		if err != nil {
			return err
		}
		client = d.Client
		return nil
	})
	if err != nil {
		return p, err
	}
	err = c.View(ctx, by, access.DocumentView, client, func(r *store.Read) (err error) {
		p, err = paperOf(r, by, id)
		return err
	})
	return p, err
}

func documentOf(r *store.Read, by access.Actor, id term.DocumentID) (store.Document, error) {
	d, err := r.Document(id)
	if errors.Is(err, store.ErrNotFound) {
		return d, fault.NotFound("document").Because(err)
	}
	if err == nil && !MaySee(by, d) {
		err = fault.Forbidden(string(access.DocumentView))
	}
	return d, err
}

func paperOf(r *store.Read, by access.Actor, id term.DocumentID) (p Paper, err error) {
	if p.Row, err = documentOf(r, by, id); err != nil {
		return p, err
	}
	if p.View, err = document.Show(r, id); err != nil {
		return p, err
	}
	if p.Row.Client != 0 {
		if p.Client, err = r.Client(p.Row.Client); err != nil {
			return p, err
		}
	}
	if _, p.Over, err = over(r, p.Row); err != nil || p.Over {
		return p, err
	}
	p.May = document.CapacitiesFor(p.Row.Signers, p.Client, r.Today())
	if p.Signing, err = placesOf(r, by, p.View); err != nil {
		return p, err
	}
	return p, p.mine(r, by)
}

// placesOf are the signatures that are missing and can be given at this screen: by who is
// signed in, by the client, or by a colleague with the PIN. A client's tablet asks for no
// colleague.
func placesOf(r *store.Read, by access.Actor, v document.View) (list []Place, err error) {
	for _, s := range v.Signers {
		if !v.Waits(s.Role) {
			continue
		}
		place := Place{Role: s.Role, Own: ClientHand(s.Role) || by.SignedIn() && by.Is(access.Role(s.Role))}
		if !place.Own && by.Guest.None() {
			if place.Staff, err = r.StaffWithRole(string(s.Role)); err != nil {
				return nil, err
			}
		}
		if place.Own || len(place.Staff) > 0 {
			list = append(list, place)
		}
	}
	return list, nil
}

// Sign is one signature as posted.
type Sign struct {
	Document  term.DocumentID
	Signature document.Signature
	// PIN proves the colleague named in Signature.Staff when that is not who is signed in.
	PIN string
}

// Sign puts a signature under a document. The last one completes it and tells the rooms.
func (c *Cabinet) Sign(ctx context.Context, by access.Actor, in Sign) (d store.Document, err error) {
	if !by.May(access.DocumentSign) {
		return d, fault.Forbidden(string(access.DocumentSign))
	}
	if err := c.present(ctx, by, &in); err != nil {
		return d, err
	}
	on := store.Subject{Noun: "document", ID: int64(in.Document)}
	err = c.WriteOn(ctx, by, access.DocumentSign, on, func(tx *store.Tx) error {
		asked, err := documentOf(tx.Read, by, in.Document)
		if err != nil {
			return err
		}
		if err := signable(tx.Read, asked); err != nil {
			return err
		}
		if d, err = document.Sign(tx, by, in.Document, in.Signature); err != nil {
			return err
		}
		tx.Result("document", int64(d.ID))
		return c.completed(tx, by, d)
	})
	return d, err
}

// present checks the PIN of a colleague who signs at somebody else's screen. A wrong one is
// told together with what else is wrong, and nothing is signed.
func (c *Cabinet) present(ctx context.Context, by access.Actor, in *Sign) error {
	if in.Signature.Staff == 0 || in.Signature.Staff == by.Staff {
		return nil
	}
	if err := c.mayHave(ctx, by, *in); err != nil {
		return err
	}
	err := c.pins.ConfirmPIN(ctx, by, in.Signature.Staff, in.PIN)
	wrong, typed := fault.FieldsOf(err)
	if err != nil && !typed {
		return err
	}
	in.Signature.Faults = append(in.Signature.Faults, wrong...)
	return nil
}

// mayHave says, before a PIN is tried and its tries are counted, that the paper waits for a
// signature of this colleague: a paper that is signed already is no place to guess at PINs.
func (c *Cabinet) mayHave(ctx context.Context, by access.Actor, in Sign) error {
	return c.Read(ctx, by, access.DocumentSign, func(r *store.Read) error {
		d, err := documentOf(r, by, in.Document)
		if err != nil {
			return err
		}
		if d.State != store.DocumentOpen || !slices.Contains(d.Signers, string(in.Signature.Role)) {
			return fault.Refuse("REG-CON-03", "document.not_open", d.Number)
		}
		who, err := r.Staff(in.Signature.Staff)
		if errors.Is(err, store.ErrNotFound) || err == nil && (!who.Active || !slices.Contains(who.Roles, string(in.Signature.Role))) {
			var f fault.Fields
			f.Add("role", "document.sign.wrong_person")
			return f.Err()
		}
		return err
	})
}

// completed tells the rooms of a document that has all its signatures.
func (c *Cabinet) completed(tx *store.Tx, by access.Actor, d store.Document) error {
	if d.State != store.DocumentComplete {
		return nil
	}
	for _, h := range c.hooks[d.Kind] {
		if err := h(tx, by, d); err != nil {
			return err
		}
	}
	return nil
}

// Print counts a copy.
func (c *Cabinet) Print(ctx context.Context, by access.Actor, id term.DocumentID) error {
	on := store.Subject{Noun: "document", ID: int64(id)}
	return c.WriteOn(ctx, by, access.DocumentPrint, on, func(tx *store.Tx) error {
		if _, err := documentOf(tx.Read, by, id); err != nil {
			return err
		}
		tx.Result("document", int64(id))
		return document.Printed(tx, id)
	})
}

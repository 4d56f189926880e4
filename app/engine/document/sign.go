package document

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Signature is what the pad and the room know of a signing.
type Signature struct {
	Role Role
	// Name is as written, in full; a member of staff signs under the name of his own file.
	Name string
	// Capacity is in what right the client's place is signed; "" means the client's own hand.
	// Whoever signs for the client gives the relation to the client, and the reason or where
	// the proof is kept.
	Capacity         Capacity
	Relation, Reason string
	Strokes          string // JSON of the pen: strokes of points [x,y,ms]
	// Pad is whose pad the strokes come from, where everybody has one of his own; "" where the pad
	// notes in the strokes who held the pen.
	Pad    Capacity
	Device string // workstation or tablet
	// Staff is the member of staff when that is another than who is signed in and the room
	// has verified this person by PIN; 0 otherwise.
	Staff term.StaffID
	// Seen is the hash of what stood on the screen: nobody signs what he was not shown, or what
	// was exchanged meanwhile (REG-SIG-02).
	Seen string
	// Faults is what was found wrong before, told together with the rest; nothing is signed.
	Faults fault.Fields
}

// Sign puts a signature under an open document, at the server's time, over exactly the
// bytes that are frozen. The last required one completes it (REG-SIG-02, REG-CON-02).
func Sign(tx *store.Tx, by access.Actor, id term.DocumentID, in Signature) (store.Document, error) {
	d, err := tx.Document(id)
	if err != nil {
		return d, err
	}
	if err := Verify(tx.Read, d); err != nil {
		return d, err
	}
	if d.State != store.DocumentOpen || expired(tx.Read, d) {
		return d, fault.Refuse("REG-CON-03", "document.not_open", d.Number)
	}
	if in.Seen != d.SHA256 {
		return d, store.ErrStale
	}
	left, err := unsigned(tx.Read, d)
	if err != nil {
		return d, err
	}
	if in.Role == Client && in.Capacity == "" {
		in.Capacity = Own
	}
	p, err := in.party(tx, by, d)
	if err != nil {
		return d, err
	}
	if err := in.wantGuardian(p); err != nil {
		return d, err
	}
	if err := in.check(d, left, p); err != nil {
		return d, err
	}
	row := in.row(d, p)
	row.SignedAt = tx.Now()
	if err = tx.AddSignature(&row); err != nil || len(left) > 1 {
		announce(tx, d)
		return d, err
	}
	return complete(tx, by, d)
}

// party is who signs, as the house knows him.
type party struct {
	own    bool         // a member of staff signs himself, in a duty that he holds
	staff  store.Staff  // zero when none signs
	client store.Client // whom the paper is about
	may    []Capacity   // in which the client's place may be signed
	signed []store.Signature
	house  []string // names of who is at work here, where they matter
	minor  bool     // the client is under age today
}

func (in Signature) party(tx *store.Tx, by access.Actor, d store.Document) (p party, err error) {
	if d.Client != 0 {
		if p.client, err = tx.Client(d.Client); err != nil {
			return p, err
		}
	}
	p.may = CapacitiesFor(d.Signers, p.client, tx.Today())
	p.minor = p.client.Birth != "" && p.client.Birth.Age(tx.Today()) < adult
	if err := p.sides(tx.Read, by, d, in); err != nil {
		return p, err
	}
	if id := in.signer(by); id != 0 {
		if p.staff, err = tx.Staff(id); err != nil && !errors.Is(err, store.ErrNotFound) {
			return p, err
		}
	}
	p.own = in.ownHand(by, p.staff)
	return p, nil
}

// check gathers all that is wrong with a signature.
func (in Signature) check(d store.Document, left []Role, p party) error {
	wrong := slices.Clone(in.Faults)
	switch {
	case !slices.Contains(d.Signers, string(in.Role)):
		wrong.Add("role", "document.not_signer")
	case !slices.Contains(left, in.Role):
		wrong.Add("role", "document.sign.already")
	case in.Role.Staff() && !p.own:
		wrong.Add("role", "document.sign.wrong_person")
	}
	in.checkName(&wrong, p)
	if CheckStrokes(in.Strokes) != nil {
		wrong.Add("strokes", "document.sign.strokes")
	} else if in.Role == Client && slices.Contains(Capacities, in.Capacity) && cmp.Or(in.Pad, drawnAs(in.Strokes)) != in.Capacity {
		wrong.Add("strokes", "document.sign.strokes.whose")
	}
	if in.copied(p) {
		wrong.Add("strokes", "document.sign.strokes.copied")
	}
	return wrong.Err()
}

// ownHand says that a member of staff signs for himself and holds the duty: with his own
// login, or verified by PIN at somebody else's screen (REG-STF-09).
func (in Signature) ownHand(by access.Actor, s store.Staff) bool {
	if in.Staff == 0 || in.Staff == by.Staff {
		return by.SignedIn() && by.Is(access.Role(in.Role))
	}
	return s.Active && slices.Contains(s.Roles, string(in.Role))
}

// row is the signature as it is kept, under the name of who signed.
func (in Signature) row(d store.Document, p party) store.Signature {
	s := store.Signature{
		Document: d.ID, Client: d.Client, Role: string(in.Role), Name: strings.TrimSpace(term.Spelled(in.Name)), Strokes: in.Strokes,
		Device: in.Device, SHA256: d.SHA256,
	}
	switch {
	case in.Role.Staff():
		s.Staff, s.Name = p.staff.ID, p.staff.Name
	case in.Role == Guardian:
		s.Relation = p.client.Guardian.Relation
	case in.Role == Client:
		s.Capacity = string(in.Capacity)
	}
	if in.Role == Client && in.Capacity.StandIn() {
		s.Relation, s.Reason = strings.TrimSpace(term.Spelled(in.Relation)), strings.TrimSpace(term.Written(in.Reason))
	}
	return s
}

func (in Signature) signer(by access.Actor) term.StaffID {
	switch {
	case !in.Role.Staff():
		return 0
	case in.Staff != 0:
		return in.Staff
	}
	return by.Staff
}

// complete closes the document and voids older complete ones of the same template about
// the same thing.
func complete(tx *store.Tx, by access.Actor, d store.Document) (store.Document, error) {
	d.State, d.CompletedAt = store.DocumentComplete, tx.Now()
	if err := tx.SaveDocument(&d); err != nil {
		return d, err
	}
	row, err := tx.DocumentTemplateByID(d.Template)
	if err != nil {
		return d, err
	}
	_, t, err := template(tx.Read, row.Code)
	if err != nil || t.Separate {
		return d, err
	}
	about := For{
		Code: row.Code, Client: d.Client, Treatment: d.Treatment, Plan: d.Plan, PlanItem: d.PlanItem, Order: d.Order,
	}
	older, err := like(tx.Read, about, d.Kind)
	if err != nil {
		return d, err
	}
	for _, old := range older {
		if old.ID == d.ID {
			continue
		}
		if err := void(tx, by, old, by.Lang.T("document.changed")); err != nil {
			return d, err
		}
	}
	announce(tx, d)
	return d, nil
}

// Verify says that a document and its signatures are what they were: the body is canonical,
// its hash is the kept one, and everybody signed that hash.
func Verify(r *store.Read, d store.Document) error {
	signed, err := r.Signatures(d)
	if err != nil {
		return err
	}
	return verify(d, signed)
}

func verify(d store.Document, signed []store.Signature) error {
	frozen, err := Thaw([]byte(d.Body))
	if err != nil {
		return tampered(d, err)
	}
	if Hash([]byte(d.Body)) != d.SHA256 || frozen.Number != d.Number || frozen.Kind != d.Kind {
		return tampered(d, errors.New("document: the hash does not match"))
	}
	for _, s := range signed {
		if s.SHA256 != d.SHA256 {
			return tampered(d, errors.New("document: a signature belongs to another content"))
		}
	}
	return nil
}

func tampered(d store.Document, cause error) error {
	return fault.Refuse("REG-SIG-02", "document.tampered", d.Number).Ask(string(access.Quality)).Because(cause)
}

package document

import (
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
	Role    Role
	Name    string // as written, in full
	Strokes string // JSON of the pen: strokes of points [x,y,ms]
	Device  string // workstation or tablet
	// Staff is the member of staff when that is another than who is signed in and the room
	// has verified this person by PIN; 0 otherwise.
	Staff term.StaffID
	// Seen is the hash of what stood on the screen; a document that was exchanged meanwhile
	// is not signed. "" when the page was drawn in the same request.
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
	if in.Seen != "" && in.Seen != d.SHA256 {
		return d, store.ErrStale
	}
	left, err := unsigned(tx.Read, d)
	if err != nil {
		return d, err
	}
	own, err := in.ownHand(tx, by)
	if err != nil {
		return d, err
	}
	if err := in.check(d, left, own); err != nil {
		return d, err
	}
	err = tx.AddSignature(&store.Signature{
		Document: d.ID, Client: d.Client, Role: string(in.Role), Staff: in.signer(by), Name: strings.TrimSpace(in.Name),
		Strokes: in.Strokes, Device: in.Device, SignedAt: tx.Now(), SHA256: d.SHA256,
	})
	if err != nil || len(left) > 1 {
		announce(tx, d)
		return d, err
	}
	return complete(tx, by, d)
}

// check gathers all that is wrong with a signature; own says that a member of staff signs
// in the duty that he holds.
func (in Signature) check(d store.Document, left []Role, own bool) error {
	wrong := slices.Clone(in.Faults)
	switch {
	case !slices.Contains(d.Signers, string(in.Role)):
		wrong.Add("role", "document.not_signer")
	case !slices.Contains(left, in.Role):
		wrong.Add("role", "document.sign.already")
	case in.Role.Staff() && !own:
		wrong.Add("role", "document.sign.wrong_person")
	}
	if len([]rune(strings.TrimSpace(in.Name))) < 2 || len([]rune(in.Name)) > 60 {
		wrong.Add("name", "document.sign.name")
	}
	if CheckStrokes(in.Strokes) != nil {
		wrong.Add("strokes", "document.sign.strokes")
	}
	return wrong.Err()
}

// ownHand says that a member of staff signs for himself and holds the duty: with his own
// login, or verified by PIN at somebody else's screen (REG-STF-09).
func (in Signature) ownHand(tx *store.Tx, by access.Actor) (bool, error) {
	if !in.Role.Staff() {
		return true, nil
	}
	if in.Staff == 0 || in.Staff == by.Staff {
		return by.SignedIn() && by.Is(access.Role(in.Role)), nil
	}
	person, err := tx.Staff(in.Staff)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && person.Active && slices.Contains(person.Roles, string(in.Role)), err
}

func (in Signature) signer(by access.Actor) term.StaffID {
	switch {
	case in.Staff != 0:
		return in.Staff
	case in.Role.Staff():
		return by.Staff
	}
	return 0
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

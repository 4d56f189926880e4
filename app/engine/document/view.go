package document

import (
	"meixu/store"
	"meixu/store/term"
)

// View is a document as screen and paper show it.
type View struct {
	ID         term.DocumentID
	Client     term.ClientID
	Visit      term.VisitID
	Number     string
	Title      string
	Kind       string
	Code       string
	Edition    int
	Reviewed   bool
	Lang       string
	Paper      Paper
	SHA256     string
	State      string
	IssuedAt   term.Instant
	ValidUntil term.Day
	VoidReason string
	Blocks     []Block
	Signers    []SignerView
}

// SignerView is a place for a signature, filled or not.
type SignerView struct {
	Role   Role
	Name   string
	At     term.Instant
	Device string
	Ink    Ink
	Signed bool
	// Capacity is in what right the client's place was signed; Relation is the signer's to the
	// client, Reason why somebody else signed or where the proof is kept.
	Capacity         Capacity
	Relation, Reason string
}

// Key is the words key of the capacity.
func (s SignerView) Key() string { return "document.signer." + string(s.Role) }

// KindKey is the words key of the document's kind.
func (v View) KindKey() string { return "document.kind." + v.Kind }

// StateKey is the words key of the state.
func (v View) StateKey() string { return "document.state." + v.State }

// Open says that signatures are missing.
func (v View) Open() bool { return v.State == store.DocumentOpen }

// Void says that the document no longer counts.
func (v View) Void() bool { return v.State == store.DocumentVoid }

// Slip says that the paper is a roll or a label and not A4.
func (v View) Slip() bool { return v.Paper != A4 }

// PaperClass is the style class that sets the paper of the print.
func (v View) PaperClass() string { return "paper-" + string(v.Paper) }

// Waits says whether the capacity has yet to sign.
func (v View) Waits(role Role) bool {
	for _, s := range v.Signers {
		if s.Role == role {
			return v.Open() && !s.Signed
		}
	}
	return false
}

// Show reads a document for the screen or the printer; a changed body is refused. The
// caller checks the permission and notes the view.
func Show(r *store.Read, id term.DocumentID) (View, error) {
	d, err := r.Document(id)
	if err != nil {
		return View{}, err
	}
	if err := Verify(r, d); err != nil {
		return View{}, err
	}
	frozen, err := Thaw([]byte(d.Body))
	if err != nil {
		return View{}, tampered(d, err)
	}
	signed, err := r.Signatures(d)
	if err != nil {
		return View{}, err
	}
	v := View{
		ID: d.ID, Client: d.Client, Visit: d.Visit, Number: d.Number, Title: frozen.Title, Kind: d.Kind, Code: frozen.Code,
		Edition: frozen.Edition, Reviewed: frozen.Reviewed, Lang: frozen.Lang, Paper: frozen.Paper, SHA256: d.SHA256,
		State: d.State, IssuedAt: d.CreatedAt, ValidUntil: d.ValidUntil, VoidReason: d.VoidReason, Blocks: frozen.Blocks,
	}
	for _, role := range frozen.Signers {
		place := SignerView{Role: role}
		for _, s := range signed {
			if s.Role == string(role) {
				place = SignerView{
					Role: role, Name: s.Name, At: s.SignedAt, Device: s.Device, Ink: InkOf(s.Strokes), Signed: true,
					Capacity: Capacity(s.Capacity), Relation: s.Relation, Reason: s.Reason,
				}
			}
		}
		v.Signers = append(v.Signers, place)
	}
	return v, nil
}

// Printed counts a print; the number stands on the next one, so that copies are told apart.
func Printed(tx *store.Tx, id term.DocumentID) error {
	d, err := tx.Document(id)
	if err != nil {
		return err
	}
	d.Printed++
	return tx.SaveDocument(&d)
}

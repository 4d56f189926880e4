package access

// Proof is how a person at a living session showed just now that it is still the same one.
type Proof int

// The proofs, the stronger the later. A PIN is enough for signing, refunds and unmasking; what
// rules over people, keys and backups wants the password (trust.md section 5).
const (
	NoProof Proof = iota
	ByPIN
	ByPassword
)

var proofs = map[Permission]Proof{}

// proved says that a deed asks for PIN or password again, when the last one is old.
func proved(need Proof, p Permission) Permission {
	proofs[p] = need
	return p
}

// Proof is what the deed asks for; most ask for nothing.
func (p Permission) Proof() Proof { return proofs[p] }

// Proven says that the actor showed enough for the deed just now. Whoever holds a device in a
// client's hands, and the system, are asked for nothing: they come in by other doors.
func (a Actor) Proven(p Permission) bool {
	return a.Proof >= p.Proof() || a.Staff == 0 || a.system || !a.Guest.None()
}

package crm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// IdentitySeen tells two states of who a client is apart: what a document is compared with.
func IdentitySeen(c store.Client) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %q", c.Name, c.Gender, c.Birth, c.IDKind, c.IDNumber))
	return hex.EncodeToString(sum[:16])
}

// VerifyIdentity notes that staff compared the document with the person (S1-06, REG-CON-12). It was
// compared with what the page showed (IdentitySeen): name, sex and birthday that somebody corrected
// meanwhile nobody has compared. The number may stay empty: the document is looked at, not kept; that of
// another kind does not stay under the new one.
func (b *Book) VerifyIdentity(
	ctx context.Context, by access.Actor, id term.ClientID, kind, number string,
) (visit term.VisitID, err error) {
	err = b.WriteOn(ctx, by, access.ClientVerify, clientRef(id), func(tx *store.Tx) error {
		c, err := deed.Standing(tx.Read, id)
		if err != nil {
			return err
		}
		in := NewClient{Birth: c.Birth, Gender: c.Gender, IDKind: kind, IDNumber: number, IDChecked: true}
		in.trim()
		var f fault.Fields
		if in.checkIdentity(&f); len(f) > 0 {
			return f.Err()
		}
		if by.Seen != IdentitySeen(c) {
			return store.ErrStale
		}
		if in.IDNumber != "" || kind != c.IDKind {
			c.IDNumber = in.IDNumber
		}
		c.IDKind, c.IDCheckedAt, c.IDCheckedBy = kind, tx.Now(), by.Staff
		if err := tx.SaveClient(&c); err != nil {
			return err
		}
		b.Keep(tx, c)
		tx.Result("client", int64(id))
		visit, err = b.proveOpen(tx, by, id, ProveIdentity)
		return err
	})
	return visit, err
}

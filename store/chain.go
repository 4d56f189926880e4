package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"meixu/store/seal"
	"meixu/store/term"
)

// sealAlgorithm names how acts are sealed: HMAC-SHA-256 over the seal before, the act, and
// its changes in order.
const sealAlgorithm = "hmac-sha256/1"

// Anchor is the end of the chain; kept outside the database (backup manifests, the owner's
// screen) it shows when the newest acts were cut off, which the chain alone cannot.
type Anchor struct {
	Act term.ActID `json:"act"`
	MAC []byte     `json:"mac"`
}

// BrokenChain names the first act that is not as it was sealed.
type BrokenChain struct {
	Act  term.ActID
	What string
}

func (e *BrokenChain) Error() string { return fmt.Sprintf("store: act %d: %s", e.Act, e.What) }

type sealRow struct {
	act       int64
	alg       string
	key       uint32
	prev, mac []byte
}

func scanSeal(from row) (s sealRow, err error) {
	err = from.Scan(&s.act, &s.alg, &s.key, &s.prev, &s.mac)
	return s, err
}

// sealAct writes the seal of the act that closes.
func (tx *Tx) sealAct(a ActRow) error {
	prev, _, err := found(one(tx, scanSeal, `SELECT id, alg, key_id, prev, mac FROM act_seals ORDER BY id DESC LIMIT 1`))
	if err != nil {
		return err
	}
	if prev.mac == nil {
		prev.mac = []byte{}
	}
	if a.Changes, err = many(tx, scanChange, `SELECT tbl, row, op, changes FROM act_changes WHERE act = ? ORDER BY id`, a.ID); err != nil {
		return err
	}
	key := tx.db.keys.classes[seal.Audit]
	mac, err := macOf(key, prev.mac, a)
	if err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO act_seals (id, alg, key_id, prev, mac) VALUES (?,?,?,?,?)`, a.ID, sealAlgorithm, key.ID(), prev.mac, mac)
	return err
}

// macOf is the seal of an act. It covers the reason as it is stored, sealed, so that the chain
// can be verified without opening a text.
func macOf(key *seal.Key, prev []byte, a ActRow) ([]byte, error) {
	a.Act.Reason = ""
	text, err := json.Marshal(struct {
		ActRow
		Reason []byte
	}{a, a.sealed})
	if err != nil {
		return nil, err
	}
	return key.MAC([]byte("act"), prev, text), nil
}

// Anchor reads the end of the chain; the zero Anchor of an empty one.
func (r *Read) Anchor() (Anchor, error) {
	s, _, err := found(one(r, scanSeal, `SELECT id, alg, key_id, prev, mac FROM act_seals ORDER BY id DESC LIMIT 1`))
	return Anchor{Act: term.ActID(s.act), MAC: s.mac}, err
}

// Anchor reads the end of the chain.
func (db *DB) Anchor(ctx context.Context) (a Anchor, err error) {
	err = db.Read(ctx, func(r *Read) error {
		a, err = r.Anchor()
		return err
	})
	return a, err
}

// VerifyChain checks every act against its seal and every seal against the one before.
// A *BrokenChain names the first bad act. Anchors kept elsewhere must still be in the chain.
func (db *DB) VerifyChain(ctx context.Context, anchors ...Anchor) error {
	const batch = 500
	var prev sealRow
	prev.mac = []byte{}
	for {
		n := 0
		err := db.Read(ctx, func(r *Read) error {
			seals, err := many(r, scanSeal, `SELECT id, alg, key_id, prev, mac FROM act_seals WHERE id > ? ORDER BY id LIMIT ?`, prev.act, batch)
			if err != nil {
				return err
			}
			for _, s := range seals {
				if err := r.verifyAct(prev, s); err != nil {
					return err
				}
				prev = s
			}
			n = len(seals)
			return nil
		})
		if err != nil {
			return err
		}
		if n < batch {
			break
		}
	}
	return db.Read(ctx, func(r *Read) error { return r.verifyEnds(prev, anchors) })
}

func (r *Read) verifyAct(prev, s sealRow) error {
	broken := func(what string) error { return &BrokenChain{term.ActID(s.act), what} }
	if s.act != prev.act+1 {
		return &BrokenChain{term.ActID(prev.act + 1), "its seal is missing"}
	}
	key := r.db.keys.classes[seal.Audit]
	if s.alg != sealAlgorithm || s.key != key.ID() {
		return broken("its seal has an unknown form")
	}
	if !bytes.Equal(s.prev, prev.mac) {
		return broken("it does not follow the act before")
	}
	a, ok, err := found(r.act(term.ActID(s.act), scanAct))
	if err != nil {
		return err
	}
	if !ok {
		return broken("it was removed")
	}
	mac, err := macOf(key, s.prev, a)
	if err != nil {
		return err
	}
	if !bytes.Equal(mac, s.mac) {
		return broken("it or its changes were edited")
	}
	return nil
}

// verifyEnds finds rows that no seal covers, and anchors that are no longer in the chain.
func (r *Read) verifyEnds(last sealRow, anchors []Anchor) error {
	for _, query := range []string{
		`SELECT coalesce(min(id), 0) FROM acts WHERE id NOT IN (SELECT id FROM act_seals)`,
		`SELECT coalesce(min(act), 0) FROM act_changes WHERE act NOT IN (SELECT id FROM act_seals)`,
	} {
		act, err := one(r, value[int64], query)
		if err != nil {
			return err
		}
		if act > 0 {
			return &BrokenChain{term.ActID(act), "it has no seal"}
		}
	}
	for _, anchor := range anchors {
		if anchor.Act == 0 {
			continue
		}
		mac, ok, err := found(one(r, value[[]byte], `SELECT mac FROM act_seals WHERE id = ?`, anchor.Act))
		if err != nil {
			return err
		}
		if !ok {
			return &BrokenChain{term.ActID(last.act + 1), "the acts from here on were cut off"}
		}
		if !bytes.Equal(mac, anchor.MAC) {
			return &BrokenChain{anchor.Act, "the chain was written anew"}
		}
	}
	return nil
}

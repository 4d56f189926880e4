package store

import (
	"database/sql"
	"encoding/binary"
	"fmt"

	"meixu/store/seal"
	"meixu/store/term"
)

// Every act is sealed when it closes, in the same transaction as what it changed:
//
//	inner = HMAC(audit key, prev, act, changes)
//	day   = HMAC(key of the day, inner)
//	mac   = HMAC(audit key, inner, row, sheet, epoch, day)
//
// mac is the prev of the next act: the chain. This machine has the audit key, so that it can
// verify the whole chain by itself, nightly and on demand, against everybody who changes rows
// without the keys. Against somebody who has the machine with its keys stand the seals of the
// days: keys of past days are gone (see seal.DayKey), so that the machine can verify those of
// the present key only, and all of them with the printed recovery code. The first act of a new
// day also closes the day before: it carries a seal with the old key over the end of the chain,
// so that the tail of a past day cannot be cut off either. That the end of today was cut off,
// or an older file laid in place of this one, no chain can see: for that stand anchors outside
// the database (anchors.go).
//
// The key of the day is turned by the first act of another day and by nothing else. The new key
// is kept, and the old one wiped, when that act is saved; a power cut between the two leaves
// the old key beside an act under the new one, and the next start turns it (openDay).

// sealAlgorithm names this way of sealing.
const sealAlgorithm = "hmac-sha256/2"

// trailAct is an act as its row holds it, unopened: what the seal is over. Every column is
// told apart from every other value it could hold.
type trailAct struct {
	id                    int64
	at                    string
	staff                 int64
	role, station, action string
	reason                []byte
	request               string
	once                  sql.NullString
	posted                string
	subject, result       Subject
	changes               []byte // encoded by encodeChange, in the order of their ids
}

const trailColumns = `id, at, staff_id, role, station, action, reason_sealed, request, once, posted, subject_noun, subject_id, result_noun, result_id`

func (t *trailAct) values() []any {
	return []any{
		t.id, t.at, t.staff, t.role, t.station, t.action, t.reason, t.request, t.once, t.posted,
		t.subject.Noun, t.subject.ID, t.result.Noun, t.result.ID,
	}
}

func scanTrailAct(from row) (t trailAct, err error) {
	err = from.Scan(&t.id, &t.at, &t.staff, &t.role, &t.station, &t.action, &t.reason, &t.request, &t.once, &t.posted,
		&t.subject.Noun, &t.subject.ID, &t.result.Noun, &t.result.ID)
	return t, err
}

// encode spells the act so that two different ones never give the same bytes.
func (t *trailAct) encode() []byte {
	b := make([]byte, 0, 256+len(t.reason)+len(t.changes))
	b = encodeInt(b, t.id)
	b = encodeText(b, t.at)
	b = encodeInt(b, t.staff)
	for _, text := range []string{t.role, t.station, t.action, t.request, t.posted, t.subject.Noun, t.result.Noun} {
		b = encodeText(b, text)
	}
	b = encodeInt(encodeInt(b, t.subject.ID), t.result.ID)
	b = encodeNull(b, t.reason == nil)
	b = encodeText(b, t.reason)
	b = encodeNull(b, !t.once.Valid)
	b = encodeText(b, t.once.String)
	return append(b, t.changes...)
}

// trailChange is a row of act_changes.
type trailChange struct {
	id, act     int64
	tbl         string
	row         int64
	op, changes string
}

func scanTrailChange(from row) (c trailChange, err error) {
	err = from.Scan(&c.id, &c.act, &c.tbl, &c.row, &c.op, &c.changes)
	return c, err
}

func (c *trailChange) encode(b []byte) []byte {
	b = encodeInt(encodeInt(b, c.id), c.act)
	b = encodeInt(encodeText(b, c.tbl), c.row)
	return encodeText(encodeText(b, c.op), c.changes)
}

func encodeInt(b []byte, n int64) []byte {
	return binary.BigEndian.AppendUint64(b, uint64(n))
}

func encodeText[T string | []byte](b []byte, text T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

func encodeNull(b []byte, null bool) []byte {
	if null {
		return append(b, 0)
	}
	return append(b, 1)
}

// sealRow is a row of act_seals.
type sealRow struct {
	act   int64
	alg   string
	key   uint32
	prev  []byte
	sheet string
	epoch int64
	day   []byte
	mac   []byte
}

const sealColumns = `id, alg, key_id, prev, sheet, epoch, day, mac`

func scanSeal(from row) (s sealRow, err error) {
	err = from.Scan(&s.act, &s.alg, &s.key, &s.prev, &s.sheet, &s.epoch, &s.day, &s.mac)
	return s, err
}

// lastSeal is the end of the chain; ok is false when nothing was sealed yet.
func lastSeal(r reading) (s sealRow, ok bool, err error) {
	return found(one(r, scanSeal, `SELECT `+sealColumns+` FROM act_seals ORDER BY id DESC LIMIT 1`))
}

func (s *sealRow) inner(audit *seal.Key, act []byte) []byte {
	return audit.MAC([]byte("act"), s.prev, act)
}

func (s *sealRow) outer(audit *seal.Key, inner []byte) []byte {
	b := encodeInt(make([]byte, 0, 64), s.act)
	b = encodeInt(encodeText(b, s.alg), int64(s.key))
	b = encodeInt(encodeText(b, s.sheet), s.epoch)
	return audit.MAC([]byte("seal"), inner, b, s.day)
}

// Uses of a key of the day.
const (
	dayOfAct = "act"
	dayEnd   = "end"
)

// macSize is the length of a seal in bytes; the seal of a day is one or, where a day begins, two.
const macSize = 32

// sealAct writes the seal of the act that closes.
func (tx *Tx) sealAct(a *trailAct) error {
	last, _, err := lastSeal(tx)
	if err != nil {
		return err
	}
	changes, err := many(tx, scanTrailChange, `SELECT id, act, tbl, row, op, changes FROM act_changes WHERE act = ? ORDER BY id`, a.id)
	if err != nil {
		return err
	}
	for i := range changes {
		a.changes = changes[i].encode(a.changes)
	}
	audit := tx.db.keys.classes[seal.Audit]
	s := sealRow{act: a.id, alg: sealAlgorithm, key: audit.ID(), prev: last.mac, day: []byte{}}
	if s.prev == nil {
		s.prev = []byte{}
	}
	inner := s.inner(audit, a.encode())
	if err := tx.sealDay(&s, a.at, last, inner); err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO act_seals (`+sealColumns+`) VALUES (?,?,?,?,?,?,?,?)`,
		s.act, s.alg, s.key, s.prev, s.sheet, s.epoch, s.day, s.outer(audit, inner))
	return err
}

// sealDay adds the seal of the day, if there is a key of the day.
func (tx *Tx) sealDay(s *sealRow, at string, last sealRow, inner []byte) error {
	kept := tx.db.day.Load()
	if kept == nil {
		return nil
	}
	key, end := kept, []byte(nil)
	if last.sheet == kept.Sheet && last.epoch >= kept.Epoch {
		before, err := one(tx, value[string], `SELECT at FROM acts WHERE id = ?`, last.act)
		if err != nil {
			return err
		}
		if key = kept.Forward(last.epoch); key == nil {
			return fmt.Errorf("store: the key of the day was turned %d times", last.epoch)
		}
		if tx.dayOf(before) != tx.dayOf(at) {
			end = key.MAC(dayEnd, last.mac)
			key = key.Turned()
		}
	}
	s.sheet, s.epoch, s.day = key.Sheet, key.Epoch, append(key.MAC(dayOfAct, inner), end...)
	if key != kept {
		tx.saved = append(tx.saved, func() {
			if now := tx.db.day.Load(); now == nil || now.Sheet == key.Sheet { // else a new sheet began in the same commit
				tx.db.keepDay(key)
			}
		})
	}
	return nil
}

// dayOf is the clinic day of an act.
func (r *Read) dayOf(at string) term.Day {
	instant, err := term.ParseInstant(at)
	if err != nil {
		return ""
	}
	return instant.Day(r.db.opts.Zone)
}

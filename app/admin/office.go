// Package admin is the clinic's office: who works here, how people come in and go, the idle
// lock and the PIN, settings, drafts and first-run set-up. Staff names stand on every record;
// passwords and PINs are kept only as argon2id hashes, session tokens only as SHA-256.
package admin

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/store"
	"meixu/store/term"
)

// Names of settings.
const (
	SettingClinic = "clinic.name"
	SettingPhone  = "clinic.phone"
)

// Times of the idle lock and of a session (rulings 4, trust.md section 5).
const (
	DeskIdle    = 10 * time.Minute
	TabletIdle  = 3 * time.Minute
	SessionLife = 12 * time.Hour
	// ProofLife is how long PIN or password, once typed, are enough for signing and the like.
	ProofLife = 5 * time.Minute
)

// Office is the service of the administration.
type Office struct {
	deed.Doer
	Demo bool // demo clinic: login cards with passwords and PINs

	// Machine is the clock of the machine: the apps on people's phones go by it, also while the
	// practice clinic's own clock was moved. nil is the clinic's clock.
	Machine func() time.Time

	// InHand says whether a device in a client's hands may keep what is typed under a key; the room
	// of the forms answers. Nothing is kept where nobody answers.
	InHand func(r *store.Read, by access.Actor, key string) error

	mu   sync.Mutex
	seen map[int64]term.Instant // session → last request; lost on restart, which locks
	gate setupGate
	// asked are those who gave the right password and are asked for a code.
	asked map[string]asked
	// turned are the tokens whose place was taken by another one just now.
	turned map[string]turned
	// fresh are the tokens in their place that no browser came with yet, each with the one before.
	fresh map[string]string

	turns [64]sync.Mutex // see turnOf

	notices atomic.Pointer[[]Notice] // nil: to be read anew
}

// New makes the office.
func New(d deed.Doer) *Office { return &Office{Doer: d, seen: map[int64]term.Instant{}} }

// door is the actor for whoever stands at the door: the system, on behalf of staff, at the
// browser where they stand.
func door(staff term.StaffID, meta Meta) access.Actor {
	by := access.System("door")
	by.Staff, by.Station, by.Request, by.Lang = staff, meta.Station, meta.Request, meta.Lang
	return by
}

// ClinicName is the name set at set-up.
func (o *Office) ClinicName(ctx context.Context) (name string, err error) {
	err = o.Read(ctx, access.System("office"), access.SettingsView, func(r *store.Read) error {
		name, err = r.Setting(SettingClinic)
		return err
	})
	return name, err
}

// SaveSetting sets one setting.
func (o *Office) SaveSetting(ctx context.Context, by access.Actor, name, text string) error {
	return o.Write(ctx, by, access.SettingsSave, func(tx *store.Tx) error {
		return tx.SaveSetting(name, text)
	})
}

func (o *Office) touch(session int64, now term.Instant) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.seen[session] = now
}

func (o *Office) forget(session int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.seen, session)
}

// lastSeen is the last request of a session; after a restart only the time kept with the
// session is known, so that whoever was idle through it is asked for the PIN.
func (o *Office) lastSeen(s store.Session) term.Instant {
	o.mu.Lock()
	defer o.mu.Unlock()
	if at, ok := o.seen[s.ID]; ok {
		return at
	}
	return s.SeenAt
}

// ShiftSeen takes the idle clocks of all sessions along when the demo clock moves.
func (o *Office) ShiftSeen(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for id, at := range o.seen {
		o.seen[id] = at.Add(d)
	}
}

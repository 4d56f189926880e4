package store

import (
	"time"

	"meixu/store/term"
)

// Kinds of sessions.
const (
	SessionDesk     = "desk"
	SessionTablet   = "tablet"
	SessionHandover = "handover" // in a client's hands: one page and nothing else
)

// Session is one browser that somebody signed in with. Only the hash of its token is kept.
type Session struct {
	ID           int64
	TokenHash    []byte
	Staff        term.StaffID
	Station      string // mark of the browser
	Browser      string // what it calls itself, in two words
	Kind         string
	HandoverPath string
	Lang         string
	CreatedAt    term.Instant
	SeenAt       term.Instant
	ExpiresAt    term.Instant
	LockedAt     term.Instant
	PINTries     int
	EndedAt      term.Instant
	ProvedAt     term.Instant // when its person last typed PIN or password
	PasswordAt   term.Instant // when it was the password
}

const sessionColumns = `id, token_hash, staff_id, station, browser, kind, handover_path, lang, created_at, seen_at,
	expires_at, locked_at, pin_tries, ended_at, proved_at, password_at`

func scanSession(from row) (s Session, err error) {
	err = from.Scan(&s.ID, &s.TokenHash, &s.Staff, &s.Station, &s.Browser, &s.Kind, &s.HandoverPath, &s.Lang,
		&s.CreatedAt, &s.SeenAt, &s.ExpiresAt, &s.LockedAt, &s.PINTries, &s.EndedAt, &s.ProvedAt, &s.PasswordAt)
	return s, err
}

// SessionByToken reads the living session with the hash of a token.
func (r *Read) SessionByToken(hash []byte) (Session, error) {
	return one(r, scanSession, `SELECT `+sessionColumns+` FROM sessions
		WHERE token_hash = ? AND ended_at IS NULL AND expires_at > ?`, hash, r.Now())
}

// SessionOnce reads the session with the hash of a token, whether it lives or not.
func (r *Read) SessionOnce(hash []byte) (Session, error) {
	return one(r, scanSession, `SELECT `+sessionColumns+` FROM sessions WHERE token_hash = ?`, hash)
}

// LastLoginAt is when the person last did a full login at the station, zero when never. A
// session opened by PIN carries the instant of the full login that it rests on. A login that
// its person left (logout, disabled, new password) does not count; one that ended because a
// colleague took over the browser does.
func (r *Read) LastLoginAt(staff term.StaffID, station string) (term.Instant, error) {
	return one(r, value[term.Instant], `SELECT max(created_at) FROM sessions
		WHERE staff_id = ? AND station = ? AND station <> '' AND left_at IS NULL`, staff, station)
}

// StaffAtStation lists who did a full login at the station since an instant and has not left.
func (r *Read) StaffAtStation(station string, since term.Instant) ([]Staff, error) {
	return many(r, scanStaff, `SELECT `+staffColumns+` FROM staff s WHERE s.state = 'active' AND s.id IN
		(SELECT staff_id FROM sessions WHERE station = ? AND station <> '' AND created_at >= ?
		AND left_at IS NULL)
		ORDER BY s.id LIMIT 50`, station, since)
}

// Station is a browser at which people sign in, as people call it: the third tablet of the house.
type Station struct {
	Name  string // mark of the browser
	Known string // what the house calls it since it was enrolled; "" before
	No    int    // 1 is the first of its kind that anybody signed in at
	Kind  string // SessionDesk or SessionTablet
	Since term.Instant
	First term.StaffID // who signed in there first
}

// Stations are all browsers at which somebody signed in, by their mark.
func (r *Read) Stations() (map[string]Station, error) {
	list, err := many(r, func(from row) (s Station, err error) {
		err = from.Scan(&s.Name, &s.Known, &s.Kind, &s.Since, &s.First)
		return s, err
	}, `SELECT f.station, coalesce(w.name, ''), CASE l.kind WHEN 'desk' THEN 'desk' ELSE 'tablet' END, o.created_at, o.staff_id
		FROM (SELECT station, min(id) AS oldest, max(id) AS latest FROM sessions WHERE station <> '' GROUP BY station) f
		JOIN sessions o ON o.id = f.oldest JOIN sessions l ON l.id = f.latest
		LEFT JOIN workstations w ON w.mark = f.station ORDER BY f.oldest`)
	found, count := make(map[string]Station, len(list)), map[string]int{}
	for _, s := range list {
		count[s.Kind]++
		s.No = count[s.Kind]
		found[s.Name] = s
	}
	return found, err
}

// AddSession opens a session and fills in its id; a zero CreatedAt is now.
func (tx *Tx) AddSession(s *Session) error {
	s.ID, s.SeenAt = tx.NextID("sessions"), tx.Now()
	if s.CreatedAt.IsZero() {
		s.CreatedAt = tx.Now()
	}
	_, err := tx.exec(`INSERT INTO sessions (id, token_hash, staff_id, station, browser, kind, handover_path, lang,
		created_at, seen_at, expires_at, proved_at, password_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`, s.ID, s.TokenHash, s.Staff, s.Station,
		s.Browser, s.Kind, s.HandoverPath, s.Lang, s.CreatedAt, s.SeenAt, s.ExpiresAt, s.ProvedAt, s.PasswordAt)
	return err
}

// LivingSession reads a session that has not ended.
func (r *Read) LivingSession(id int64) (Session, error) {
	return one(r, scanSession, `SELECT `+sessionColumns+` FROM sessions
		WHERE id = ? AND ended_at IS NULL AND expires_at > ?`, id, r.Now())
}

// SaveSession writes what changes in a session's life.
func (tx *Tx) SaveSession(s Session) error {
	tx.Publish(term.SeatTopic(s.ID))
	return changed(tx.exec(`UPDATE sessions SET token_hash = ?, kind = ?, handover_path = ?, lang = ?, seen_at = ?,
		locked_at = ?, pin_tries = ?, ended_at = ?, proved_at = ?, password_at = ? WHERE id = ? AND ended_at IS NULL`, s.TokenHash, s.Kind,
		s.HandoverPath, s.Lang, s.SeenAt, s.LockedAt, s.PINTries, s.EndedAt, s.ProvedAt, s.PasswordAt, s.ID))
}

// EndSessions ends every living session of a person but one (0 ends all). The person has left
// those and the ones that ended before: no PIN rests on them.
func (tx *Tx) EndSessions(staff term.StaffID, but int64) error {
	ended, err := many(tx, value[int64], `UPDATE sessions SET ended_at = coalesce(ended_at, ?), left_at = ?
		WHERE staff_id = ? AND id <> ? AND (ended_at IS NULL OR left_at IS NULL) RETURNING id`, tx.Now(), tx.Now(), staff, but)
	tx.tellSeats(ended)
	return err
}

// SessionsOf lists the living sessions of a person, those begun last first.
func (r *Read) SessionsOf(staff term.StaffID) ([]Session, error) {
	return many(r, scanSession, `SELECT `+sessionColumns+` FROM sessions
		WHERE staff_id = ? AND ended_at IS NULL AND expires_at > ? ORDER BY id DESC LIMIT 200`, staff, r.Now())
}

// EndSession ends one living session of a person, who has left its browser: no PIN rests on what
// was signed in there before. ErrNotFound when the session is none of hers.
func (tx *Tx) EndSession(staff term.StaffID, id int64) error {
	station, err := one(tx.Read, value[string], `SELECT station FROM sessions
		WHERE id = ? AND staff_id = ? AND ended_at IS NULL AND expires_at > ?`, id, staff, tx.Now())
	if err != nil {
		return err
	}
	if err := changed(tx.exec(`UPDATE sessions SET ended_at = ?, left_at = ? WHERE id = ?`, tx.Now(), tx.Now(), id)); err != nil {
		return err
	}
	tx.tellSeats([]int64{id})
	if station == "" {
		return nil
	}
	return tx.LeaveStation(staff, station)
}

// TellSeats tells whoever watches the living sessions of a person that what she may do changed.
func (tx *Tx) TellSeats(staff term.StaffID) error {
	open, err := many(tx, value[int64], `SELECT id FROM sessions WHERE staff_id = ? AND ended_at IS NULL AND expires_at > ? LIMIT 200`, staff, tx.Now())
	tx.tellSeats(open)
	return err
}

// tellSeats tells whoever watches one of the sessions, after the commit.
func (tx *Tx) tellSeats(ended []int64) {
	for _, id := range ended {
		tx.Publish(term.SeatTopic(id))
	}
}

// LeaveStation notes that a person left a browser: from now on a PIN alone opens nothing there.
func (tx *Tx) LeaveStation(staff term.StaffID, station string) error {
	_, err := tx.exec(`UPDATE sessions SET left_at = ? WHERE staff_id = ? AND station = ? AND left_at IS NULL`,
		tx.Now(), staff, station)
	return err
}

// NoteAttempt records a try to log in (or a PIN, under "pin:<id>"), for the back-off.
func (tx *Tx) NoteAttempt(login, address string, ok bool) error {
	_, err := tx.exec(`INSERT INTO login_attempts (id, login, address, at, ok) VALUES (?,?,?,?,?)`,
		tx.NextID("login_attempts"), NormalLogin(login), address, tx.Now(), ok)
	return err
}

// ForgiveAttempts ends the back-off of a login at every browser, as after a new password.
func (tx *Tx) ForgiveAttempts(login string) error {
	login = NormalLogin(login)
	names, err := many(tx, value[string], `SELECT DISTINCT login FROM login_attempts
		WHERE at > ? AND (login = ? OR login LIKE 'at:%' AND substr(login, -length(?) - 1) = ':' || ?) LIMIT 1000`,
		tx.Now().Add(-24*time.Hour), login, login, login)
	for _, name := range names {
		if err == nil {
			err = tx.NoteAttempt(name, "", true)
		}
	}
	return err
}

// Failures are the failed tries since the last good one.
type Failures struct {
	Count int
	Last  term.Instant
}

// FailuresOf counts the failed tries of a login since the last good one, at most a day back.
func (r *Read) FailuresOf(login string) (Failures, error) {
	login = NormalLogin(login)
	return one(r, func(from row) (f Failures, err error) {
		err = from.Scan(&f.Count, &f.Last)
		return f, err
	}, `SELECT count(*), max(at) FROM login_attempts WHERE login = ? AND ok = 0 AND at > ?
		AND id > coalesce((SELECT max(id) FROM login_attempts WHERE login = ? AND ok = 1), 0)`,
		login, r.Now().Add(-24*time.Hour), login)
}

// ShiftSessions moves the ends of living sessions; the demo clock takes them along.
func (tx *Tx) ShiftSessions(d time.Duration) error {
	living, err := many(tx, scanSession, `SELECT `+sessionColumns+` FROM sessions
		WHERE ended_at IS NULL AND expires_at > ? LIMIT 1000`, tx.Now())
	for _, s := range living {
		if err == nil {
			_, err = tx.exec(`UPDATE sessions SET expires_at = ?, seen_at = ? WHERE id = ?`,
				s.ExpiresAt.Add(d), s.SeenAt.Add(d), s.ID)
		}
	}
	return err
}

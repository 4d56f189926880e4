package store

import (
	"cmp"
	"slices"
	"strings"

	"meixu/store/term"
)

// Staff is a person who works here.
type Staff struct {
	ID           term.StaffID
	Version      int64
	Login        string // lower case
	Name         string
	Title        string // as printed on the badge
	Active       bool
	Lead         bool // lead physician
	OnShift      bool
	PasswordHash string // argon2id in PHC form; "" means no login
	PasswordAt   term.Instant
	MustChange   bool // the password is a one-time one
	Code         OneTime
	PINHash      string
	Lang         string   // "zh" or "en"
	Roles        []string // access roles, alphabetical
}

// Why a one-time password was given.
const (
	CodeNew     = "new"     // to a new person
	CodeReset   = "reset"   // by an administrator
	CodeConsole = "console" // at the machine's console, with the recovery code
)

// OneTime is the newest one-time password of a person; its hash is the person's PasswordHash.
type OneTime struct {
	Until  term.Instant // it opens before then, and once
	Why    string
	By     term.StaffID // 0: the machine's console
	UsedAt term.Instant
}

const staffColumns = `s.id, s.version, s.login, s.name, s.title, s.state, s.lead_physician, s.on_shift,
	s.password_hash, s.password_at, s.must_change, s.pin_hash, s.lang, s.code_until, s.code_why, s.code_by, s.code_used_at,
	coalesce((SELECT group_concat(role, ',') FROM (SELECT role FROM staff_roles
		WHERE staff_id = s.id AND ended_at IS NULL ORDER BY role)), '')`

func scanStaff(from row) (s Staff, err error) {
	var state, roles string
	err = from.Scan(&s.ID, &s.Version, &s.Login, &s.Name, &s.Title, &state, &s.Lead, &s.OnShift,
		&s.PasswordHash, &s.PasswordAt, &s.MustChange, &s.PINHash, &s.Lang,
		&s.Code.Until, &s.Code.Why, maybe(&s.Code.By), &s.Code.UsedAt, &roles)
	s.Active = state == "active"
	if roles != "" {
		s.Roles = strings.Split(roles, ",")
	}
	return s, err
}

// Staff reads one person.
func (r *Read) Staff(id term.StaffID) (Staff, error) {
	if r.memory() != nil { // a house has few people: they are read at once
		all, err := r.everybody()
		if i, ok := slices.BinarySearchFunc(all, id, func(s Staff, id term.StaffID) int { return cmp.Compare(s.ID, id) }); ok {
			return all[i], err
		}
	}
	s, err := steadily(r, id, func() (Staff, error) {
		return one(r, scanStaff, `SELECT `+staffColumns+` FROM staff s WHERE s.id = ?`, id)
	})
	s.Roles = slices.Clone(s.Roles)
	return s, err
}

// StaffByLogin reads the person with the login name, any letter case.
func (r *Read) StaffByLogin(login string) (Staff, error) {
	return one(r, scanStaff, `SELECT `+staffColumns+` FROM staff s WHERE s.login = ?`, NormalLogin(login))
}

// AllStaff lists everybody by id, the disabled too.
func (r *Read) AllStaff() ([]Staff, error) {
	all, err := r.everybody()
	return slices.Clone(all), err
}

// StaffNames gives everybody's name by id, of the disabled too: whoever did something keeps the name.
func (r *Read) StaffNames() (map[term.StaffID]string, error) {
	all, err := r.everybody()
	names := make(map[term.StaffID]string, len(all))
	for _, s := range all {
		names[s.ID] = s.Name
	}
	return names, err
}

type everybody struct{}

func (r *Read) everybody() ([]Staff, error) {
	return Recall(r, everybody{}, func() ([]Staff, error) {
		all, err := steadily(r, everybody{}, func() ([]Staff, error) {
			return many(r, scanStaff, `SELECT `+staffColumns+` FROM staff s ORDER BY s.id LIMIT 1000`)
		})
		return meet(r, all), err
	})
}

// StaffWithRole lists the active people who hold the role, by id.
func (r *Read) StaffWithRole(role string) ([]Staff, error) {
	if r.memory() != nil {
		all, err := r.AllStaff()
		return slices.DeleteFunc(all, func(s Staff) bool { return !s.Active || !slices.Contains(s.Roles, role) }), err
	}
	return many(r, scanStaff, `SELECT `+staffColumns+` FROM staff s
		WHERE s.state = 'active' AND EXISTS (SELECT 1 FROM staff_roles g
			WHERE g.staff_id = s.id AND g.role = ? AND g.ended_at IS NULL)
		ORDER BY s.id LIMIT 1000`, role)
}

// StaffCount counts everybody ever added; 0 means that the clinic is not set up.
func (r *Read) StaffCount() (int, error) {
	return one(r, value[int], `SELECT count(*) FROM staff`)
}

// NormalLogin is the stored form of a login name.
func NormalLogin(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

// AddStaff adds a person with the roles in s.Roles and fills in the id.
func (tx *Tx) AddStaff(s *Staff) error {
	s.Login, s.Version, s.Active = NormalLogin(s.Login), 1, true
	if s.Lang == "" {
		s.Lang = "zh"
	}
	s.ID = term.StaffID(tx.NextID("staff"))
	_, err := tx.exec(`INSERT INTO staff (id, created_at, updated_at, login, name, title, lead_physician, on_shift,
		password_hash, password_at, must_change, pin_hash, lang, code_until, code_why, code_by)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		s.ID, tx.Now(), tx.Now(), s.Login, s.Name, s.Title, s.Lead, s.OnShift,
		s.PasswordHash, s.PasswordAt, s.MustChange, s.PINHash, s.Lang, s.Code.Until, s.Code.Why, maybe(&s.Code.By))
	for _, role := range s.Roles {
		if err == nil {
			err = tx.GrantRole(s.ID, role)
		}
	}
	return err
}

// SaveStaff writes all but the roles; ErrStale when someone was faster.
func (tx *Tx) SaveStaff(s *Staff) error {
	state := "disabled"
	if s.Active {
		state = "active"
	}
	err := changed(tx.exec(`UPDATE staff SET version = version + 1, updated_at = ?, login = ?, name = ?, title = ?, state = ?,
		lead_physician = ?, on_shift = ?, password_hash = ?, password_at = ?, must_change = ?, pin_hash = ?, lang = ?,
		code_until = ?, code_why = ?, code_by = ?, code_used_at = ?
		WHERE id = ? AND version = ?`,
		tx.Now(), NormalLogin(s.Login), s.Name, s.Title, state, s.Lead, s.OnShift, s.PasswordHash, s.PasswordAt,
		s.MustChange, s.PINHash, s.Lang, s.Code.Until, s.Code.Why, maybe(&s.Code.By), s.Code.UsedAt, s.ID, s.Version))
	if err == nil {
		s.Version++
	}
	return err
}

// GrantRole gives a role, also one that was taken before.
func (tx *Tx) GrantRole(staff term.StaffID, role string) error {
	_, err := tx.exec(`INSERT INTO staff_roles (id, created_at, updated_at, staff_id, role) VALUES (?,?,?,?,?)
		ON CONFLICT (staff_id, role) DO UPDATE SET ended_at = NULL, updated_at = excluded.updated_at,
		version = version + 1 WHERE ended_at IS NOT NULL`,
		tx.NextID("staff_roles"), tx.Now(), tx.Now(), staff, role)
	return err
}

// EndRole takes a role; the row stays.
func (tx *Tx) EndRole(staff term.StaffID, role string) error {
	return changed(tx.exec(`UPDATE staff_roles SET ended_at = ?, updated_at = ?, version = version + 1
		WHERE staff_id = ? AND role = ? AND ended_at IS NULL`, tx.Now(), tx.Now(), staff, role))
}

// changed turns "no row was touched" into ErrStale.
func changed(n int64, err error) error {
	if err == nil && n == 0 {
		return ErrStale
	}
	return err
}

package admin

import (
	"cmp"
	"context"
	"crypto/subtle"
	"strconv"
	"strings"
	"sync"
	"time"

	"meixu/app/access"
	"meixu/app/engine/guess"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// setupLife is how long the token in the terminal opens the set-up page.
const setupLife = 30 * time.Minute

// setupGate guards the first-run page: a token printed in the terminal, single use.
type setupGate struct {
	mu    sync.Mutex
	hash  []byte
	until term.Instant
	sheet string // recovery code, shown once after set-up
}

// NeedsSetup says that nobody works here yet.
func (o *Office) NeedsSetup(ctx context.Context) (needs bool, err error) {
	err = o.DB.Read(ctx, func(r *store.Read) error {
		n, err := r.StaffCount()
		needs = n == 0
		return err
	})
	return needs, fault.FromStore(err, "counting staff")
}

// OpenSetup makes the token to print in the terminal; sheet is the recovery code that the
// last page of the set-up shows once.
func (o *Office) OpenSetup(sheet string) (token string) {
	token, hash := newToken()
	o.gate.mu.Lock()
	defer o.gate.mu.Unlock()
	o.gate.hash, o.gate.until, o.gate.sheet = hash, o.DB.Now().Add(setupLife), sheet
	return token
}

// SetupOpen says whether the token opens the set-up page now.
func (o *Office) SetupOpen(token string) bool {
	o.gate.mu.Lock()
	defer o.gate.mu.Unlock()
	return o.gate.hash != nil && o.DB.Now().Before(o.gate.until) &&
		subtle.ConstantTimeCompare(hashToken(token), o.gate.hash) == 1
}

// Setup is what the first-run page asks.
type Setup struct {
	Token, Clinic, Name, Login, Password, PIN string
	Meta                                      Meta
}

func (in Setup) check() error {
	var f fault.Fields
	for field, text := range map[string]string{"clinic": in.Clinic, "login": in.Login} {
		if term.Likeness(text) == "" {
			f.Add(field, "admin.required")
		}
	}
	if !mayBeLogin(in.Login) {
		f.Add("login", "admin.login.shape", loginMost)
	}
	checkName(&f, in.Name)
	checkPassword(&f, in.Password, guess.Own{Clinic: in.Clinic, Login: in.Login, Name: in.Name})
	checkPIN(&f, in.PIN)
	return f.Err()
}

// SetUp makes the clinic and its owner, once. The token of the terminal is used up; the
// answer is the recovery code to print.
func (o *Office) SetUp(ctx context.Context, in Setup) (sheet string, err error) {
	if !o.SetupOpen(in.Token) {
		return "", fault.Refuse("TR-setup", "admin.setup.closed")
	}
	if err := in.check(); err != nil {
		return "", err
	}
	owner := store.Staff{Login: in.Login, Name: tidyName(in.Name), OnShift: true, Lang: string(in.Meta.Lang)}
	owner.Roles = []string{string(access.Owner), string(access.SysAdmin), string(access.SecAdmin)}
	if owner.PasswordHash, err = o.cost().hash(ctx, in.Password); err != nil {
		return "", err
	}
	if owner.PINHash, err = o.cost().hash(ctx, in.PIN); err != nil {
		return "", err
	}
	foreign, err := o.Foreign(ctx, in.Meta)
	if err != nil {
		return "", err
	}
	err = o.Write(ctx, access.System("setup"), access.ClinicSetup, func(tx *store.Tx) error {
		if n, err := tx.StaffCount(); err != nil || n > 0 {
			return orElse(err, fault.Refuse("TR-setup", "admin.setup.closed"))
		}
		owner.PasswordAt = tx.Now()
		if err := tx.AddStaff(&owner); err != nil {
			return err
		}
		if err := o.knowFirst(tx, owner, in.Meta, foreign); err != nil {
			return err
		}
		return tx.SaveSetting(SettingClinic, strings.TrimSpace(term.Spelled(in.Clinic)))
	})
	if err != nil {
		return "", err
	}
	o.gate.mu.Lock()
	defer o.gate.mu.Unlock()
	sheet, o.gate.hash, o.gate.sheet = o.gate.sheet, nil, ""
	return sheet, nil
}

func orElse(err error, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// NewStaff is a person to add. An empty password makes a one-time code. Only the system, which
// fills a practice clinic, gives a password or a PIN: a person's own are known to nobody else.
type NewStaff struct {
	Login, Name, Title, Password, PIN string
	Lead                              bool
	Roles                             []access.Role
	Lang                              words.Lang
}

// check names every wrong field. In a practice clinic, whose passwords stand on the login page,
// none is refused for being easy.
func (in NewStaff) check(practice bool, clinic string) error {
	var f fault.Fields
	if strings.TrimSpace(in.Login) == "" {
		f.Add("login", "admin.required")
	}
	if !mayBeLogin(in.Login) {
		f.Add("login", "admin.login.shape", loginMost)
	}
	checkName(&f, in.Name)
	for _, r := range in.Roles {
		if !r.Known() {
			f.Add("roles", "admin.role.unknown", string(r))
		}
	}
	if in.Password != "" && !practice {
		checkPassword(&f, in.Password, guess.Own{Clinic: clinic, Login: in.Login, Name: in.Name})
	}
	if in.PIN != "" {
		checkPIN(&f, in.PIN)
	}
	return f.Err()
}

// AddStaff adds a person and gives the id and, when no password was given, the one-time
// password, which must be changed at the first login. Whoever may not grant roles adds a person
// without any; who may gives them afterwards.
func (o *Office) AddStaff(ctx context.Context, by access.Actor, in NewStaff) (id term.StaffID, code string, err error) {
	own, err := o.ownOf(ctx, 0)
	if err != nil {
		return 0, "", err
	}
	if err := in.check(o.Demo, own.Clinic); err != nil {
		return 0, "", err
	}
	if err := mayAdd(by, in); err != nil {
		return 0, "", err
	}
	s := store.Staff{
		Login: in.Login, Name: tidyName(in.Name), Title: in.Title, Lead: in.Lead, OnShift: true,
		MustChange: in.Password == "", Lang: string(in.Lang),
	}
	for _, r := range in.Roles {
		s.Roles = append(s.Roles, string(r))
	}
	password := in.Password
	if password == "" {
		code = NewCode()
		password = code
	}
	if s.PasswordHash, err = o.cost().hash(ctx, password); err != nil {
		return 0, "", err
	}
	if in.PIN != "" {
		if s.PINHash, err = o.cost().hash(ctx, in.PIN); err != nil {
			return 0, "", err
		}
	}
	err = o.Write(ctx, by, access.StaffAdd, func(tx *store.Tx) error {
		if err := freeName(tx.Read, 0, s.Name); err != nil {
			return err
		}
		s.PasswordAt = tx.Now()
		if s.MustChange {
			s.Code = store.OneTime{Until: tx.Now().Add(NewCodeLife), Why: store.CodeNew, By: by.Staff}
		}
		if err := tx.AddStaff(&s); err != nil {
			return err
		}
		tx.Result("staff", int64(s.ID))
		tx.Publish("staff")
		return nil
	})
	return s.ID, code, err
}

// Staff lists everybody.
func (o *Office) Staff(ctx context.Context, by access.Actor) (list []Person, err error) {
	err = o.Read(ctx, by, access.StaffView, func(r *store.Read) error {
		second, err := r.WithSecondFactor()
		if err != nil {
			return err
		}
		gone, err := r.HeldByGone()
		if err != nil {
			return err
		}
		held := map[term.StaffID]int{}
		for _, c := range gone {
			held[c.Staff] = c.N
		}
		all, err := r.AllStaff()
		for _, s := range all {
			p := personOf(s)
			p.Second, p.Held = second[s.ID], held[s.ID]
			list = append(list, p)
		}
		return err
	})
	return list, err
}

// Secrets is a change of one's own password and PIN; empty ones stay.
type Secrets struct{ Old, Password, PIN string }

// ChangeSecrets changes one's own password or PIN after the present password; the other
// sessions of the person end, and this one has the answered token from then on: every one before
// opens nothing at once. After a one-time password both are asked for.
func (o *Office) ChangeSecrets(ctx context.Context, by access.Actor, in Secrets) (token string, err error) {
	lacks, err := o.Lacks(ctx, by)
	if err != nil {
		return "", err
	}
	own, err := o.ownOf(ctx, by.Staff)
	if err != nil {
		return "", err
	}
	if err := in.check(lacks, own); err != nil {
		return "", err
	}
	if err := o.prove(ctx, by, Proof{Station: by.Station, Password: in.Old}); err != nil {
		return "", oldIsWrong(err)
	}
	password, err := o.cost().hashIf(ctx, in.Password)
	if err != nil {
		return "", err
	}
	pin, err := o.cost().hashIf(ctx, in.PIN)
	if err != nil {
		return "", err
	}
	err = o.Write(ctx, by, access.ProfileSave, func(tx *store.Tx) error {
		s, err := tx.Staff(by.Staff)
		if err != nil {
			return err
		}
		if s.PasswordHash != lacks.given { // somebody with the same password was faster
			return store.ErrStale
		}
		if password != "" {
			s.PasswordHash, s.PasswordAt, s.MustChange = password, tx.Now(), false
		}
		s.PINHash = cmp.Or(pin, s.PINHash)
		if err := tx.SaveStaff(&s); err != nil {
			return err
		}
		if token, err = renew(tx, by.Session); err != nil {
			return err
		}
		return tx.EndSessions(s.ID, by.Session)
	})
	return token, err
}

// renew gives a session a token in the place of every one before, which open nothing any more.
func renew(tx *store.Tx, session int64) (token string, err error) {
	s, err := tx.LivingSession(session)
	if err != nil {
		return "", err
	}
	token, s.TokenHash = newToken()
	return token, tx.SaveSession(s)
}

// oldIsWrong puts the complaint about the password beside the field of the present one.
func oldIsWrong(err error) error {
	if _, wrong := fault.FieldsOf(err); !wrong {
		return err
	}
	var f fault.Fields
	f.Add("old", "admin.password.wrong")
	return f.Err()
}

// check names every wrong field at once; that nothing at all is to change counts as a
// missing password.
func (in Secrets) check(lacks Lack, own guess.Own) error {
	var f fault.Fields
	if in.Password != "" || in.PIN == "" || lacks.Password {
		checkPassword(&f, in.Password, own)
	}
	if in.Password != "" && in.Password == in.Old {
		f.Add("password", "admin.password.same")
	}
	if in.PIN != "" {
		checkPIN(&f, in.PIN)
	} else if lacks.PIN {
		f.Add("pin", "admin.required")
	}
	if in.Old == "" {
		f.Add("old", "admin.required")
	}
	return f.Err()
}

// DraftLargest is the most that one form may keep, in bytes.
const DraftLargest = store.DraftLargest

// Drawer is the beginning of the keys under which the device keeps what is typed: empty for
// staff. A device in a client's hands has a drawer of its own, so that nothing of the staff's
// can be read there.
func Drawer(by access.Actor) string {
	if by.Guest.None() {
		return ""
	}
	return "handover:" + by.Guest.Path + ":"
}

// SaveDraft keeps what the person typed into a form, and forgets it when body is empty; DraftOf
// gives it back. A device in a client's hands keeps only what is typed into the forms it shows.
func (o *Office) SaveDraft(ctx context.Context, by access.Actor, form, body string) error {
	key, own := strings.CutPrefix(form, Drawer(by))
	if !by.May(access.DraftSave) || !own {
		return fault.Forbidden(string(access.DraftSave))
	}
	return fault.FromStore(o.DB.WriteQuiet(ctx, func(tx *store.Tx) error {
		if body == "" {
			return tx.DropDraft(by.Staff, form)
		}
		if err := o.mayKeep(tx.Read, by, key); err != nil {
			return err
		}
		return tx.SaveDraft(store.Draft{Staff: by.Staff, Form: form, Body: body})
	}), "saving a draft")
}

// DraftKey is the key of what the person's browser keeps while no server is there to keep it; that of
// a device in a client's hands is another one.
func (o *Office) DraftKey(by access.Actor) string {
	return o.DB.DraftKey(strconv.FormatInt(int64(by.Staff), 10) + "|" + Drawer(by))
}

func (o *Office) mayKeep(r *store.Read, by access.Actor, key string) error {
	switch {
	case by.Guest.None():
		return nil
	case o.InHand == nil:
		return fault.Forbidden(string(access.DraftSave))
	}
	return o.InHand(r, by, key)
}

// DraftOf gives what the person typed into a form; ok is false when nothing is kept.
func (o *Office) DraftOf(ctx context.Context, by access.Actor, form string) (d store.Draft, err error) {
	err = o.Read(ctx, by, access.DraftSave, func(r *store.Read) error {
		d, err = r.Draft(by.Staff, form)
		return err
	})
	return d, err
}

// DraftKeys names the forms into which the person typed something that was not sent.
func (o *Office) DraftKeys(ctx context.Context, by access.Actor) (keys []string, err error) {
	err = o.Read(ctx, by, access.DraftSave, func(r *store.Read) error {
		keys, err = r.DraftKeys(by.Staff)
		return err
	})
	return keys, err
}

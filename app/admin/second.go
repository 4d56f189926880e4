package admin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// SettingSecond says whether owner and administrators must have a second step ("yes"): the
// profile for the third level of graded protection demands it.
const SettingSecond = "security.second"

// Sizes of the second step: six digits every half minute, one step of tolerance on each side,
// and eight recovery codes of 60 bits for the day on which the phone is gone.
const (
	secondPeriod   = 30
	secondSlack    = 1
	secondKeySize  = 20
	RecoveryCodes  = 8
	recoveryLength = 12
	askLife        = 5 * time.Minute
	askMost        = 1000
)

var secondCode = hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// secondRoles may set up a second step.
var secondRoles = []access.Role{access.Owner, access.SysAdmin, access.SecAdmin, access.AuditAdmin}

func mayHaveSecond(roles []string) bool {
	return slices.ContainsFunc(secondRoles, func(r access.Role) bool { return slices.Contains(roles, string(r)) })
}

// lacksSecond says that the clinic demands a second step which the person has not set up.
func lacksSecond(r *store.Read, s store.Staff) (bool, error) {
	if !mayHaveSecond(s.Roles) {
		return false, nil
	}
	must, err := r.Setting(SettingSecond)
	if err != nil || must != "yes" {
		return false, err
	}
	f, err := secondFactor(r, s.ID)
	return f.SetAt.IsZero(), err
}

// secondFactor reads that of a person; an empty one when there never was any.
func secondFactor(r *store.Read, id term.StaffID) (store.SecondFactor, error) {
	f, err := r.SecondFactorOf(id)
	if errors.Is(err, store.ErrNotFound) {
		return store.SecondFactor{Staff: id}, nil
	}
	return f, err
}

func (o *Office) secondOf(ctx context.Context, id term.StaffID) (f store.SecondFactor, err error) {
	err = o.DB.Read(ctx, func(r *store.Read) error {
		f, err = secondFactor(r, id)
		return err
	})
	return f, fault.FromStore(err, "reading a second step")
}

// Second is what a person sees of the own second step.
type Second struct {
	May   bool // the person's roles have one
	Must  bool // the clinic demands it
	SetAt term.Instant
	Left  int // recovery codes
}

// Second says how it stands with the actor's own.
func (o *Office) Second(ctx context.Context, by access.Actor) (out Second, err error) {
	err = o.Read(ctx, by, access.ProfileSave, func(r *store.Read) error {
		s, err := r.Staff(by.Staff)
		if err != nil {
			return err
		}
		f, err := secondFactor(r, by.Staff)
		if err != nil {
			return err
		}
		must, err := r.Setting(SettingSecond)
		out = Second{May: mayHaveSecond(s.Roles), SetAt: f.SetAt, Left: len(f.Kept.Codes)}
		out.Must = out.May && must == "yes"
		return err
	})
	return out, err
}

// SecondKey is a key for the app, shown once, as text to type and as address for a QR code.
type SecondKey struct{ Key, URL string }

// BeginSecond makes a key, after the password and, where a second step is asked already, a code
// of it. Until a code of the new one confirms it, everything stays as it was.
func (o *Office) BeginSecond(ctx context.Context, by access.Actor, password, code string) (k SecondKey, err error) {
	raw := make([]byte, secondKeySize)
	_, _ = rand.Read(raw) // never fails
	err = o.changeSecond(ctx, by, password, code, func(f *store.SecondFactor, clinic, login string) error {
		key, err := totp.Generate(totp.GenerateOpts{Issuer: "Meixu " + clinic, AccountName: login, Secret: raw})
		if err != nil {
			return err
		}
		k = SecondKey{Key: key.Secret(), URL: key.URL()}
		f.Kept.Fresh = k.Key
		return nil
	})
	return k, err
}

// DropSecond ends the actor's own second step, by password and a code.
func (o *Office) DropSecond(ctx context.Context, by access.Actor, password, code string) error {
	return o.changeSecond(ctx, by, password, code, func(f *store.SecondFactor, _, _ string) error {
		f.Kept, f.SetAt = store.SecondSecrets{}, term.Instant{}
		return nil
	})
}

// changeSecond changes the actor's own second step after password and code.
func (o *Office) changeSecond(
	ctx context.Context, by access.Actor, password, code string, change func(f *store.SecondFactor, clinic, login string) error,
) error {
	now, err := o.Second(ctx, by)
	if err != nil {
		return err
	}
	if !now.May {
		return fault.Refuse("TR-second", "admin.second.not_yours")
	}
	if password == "" {
		return wrongIs(errWrong, "password", "admin.required")
	}
	if err := o.prove(ctx, by, Proof{Station: by.Station, Password: password}); err != nil {
		return err
	}
	write := func() error {
		return o.secondWrite(ctx, by, access.ProfileSave, by.Staff, func(tx *store.Tx, f *store.SecondFactor) error {
			if !f.SetAt.IsZero() {
				if err := o.spend(f, code); err != nil {
					return err
				}
			}
			clinic, err := tx.Setting(SettingClinic)
			if err != nil {
				return err
			}
			s, err := tx.Staff(by.Staff)
			if err != nil {
				return err
			}
			return change(f, clinic, s.Login)
		})
	}
	if now.SetAt.IsZero() {
		return write()
	}
	return wrongIs(o.counted(ctx, secondTry(by.Staff, by.Station), write), "pin", "admin.second.wrong")
}

// ConfirmSecond takes the new key into use once a code shows that the app has it, and gives the
// recovery codes, which nobody sees a second time. Every other session of the person ends.
func (o *Office) ConfirmSecond(ctx context.Context, by access.Actor, code string) (codes []string, err error) {
	codes, hashes := recoveryCodes()
	err = o.counted(ctx, secondTry(by.Staff, by.Station), func() error {
		return o.secondWrite(ctx, by, access.ProfileSave, by.Staff, func(tx *store.Tx, f *store.SecondFactor) error {
			step, fits := o.stepOf(f.Kept.Fresh, code)
			if !fits {
				return errWrong
			}
			f.Kept, f.LastStep, f.SetAt = store.SecondSecrets{Key: f.Kept.Fresh, Codes: hashes}, step, tx.Now()
			return tx.EndSessions(by.Staff, by.Session)
		})
	})
	if err != nil {
		return nil, wrongIs(err, "pin", "admin.second.wrong")
	}
	return codes, nil
}

// ClearSecond takes the second step from another person, who lost phone and recovery codes.
func (o *Office) ClearSecond(ctx context.Context, by access.Actor, id term.StaffID) error {
	if strings.TrimSpace(by.Reason) == "" {
		return fault.Refuse("TR-second", "admin.second.reason")
	}
	if by.Staff == id {
		return fault.Refuse("TR-second", "admin.second.self").Ask("owner")
	}
	return o.secondWrite(ctx, by, access.SecondClear, id, func(tx *store.Tx, f *store.SecondFactor) error {
		s, err := tx.Staff(id)
		if err != nil {
			return err
		}
		if err := mayClear(by, s); err != nil {
			return err
		}
		f.Kept, f.SetAt = store.SecondSecrets{}, term.Instant{}
		return tx.EndSessions(id, 0)
	})
}

// secondWrite changes a person's second step as one act. A wrong code undoes all of it.
func (o *Office) secondWrite(
	ctx context.Context, by access.Actor, p access.Permission, id term.StaffID, fn func(*store.Tx, *store.SecondFactor) error,
) error {
	wrong := false
	err := o.WriteOn(ctx, by, p, store.Subject{Noun: "staff", ID: int64(id)}, func(tx *store.Tx) error {
		f, err := secondFactor(tx.Read, id)
		if err != nil {
			return err
		}
		if err := fn(tx, &f); err != nil {
			wrong = errors.Is(err, errWrong)
			return err
		}
		return saveSecond(tx, &f)
	})
	if wrong {
		return errWrong
	}
	return err
}

// dropSecond takes a person's second step away, when there is one.
func dropSecond(tx *store.Tx, id term.StaffID) error {
	f, err := secondFactor(tx.Read, id)
	if err != nil || f.ID == 0 {
		return err
	}
	f.Kept, f.SetAt = store.SecondSecrets{}, term.Instant{}
	return saveSecond(tx, &f)
}

func saveSecond(tx *store.Tx, f *store.SecondFactor) error {
	tx.Publish("staff")
	if f.ID == 0 {
		return tx.AddSecondFactor(f)
	}
	return tx.SaveSecondFactor(f)
}

// spend uses up a code of the app or a recovery code; errWrong when it is neither.
func (o *Office) spend(f *store.SecondFactor, code string) error {
	if step, fits := o.stepOf(f.Kept.Key, code); fits {
		if step <= f.LastStep {
			return errWrong // the same code is never taken twice
		}
		f.LastStep = step
		return nil
	}
	hash := hashRecovery(code)
	for i, have := range f.Kept.Codes {
		if subtle.ConstantTimeCompare([]byte(have), []byte(hash)) == 1 {
			f.Kept.Codes = slices.Delete(slices.Clone(f.Kept.Codes), i, i+1)
			return nil
		}
	}
	return errWrong
}

// stepOf is the half minute whose code was typed, the newest that fits.
func (o *Office) stepOf(key, code string) (step int64, fits bool) {
	code = strings.Join(strings.Fields(code), "")
	if key == "" || len(code) != 6 {
		return 0, false
	}
	now := o.DB.Now().Time().Unix()
	if o.Machine != nil {
		now = o.Machine().Unix()
	}
	for step = now/secondPeriod + secondSlack; step >= now/secondPeriod-secondSlack; step-- {
		if good, err := hotp.ValidateCustom(code, uint64(step), key, secondCode); err == nil && good {
			return step, true
		}
	}
	return 0, false
}

// recoveryCodes makes the codes to print and what is kept of them.
func recoveryCodes() (codes, hashes []string) {
	for range RecoveryCodes {
		code := (NewCode() + NewCode())[:recoveryLength]
		codes = append(codes, code[:4]+"-"+code[4:8]+"-"+code[8:])
		hashes = append(hashes, hashRecovery(code))
	}
	return codes, hashes
}

// hashRecovery is what is kept of a recovery code, however it was typed.
func hashRecovery(code string) string {
	plain := strings.NewReplacer("-", "", " ", "").Replace(strings.ToUpper(code))
	sum := sha256.Sum256([]byte(plain))
	return hex.EncodeToString(sum[:])
}

// secondTry counts wrong codes of a person at one browser.
func secondTry(id term.StaffID, station string) try {
	return try{name: nameAt(station, "second:"+strconv.FormatInt(int64(id), 10)), queue: house}
}

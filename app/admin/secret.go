package admin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"meixu/app/engine/guess"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// cost of argon2id: KiB of memory and passes, in one lane; and the queue in which it waits.
type cost struct {
	memory, passes uint32
	queue          *queue
}

var (
	// fullCost is that of trust.md section 5.
	fullCost = cost{19 * 1024, 2, house}
	// practiceCost is for practice clinics, whose secrets stand on the login page: filling one
	// hashes and checks hundreds.
	practiceCost = cost{64, 1, house}
	// mostCost bounds what a stored hash may ask for.
	mostCost = cost{256 * 1024, 16, nil}
)

const (
	argonLanes = 1
	argonSize  = 32
	saltSize   = 16
)

// PasswordMin is the shortest password, in characters.
const PasswordMin = 10

// queue bounds how many hashes are computed at once and how many wait: a flood of logins must
// not eat the memory or the processor of the clinic's PC.
type queue struct{ seats, waiting chan struct{} }

func newQueue(seats, waiting int) *queue {
	return &queue{make(chan struct{}, seats), make(chan struct{}, waiting)}
}

// Strangers wait in a queue of their own, so that no flood of theirs keeps people from coming
// in at a device that the house knows.
var (
	house     = newQueue(2, 50)
	strangers = newQueue(1, 20)
)

// cost is what a hash of this clinic costs.
func (o *Office) cost() cost {
	if o.Demo {
		return practiceCost
	}
	return fullCost
}

// hash computes the PHC form of a password or PIN. It is slow on purpose and must not run
// inside a write.
func (c cost) hash(ctx context.Context, secret string) (string, error) {
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails
	sum, err := c.argon(ctx, secret, salt)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.passes, argonLanes,
		b64.EncodeToString(salt), b64.EncodeToString(sum)), nil
}

// hashIf is hash, and nothing for no secret.
func (c cost) hashIf(ctx context.Context, secret string) (string, error) {
	if secret == "" {
		return "", nil
	}
	return c.hash(ctx, secret)
}

// dearer is the hash of a password that costs what this clinic's cost by now, where the one that is
// kept costs less; "" where that stays, also while too many wait: the next login tries again.
func (c cost) dearer(ctx context.Context, hash, secret string) string {
	if kept, _, _, ok := parseHash(hash); !ok || kept.memory >= c.memory && kept.passes >= c.passes {
		return ""
	}
	dear, err := c.hash(ctx, secret)
	if err != nil {
		return ""
	}
	return dear
}

// check says whether the secret fits the hash, at the cost the hash names. An empty or foreign
// hash costs as much time as a real one of this clinic and fits nothing, so that unknown
// logins cannot be told from known ones.
func (c cost) check(ctx context.Context, hash, secret string) (bool, error) {
	salt, want := make([]byte, saltSize), []byte(nil)
	if stored, s, sum, ok := parseHash(hash); ok {
		c.memory, c.passes, salt, want = stored.memory, stored.passes, s, sum
	}
	sum, err := c.argon(ctx, secret, salt)
	if err != nil {
		return false, err
	}
	return want != nil && subtle.ConstantTimeCompare(sum, want) == 1, nil
}

// parseHash reads the PHC form.
func parseHash(hash string) (c cost, salt, sum []byte, ok bool) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return c, nil, nil, false
	}
	var version, lanes int
	_, err1 := fmt.Sscanf(parts[2], "v=%d", &version)
	_, err2 := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.passes, &lanes)
	salt, err3 := base64.RawStdEncoding.DecodeString(parts[4])
	sum, err4 := base64.RawStdEncoding.DecodeString(parts[5])
	ok = errors.Join(err1, err2, err3, err4) == nil && version == argon2.Version && lanes == argonLanes && len(sum) == argonSize &&
		c.passes > 0 && c.passes <= mostCost.passes && c.memory <= mostCost.memory
	return c, salt, sum, ok
}

func (c cost) argon(ctx context.Context, secret string, salt []byte) ([]byte, error) {
	select {
	case c.queue.waiting <- struct{}{}:
		defer func() { <-c.queue.waiting }()
	default:
		return nil, &fault.Error{Kind: fault.KindBusy, Key: "admin.login.crowded"}
	}
	select {
	case c.queue.seats <- struct{}{}:
		defer func() { <-c.queue.seats }()
	case <-ctx.Done():
		return nil, &fault.Error{Kind: fault.KindBusy, Key: "fault.busy", Cause: ctx.Err()}
	}
	return argon2.IDKey([]byte(secret), salt, c.passes, c.memory, argonLanes, argonSize), nil
}

// newToken makes an opaque 256-bit token and the hash under which it is kept.
func newToken() (token string, hash []byte) {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails
	token = base64.RawURLEncoding.EncodeToString(raw)
	return token, hashToken(token)
}

func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// NewCode makes a one-time password: 10 letters and digits that cannot be mistaken.
func NewCode() string {
	const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789" // 32 letters: five bits a byte
	raw := make([]byte, 10)
	_, _ = rand.Read(raw) // never fails
	for i, b := range raw {
		raw[i] = alphabet[b&31]
	}
	return string(raw)
}

// checkPassword refuses passwords that are short, or that are guessed first by anybody or by who
// knows whose they are; the sentence says why.
func checkPassword(f *fault.Fields, password string, own guess.Own) {
	if utf8.RuneCountInString(password) < PasswordMin {
		f.Add("password", "admin.password.short", PasswordMin)
		return
	}
	if len(password) > secretMost {
		f.Add("password", "admin.password.long", secretMost)
		return
	}
	if kind := guess.Why(password, own); kind != guess.Fine {
		f.Add("password", "admin.password."+string(kind))
	}
}

// ownOf are the words that a person's password must not be made of.
func (o *Office) ownOf(ctx context.Context, who term.StaffID) (own guess.Own, err error) {
	err = o.DB.Read(ctx, func(r *store.Read) error {
		if own.Clinic, err = r.Setting(SettingClinic); err != nil || who == 0 {
			return err
		}
		s, err := r.Staff(who)
		own.Login, own.Name = s.Login, s.Name
		return err
	})
	return own, fault.FromStore(err, "reading whose password it is")
}

// PINSize is the length of a new PIN, in digits; a shorter one of before still fits.
const PINSize = 6

// checkPIN demands six digits that are no row and no repetition.
func checkPIN(f *fault.Fields, pin string) {
	if len(pin) != PINSize || strings.Trim(pin, "0123456789") != "" {
		f.Add("pin", "admin.pin.shape", PINSize)
		return
	}
	if easyPIN(pin) {
		f.Add("pin", "admin.pin.easy")
	}
}

// easyPIN says that a PIN is a row (234567), one digit, or a part said again (121212, 123123).
func easyPIN(pin string) bool {
	for _, part := range []int{1, 2, 3} {
		if pin == strings.Repeat(pin[:part], PINSize/part) {
			return true
		}
	}
	return strings.Contains("01234567890", pin) || strings.Contains("09876543210", pin)
}

// PracticeHash makes the stored form of a password or PIN that is no secret, as those of practice
// clinics and of tests.
func PracticeHash(ctx context.Context, secret string) (string, error) {
	return practiceCost.hash(ctx, secret)
}

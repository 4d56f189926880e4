package crm

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// TopicIntakes is the live topic of what guests told of themselves.
const TopicIntakes = "intakes"

// A guest tells at most intakeTries times an hour from one address; at most intakesMost wait. What
// nobody took for intakeLife no longer shows to the guest.
const (
	intakeTries = 6
	intakeSpan  = time.Hour
	intakesMost = 200
	intakeLife  = 12 * time.Hour
	intakeKey   = 26 // length of the secret (rand.Text)
	longContact = 120
)

type (
	// Intake is what a guest told.
	Intake = store.Intake
	// Told are the answers of a guest.
	Told = store.Told
)

// IntakeIn is what a guest sends from the own phone.
type IntakeIn struct {
	Secret string
	Peer   string       // address of the guest's phone; "" on a tablet that the desk handed over
	Visit  term.VisitID // of the page that it was filled on; 0: at the counter
	Told   Told
	Agreed bool         // to the notice above the form (REG-PII-01)
	Shape  fault.Fields // what could not be read at all
}

// SettingHello switches the page off on which guests tell of themselves before they have a visit.
const SettingHello = "guest.hello"

// Introduce keeps what a guest tells until the desk takes it. The same form sent twice is one; with
// other words it is refused, because who went back to mend a number would think that it was mended. The
// answer does not tell whether the house knows the person.
func (b *Book) Introduce(ctx context.Context, by access.Actor, in IntakeIn) error {
	if by.Guest.None() {
		by.Guest = access.GuestScope{Kind: "intake", Path: "/hello"}
	}
	t := trimTold(in.Told)
	if len(in.Secret) != intakeKey {
		return fault.NotFound("page")
	}
	hash := sha256.Sum256([]byte(in.Secret))
	known, err := b.Known(ctx, "what a guest told", func(r *store.Read) error {
		n, err := r.IntakeBy(hash[:])
		if err == nil && n.State == store.IntakeWaiting && n.Told != t {
			return fault.Clash("intake.refuse.sent", n.Number)
		}
		return err
	})
	if known || err != nil {
		return err
	}
	if err := in.check(t, b.DB.Now().Day(b.DB.Zone())).Err(); err != nil {
		return err
	}
	if in.Peer != "" && !b.guests.Pass(in.Peer, intakeTries, intakeSpan, b.DB.Now()) {
		return fault.Refuse("B2", "request.refuse.often").Ask(string(access.Reception))
	}
	err = b.Write(ctx, by, access.IntakeGive, func(tx *store.Tx) error {
		return in.keep(tx, store.Intake{Visit: in.Visit, TokenHash: hash[:], Told: t, State: store.IntakeWaiting})
	})
	if _, _, again := fault.Replayed(err); again {
		return nil
	}
	return err
}

// keep writes what was told, where the house takes it: a page that was switched off is still there
// for who has a visit and on the tablet that the desk gives.
func (in IntakeIn) keep(tx *store.Tx, n store.Intake) error {
	set, err := tx.Setting(SettingHello)
	if err != nil {
		return err
	}
	if set == "no" && in.Visit == 0 && in.Peer != "" {
		return fault.Refuse("B2", "request.refuse.off").Ask(string(access.Reception))
	}
	if in.Visit == 0 && in.Peer != "" { // no stranger shuts out whom the desk knows
		if err := room(tx); err != nil {
			return err
		}
	}
	if err := tx.AddIntake(&n); err != nil {
		return err
	}
	tx.Result("intake", int64(n.ID))
	tx.Publish(TopicIntakes)
	return nil
}

// room says whether there is any for what a stranger tells; what nobody took in intakeLife, and shows to
// its guest no longer, makes room.
func room(tx *store.Tx) error {
	n, err := tx.CountIntakes()
	if err != nil || n < intakesMost {
		return err
	}
	oldest, err := tx.Intakes(1)
	if err != nil {
		return err
	}
	if len(oldest) == 0 || tx.Now().Before(oldest[0].CreatedAt.Add(intakeLife)) {
		return fault.Refuse("B2", "intake.refuse.full").Ask(string(access.Reception))
	}
	oldest[0].State, oldest[0].Told = store.IntakeDropped, Told{}
	return tx.SaveIntake(&oldest[0])
}

func trimTold(t Told) Told {
	t.Name, t.Phone = spelled(t.Name), Phone(t.Phone)
	if t.Phone != "" {
		t.NoPhone = ""
	}
	t.WeChat, t.Address = strings.TrimSpace(t.WeChat), strings.TrimSpace(t.Address)
	t.Emergency = store.Contact{Name: spelled(t.Emergency.Name), Relation: spelled(t.Emergency.Relation), Phone: Phone(t.Emergency.Phone)}
	return t
}

// check names every wrong field.
func (in IntakeIn) check(t Told, today term.Day) fault.Fields {
	f := slices.Clone(in.Shape)
	bad := func(wrong bool, field, key string) {
		if wrong {
			f.Add(field, key)
		}
	}
	bad(!goodName(t.Name), "name", "crm.client.name.bad")
	checkPhone(&f, t.Phone, t.NoPhone, t.Birth != "" && t.Birth.Age(today) < Minor)
	bad(!slices.Contains(Genders, t.Gender), "gender", "crm.client.gender.bad")
	bad(t.Birth == "" || today.Before(t.Birth) || t.Birth.Before("1900-01-01"), "birth", "crm.client.birth.bad")
	bad(t.Source != "" && !slices.Contains(Channels, t.Source), "source", "crm.client.source.bad")
	bad(utf8.RuneCountInString(t.WeChat) > longContact, "wechat", "intake.wrong.long")
	bad(utf8.RuneCountInString(t.Address) > longContact, "address", "intake.wrong.long")
	bad(t.Emergency.Phone != "" && !goodPhone(t.Emergency.Phone), "emergency_phone", "crm.phone.bad")
	bad((t.Emergency.Name == "") != (t.Emergency.Phone == ""), "emergency_name", "intake.wrong.emergency")
	bad(!in.Agreed, "agree", "intake.wrong.agree")
	return f
}

// Introduced is the guest's own page: the number and how it stands, no name.
type Introduced struct {
	ID            term.IntakeID
	Number, State string
}

// Introduced reads the page that a secret opens. It needs no login.
func (b *Book) Introduced(ctx context.Context, secret string) (out Introduced, err error) {
	hash := sha256.Sum256([]byte(secret))
	err = b.DB.Read(ctx, func(r *store.Read) error {
		n, err := r.IntakeBy(hash[:])
		if errors.Is(err, store.ErrNotFound) || err == nil && !r.Now().Before(n.CreatedAt.Add(intakeLife)) {
			return fault.NotFound("page")
		}
		out = Introduced{n.ID, n.Number, n.State}
		return err
	})
	return out, fault.FromStore(err, "showing what a guest told")
}

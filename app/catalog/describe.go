package catalog

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Description is what an item is, beside its price and what other rooms derive from its kind
// (form, care guide, products).
type Description struct {
	Item              term.ItemID
	Version           int
	Name, NameEN      string
	Scope             string
	Level             string
	Operator          string
	Minutes           int
	Before, After     int // minutes in which room and device are set up and cleaned (row:A4)
	RoomKind          string
	DeviceKind        string
	Anaesthesia       string
	Sessions          int
	Interval          int // days between two sessions
	Observe           int // minutes before leaving
	Contraindications []string
	RecoveryDays      int // -1: not known yet
	About             store.ItemAbout
	Remark            string
	Shape             fault.Fields // what could not be read
}

// Describe changes what an item is, and makes the actor stand for the words. An item on sale
// stays complete (row:E1).
func (l *List) Describe(ctx context.Context, by access.Actor, in Description) error {
	return l.Write(ctx, by, access.ItemDescribe, func(tx *store.Tx) error {
		i, err := item(tx.Read, in.Item)
		if err != nil {
			return err
		}
		if i.Version != in.Version {
			return store.ErrStale
		}
		in.onto(&i)
		i.DescribedBy = by.Staff
		if err := in.fits(tx.Read, i); err != nil {
			return err
		}
		return keep(tx, &i)
	})
}

// fits names every wrong field at once, and those that an item on sale must not be without.
func (in Description) fits(r *store.Read, i store.Item) error {
	wrong := in.check()
	if i.Enabled {
		wrong = append(wrong, absent(i, wrong)...)
	}
	if err := wrong.Err(); err != nil || !i.Enabled {
		return err
	}
	return offerable(r, i)
}

func (in Description) onto(i *store.Item) {
	i.Name, i.NameEN, i.Scope, i.Level, i.Operator = in.Name, in.NameEN, in.Scope, in.Level, in.Operator
	i.Minutes, i.RoomKind, i.DeviceKind, i.Anaesthesia = in.Minutes, in.RoomKind, in.DeviceKind, in.Anaesthesia
	i.BeforeMinutes, i.AfterMinutes = in.Before, in.After
	i.Sessions, i.IntervalDays, i.ObserveMinutes = in.Sessions, in.Interval, in.Observe
	i.Contraindications, i.RecoveryDays, i.About, i.Remark = in.Contraindications, in.RecoveryDays, in.About, in.Remark
}

// Offer puts an item on sale, when it is complete and the house may perform it.
func (l *List) Offer(ctx context.Context, by access.Actor, id term.ItemID, version int) error {
	return l.Write(ctx, by, access.ItemOffer, func(tx *store.Tx) error {
		i, err := item(tx.Read, id)
		if err != nil {
			return err
		}
		if i.Version != version {
			return store.ErrStale
		}
		if i.Enabled {
			return fault.Clash("catalog.already.on", i.Name)
		}
		if err := offerable(tx.Read, i); err != nil {
			return err
		}
		i.Enabled = true
		return keep(tx, &i)
	})
}

// Withdraw takes an item off sale, with a reason; what was sold or booked stays.
func (l *List) Withdraw(ctx context.Context, by access.Actor, id term.ItemID, version int) error {
	if strings.TrimSpace(by.Reason) == "" {
		var f fault.Fields
		f.Add("_reason", "catalog.withdraw.reason")
		return f.Err()
	}
	return l.Write(ctx, by, access.ItemWithdraw, func(tx *store.Tx) error {
		i, err := item(tx.Read, id)
		if err != nil {
			return err
		}
		if i.Version != version {
			return store.ErrStale
		}
		if !i.Enabled {
			return fault.Clash("catalog.already.off", i.Name)
		}
		i.Enabled = false
		return keep(tx, &i)
	})
}

// Copied is a new item made after another one: same kind, forms, care guide and products.
type Copied struct {
	From             term.ItemID
	Code             string
	Name, NameEN     string
	Price, Low, High term.Fen
	Shape            fault.Fields
}

var itemCode = regexp.MustCompile(`^[A-Z0-9]{2,8}(-[A-Z0-9]{1,8}){0,3}$`)

func (in Copied) check(by access.Actor) error {
	f := in.Shape
	if !itemCode.MatchString(in.Code) {
		f.Add("code", "catalog.wrong.code")
	}
	if strings.TrimSpace(in.Name) == "" {
		f.Add("name", "catalog.wrong.name")
	}
	prices := Price{Price: in.Price, Low: in.Low, High: in.High}
	by.Reason = "-"
	if wrong, ok := fault.FieldsOf(prices.check(by)); ok {
		f = append(f, wrong...)
	}
	return f.Err()
}

// Copy adds an item after another one, not on sale yet: somebody reads and changes its words
// before it is offered.
func (l *List) Copy(ctx context.Context, by access.Actor, in Copied) (id term.ItemID, err error) {
	in.Code = strings.ToUpper(strings.TrimSpace(in.Code))
	if err := in.check(by); err != nil {
		return 0, err
	}
	err = l.Write(ctx, by, access.ItemCopy, func(tx *store.Tx) error {
		i, err := item(tx.Read, in.From)
		if err != nil {
			return err
		}
		if _, err := tx.ItemByCode(in.Code); !errors.Is(err, store.ErrNotFound) {
			var f fault.Fields
			f.Add("code", "catalog.wrong.code.taken")
			return errors.Join(err, f.Err())
		}
		i.ID, i.Version, i.Code, i.Name, i.NameEN = 0, 0, in.Code, in.Name, in.NameEN
		i.PriceFen, i.PriceLowFen, i.PriceHighFen = in.Price, in.Low, in.High
		i.Enabled, i.DescribedBy = false, 0
		if err := tx.AddItem(&i); err != nil {
			return err
		}
		id = i.ID
		tx.Publish("catalog")
		tx.Result("item", int64(id))
		return tx.AddItemPrice(&store.ItemPrice{
			Item: id, PriceFen: in.Price, PriceLowFen: in.Low, PriceHighFen: in.High, ValidFrom: tx.Now(), Reason: "copy", By: by.Staff,
		})
	})
	return id, err
}

func item(r *store.Read, id term.ItemID) (store.Item, error) {
	i, err := r.Item(id)
	if errors.Is(err, store.ErrNotFound) {
		return i, fault.NotFound("item").Because(err)
	}
	return i, err
}

func keep(tx *store.Tx, i *store.Item) error {
	tx.Publish("catalog")
	tx.Result("item", int64(i.ID))
	return tx.SaveItem(i)
}

// Item is one thing on the price list, as pages see it.
type Item = store.Item

// About describes an item in both languages.
type About = store.ItemAbout

// AboutText describes an item in one language.
type AboutText = store.AboutText

// Choices are the kinds of room and device and the anaesthesias that items of this house use,
// and the words of the dictionary of contraindications.
type Choices struct {
	Rooms, Devices, Anaesthesias []string
	Contraindications            []words.Text
}

// Choices reads them from the price list, in its order.
func (l *List) Choices(ctx context.Context, by access.Actor) (c Choices, err error) {
	err = l.Read(ctx, by, access.CatalogView, func(r *store.Read) error {
		items, err := r.Items(false)
		for _, w := range defaults.Contraindications().All() {
			c.Contraindications = append(c.Contraindications, w.Text)
		}
		for _, i := range items {
			c.Rooms = withKind(c.Rooms, i.RoomKind)
			c.Devices = withKind(c.Devices, i.DeviceKind)
			c.Anaesthesias = withKind(c.Anaesthesias, i.Anaesthesia)
		}
		return err
	})
	return c, err
}

// InLanguage is the description in a language; what is not written in English is Chinese.
func InLanguage(about About, lang words.Lang) AboutText {
	text := about.ZH
	text.Suitable = words.Text{ZH: text.Suitable, EN: about.EN.Suitable}.In(lang)
	text.Unsuitable = words.Text{ZH: text.Unsuitable, EN: about.EN.Unsuitable}.In(lang)
	text.Principle = words.Text{ZH: text.Principle, EN: about.EN.Principle}.In(lang)
	text.Recovery = words.Text{ZH: text.Recovery, EN: about.EN.Recovery}.In(lang)
	if lang == words.EN && len(about.EN.Steps) > 0 {
		text.Steps = about.EN.Steps
	}
	return text
}

func withKind(kinds []string, kind string) []string {
	if kind == "" || slices.Contains(kinds, kind) {
		return kinds
	}
	return append(kinds, kind)
}

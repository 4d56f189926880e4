package reception

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// TopicRequests is the live topic of the bookings that guests asked for.
const TopicRequests = "requests"

// A guest asks at most addressTries times an hour from one address. Numbers are not counted: whose
// number it is, is not known before the desk calls it, and who writes another's number must not shut the
// other out. Of one number the first numberShown are shown and the others folded; the answer to the
// guest is the same. At most requestsMost wait at a time: then what nobody vouches for makes room.
const (
	addressTries, addressSpan = 6, time.Hour
	numberShown               = 2
	requestsMost              = 200
	// requestDays is how many days ahead a guest may wish for, as far as free places are looked for.
	requestDays = searchDays
	// secretLen is the length of the secret of a guest's own page (rand.Text).
	secretLen = 26
	longGuest = 40 // characters of a name
)

// Window is a part of the day that a guest may wish for; minutes since midnight.
type Window struct {
	Name     string // morning, afternoon, evening
	From, To int
}

// windows are the parts of a day.
var windows = []Window{{"morning", 0, 12 * 60}, {"afternoon", 12 * 60, 17 * 60}, {"evening", 17 * 60, 24 * 60}}

// wholeDay is the wish for any time of a day; a table of a platform may say no time.
var wholeDay = Window{"day", 0, 24 * 60}

// windowOf is the part of the day that a request asks for.
func windowOf(q store.BookingRequest) Window {
	if q.From == wholeDay.From && q.To == wholeDay.To {
		return wholeDay
	}
	return WindowOf(q.From)
}

// Parts are the parts of a day that can be wished for, the whole one first.
func Parts() []Window { return append([]Window{wholeDay}, windows...) }

// PartOf is the part of the day of these minutes; its name is "" for others.
func PartOf(from, to int) Window {
	for _, w := range Parts() {
		if w.From == from && w.To == to {
			return w
		}
	}
	return Window{"", from, to}
}

// WindowOf is the part of the day that begins at a minute.
func WindowOf(from int) Window {
	for _, w := range windows {
		if w.From == from {
			return w
		}
	}
	return Window{From: from}
}

// RequestIn is what a guest sends. Secret opens the guest's own page afterwards; Peer is the
// address that it comes from.
type RequestIn struct {
	Secret, Peer string
	Name, Phone  string
	Item         term.ItemID // 0: a talk
	Day          term.Day
	From         int // begin of the window
}

// Offer is what guests may ask for: items that are on sale, by category, without any price.
type Offer struct {
	Items []store.Item
	Item  store.Item // the chosen one; ID 0: a talk
	Days  []OfferDay // those with a free place
	Free  bool       // some window of some day is free
}

// OfferDay is one day with its windows and whether each has a free place.
type OfferDay struct {
	Day     term.Day
	Windows []OfferWindow
}

// OfferWindow is a window; Free says that somebody could take the guest then. Who and why not is
// not told.
type OfferWindow struct {
	Window
	Free bool
}

// Offers reads what guests may ask for; with free places of the item when one was chosen. It needs
// no login.
func (d *Desk) Offers(ctx context.Context, chosen bool, item term.ItemID) (o Offer, err error) {
	err = d.DB.Read(store.Remembering(ctx), func(r *store.Read) error {
		if o.Items, err = r.Items(true); err != nil {
			return err
		}
		if !chosen {
			return nil
		}
		if o.Item, err = onSale(o.Items, item); err != nil {
			return err
		}
		m, err := matcherOf(r)
		if err != nil {
			return err
		}
		for n := range requestDays {
			day, some := OfferDay{Day: r.Today().Add(n)}, false
			for _, w := range windows {
				free := m.suits(day.Day, w, o.Item)
				day.Windows = append(day.Windows, OfferWindow{w, free})
				some = some || free
			}
			if some {
				o.Days, o.Free = append(o.Days, day), true
			}
		}
		return nil
	})
	return o, fault.FromStore(err, "showing what guests may ask for")
}

// onSale is the item when it may be sold.
func onSale(items []store.Item, id term.ItemID) (store.Item, error) {
	if id == 0 {
		return store.Item{}, nil
	}
	at := slices.IndexFunc(items, func(i store.Item) bool { return i.ID == id })
	if at < 0 {
		var bad fault.Fields
		bad.Add("item", "request.wrong.item")
		return store.Item{}, bad.Err()
	}
	return items[at], nil
}

// suits says that a window of a day has a free place for the item.
func (m *matcher) suits(day term.Day, w Window, item store.Item) bool {
	want := store.Wait{Item: item.ID, FromDay: day, ToDay: day, From: w.From, To: w.To, Minutes: lasts(item)}
	for _, staff := range m.candidates(want, item) {
		if len(m.onDay(want, item, staff, day, 1)) > 0 {
			return true
		}
	}
	return false
}

// same says that a request which was kept is what the form asks for.
func (in RequestIn) same(q store.BookingRequest) bool {
	return in.Name == q.Name && in.Phone == q.Phone && in.Item == q.Item && in.Day == q.Day && in.From == q.From
}

// Ask keeps what a guest wishes; nothing is booked. The same form sent twice is one request; with
// another wish it is refused, because who went back to change it would think that it was changed.
func (d *Desk) Ask(ctx context.Context, by access.Actor, in RequestIn) error {
	by.Guest = access.GuestScope{Kind: "booking", Path: "/book"}
	in.Name, in.Phone = term.PersonName(in.Name), term.NormalPhone(in.Phone)
	if err := in.check(); err != nil {
		return err
	}
	hash := sha256.Sum256([]byte(in.Secret))
	asked, err := d.Known(ctx, "a request", func(r *store.Read) error {
		q, err := r.BookingRequestBy(hash[:])
		if err == nil && q.State == store.RequestWaiting && !in.same(q) {
			return fault.Clash("request.refuse.sent", q.Number)
		}
		return err
	})
	if asked || err != nil {
		return err
	}
	item, err := d.offered(ctx, in)
	if err != nil {
		return err
	}
	now := d.DB.Now()
	if !d.requests.Pass(in.Peer, addressTries, addressSpan, now) {
		return fault.Refuse("A9", "request.refuse.often").Ask(string(access.Reception))
	}
	err = d.Write(ctx, by, access.RequestMake, func(tx *store.Tx) error {
		if err := makeRoom(tx, by); err != nil {
			return err
		}
		w := WindowOf(in.From)
		q := store.BookingRequest{
			Item: item.ID, TokenHash: hash[:], Name: in.Name, Phone: in.Phone, Day: in.Day, From: w.From, To: w.To, Minutes: lasts(item),
			State: store.RequestWaiting,
		}
		if err := tx.AddBookingRequest(&q); err != nil {
			return err
		}
		tx.Result("booking_request", int64(q.ID))
		tx.Publish(TopicRequests)
		return nil
	})
	if _, _, again := fault.Replayed(err); again {
		return nil
	}
	return err
}

// check names what is wrong with the shape of what was typed.
func (in RequestIn) check() error {
	var bad fault.Fields
	if utf8.RuneCountInString(in.Name) > longGuest || !term.Called(in.Name) {
		bad.Add("name", "request.wrong.name")
	}
	if !term.GoodPhone(in.Phone) {
		bad.Add("phone", "request.wrong.phone")
	}
	if in.Day == "" {
		bad.Add("at", "request.wrong.at")
	}
	if len(in.Secret) != secretLen {
		return fault.NotFound("page")
	}
	return bad.Err()
}

// offered is the item that was asked for; item and window must be such as guests are offered. It is
// looked for on a snapshot: a request holds no place.
func (d *Desk) offered(ctx context.Context, in RequestIn) (item store.Item, err error) {
	err = d.DB.Read(store.Remembering(ctx), func(r *store.Read) error {
		if err := bookOpen(r); err != nil {
			return err
		}
		items, err := r.Items(true)
		if err != nil {
			return err
		}
		if item, err = onSale(items, in.Item); err != nil {
			return err
		}
		m, err := matcherOf(r)
		if err != nil {
			return err
		}
		w := WindowOf(in.From)
		if in.Day < r.Today() || r.Today().Add(requestDays) <= in.Day || w.Name == "" || !m.suits(in.Day, w, item) {
			var bad fault.Fields
			bad.Add("at", "request.wrong.gone")
			return bad.Err()
		}
		return nil
	})
	return item, fault.FromStore(err, "looking for what a guest asked for")
}

// Asked is what the guest's own page shows: number, day, window and how it stands; no name, no
// phone, no item.
type Asked struct {
	Number string
	Day    term.Day
	Window Window
	State  string
	Start  term.Instant // when it was accepted
	News   int64        // newest event when it was read
}

// askedLife is how long the page stays after the day that was wished for.
const askedLife = 24 * time.Hour

// Asked reads the page that a secret opens. It needs no login.
func (d *Desk) Asked(ctx context.Context, secret string) (a Asked, err error) {
	hash, news := sha256.Sum256([]byte(secret)), d.Hub.Newest()
	err = d.DB.Read(ctx, func(r *store.Read) error {
		q, err := r.BookingRequestBy(hash[:])
		if errors.Is(err, store.ErrNotFound) {
			return fault.NotFound("page").Because(err)
		}
		if err != nil {
			return err
		}
		a = Asked{Number: q.Number, Day: q.Day, Window: windowOf(q), State: q.State, News: news}
		ends := q.Day.End(r.Zone())
		if q.Appointment != 0 {
			booked, err := r.Appointment(q.Appointment)
			if err != nil {
				return err
			}
			a.Start, ends = booked.StartsAt, booked.EndsAt
			if !living(booked) {
				a.State = store.RequestDeclined
			}
		}
		if ends.Add(askedLife).Before(r.Now()) {
			return fault.NotFound("page")
		}
		return nil
	})
	return a, fault.FromStore(err, "showing a guest's own request")
}

// requestNote is the note of a booking that a guest asked for.
func requestNote(lang words.Lang, number string) string { return lang.T("request.note", number) }

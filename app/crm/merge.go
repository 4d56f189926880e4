package crm

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// UndoWithin is how long a merge can be taken back (row:C3).
const UndoWithin = store.MergeUndoWithin

// Merge is two files of one person: From is given up, everything of it goes to Into.
type Merge struct {
	Into, From term.ClientID
	// IntoVersion and FromVersion are what the page showed.
	IntoVersion, FromVersion int
	// Take names the fields whose value comes from the file that is given up.
	Take   []string
	Reason string
}

// MergeFields are the data that are chosen one by one, in the order of the page. Red words are
// not among them: both files' stand at once.
var MergeFields = []string{
	"name", "phone", "gender", "birth", "document", "wechat", "address", "emergency", "guardian", "need", "consultant", "tier", "source", "face",
}

// copyField takes one field over.
func copyField(into *store.Client, from store.Client, field string) {
	switch field {
	case "name":
		into.Name = from.Name
	case "phone":
		into.Phone, into.NoPhone = from.Phone, from.NoPhone
	case "gender":
		into.Gender = from.Gender
	case "birth":
		into.Birth = from.Birth
	case "document":
		into.IDKind, into.IDNumber, into.IDCheckedAt, into.IDCheckedBy = from.IDKind, from.IDNumber, from.IDCheckedAt, from.IDCheckedBy
	case "wechat":
		into.WeChat = from.WeChat
	case "address":
		into.Address = from.Address
	case "emergency":
		into.Emergency = from.Emergency
	case "guardian":
		into.Guardian = from.Guardian
	case "need":
		into.Need = from.Need
	case "consultant":
		into.Consultant = from.Consultant
	case "tier":
		into.Tier = from.Tier
	case "source":
		into.Source = from.Source
	case "face":
		into.Face = from.Face
	}
}

// SameField says that both files hold the same, whatever the page masks.
func SameField(a, b store.Client, field string) bool {
	c := a
	copyField(&c, b, field)
	return reflect.DeepEqual(a, c)
}

// wed is the surviving file as the merge makes it: the chosen fields, the union of the red words,
// blocked when either was.
func wed(into, from store.Client, take []string) store.Client {
	for _, field := range take {
		copyField(&into, from, field)
	}
	into.Allergies, into.Alerts = union(into.Allergies, from.Allergies), union(into.Alerts, from.Alerts)
	if from.State == "blocked" {
		into.State = "blocked"
	}
	if into.Former.Number == "" && into.Former.Note == "" {
		into.Former.Number, into.Former.Note = from.Former.Number, from.Former.Note
	}
	return into
}

// union joins two lists of words, each word once.
func union(a, b []string) []string {
	list := slices.Clone(a)
	for _, word := range b {
		if !slices.ContainsFunc(list, func(have string) bool { return strings.EqualFold(have, word) }) {
			list = append(list, word)
		}
	}
	return list
}

// Merge joins two files of one person (client.merge): visits, papers, photos, money, sessions,
// messages, everything. Within 30 days it can be taken back exactly.
func (b *Book) Merge(ctx context.Context, by access.Actor, in Merge) error {
	in.Reason = strings.TrimSpace(in.Reason)
	if err := in.check(); err != nil {
		return err
	}
	by.Reason = in.Reason
	return b.WriteOn(ctx, by, access.ClientMerge, clientRef(in.Into), func(tx *store.Tx) error {
		into, from, err := pair(tx.Read, in)
		if err != nil {
			return err
		}
		whole := wed(into, from, in.Take)
		m := store.Merge{
			Client: into.ID, From: from.ID, At: tx.Now(), By: by.Staff, Reason: in.Reason, Red: store.Red{Allergies: whole.Allergies, Alerts: whole.Alerts},
		}
		if m.Points, err = tx.PointsOf(into.ID); err != nil {
			return err
		}
		if m.FromPoints, err = tx.PointsOf(from.ID); err != nil {
			return err
		}
		w := store.Wedding{Merge: &m, Into: &whole}
		if err := tied(tx, &w); err != nil {
			return err
		}
		if err := raisedTo(tx.Read, &whole, from.ID); err != nil {
			return err
		}
		if err := tx.MergeClients(w); err != nil {
			return err
		}
		if err := recount(tx, into.ID, from.ID); err != nil {
			return err
		}
		tx.Publish(live.Board)
		tx.Result("client", int64(into.ID))
		b.keepMerged(tx, whole, from)
		return nil
	})
}

func (in Merge) check() error {
	var f fault.Fields
	if in.Reason == "" {
		f.Add("reason", "client.reason.missing")
	}
	for _, field := range in.Take {
		if !slices.Contains(MergeFields, field) {
			f.Add("reason", "kit.bad.choice")
		}
	}
	return f.Err()
}

// pair reads the two files and refuses what must not be joined.
func pair(r *store.Read, in Merge) (into, from store.Client, err error) {
	if into, err = client(r, in.Into); err != nil {
		return into, from, err
	}
	if from, err = client(r, in.From); err != nil {
		return into, from, err
	}
	switch {
	case in.Into == in.From:
		return into, from, fault.Clash("crm.merge.same")
	case into.State == "merged" || from.State == "merged" || into.Voided() || from.Voided():
		return into, from, fault.Clash("crm.merge.gone")
	case in.IntoVersion != into.Version || in.FromVersion != from.Version:
		return into, from, store.ErrStale
	}
	open, err := r.OpenVisitsAmong([]term.ClientID{in.Into, in.From})
	if err == nil && len(open) == 2 {
		err = fault.Refuse("REG-EMR-06", "crm.merge.visits").Ask("reception")
	}
	return into, from, err
}

// tied settles what both files may have only once: consents and the choice of messages. The later
// word counts, and a no to messages counts always.
func tied(tx *store.Tx, w *store.Wedding) error {
	w.Keep, w.Change = map[string][]int64{}, map[string][]int64{}
	with, err := consentsOf(tx.Read, w)
	if err != nil {
		return err
	}
	if w.Keep["client_tags"], err = tx.SharedTags(w.Merge.From, w.Merge.Client); err != nil {
		return err
	}
	choice, err := choiceOf(tx.Read, w)
	if err != nil {
		return err
	}
	w.Apply = func() error {
		for i := range with {
			if err := tx.SaveConsent(&with[i]); err != nil {
				return err
			}
		}
		if choice == nil {
			return nil
		}
		return tx.SaveContactChoice(choice)
	}
	return nil
}

// consentsOf leaves consents behind that the survivor has too, and lists those of the survivor
// that end because the person took the same consent back later in the other file.
func consentsOf(r *store.Read, w *store.Wedding) (ended []store.Consent, err error) {
	ours, err := r.ConsentHistory(w.Merge.Client)
	if err != nil {
		return nil, err
	}
	theirs, err := r.ConsentHistory(w.Merge.From)
	if err != nil {
		return nil, err
	}
	for _, t := range theirs {
		for _, o := range ours {
			if t.Purpose != o.Purpose {
				continue
			}
			switch open, other := t.WithdrawnAt.IsZero(), o.WithdrawnAt.IsZero(); {
			case open && (other || o.WithdrawnAt.After(t.GivenAt)):
				w.Keep["client_consents"] = append(w.Keep["client_consents"], t.ID)
			case !open && other && t.WithdrawnAt.After(o.GivenAt) && !slices.Contains(w.Change["client_consents"], o.ID):
				o.WithdrawnAt, o.WithdrawnBy, o.WithdrawReason = t.WithdrawnAt, t.WithdrawnBy, t.WithdrawReason
				ended = append(ended, o)
				w.Change["client_consents"] = append(w.Change["client_consents"], o.ID)
			}
		}
	}
	return ended, nil
}

// choiceOf is the survivor's choice of messages as it becomes, when both files have one.
func choiceOf(r *store.Read, w *store.Wedding) (*store.ContactChoice, error) {
	theirs, err := r.ContactChoice(w.Merge.From)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	ours, err := r.ContactChoice(w.Merge.Client)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	ours.Phone = w.Into.Phone
	ours.NoMarketing, ours.NoService = ours.NoMarketing || theirs.NoMarketing, ours.NoService || theirs.NoService
	w.Keep["contact_choices"] = []int64{theirs.ID}
	w.Change["contact_choices"] = []int64{ours.ID}
	return &ours, nil
}

// keepMerged lets the finder lead from the former name, phone and number to the file that stayed.
func (b *Book) keepMerged(tx *store.Tx, into, from store.Client) {
	b.Keep(tx, into)
	former := personOf(from)
	former.Into = into.ID
	tx.After(func() { b.Finder.Put(former) })
}

// Split takes a merge back (client.split), within 30 days.
type Split struct {
	Merge  int64
	Into   term.ClientID // the file that stayed, on whose page the merge was shown
	Reason string
}

// Split gives both files back what was theirs. What was written since stays with the file that stayed,
// but what belongs to a row that goes back goes with it; its page lists both beforehand. Points are made
// even (evened), and what must fail nobody, red words and a no to messages, both have (guarded).
func (b *Book) Split(ctx context.Context, by access.Actor, in Split) (into term.ClientID, err error) {
	if in.Reason = strings.TrimSpace(in.Reason); in.Reason == "" {
		var f fault.Fields
		f.Add("reason", "client.reason.missing")
		return 0, f.Err()
	}
	by.Reason = in.Reason
	err = b.Write(ctx, by, access.ClientMerge, func(tx *store.Tx) error {
		m, err := tx.Merge(in.Merge)
		if errors.Is(err, store.ErrNotFound) || err == nil && m.Client != in.Into {
			return fault.NotFound("client")
		}
		if err != nil {
			return err
		}
		into = m.Client
		if err := maySplit(tx.Read, m); err != nil {
			return err
		}
		m.UndoneAt, m.UndoneBy, m.UndoReason = tx.Now(), by.Staff, in.Reason
		guard, err := guardOf(tx.Read, m)
		if err != nil {
			return err
		}
		if err := tx.SplitClients(&m); err != nil {
			return err
		}
		if err := guard.keep(tx, m); err != nil {
			return err
		}
		if err := partPoints(tx, m); err != nil {
			return err
		}
		if err := recount(tx, m.Client, m.From); err != nil {
			return err
		}
		tx.Publish(live.Board)
		tx.Result("client", int64(m.Client))
		return b.keepBoth(tx, m)
	})
	return into, err
}

// maySplit: within 30 days, the last merge first.
func maySplit(r *store.Read, m store.Merge) error {
	if !m.UndoneAt.IsZero() {
		return fault.Clash("crm.split.done")
	}
	if r.Now().After(m.At.Add(UndoWithin)) {
		return fault.Refuse("REG-EMR-06", "crm.split.late").Ask("owner")
	}
	if _, err := r.MergeOf(m.Client); !errors.Is(err, store.ErrNotFound) {
		if err == nil {
			err = fault.Clash("crm.split.first")
		}
		return err
	}
	later, err := r.MergesInto(m.Client)
	if err == nil && len(later) > 0 && later[0].ID != m.ID {
		err = fault.Clash("crm.split.first")
	}
	return err
}

func (b *Book) keepBoth(tx *store.Tx, m store.Merge) error {
	for _, id := range []term.ClientID{m.Client, m.From} {
		c, err := tx.Client(id)
		if err != nil {
			return err
		}
		b.Keep(tx, c)
	}
	return nil
}

package crm

import (
	"context"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/banner"
	"meixu/store"
	"meixu/store/term"
)

// MergeSheet is what the page of a merge shows.
type MergeSheet struct {
	Banner     *banner.View
	Into, From store.Client // From has ID 0 until it is chosen
	Names      map[term.StaffID]string
	Counts     []Count // what would move
	Likely     []Found // files that are probably the same person's
	Unknown    bool    // nobody has the number that was typed
	Done       []Merged
}

// Count is how many rows of a table there are.
type Count struct {
	Table string
	N     int
}

// Merged is a merge that stands.
type Merged struct {
	store.Merge
	Number string // of the file that was given up
	Until  term.Instant
	Over   bool // it cannot be taken back any more
	Parting
}

// AskMerge says which two files are compared: the other one by id or by its member number.
type AskMerge struct {
	Into, From term.ClientID
	Number     string
}

// MergeSheet compares two files side by side (client.merge).
func (b *Book) MergeSheet(ctx context.Context, by access.Actor, ask AskMerge) (s MergeSheet, err error) {
	err = b.View(ctx, by, access.ClientMerge, ask.Into, func(r *store.Read) error {
		if s.Into, err = client(r, ask.Into); err != nil {
			return err
		}
		if s.Banner, err = banner.Of(r, by, s.Into.ID); err != nil {
			return err
		}
		if err := b.other(r, ask, &s); err != nil {
			return err
		}
		if s.Names, err = r.StaffNames(); err != nil {
			return err
		}
		twins, err := b.twins(r, NewClient{Name: s.Into.Name, Phone: s.Into.Phone, Birth: s.Into.Birth})
		for _, c := range twins {
			if c.ID != s.Into.ID && findable(c) {
				s.Likely = append(s.Likely, found(personOf(c)))
			}
		}
		if err != nil {
			return err
		}
		return b.done(r, &s)
	})
	return s, err
}

// other reads the file that would be given up.
func (b *Book) other(r *store.Read, ask AskMerge, s *MergeSheet) (err error) {
	if number := strings.ToUpper(strings.TrimSpace(ask.Number)); number != "" {
		s.Unknown = true
		for _, p := range b.Finder.Search(number, foundAtOnce) {
			if p.Number == number {
				ask.From, s.Unknown = p.ID, false
			}
		}
	}
	if ask.From == 0 || ask.From == ask.Into {
		return nil
	}
	if s.From, err = client(r, ask.From); err != nil {
		return err
	}
	rows, err := r.Standing(ask.From, term.Instant{})
	s.Counts = counts(rows)
	return err
}

func (b *Book) done(r *store.Read, s *MergeSheet) error {
	merges, err := r.MergesInto(s.Into.ID)
	if err != nil {
		return err
	}
	for _, m := range merges {
		from, err := r.Client(m.From)
		if err != nil {
			return err
		}
		d := Merged{Merge: m, Number: from.Number, Until: m.At.Add(UndoWithin)}
		d.Over = r.Now().After(d.Until)
		if d.Parting, err = partingOf(r, m); err != nil {
			return err
		}
		s.Done = append(s.Done, d)
	}
	return nil
}

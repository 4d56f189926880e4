package crm

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/engine/rfm"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Rule says who belongs to a segment.
type Rule = store.SegmentRule

// Choices of the segment builder, as the schema knows them.
var (
	Tiers  = tiers
	Stages = []string{store.StageProspect, store.StageNew, store.StageActive, store.StageSleeping, store.StageLost}
)

// SegmentLine is one client of a segment with what is counted of her and why she is where she is.
type SegmentLine struct {
	store.Figures
	Name, Number, Phone string // the phone masked
	Tier                string
	Consultant          string
	Away                int // whole days since the last visit; -1: never came
	Asked               bool
	Spans               []words.Text // that the scores rest on: how recent, how often, how much
}

// Reason is the words key of the RFM group: what the client is worth to the house, and why.
func (l SegmentLine) Reason() string { return "crm.rfm." + l.Group() }

// SegmentView is the builder: the rule, how many belong to it now, and a page of them.
type SegmentView struct {
	Rule        Rule
	Total       int
	Lines       []SegmentLine
	Saved       []store.Segment
	Tags        []store.Tag
	Consultants []store.Staff
}

// Segment counts and lists who belongs to a rule now; the count is that of the lines, page by page.
func (b *Book) Segment(ctx context.Context, by access.Actor, rule Rule, page Page) (v SegmentView, err error) {
	err = b.Read(ctx, by, access.SegmentView, func(r *store.Read) error {
		v, err = segmentView(r, rule, page)
		return err
	})
	return v, err
}

func segmentView(r *store.Read, rule Rule, page Page) (v SegmentView, err error) {
	v.Rule = rule
	if v.Total, err = r.CountSegment(rule); err != nil {
		return v, err
	}
	var list []store.Figures
	if v.Total > 0 {
		if list, err = r.InSegment(rule, store.SegmentPage{Limit: page.Size, Offset: page.Offset, Total: v.Total}); err != nil {
			return v, err
		}
	}
	if v.Lines, err = segmentLines(r, list); err != nil {
		return v, err
	}
	if v.Saved, err = r.Segments(); err != nil {
		return v, err
	}
	if v.Tags, err = r.Tags(); err != nil {
		return v, err
	}
	v.Consultants, err = r.StaffWithRole(string(access.Consultant))
	return v, err
}

// segmentLines joins what is counted with names, read at once.
func segmentLines(r *store.Read, list []store.Figures) ([]SegmentLine, error) {
	ids := make([]term.ClientID, len(list))
	for i, f := range list {
		ids[i] = f.Client
	}
	clients, err := r.ClientsIn(ids)
	if err != nil {
		return nil, err
	}
	staff, err := r.StaffNames()
	lines := make([]SegmentLine, 0, len(list))
	for _, f := range list {
		c := clients[f.Client]
		line := SegmentLine{
			Figures: f, Name: c.Name, Number: c.Number, Phone: term.MaskPhone(c.Phone), Tier: c.Tier, Consultant: staff[c.Consultant], Away: -1,
			Spans: rfm.Spans(f, r.Now()),
		}
		if !f.Last.IsZero() {
			line.Away = daysSince(r, f.Last)
		}
		lines = append(lines, line)
	}
	return lines, err
}

// SegmentRows gives everybody of a rule, for the file that leaves the house.
func (b *Book) SegmentRows(ctx context.Context, by access.Actor, rule Rule, put func(SegmentLine) error) error {
	page := store.SegmentPage{Limit: countedAtOnce / 10}
	for {
		var lines []SegmentLine
		if err := b.Read(ctx, by, access.SegmentView, func(r *store.Read) error {
			list, err := r.InSegment(rule, page)
			if err != nil {
				return err
			}
			lines, err = segmentLines(r, list)
			return err
		}); err != nil {
			return err
		}
		for _, l := range lines {
			if err := put(l); err != nil {
				return err
			}
		}
		if len(lines) < page.Limit {
			return nil
		}
		page.After = &lines[len(lines)-1].Figures
	}
}

// nameMost is how long the name of a segment or a tag may be.
const nameMost = 30

func checkWord(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	var bad fault.Fields
	if n := utf8.RuneCountInString(name); n == 0 || n > nameMost {
		bad.Add("name", "crm.segment.bad.name", nameMost)
	}
	return name, bad.Err()
}

// sane says that a rule is one that the builder can make: choices that there are, no number below zero,
// no span longer than a life.
func sane(r Rule) bool {
	known := func(list, all []string) bool {
		return !slices.ContainsFunc(list, func(s string) bool { return !slices.Contains(all, s) })
	}
	least := min(int64(r.SpentMin), int64(r.SpentMax), int64(r.YearMin), int64(r.VisitsMin), int64(r.Away), int64(r.Within),
		int64(r.RMax), int64(r.FMin), int64(r.MMin), int64(r.Consultant), r.Tag)
	return known(r.Tiers, Tiers) && known(r.Stages, Stages) && known(r.Sources, Channels) && least >= 0 &&
		max(r.Away, r.Within) <= lifeDays && max(r.RMax, r.FMin, r.MMin) <= topScore
}

const (
	lifeDays = 120 * yearDays
	topScore = 5
)

// SaveSegment saves a rule under a name; a name that stands gets the new rule.
func (b *Book) SaveSegment(ctx context.Context, by access.Actor, name string, rule Rule) error {
	name, err := checkWord(name)
	if err != nil {
		return err
	}
	if !sane(rule) {
		var bad fault.Fields
		bad.Add("name", "crm.segment.bad.rule")
		return bad.Err()
	}
	return b.Write(ctx, by, access.SegmentSave, func(tx *store.Tx) error {
		all, err := tx.Segments()
		if err != nil {
			return err
		}
		tx.Result("segment", 0)
		for _, s := range all {
			if s.Name == name {
				s.Rule, s.Staff = rule, by.Staff
				return tx.SaveSegment(&s)
			}
		}
		return tx.AddSegment(&store.Segment{Name: name, Rule: rule, Staff: by.Staff})
	})
}

// RetireSegment takes a saved segment out of the list.
func (b *Book) RetireSegment(ctx context.Context, by access.Actor, id int64) error {
	return b.Write(ctx, by, access.SegmentSave, func(tx *store.Tx) error {
		s, err := tx.Segment(id)
		if errors.Is(err, store.ErrNotFound) || err == nil && !s.RetiredAt.IsZero() {
			return fault.NotFound("segment").Because(err)
		}
		if err != nil {
			return err
		}
		tx.Result("segment", 0)
		s.RetiredAt = tx.Now()
		return tx.SaveSegment(&s)
	})
}

// Churn lists who had money in the house and stays away, who spent most first; consultants see their own.
func (b *Book) Churn(ctx context.Context, by access.Actor, page Page) (v SegmentView, err error) {
	err = b.Read(ctx, by, access.ChurnView, func(r *store.Read) error {
		rule := Rule{Stages: []string{store.StageSleeping, store.StageLost}, Away: activeDays, SpentMin: 1}
		if !by.May(access.SegmentView) {
			rule.Consultant = by.Staff
		}
		if v, err = segmentView(r, rule, page); err != nil {
			return err
		}
		ids := make([]term.ClientID, len(v.Lines))
		for i, l := range v.Lines {
			ids[i] = l.Client
		}
		asked, err := r.OpenTasksAbout("churn", ids)
		for i := range v.Lines {
			v.Lines[i].Asked = asked[v.Lines[i].Client]
		}
		return err
	})
	return v, err
}

// AskBack asks the client's consultant to call; consultants ask for their own clients only.
func (b *Book) AskBack(ctx context.Context, by access.Actor, id term.ClientID) error {
	return b.WriteOn(ctx, by, access.ChurnAsk, store.Subject{Noun: "client", ID: int64(id)}, func(tx *store.Tx) error {
		c, err := deed.Standing(tx.Read, id)
		if err != nil {
			return err
		}
		if !by.May(access.SegmentView) && c.Consultant != by.Staff {
			return fault.NotFound("client")
		}
		f, err := tx.FiguresOf(id)
		if err != nil {
			return err
		}
		if f.Last.IsZero() {
			return fault.Refuse("row:C5", "crm.churn.never").Ask("manager")
		}
		if away := daysSince(tx.Read, f.Last); away < activeDays {
			return fault.Refuse("row:C5", "crm.churn.here", away, activeDays)
		}
		tx.Result("churn", 0)
		return askBack(tx, f)
	})
}

// AddTag adds a word of the house that may be put on clients.
func (b *Book) AddTag(ctx context.Context, by access.Actor, name string) error {
	name, err := checkWord(name)
	if err != nil {
		return err
	}
	return b.Write(ctx, by, access.TagAdd, func(tx *store.Tx) error {
		tx.Result("segment", 0)
		return tx.AddTag(&store.Tag{Name: name})
	})
}

// TagClient puts a tag on a client, or takes it off.
func (b *Book) TagClient(ctx context.Context, by access.Actor, id term.ClientID, tag int64, on bool) error {
	return b.WriteOn(ctx, by, access.ClientTag, store.Subject{Noun: "client", ID: int64(id)}, func(tx *store.Tx) error {
		if _, err := deed.Standing(tx.Read, id); err != nil {
			return err
		}
		all, err := tx.Tags()
		if err != nil {
			return err
		}
		tx.Result("client", int64(id))
		for _, t := range all {
			if t.ID == tag {
				return tx.TagClient(id, tag, on)
			}
		}
		var bad fault.Fields
		bad.Add("tag", "crm.tag.bad")
		return bad.Err()
	})
}

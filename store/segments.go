package store

import (
	"encoding/json"
	"slices"
	"strings"

	"meixu/store/term"
)

// SegmentRule says who belongs to a segment; what is zero asks for nothing.
type SegmentRule struct {
	Tiers      []string     `json:"tiers,omitempty"`
	Stages     []string     `json:"stages,omitempty"`
	Sources    []string     `json:"sources,omitempty"`
	Gender     string       `json:"gender,omitempty"`
	Consultant term.StaffID `json:"consultant,omitempty"`
	Tag        int64        `json:"tag,omitempty"`
	SpentMin   term.Fen     `json:"spent_min,omitempty"` // in all
	SpentMax   term.Fen     `json:"spent_max,omitempty"`
	YearMin    term.Fen     `json:"year_min,omitempty"` // in the last 365 days
	VisitsMin  int          `json:"visits_min,omitempty"`
	Away       int          `json:"away,omitempty"`   // came before, but not for so many days
	Within     int          `json:"within,omitempty"` // came within so many days
	RMax       int          `json:"r_max,omitempty"`  // scores of the night
	FMin       int          `json:"f_min,omitempty"`
	MMin       int          `json:"m_min,omitempty"`
	Marketing  bool         `json:"marketing,omitempty"` // agreed to be written to, and did not take it back
}

// segmentWhere is the one condition of a segment: its count and its rows both come of it.
func (r *Read) segmentWhere(s SegmentRule) (w where, err error) {
	lists := make([]string, 3)
	for i, list := range [][]string{s.Tiers, s.Stages, s.Sources} {
		text, err := json.Marshal(list)
		if err != nil {
			return w, err
		}
		lists[i] = string(text)
	}
	daysAgo := func(days int) term.Instant { return r.Today().Add(-days).Start(r.Zone()) }
	if s.onlyFigures() { // no file is read; those that are not open any more are few
		w.and("f.id NOT IN (SELECT c.id FROM clients c WHERE c.state <> 'active' OR c.voided_at IS NOT NULL)")
	} else {
		w.and("c.state = 'active' AND c.voided_at IS NULL")
	}
	w.when(len(s.Tiers) > 0, "c.tier IN (SELECT value FROM json_each(?))", lists[0])
	w.when(len(s.Stages) > 0, "f.stage IN (SELECT value FROM json_each(?))", lists[1])
	w.when(len(s.Sources) > 0, "c.source IN (SELECT value FROM json_each(?))", lists[2])
	w.when(s.Gender != "", "c.gender = ?", s.Gender)
	w.when(s.Consultant != 0, "c.consultant_id = ?", s.Consultant)
	w.when(s.Tag != 0, "EXISTS (SELECT 1 FROM client_tags t WHERE t.client_id = c.id AND t.tag_id = ? AND t.ended_at IS NULL)", s.Tag)
	w.when(s.SpentMin > 0, "f.spent_fen >= ?", s.SpentMin)
	w.when(s.SpentMax > 0, "f.spent_fen <= ?", s.SpentMax)
	w.when(s.YearMin > 0, "f.year_fen >= ?", s.YearMin)
	w.when(s.VisitsMin > 0, "f.visits >= ?", s.VisitsMin)
	w.when(s.Away > 0, "f.last_at < ?", daysAgo(s.Away))
	w.when(s.Within > 0, "f.last_at >= ?", daysAgo(s.Within))
	w.when(s.RMax > 0, "f.r BETWEEN 1 AND ?", s.RMax)
	w.when(s.FMin > 0, "f.f >= ?", s.FMin)
	w.when(s.MMin > 0, "f.m >= ?", s.MMin)
	w.when(s.Marketing, `EXISTS (SELECT 1 FROM client_consents k WHERE k.client_id = c.id AND k.purpose = 'marketing' AND k.withdrawn_at IS NULL)
		AND NOT EXISTS (SELECT 1 FROM contact_choices n WHERE n.phone_index = c.phone_index AND n.no_marketing = 1)
		AND NOT EXISTS (SELECT 1 FROM contact_choices o WHERE o.client_id = c.id AND o.no_marketing = 1)`)
	return w, nil
}

// onlyFigures says that the rule asks for nothing but what is counted of a client.
func (s SegmentRule) onlyFigures() bool {
	return len(s.Tiers)+len(s.Sources) == 0 && s.Gender == "" && s.Consultant == 0 && s.Tag == 0 && !s.Marketing
}

// from joins figures and files, beginning where an index finds fewest: at the files of a tier or a
// consultant, else at the figures, which suffice for a rule that asks for nothing else. The planner knows no sizes and would read all files.
func (s SegmentRule) from() string {
	if s.onlyFigures() {
		return "client_figures f"
	}
	if s.Consultant != 0 || len(s.Tiers) > 0 && !slices.Contains(s.Tiers, "normal") {
		return "clients c CROSS JOIN client_figures f ON f.id = c.id"
	}
	return "client_figures f CROSS JOIN clients c ON c.id = f.id"
}

// CountSegment counts who belongs to a segment now.
func (r *Read) CountSegment(s SegmentRule) (int, error) {
	query, args, err := r.countingSegment(s)
	if err != nil {
		return 0, err
	}
	return one(r, value[int], query, args...)
}

func (r *Read) countingSegment(s SegmentRule) (string, []any, error) {
	w, err := r.segmentWhere(s)
	return `SELECT count(*) FROM ` + s.from() + w.sql(), w.args, err
}

// SegmentPage is a window of a segment; After gives what follows that line, for lists that are read whole.
type SegmentPage struct {
	Limit, Offset int
	After         *Figures
	// Total is how many there are, where that is known: few are found first and then put in order, of
	// many the best are looked for in their order.
	Total int
}

// fewInSegment is how many are put in order rather than looked for in their order.
const fewInSegment = 5000

// InSegment lists who belongs to a segment now, who spent most first: those whom CountSegment counts.
func (r *Read) InSegment(s SegmentRule, p SegmentPage) ([]Figures, error) {
	query, args, err := r.listingSegment(s, p)
	if err != nil {
		return nil, err
	}
	return many(r, scanFigures, query, args...)
}

func (r *Read) listingSegment(s SegmentRule, p SegmentPage) (string, []any, error) {
	w, err := r.segmentWhere(s)
	if err != nil {
		return "", nil, err
	}
	if p.After != nil {
		w.and("(f.spent_fen, f.id) < (?, ?)", p.After.Spent, p.After.Client)
	}
	order, from := "f.spent_fen DESC, f.id DESC", s.from()
	if p.Total > 0 && p.Total <= fewInSegment {
		order = "+" + order
	} else if strings.HasPrefix(from, "client_figures") {
		from = strings.Replace(from, "client_figures f", "client_figures f INDEXED BY client_figures_spent", 1)
	}
	return `SELECT ` + figureColumns + ` FROM ` + from + w.sql() + ` ORDER BY ` + order + ` LIMIT ? OFFSET ?`,
		append(w.args, min(p.Limit, 1000), p.Offset), nil
}

// Segment is a saved rule with a name.
type Segment struct {
	ID        int64
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Name      string
	Rule      SegmentRule
	Staff     term.StaffID // who saved it
	RetiredAt term.Instant
}

func (*Segment) table() string { return "segments" }
func (*Segment) columns() string {
	return "id, version, created_at, updated_at, name, rule, staff_id, retired_at"
}

func (s *Segment) fields(*Read) []any {
	return []any{&s.ID, &s.Version, &s.CreatedAt, &s.UpdatedAt, &s.Name, jsonText{&s.Rule}, &s.Staff, &s.RetiredAt}
}

// Segments lists the saved segments that stand, by name.
func (r *Read) Segments() ([]Segment, error) {
	return loadAll[Segment](r, "retired_at IS NULL ORDER BY name LIMIT 200")
}

// Segment reads a saved segment.
func (r *Read) Segment(id int64) (Segment, error) { return load[Segment](r, "id = ?", id) }

// AddSegment saves a new segment.
func (tx *Tx) AddSegment(s *Segment) error { return tx.addRow(s) }

// SaveSegment writes a segment over the version read.
func (tx *Tx) SaveSegment(s *Segment) error { return tx.saveRow(s) }

// Tag is a word of the house that is put on clients.
type Tag struct {
	ID        int64
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Name      string
	RetiredAt term.Instant
}

func (*Tag) table() string   { return "tags" }
func (*Tag) columns() string { return "id, version, created_at, updated_at, name, retired_at" }
func (t *Tag) fields(*Read) []any {
	return []any{&t.ID, &t.Version, &t.CreatedAt, &t.UpdatedAt, &t.Name, &t.RetiredAt}
}

// Tags lists the words that may be put on clients.
func (r *Read) Tags() ([]Tag, error) {
	return loadAll[Tag](r, "retired_at IS NULL ORDER BY name LIMIT 200")
}

// AddTag adds a word.
func (tx *Tx) AddTag(t *Tag) error { return tx.addRow(t) }

// TagChoice is a tag that a client has, or could have.
type TagChoice struct {
	ID   int64
	Name string
	On   bool
}

// TagsOf lists the tags of the house and says which of them a client has now.
func (r *Read) TagsOf(client term.ClientID) ([]TagChoice, error) {
	return many(r, func(from row) (t TagChoice, err error) {
		err = from.Scan(&t.ID, &t.Name, &t.On)
		return t, err
	}, `SELECT t.id, t.name, EXISTS (SELECT 1 FROM client_tags c WHERE c.client_id = ? AND c.tag_id = t.id AND c.ended_at IS NULL)
		FROM tags t WHERE t.retired_at IS NULL ORDER BY t.name LIMIT 100`, client)
}

// SharedTags lists the open tags of one client that the other has too: a merge leaves them where they
// are, as nobody has a tag twice.
func (r *Read) SharedTags(of, with term.ClientID) ([]int64, error) {
	return many(r, value[int64], `SELECT a.id FROM client_tags a JOIN client_tags b ON b.client_id = ? AND b.tag_id = a.tag_id AND b.ended_at IS NULL
		WHERE a.client_id = ? AND a.ended_at IS NULL LIMIT 200`, with, of)
}

// TagClient puts a tag on a client, or takes it off; the row stays.
func (tx *Tx) TagClient(client term.ClientID, tag int64, on bool) (err error) {
	if on {
		_, err = tx.exec(`INSERT INTO client_tags (id, created_at, updated_at, client_id, tag_id) SELECT ?, ?, ?, ?, ?
			WHERE NOT EXISTS (SELECT 1 FROM client_tags WHERE client_id = ? AND tag_id = ? AND ended_at IS NULL)`,
			tx.NextID("client_tags"), tx.Now(), tx.Now(), client, tag, client, tag)
		return err
	}
	_, err = tx.exec(`UPDATE client_tags SET ended_at = ?, updated_at = ?, version = version + 1
		WHERE client_id = ? AND tag_id = ? AND ended_at IS NULL`, tx.Now(), tx.Now(), client, tag)
	return err
}

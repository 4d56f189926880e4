package store

import (
	"meixu/store/term"
)

// Figures are what is counted of a client (row:C5).
type Figures struct {
	Client     term.ClientID
	Visits     int
	YearVisits int // of the last 365 days
	Spent      term.Fen
	YearSpent  term.Fen
	First      term.Instant
	Last       term.Instant // when the client came last; zero: never
	R, F, M    int          // 1 to 5; 0 before the first night
	Stage      string
}

// Group is what the scores say of a client, in the words crm.rfm.<group>.
func (f Figures) Group() string {
	high := f.F >= 3 || f.M >= 4
	switch {
	case f.R == 0 || f.Visits == 0:
		return "none"
	case f.R >= 4 && f.F >= 3 && f.M >= 4:
		return "champion"
	case f.R >= 4 && high:
		return "growing"
	case f.R >= 3 && high:
		return "keep"
	case high:
		return "rescue"
	case f.R >= 4:
		return "fresh"
	case f.R >= 2:
		return "plain"
	}
	return "gone"
}

// Stages of a client's life with the house.
const (
	StageProspect = "prospect" // never came
	StageNew      = "new"
	StageActive   = "active"
	StageSleeping = "sleeping"
	StageLost     = "lost"
)

const figureColumns = `f.id, f.visits, f.year_visits, f.spent_fen, f.year_fen, f.first_at, f.last_at, f.r, f.f, f.m, f.stage`

func scanFigures(from row) (f Figures, err error) {
	err = from.Scan(&f.Client, &f.Visits, &f.YearVisits, &f.Spent, &f.YearSpent, &f.First, &f.Last, &f.R, &f.F, &f.M, &f.Stage)
	return f, err
}

// FiguresOf reads what is counted of a client.
func (r *Read) FiguresOf(client term.ClientID) (Figures, error) {
	return one(r, scanFigures, `SELECT `+figureColumns+` FROM client_figures f WHERE f.id = ?`, client)
}

// countNew begins to count for a new file.
func (tx *Tx) countNew(client term.ClientID) error {
	_, err := tx.exec(`INSERT INTO client_figures (id, created_at, updated_at) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		client, tx.Now(), tx.Now())
	return err
}

// countVisit counts a visit with the visit itself, so that a segment knows who was here today.
func (tx *Tx) countVisit(client term.ClientID, at term.Instant) error {
	_, err := tx.exec(`UPDATE client_figures SET visits = visits + 1, year_visits = year_visits + 1, updated_at = ?1,
		first_at = coalesce(min(first_at, ?2), ?2), last_at = coalesce(max(last_at, ?2), ?2) WHERE id = ?3`, tx.Now(), at, client)
	return err
}

// countMoney counts a payment, or what was paid back or voided, with the payment itself.
func (tx *Tx) countMoney(p Payment) error {
	amount := p.Money()
	if p.Kind != "payment" {
		amount = -amount
	}
	_, err := tx.exec(`UPDATE client_figures SET spent_fen = spent_fen + ?1, year_fen = year_fen + ?1, updated_at = ?2
		WHERE id = (SELECT client_id FROM orders WHERE id = ?3)`, amount, tx.Now(), p.Order)
	return err
}

// FigureScale says where the scores and stages of the clients begin, best first (row:C5).
type FigureScale struct {
	Year    term.Instant    // the last year begins
	YearDay term.Day        // its day, for payments
	Recent  [4]term.Instant // came since then: R 5, 4, 3, 2
	Often   [4]int          // so many visits a year: F 5, 4, 3, 2
	Money   [4]term.Fen     // paid so much in a year: M 5, 4, 3, 2
	// New, Active and Sleeping are since when somebody came first or last.
	New, Active, Sleeping term.Instant
}

// LastFigured is the greatest client that is counted.
func (r *Read) LastFigured() (term.ClientID, error) {
	return one(r, value[term.ClientID], `SELECT coalesce(max(id), 0) FROM client_figures`)
}

// FallingAsleep lists clients with money in the house who were at home here until the scale's limit
// and did not come since, best first: before their stage changes tonight.
func (r *Read) FallingAsleep(s FigureScale, limit int) ([]Figures, error) {
	return many(r, scanFigures, `SELECT `+figureColumns+` FROM client_figures f JOIN clients c ON c.id = f.id
		WHERE f.stage IN ('active','new') AND f.last_at < ? AND f.spent_fen > 0 AND c.state = 'active' AND c.voided_at IS NULL
		ORDER BY f.spent_fen DESC LIMIT ?`, s.Active, limit)
}

// Recount counts the clients of (after, to] anew from visits and payments, scores them and sets their
// stage, in one statement.
func (tx *Tx) Recount(s FigureScale, after, to term.ClientID) (int64, error) {
	return tx.exec(`WITH v AS (SELECT x.client_id AS id, count(*) AS n, sum(x.arrived_at >= ?1) AS y, min(x.arrived_at) AS a, max(x.arrived_at) AS z
			FROM visits x WHERE x.client_id > ?2 AND x.client_id <= ?3 GROUP BY x.client_id),
		p AS (SELECT o.client_id AS id, sum(CASE q.kind WHEN 'payment' THEN q.amount_fen - q.points_fen ELSE q.points_fen - q.amount_fen END) AS n,
			sum(CASE WHEN q.day < ?4 THEN 0 WHEN q.kind = 'payment' THEN q.amount_fen - q.points_fen ELSE q.points_fen - q.amount_fen END) AS y
			FROM orders o JOIN payments q ON q.order_id = o.id WHERE o.client_id > ?2 AND o.client_id <= ?3 GROUP BY o.client_id),
		n AS (SELECT g.id AS id, coalesce(v.n, 0) AS visits, coalesce(v.y, 0) AS year_visits, coalesce(p.n, 0) AS spent, coalesce(p.y, 0) AS year,
			v.a AS a, v.z AS z FROM client_figures g LEFT JOIN v ON v.id = g.id LEFT JOIN p ON p.id = g.id WHERE g.id > ?2 AND g.id <= ?3)
		UPDATE client_figures SET updated_at = ?5, visits = n.visits, year_visits = n.year_visits, spent_fen = n.spent, year_fen = n.year,
			first_at = n.a, last_at = n.z,
			r = CASE WHEN n.z IS NULL THEN 1 WHEN n.z >= ?6 THEN 5 WHEN n.z >= ?7 THEN 4 WHEN n.z >= ?8 THEN 3 WHEN n.z >= ?9 THEN 2 ELSE 1 END,
			f = CASE WHEN n.year_visits >= ?10 THEN 5 WHEN n.year_visits >= ?11 THEN 4 WHEN n.year_visits >= ?12 THEN 3 WHEN n.year_visits >= ?13 THEN 2 ELSE 1 END,
			m = CASE WHEN n.year >= ?14 THEN 5 WHEN n.year >= ?15 THEN 4 WHEN n.year >= ?16 THEN 3 WHEN n.year >= ?17 THEN 2 ELSE 1 END,
			stage = CASE WHEN n.z IS NULL THEN 'prospect' WHEN n.a >= ?18 THEN 'new' WHEN n.z >= ?19 THEN 'active' WHEN n.z >= ?20 THEN 'sleeping' ELSE 'lost' END
		FROM n WHERE client_figures.id = n.id`,
		s.Year, after, to, s.YearDay, tx.Now(), s.Recent[0], s.Recent[1], s.Recent[2], s.Recent[3],
		s.Often[0], s.Often[1], s.Often[2], s.Often[3], s.Money[0], s.Money[1], s.Money[2], s.Money[3], s.New, s.Active, s.Sleeping)
}

// TierChange is a change of the member tier by the nightly job, with what it rests on (row:C6).
type TierChange struct {
	ID        int64
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Client    term.ClientID
	Day       term.Day
	From, To  string
	YearFen   term.Fen // paid in the 365 days before
	LimitFen  term.Fen // that the rule asks for the higher of the two
}

func (*TierChange) table() string { return "tier_changes" }
func (*TierChange) columns() string {
	return "id, version, created_at, updated_at, client_id, day, from_tier, to_tier, year_fen, limit_fen"
}

func (t *TierChange) fields(*Read) []any {
	return []any{&t.ID, &t.Version, &t.CreatedAt, &t.UpdatedAt, &t.Client, &t.Day, &t.From, &t.To, &t.YearFen, &t.LimitFen}
}

// TierChangesOf lists a client's changes of tier, newest first.
func (r *Read) TierChangesOf(client term.ClientID) ([]TierChange, error) {
	return loadAll[TierChange](r, "client_id = ? ORDER BY id DESC LIMIT 20", client)
}

// TierDue is a client whose tier is not what the rule says.
type TierDue struct {
	Client term.ClientID
	Tier   string // now
	Year   term.Fen
}

// TiersDue lists the clients whose tier is not what was paid in a year; one keeps a tier that she has
// had, or came with, for less than a year.
func (r *Read) TiersDue(silver, gold, diamond term.Fen, kept term.Instant, limit int) ([]TierDue, error) {
	return many(r, func(from row) (d TierDue, err error) {
		err = from.Scan(&d.Client, &d.Tier, &d.Year)
		return d, err
	}, `SELECT c.id, c.tier, f.year_fen FROM clients c JOIN client_figures f ON f.id = c.id
		WHERE c.state <> 'merged' AND c.voided_at IS NULL
		AND CASE c.tier WHEN 'diamond' THEN 3 WHEN 'gold' THEN 2 WHEN 'silver' THEN 1 ELSE 0 END
			<> CASE WHEN f.year_fen >= ?3 THEN 3 WHEN f.year_fen >= ?2 THEN 2 WHEN f.year_fen >= ?1 THEN 1 ELSE 0 END
		AND (CASE c.tier WHEN 'diamond' THEN 3 WHEN 'gold' THEN 2 WHEN 'silver' THEN 1 ELSE 0 END
			< CASE WHEN f.year_fen >= ?3 THEN 3 WHEN f.year_fen >= ?2 THEN 2 WHEN f.year_fen >= ?1 THEN 1 ELSE 0 END
			OR c.created_at < ?4 AND NOT EXISTS (SELECT 1 FROM tier_changes t WHERE t.client_id = c.id AND t.created_at >= ?4))
		ORDER BY c.id LIMIT ?5`, silver, gold, diamond, kept, limit)
}

// ChangeTier sets a client's tier and keeps why.
func (tx *Tx) ChangeTier(t *TierChange) error {
	if err := changed(tx.exec(`UPDATE clients SET tier = ?, updated_at = ?, version = version + 1 WHERE id = ? AND tier = ?`,
		t.To, tx.Now(), t.Client, t.From)); err != nil {
		return err
	}
	return tx.addRow(t)
}

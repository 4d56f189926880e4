package store

import (
	"meixu/store/term"
)

// ContraRuling is the doctor's word on a contraindication that a questionnaire hit: a hard one stops, a soft one needs a reason.
type ContraRuling struct {
	ID        int64
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	PlanItem  term.PlanItemID
	Code      string
	Level     string
	Decision  string
	Reason    string
	Physician term.StaffID
	Second    term.StaffID
	At        term.Instant
}

func (*ContraRuling) table() string { return "contra_rulings" }
func (*ContraRuling) columns() string {
	return "id, version, created_at, updated_at, plan_item_id, code, level, decision, reason_sealed, " +
		"physician_id, second_id, at"
}

func (c *ContraRuling) fields(r *Read) []any {
	return []any{
		&c.ID, &c.Version, &c.CreatedAt, &c.UpdatedAt, &c.PlanItem, &c.Code, &c.Level, &c.Decision,
		sealed(r, "contra_rulings", &c.ID, nil, "reason_sealed", &c.Reason), &c.Physician, maybe(&c.Second),
		&c.At,
	}
}

// ContraRulings lists the rulings on the lines of a plan.
func (r *Read) ContraRulings(plan term.PlanID) ([]ContraRuling, error) {
	return loadAll[ContraRuling](r,
		"plan_item_id IN (SELECT id FROM plan_items WHERE plan_id = ?) ORDER BY id LIMIT 500", plan)
}

// AddContraRuling adds a ruling.
func (tx *Tx) AddContraRuling(c *ContraRuling) error { return tx.addRow(c) }

// SaveContraRuling writes a ruling over the version read.
func (tx *Tx) SaveContraRuling(c *ContraRuling) error { return tx.saveRow(c) }

// PhraseHit is a phrase that was marked while typing and kept anyway.
type PhraseHit struct {
	ID        int64
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Visit     term.VisitID
	Staff     term.StaffID
	Place     string
	Phrase    string
	Category  string
	Severity  string
	Reason    string
	At        term.Instant
}

func (*PhraseHit) table() string { return "phrase_hits" }
func (*PhraseHit) columns() string {
	return "id, version, created_at, updated_at, visit_id, staff_id, place, phrase, category, " +
		"severity, reason_sealed, at"
}

func (p *PhraseHit) fields(r *Read) []any {
	return []any{
		&p.ID, &p.Version, &p.CreatedAt, &p.UpdatedAt, maybe(&p.Visit), &p.Staff, &p.Place, &p.Phrase,
		&p.Category, &p.Severity, sealed(r, "phrase_hits", &p.ID, nil, "reason_sealed", &p.Reason), &p.At,
	}
}

// PhraseHits lists the marked phrases of a visit.
func (r *Read) PhraseHits(visit term.VisitID) ([]PhraseHit, error) {
	return loadAll[PhraseHit](r, "visit_id = ? ORDER BY id LIMIT 200", visit)
}

// AddPhraseHit notes a marked phrase.
func (tx *Tx) AddPhraseHit(p *PhraseHit) error { return tx.addRow(p) }

// Case is an authorised, anonymous demonstration case (row:D4).
type Case struct {
	ID              term.CaseID
	Version         int
	CreatedAt       term.Instant
	UpdatedAt       term.Instant
	Number          string
	ItemKind        string
	Title           string
	Story           string
	Before          term.MediaID
	After           term.MediaID
	Consent         int64
	AuthorisedUntil term.Instant
	State           string
	WithdrawnAt     term.Instant
	WithdrawnBy     term.StaffID
	WithdrawReason  string
}

func (*Case) table() string { return "cases" }
func (*Case) columns() string {
	return "id, version, created_at, updated_at, number, item_kind, title_sealed, story_sealed, before_media_id, " +
		"after_media_id, consent_id, authorised_until, state, withdrawn_at, withdrawn_by, withdraw_reason_sealed"
}

func (c *Case) fields(r *Read) []any {
	return []any{
		&c.ID, &c.Version, &c.CreatedAt, &c.UpdatedAt, &c.Number, &c.ItemKind,
		sealed(r, "cases", &c.ID, nil, "title_sealed", &c.Title), sealed(r, "cases", &c.ID, nil, "story_sealed", &c.Story),
		maybe(&c.Before), maybe(&c.After), maybe(&c.Consent), &c.AuthorisedUntil, &c.State,
		&c.WithdrawnAt, maybe(&c.WithdrawnBy), sealed(r, "cases", &c.ID, nil, "withdraw_reason_sealed", &c.WithdrawReason),
	}
}

// Case reads one case.
func (r *Read) Case(id term.CaseID) (Case, error) { return load[Case](r, "id = ?", id) }

// Cases lists all cases, those that are no longer shown too, newest first.
func (r *Read) Cases() ([]Case, error) { return loadAll[Case](r, "1 ORDER BY id DESC LIMIT 500") }

// CasesFor lists the cases of an item kind ("" = all) that may be shown at now: not withdrawn,
// in time, with a consent to be shown as a case that stands, and no picture that was voided.
// A case without the paper of a person is no authorised case (REG-ADV-17).
func (r *Read) CasesFor(kind string, limit int) ([]Case, error) {
	return loadAll[Case](r, `(? = '' OR item_kind = ?) AND state = 'shown' AND (authorised_until IS NULL OR authorised_until > ?)
		AND consent_id IN (SELECT id FROM client_consents WHERE purpose = 'photo_case' AND withdrawn_at IS NULL)
		AND NOT EXISTS (SELECT 1 FROM media WHERE media.id IN (before_media_id, after_media_id) AND media.state = 'void')
		ORDER BY id LIMIT ?`, kind, kind, r.Now(), limit)
}

// AddCase adds a case and gives it its number.
func (tx *Tx) AddCase(c *Case) (err error) {
	if c.Number, err = tx.Number("K"); err != nil {
		return err
	}
	return tx.addRow(c)
}

// SaveCase writes a case over the version read.
func (tx *Tx) SaveCase(c *Case) error { return tx.saveRow(c) }

// CaseView is the showing of a case in a visit.
type CaseView struct {
	ID        int64
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Case      term.CaseID
	Visit     term.VisitID
	Staff     term.StaffID
	ShownAt   term.Instant
}

func (*CaseView) table() string { return "case_views" }
func (*CaseView) columns() string {
	return "id, version, created_at, updated_at, case_id, visit_id, staff_id, shown_at"
}

func (c *CaseView) fields(*Read) []any {
	return []any{
		&c.ID, &c.Version, &c.CreatedAt, &c.UpdatedAt, &c.Case, &c.Visit, &c.Staff, &c.ShownAt,
	}
}

// CaseViews lists the cases shown in a visit.
func (r *Read) CaseViews(visit term.VisitID) ([]CaseView, error) {
	return loadAll[CaseView](r, "visit_id = ? ORDER BY id LIMIT 100", visit)
}

// AddCaseView notes that a case was shown.
func (tx *Tx) AddCaseView(v *CaseView) error { return tx.addRow(v) }

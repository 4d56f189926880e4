package document

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Seed publishes the product's own templates as edition 1. Codes that exist are left alone:
// the clinic may have made them its own.
func Seed(tx *store.Tx, templates []Template) error {
	for _, t := range templates {
		_, err := tx.DocumentTemplate(t.Code)
		if err == nil {
			continue
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if _, err := Publish(tx, t); err != nil {
			return err
		}
	}
	return nil
}

// Publish makes a template the newest edition of its code; an equal text stays the edition
// it is. Documents made before keep theirs.
func Publish(tx *store.Tx, t Template) (store.DocumentTemplate, error) {
	if err := t.check(); err != nil {
		return store.DocumentTemplate{}, err
	}
	body, err := t.JSON()
	if err != nil {
		return store.DocumentTemplate{}, err
	}
	newest, err := tx.DocumentTemplate(t.Code)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return newest, err
	}
	if err == nil && newest.SHA256 == Hash(body) {
		return newest, nil
	}
	row := store.DocumentTemplate{
		Code: t.Code, Edition: newest.Edition + 1, Body: string(body), SHA256: Hash(body), PublishedAt: tx.Now(),
	}
	return row, tx.AddDocumentTemplate(&row)
}

// Review notes that the clinic's physician (or counsel) has read the newest edition of a
// text and stands by it; until then every copy says that it waits for that.
func Review(tx *store.Tx, by access.Actor, code string) error {
	row, _, err := template(tx.Read, code)
	if err != nil || !row.ReviewedAt.IsZero() {
		return err
	}
	row.ReviewedAt, row.ReviewedBy = tx.Now(), by.Staff
	return tx.SaveDocumentTemplate(&row)
}

// For says which document, and about what. Zero ids mean that it is not about such a thing.
type For struct {
	Code      string // template code: privacy, consent.botulinum …
	Client    term.ClientID
	Visit     term.VisitID
	Treatment term.TreatmentID
	Plan      term.PlanID
	PlanItem  term.PlanItemID
	Order     term.OrderID
	Lang      words.Lang // zh when empty: the language of the frozen text
}

func (f For) filter(kind string) store.DocumentFilter {
	filter := store.DocumentFilter{Kind: kind, Client: f.Client, NotVoid: true, Limit: 500}
	switch { // the most particular, as thing says
	case f.Treatment != 0:
		filter.Treatment = f.Treatment
	case f.PlanItem != 0:
		filter.Plan, filter.PlanItem = f.Plan, f.PlanItem
	case f.Order != 0:
		filter.Order = f.Order
	default:
		filter.Plan = f.Plan
	}
	return filter
}

// Issue freezes a document. If one of the same content stands already (open, or complete
// and still valid) that one is given back, so that nobody signs twice. If the content has
// changed, an unsigned or half-signed older one is void at once, and a complete older one
// when the new one is complete. It refuses facts that are missing.
func Issue(tx *store.Tx, by access.Actor, about For, facts Facts) (store.Document, error) {
	row, t, err := template(tx.Read, about.Code)
	if err != nil {
		return store.Document{}, err
	}
	lang := words.ZH
	if about.Lang != "" {
		lang = about.Lang
	}
	blocks, err := t.Fill(facts, lang)
	if err != nil {
		return store.Document{}, err
	}
	frozen := Frozen{
		Format: format, Code: t.Code, Edition: row.Edition, Reviewed: !row.ReviewedAt.IsZero() || t.Reviewed, Kind: t.Kind,
		Lang: string(lang), Paper: t.Paper, Title: t.Title.In(lang), Blocks: blocks, Signers: t.Required(facts),
	}
	if len(t.Signers) > 0 && !t.Separate {
		standing, err := supersede(tx, by, about, frozen)
		if err != nil || standing.ID != 0 {
			return standing, err
		}
	}
	return freeze(tx, about, frozen, row.ID, t)
}

// freeze gives number and time, hashes and keeps.
func freeze(tx *store.Tx, about For, frozen Frozen, templateID int64, t Template) (store.Document, error) {
	var d store.Document
	number, err := tx.Number(t.Prefix)
	if err != nil {
		return d, err
	}
	frozen.Number, frozen.IssuedAt = number, tx.Now().String()
	body, err := frozen.Canonical()
	if err != nil {
		return d, err
	}
	d = store.Document{
		Number: number, Kind: frozen.Kind, Client: about.Client, Visit: about.Visit, Treatment: about.Treatment,
		Plan: about.Plan, PlanItem: about.PlanItem, Order: about.Order, Template: templateID, Lang: frozen.Lang,
		Body: string(body), SHA256: Hash(body), State: store.DocumentOpen,
	}
	for _, role := range frozen.Signers {
		d.Signers = append(d.Signers, string(role))
	}
	if t.ValidDays > 0 {
		d.ValidUntil = tx.Today().Add(t.ValidDays)
	}
	if len(d.Signers) == 0 {
		d.State, d.CompletedAt = store.DocumentComplete, tx.Now()
	}
	if err := tx.AddDocument(&d); err != nil {
		return d, err
	}
	announce(tx, d)
	return d, nil
}

// supersede looks at older documents about the same thing: it gives back one of equal
// content that still counts, and voids open ones of other content.
func supersede(tx *store.Tx, by access.Actor, about For, frozen Frozen) (store.Document, error) {
	older, err := like(tx.Read, about, frozen.Kind)
	if err != nil {
		return store.Document{}, err
	}
	want, err := frozen.content()
	if err != nil {
		return store.Document{}, err
	}
	var standing store.Document
	for _, d := range older {
		was, err := Thaw([]byte(d.Body))
		if err != nil {
			return standing, tampered(d, err)
		}
		have, err := was.content()
		if err != nil {
			return standing, err
		}
		if have == want && standing.ID == 0 && !expired(tx.Read, d) {
			standing = d
			continue
		}
		if d.State == store.DocumentOpen {
			if err := void(tx, by, d, by.Lang.T("document.changed")); err != nil {
				return standing, err
			}
		}
	}
	return standing, nil
}

// thing is the most particular row a document is about; a consent of a plan item is asked
// for by the plan item, whatever else is known.
func thing(treatment term.TreatmentID, item term.PlanItemID, order term.OrderID, plan term.PlanID) string {
	switch {
	case treatment != 0:
		return fmt.Sprintf("treatment:%d", treatment)
	case item != 0:
		return fmt.Sprintf("plan_item:%d", item)
	case order != 0:
		return fmt.Sprintf("order:%d", order)
	case plan != 0:
		return fmt.Sprintf("plan:%d", plan)
	}
	return ""
}

// like lists what is not void of the same template code about the same thing, newest first.
func like(r *store.Read, about For, kind string) ([]store.Document, error) {
	all, err := r.Documents(about.filter(kind))
	if err != nil {
		return nil, err
	}
	var same []store.Document
	asked := thing(about.Treatment, about.PlanItem, about.Order, about.Plan)
	for _, d := range all {
		if thing(d.Treatment, d.PlanItem, d.Order, d.Plan) != asked {
			continue
		}
		frozen, err := Thaw([]byte(d.Body))
		if err != nil {
			return nil, tampered(d, err)
		}
		if frozen.Code == about.Code {
			same = append(same, d)
		}
	}
	return same, nil
}

// Standing is how it stands with a document that a gate asks for.
type Standing struct {
	Document store.Document // the newest one; zero ID when none was issued
	// OK says that it is complete, still valid and unchanged.
	OK      bool
	Expired bool
	// Unsigned lists the capacities that have yet to sign.
	Unsigned []Role
}

// Agreed says that the client has signed consents in a visit, and none of them waits.
func Agreed(r *store.Read, visit term.VisitID) (bool, error) {
	list, err := r.Documents(store.DocumentFilter{Visit: visit, Kind: "consent", NotVoid: true})
	if err != nil {
		return false, err
	}
	signed := func(d store.Document) bool { return d.State == store.DocumentComplete }
	return len(list) > 0 && !slices.ContainsFunc(list, func(d store.Document) bool { return !signed(d) }), nil
}

// Stands says how it stands with the newest document about a thing. A newer open one
// means that the content has changed, so an older signature does not count (REG-CON-01).
func Stands(r *store.Read, about For) (Standing, error) {
	var s Standing
	same, err := like(r, about, "")
	if err != nil || len(same) == 0 {
		return s, err
	}
	signed, err := r.SignedUnder(same[0])
	if err != nil {
		return s, err
	}
	return standing(r, same[0], signed)
}

// standing judges the newest document about a thing by its signatures.
func standing(r *store.Read, d store.Document, signed []store.Signature) (Standing, error) {
	s := Standing{Document: d, Expired: expired(r, d)}
	if err := verify(d, signed); err != nil {
		return s, err
	}
	if d.State == store.DocumentOpen {
		s.Unsigned = missing(d, signed)
		return s, nil
	}
	s.OK = d.State == store.DocumentComplete && !s.Expired
	return s, nil
}

// Void withdraws a document with a reason (a refused or withdrawn consent). It stays
// readable for ever.
func Void(tx *store.Tx, by access.Actor, id term.DocumentID, reason string) error {
	d, err := tx.Document(id)
	if err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		var wrong fault.Fields
		wrong.Add("reason", "document.reason.missing")
		return wrong.Err()
	}
	if d.State == store.DocumentVoid {
		return nil
	}
	return void(tx, by, d, strings.TrimSpace(reason))
}

func void(tx *store.Tx, by access.Actor, d store.Document, reason string) error {
	d.State, d.VoidedAt, d.VoidedBy, d.VoidReason = store.DocumentVoid, tx.Now(), by.Staff, reason
	if err := tx.SaveDocument(&d); err != nil {
		return err
	}
	announce(tx, d)
	return nil
}

func template(r *store.Read, code string) (store.DocumentTemplate, Template, error) {
	row, err := r.DocumentTemplate(code)
	if errors.Is(err, store.ErrNotFound) {
		return row, Template{}, fault.Refuse("REG-CON-03", "document.template.missing", code).Ask(string(access.Quality))
	}
	if err != nil {
		return row, Template{}, err
	}
	t, err := Parse([]byte(row.Body))
	if err != nil {
		return row, t, fault.Defect("reading template "+code, err)
	}
	return row, t, nil
}

func expired(r *store.Read, d store.Document) bool {
	return d.ValidUntil != "" && d.ValidUntil.Before(r.Today())
}

func unsigned(r *store.Read, d store.Document) ([]Role, error) {
	signed, err := r.Signatures(d)
	if err != nil {
		return nil, err
	}
	return missing(d, signed), nil
}

// missing are the capacities that have yet to sign.
func missing(d store.Document, signed []store.Signature) (left []Role) {
	for _, role := range d.Signers {
		if !slices.ContainsFunc(signed, func(s store.Signature) bool { return s.Role == role }) {
			left = append(left, Role(role))
		}
	}
	return left
}

// announce tells the visit's screens, and the lists of what waits for a signature.
func announce(tx *store.Tx, d store.Document) {
	if d.Visit != 0 {
		tx.Publish(live.Board)
		tx.Publish(fmt.Sprintf("visit:%d", d.Visit))
	}
}

package consultation

import (
	"context"

	"meixu/app/access"
	"meixu/app/engine/document"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/papers"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Papers tells the cabinet what this room does when its papers are signed.
func (d *Desk) Papers(c *papers.Cabinet) {
	for kind, proves := range map[string][]string{
		"quote": {ProveQuote}, "contract": {ProveContract, ProveGuardian}, "consent": {ProveConsent, ProveGuardian},
		"off_label": {ProveOffLabel},
	} {
		c.On(kind, func(tx *store.Tx, by access.Actor, doc store.Document) error {
			return d.paperSigned(tx, by, doc, proves)
		})
	}
	c.On("photo", d.photoSigned)
	for _, kind := range []string{"consent", "off_label"} {
		c.OnRefusal(kind, d.paperRefused)
	}
}

// paperRefused keeps the client's no to a consent, said on a tablet handed over: the line
// goes, the rest of the plan stays.
func (d *Desk) paperRefused(tx *store.Tx, by access.Actor, doc store.Document, reason string) error {
	p, err := standing(tx.Read, doc.Plan)
	if err != nil {
		return err
	}
	l, err := lineOf(tx.Read, p, doc.PlanItem)
	if err != nil {
		return err
	}
	news(tx, p.Visit)
	if err := d.dropRefused(tx, by, &p, l, reason); err != nil {
		return err
	}
	return tx.SavePlan(&p)
}

// paperSigned gives a signed paper to the SOP; a signed quote or contract is the client's yes.
func (d *Desk) paperSigned(tx *store.Tx, by access.Actor, doc store.Document, proves []string) error {
	if doc.Plan == 0 || doc.Visit == 0 {
		return nil
	}
	p, err := tx.Plan(doc.Plan)
	if err != nil {
		return err
	}
	if doc.Kind == "contract" && (p.State == term.PlanQuoted || p.State == term.PlanApproved) {
		p.State = term.PlanAccepted
		if err := tx.SavePlan(&p); err != nil {
			return err
		}
	}
	news(tx, doc.Visit)
	return d.prove(tx, by, doc.Visit, docRef(doc.ID), proves...)
}

// photoScopes are the purposes of photos, each with a yes or no of its own (REG-PII-05).
var photoScopes = []term.Purpose{term.ForPhotoRecord, term.ForPhotoCase, term.ForPhotoPublic}

// AskPhotos is what the client allows; all may be no.
type AskPhotos struct {
	Visit   term.VisitID
	Allowed []term.Purpose
}

// AskPhotos issues the photo authorisation with the client's yes and no to each purpose, to
// be signed on the document's page (REG-PII-01). A no is kept the same way.
func (d *Desk) AskPhotos(ctx context.Context, by access.Actor, in AskPhotos) (id term.DocumentID, err error) {
	err = d.WriteOn(ctx, by, access.PhotoConsentAsk, visitRef(in.Visit), func(tx *store.Tx) error {
		v, err := openVisit(tx.Read, in.Visit)
		if err != nil {
			return err
		}
		c, err := tx.Client(v.Client)
		if err != nil {
			return err
		}
		facts := document.Facts{
			Text:   map[string]string{"client.name": c.Name, "client.number": c.Number},
			Tables: map[string][][]string{"scopes": scopeRows(in.Allowed)},
		}
		if Minor(c.Birth, tx.Today()) {
			if c.Guardian.Name == "" {
				return fault.Refuse("REG-CON-04", "consultation.plan.guardian", c.Name).Ask(string(access.Reception)).At(VisitPath(v.ID))
			}
			facts.Text["guardian.name"], facts.Text["guardian.relation"] = c.Guardian.Name, c.Guardian.Relation
		}
		doc, err := document.Issue(tx, by, document.For{Code: codePhoto, Client: c.ID, Visit: v.ID}, facts)
		if err != nil {
			return err
		}
		id = doc.ID
		tx.Result("document", int64(id))
		return nil
	})
	return id, err
}

func scopeRows(allowed []term.Purpose) (rows [][]string) {
	for _, purpose := range photoScopes {
		answer := words.ZH.T("consultation.photo.no")
		for _, a := range allowed {
			if a == purpose {
				answer = words.ZH.T("consultation.photo.yes")
			}
		}
		rows = append(rows, []string{words.ZH.T(purpose.Key()), answer, words.ZH.T("consultation.photo.term")})
	}
	return rows
}

// scopesOf reads the yes and no of a signed authorisation from its frozen text.
func scopesOf(doc store.Document) (map[term.Purpose]bool, error) {
	frozen, err := document.Thaw([]byte(doc.Body))
	if err != nil {
		return nil, err
	}
	said := map[term.Purpose]bool{}
	for _, b := range frozen.Blocks {
		if b.Type != document.Table || len(b.Rows) != len(photoScopes) {
			continue
		}
		for i, row := range b.Rows {
			said[photoScopes[i]] = len(row) > 1 && row[1] == words.ZH.T("consultation.photo.yes")
		}
	}
	return said, nil
}

// photoSigned notes each purpose that was allowed as a consent, and ends those that are
// allowed no longer.
func (d *Desk) photoSigned(tx *store.Tx, by access.Actor, doc store.Document) error {
	said, err := scopesOf(doc)
	if err != nil {
		return err
	}
	have, err := tx.Consents(doc.Client)
	if err != nil {
		return err
	}
	for _, purpose := range photoScopes {
		old, stands := have[purpose]
		switch {
		case said[purpose] && !stands:
			err = tx.AddConsent(&store.Consent{Client: doc.Client, Purpose: purpose, Document: doc.ID, GivenAt: tx.Now()})
		case !said[purpose] && stands:
			old.WithdrawnAt, old.WithdrawnBy, old.WithdrawReason = tx.Now(), by.Staff, doc.Number
			err = tx.SaveConsent(&old)
		}
		if err != nil {
			return err
		}
	}
	if doc.Visit == 0 {
		return nil
	}
	news(tx, doc.Visit)
	return d.house.Flow.Prove(tx, by, sop.Subject{Visit: doc.Visit}, ProveSkin, docRef(doc.ID))
}

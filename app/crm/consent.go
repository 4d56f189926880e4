package crm

import (
	"context"
	"errors"
	"strings"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/engine/document"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Codes of the two texts that are signed before a file is opened.
const (
	privacyCode = "privacy"
	healthCode  = "health_consent"
)

// Names of settings that stand in the texts.
const (
	settingClinic  = "clinic.name"
	settingAddress = "clinic.address"
	settingPhone   = "clinic.phone"
	settingDPO     = "clinic.dpo"
)

// Strokes are what came from the signature pads, and which editions stood on the screen.
type Strokes struct {
	Privacy, Health                 string
	GuardianPrivacy, GuardianHealth string
	// PrivacySeen and HealthSeen are the hashes of the texts that were shown; without them
	// nothing is signed.
	PrivacySeen, HealthSeen string
}

// Paper is a text that is to be signed, as the screen shows it before there is a document.
type Paper struct {
	Title  string
	Blocks []document.Block
	Seen   string // hash of the edition
}

// Papers are the two texts.
type Papers struct{ Privacy, Health Paper }

// papers draws both texts with the facts of the signing.
func papers(r *store.Read, facts document.Facts, lang words.Lang) (p Papers, err error) {
	if p.Privacy, err = paper(r, privacyCode, facts, lang); err == nil {
		p.Health, err = paper(r, healthCode, facts, lang)
	}
	return p, err
}

func paper(r *store.Read, code string, facts document.Facts, lang words.Lang) (Paper, error) {
	row, err := r.DocumentTemplate(code)
	if err != nil {
		return Paper{}, err
	}
	t, err := document.Parse([]byte(row.Body))
	if err != nil {
		return Paper{}, fault.Defect("reading template "+code, err)
	}
	blocks, err := t.Fill(facts, lang)
	return Paper{Title: t.Title.In(lang), Blocks: blocks, Seen: row.SHA256}, err
}

// factsOf are the facts of the two texts about a client; what the clinic has not set yet
// points to its notice board, so that no blank is signed.
func factsOf(r *store.Read, lang words.Lang, c store.Client) (document.Facts, error) {
	text := map[string]string{"client.name": c.Name, "client.number": c.Number}
	for fact, setting := range map[string]string{
		"clinic.name": settingClinic, "clinic.address": settingAddress, "clinic.phone": settingPhone, "dpo.name": settingDPO,
	} {
		value, err := r.Setting(setting)
		if err != nil {
			return document.Facts{}, err
		}
		if value == "" {
			value = lang.T("crm.paper.unset")
		}
		text[fact] = value
	}
	if c.Guardian.Name != "" {
		text["guardian.name"], text["guardian.relation"] = c.Guardian.Name, c.Guardian.Relation
	}
	return document.Facts{Text: text}, nil
}

// consent issues both texts, has them signed with the strokes and notes the two consents.
func (b *Book) consent(tx *store.Tx, by access.Actor, c store.Client, s Strokes) error {
	facts, err := factsOf(tx.Read, words.ZH, c)
	if err != nil {
		return err
	}
	standing, err := tx.Consents(c.ID)
	if err != nil {
		return err
	}
	for _, one := range []signing{
		{privacyCode, s.Privacy, s.GuardianPrivacy, s.PrivacySeen, term.ForPrivacy},
		{healthCode, s.Health, s.GuardianHealth, s.HealthSeen, term.ForHealth},
	} {
		if err := sameEdition(tx.Read, one.code, one.seen); err != nil {
			return err
		}
		_, given := standing[one.purpose]
		doc, err := issue(tx, by, document.For{Code: one.code, Client: c.ID}, facts, given)
		if err != nil {
			return err
		}
		if doc.State == store.DocumentComplete {
			continue // signed already, and nothing changed
		}
		if err := one.sign(tx, by, c, doc); err != nil {
			return err
		}
		if err := give(tx, c.ID, one.purpose, doc.ID); err != nil {
			return err
		}
	}
	return nil
}

// signing is one of the two texts with what the pads and the screen know of it.
type signing struct {
	code, strokes, guardian, seen string
	purpose                       term.Purpose
}

// sign puts the client's name under the text, and the guardian's where there is one. For a
// child the guardian signs in the child's place as well (REG-CON-04).
func (one signing) sign(tx *store.Tx, by access.Actor, c store.Client, doc store.Document) error {
	client := document.Signature{Role: document.Client, Name: c.Name, Strokes: one.strokes, Pad: document.Own, Device: by.Station, Seen: doc.SHA256}
	guardian := document.Signature{Role: document.Guardian, Name: c.Guardian.Name, Strokes: one.guardian, Device: by.Station, Seen: doc.SHA256}
	if document.Child(c.Birth, tx.Today()) {
		client.Capacity, client.Name, client.Strokes, client.Pad = document.ForMinor, c.Guardian.Name, one.guardian, document.ForMinor
		client.Relation, client.Reason = c.Guardian.Relation, words.ZH.T("document.sign.reason.child")
	}
	signatures := []document.Signature{client, guardian}
	if c.Guardian.Name == "" {
		signatures = signatures[:1]
	}
	for _, signature := range signatures {
		if _, err := document.Sign(tx, by, doc.ID, signature); err != nil {
			return err
		}
	}
	return nil
}

// issue gives the text to be signed. One that was signed under a consent since withdrawn
// does not count any more: it is void and a new one is issued.
func issue(tx *store.Tx, by access.Actor, about document.For, facts document.Facts, given bool) (store.Document, error) {
	doc, err := document.Issue(tx, by, about, facts)
	if err != nil || given || doc.State != store.DocumentComplete {
		return doc, err
	}
	if err := document.Void(tx, by, doc.ID, words.ZH.T("crm.consent.withdrawn")); err != nil {
		return doc, err
	}
	return document.Issue(tx, by, about, facts)
}

// sameEdition refuses a signature under a text that was replaced while it stood on screen,
// or that no screen has shown (REG-SIG-02).
func sameEdition(r *store.Read, code, seen string) error {
	row, err := r.DocumentTemplate(code)
	if err != nil {
		return err
	}
	if seen != row.SHA256 {
		return store.ErrStale
	}
	return nil
}

// give notes a consent; a standing one of the same purpose is replaced.
func give(tx *store.Tx, client term.ClientID, purpose term.Purpose, doc term.DocumentID) error {
	standing, err := tx.Consents(client)
	if err != nil {
		return err
	}
	if old, ok := standing[purpose]; ok {
		if old.Document == doc {
			return nil
		}
		old.WithdrawnAt, old.WithdrawReason = tx.Now(), words.ZH.T("crm.consent.renewed")
		if err := tx.SaveConsent(&old); err != nil {
			return err
		}
	}
	return tx.AddConsent(&store.Consent{Client: client, Purpose: purpose, Document: doc, GivenAt: tx.Now()})
}

// ConsentSheet is the page on which a client who has a file signs notice and consent anew.
type ConsentSheet struct {
	Client store.Client
	Papers Papers
	Given  map[term.Purpose]store.Consent
	Visit  term.VisitID // the open visit; 0 for none
	Minor  bool
	Child  bool // the guardian signs in the client's place
}

// ConsentSheet reads the texts for a client.
func (b *Book) ConsentSheet(ctx context.Context, by access.Actor, id term.ClientID) (s ConsentSheet, err error) {
	err = b.View(ctx, by, access.ConsentSign, id, func(r *store.Read) error {
		if s.Client, err = client(r, id); err != nil {
			return err
		}
		if s.Given, err = r.Consents(id); err != nil {
			return err
		}
		s.Minor = s.Client.Birth.Age(r.Today()) < Minor
		s.Child = document.Child(s.Client.Birth, r.Today())
		v, err := r.OpenVisit(id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		s.Visit = v.ID
		facts, err := factsOf(r, words.ZH, s.Client)
		if err != nil {
			return err
		}
		s.Papers, err = papers(r, facts, words.ZH)
		return err
	})
	return s, err
}

// SignConsent takes notice and separate consent of a client who has a file (S1-05): one who
// withdrew, or whose texts were renewed.
func (b *Book) SignConsent(ctx context.Context, by access.Actor, id term.ClientID, s Strokes) (visit term.VisitID, err error) {
	err = b.WriteOn(ctx, by, access.ConsentSign, clientRef(id), func(tx *store.Tx) error {
		c, err := deed.Standing(tx.Read, id)
		if err != nil {
			return err
		}
		if err := s.signed(c, tx.Today()); err != nil {
			return err
		}
		if err := b.consent(tx, by, c, s); err != nil {
			return err
		}
		tx.Result("client", int64(id))
		visit, err = b.proveOpen(tx, by, id, ProveConsent)
		return err
	})
	return visit, err
}

// proveOpen stamps a step of the client's open visit, if there is one.
func (b *Book) proveOpen(tx *store.Tx, by access.Actor, id term.ClientID, kind string) (term.VisitID, error) {
	v, err := tx.OpenVisit(id)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return v.ID, b.SOP.Prove(tx, by, sop.Subject{Visit: v.ID}, kind, store.Subject{})
}

func client(r *store.Read, id term.ClientID) (store.Client, error) {
	c, err := r.Client(id)
	if errors.Is(err, store.ErrNotFound) {
		return c, fault.NotFound("client").Because(err)
	}
	return c, err
}

func lead(r *store.Read, id term.LeadID) (store.Lead, error) {
	l, err := r.Lead(id)
	if errors.Is(err, store.ErrNotFound) {
		return l, fault.NotFound("lead").Because(err)
	}
	return l, err
}

func wantReason(field, reason string) error {
	var f fault.Fields
	if strings.TrimSpace(reason) == "" {
		f.Add(field, "crm.reason.missing")
	}
	return f.Err()
}

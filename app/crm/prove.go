package crm

import (
	"errors"
	"fmt"

	"meixu/app/engine/sop"
	"meixu/store"
	"meixu/store/term"
)

// Kinds of evidence that the client room gives to the SOP.
const (
	ProveConsent  = "consent.privacy" // S1-05
	ProveIdentity = "client.identity" // S1-06
	ProveFile     = "client.file"     // S1-07
	ProveAnswer   = "lead.answered"   // S1-01
)

func (b *Book) provers() {
	b.SOP.Prover(ProveConsent, proveConsent)
	b.SOP.Prover(ProveIdentity, proveIdentity)
	b.SOP.Prover(ProveFile, proveFile)
	b.SOP.Prover(ProveAnswer, proveAnswer)
	for _, kind := range []string{ProveConsent, ProveIdentity, ProveFile} {
		b.SOP.Place(kind, func(s sop.Subject) string { return fmt.Sprintf("/reception/visit/%d", s.Visit) })
	}
	b.SOP.Place(ProveAnswer, func(sop.Subject) string { return "/reception/leads" })
}

func clientOf(r *store.Read, s sop.Subject) (store.Client, error) {
	v, err := r.Visit(s.Visit)
	if err != nil {
		return store.Client{}, err
	}
	return r.Client(v.Client)
}

// proveConsent looks whether privacy notice and separate health consent both stand (REG-PII-01).
func proveConsent(r *store.Read, s sop.Subject) (sop.Proof, error) {
	v, err := r.Visit(s.Visit)
	if err != nil {
		return sop.Proof{}, err
	}
	consents, err := r.Consents(v.Client)
	if err != nil {
		return sop.Proof{}, err
	}
	privacy, given := consents[term.ForPrivacy]
	health, separate := consents[term.ForHealth]
	where := fmt.Sprintf("/reception/clients/%d/consent", v.Client)
	switch {
	case !given:
		return sop.Proof{Key: "crm.gap.privacy", Where: where}, nil
	case !separate:
		return sop.Proof{Key: "crm.gap.health", Where: where}, nil
	}
	at := privacy.GivenAt
	if health.GivenAt.After(at) {
		at = health.GivenAt
	}
	return sop.Proof{Done: true, At: at, Ref: store.Subject{Noun: "document", ID: int64(privacy.Document)}}, nil
}

// proveIdentity looks whether somebody compared the document with the person (REG-CON-12).
func proveIdentity(r *store.Read, s sop.Subject) (sop.Proof, error) {
	c, err := clientOf(r, s)
	if err != nil {
		return sop.Proof{}, err
	}
	if c.IDCheckedAt.IsZero() {
		return sop.Proof{Key: "crm.gap.identity"}, nil
	}
	return sop.Proof{Done: true, At: c.IDCheckedAt, Ref: clientRef(c.ID)}, nil
}

// proveFile looks whether the file stands under its one number (REG-EMR-06).
func proveFile(r *store.Read, s sop.Subject) (sop.Proof, error) {
	c, err := clientOf(r, s)
	if err != nil {
		return sop.Proof{}, err
	}
	if !findable(c) || c.Number == "" {
		return sop.Proof{Key: "crm.gap.file"}, nil
	}
	return sop.Proof{Done: true, At: c.CreatedAt, Ref: clientRef(c.ID)}, nil
}

// proveAnswer looks whether the inquiry that led to the visit was answered (S1-01).
func proveAnswer(r *store.Read, s sop.Subject) (sop.Proof, error) {
	l, err := r.LeadOfVisit(s.Visit)
	if errors.Is(err, store.ErrNotFound) || err == nil && l.FirstReplyAt.IsZero() {
		return sop.Proof{Key: "crm.gap.answer"}, nil
	}
	if err != nil {
		return sop.Proof{}, err
	}
	return sop.Proof{Done: true, At: l.FirstReplyAt, Ref: leadRef(l.ID)}, nil
}

func clientRef(id term.ClientID) store.Subject { return store.Subject{Noun: "client", ID: int64(id)} }

func leadRef(id term.LeadID) store.Subject { return store.Subject{Noun: "lead", ID: int64(id)} }

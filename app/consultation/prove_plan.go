package consultation

import (
	"cmp"
	"slices"

	"meixu/app/engine/document"
	"meixu/app/engine/sop"
	"meixu/store"
	"meixu/store/term"
)

// each asks one question about every scope of a subject; the first gap is the answer.
func each(r *store.Read, s sop.Subject, ask func(scope) (sop.Proof, error)) (sop.Proof, error) {
	scopes, err := scopesFor(r, s)
	if err != nil {
		return sop.Proof{}, err
	}
	proof := sop.Proof{Key: "consultation.gap.plan", Where: VisitPath(s.Visit)}
	for _, sc := range scopes {
		proof, err = ask(sc)
		if proof.Where == "" {
			proof.Where = PlanPath(sc.plan.ID)
		}
		if err != nil || !proof.Done {
			return proof, err
		}
	}
	return proof, nil
}

// proveCases: three authorised cases were opened in the visit of the plan, or it is written
// why not (S2-07, REG-ADV-17).
func proveCases(r *store.Read, s sop.Subject) (sop.Proof, error) {
	return each(r, s, func(sc scope) (sop.Proof, error) {
		n, last, err := casesShown(r, sc.plan.Visit)
		if err != nil {
			return sop.Proof{}, err
		}
		if n < casesWanted && sc.plan.CasesReason == "" {
			return sop.Proof{Key: "consultation.gap.cases", Args: []any{n, casesWanted}}, nil
		}
		return sop.Proof{Done: true, At: last, Ref: planRef(sc.plan.ID)}, nil
	})
}

// casesShown counts the different cases opened in a visit.
func casesShown(r *store.Read, visit term.VisitID) (n int, last term.Instant, err error) {
	views, err := r.CaseViews(visit)
	seen := map[term.CaseID]bool{}
	for _, v := range views {
		seen[v.Case], last = true, v.ShownAt
	}
	return len(seen), last, err
}

// proveQuote: a quote of the plan stands (S2-11, REG-FEE-01). Once it is ordered or signed
// it needs no longer be in date.
func proveQuote(r *store.Read, s sop.Subject) (sop.Proof, error) {
	return each(r, s, func(sc scope) (sop.Proof, error) {
		st, err := stands(r, sc.plan, quoteOf(sc.plan))
		if err != nil {
			return sop.Proof{}, err
		}
		if st.Document.ID == 0 || st.Expired && sc.plan.State != term.PlanOrdered {
			return sop.Proof{Key: "consultation.gap.quote"}, nil
		}
		return sop.Proof{Done: true, At: st.Document.CreatedAt, Ref: docRef(st.Document.ID)}, nil
	})
}

// provePrice: a manager agreed to every unusual price (S2-12).
func provePrice(r *store.Read, s sop.Subject) (sop.Proof, error) {
	return each(r, s, func(sc scope) (sop.Proof, error) {
		items, err := itemsOf(r, sc.lines)
		if err != nil {
			return sop.Proof{}, err
		}
		for _, l := range sc.lines {
			if item := items[l.Item]; sc.plan.State != term.PlanOrdered && NeedsApproval(item, l) {
				return sop.Proof{Key: "consultation.price.unapproved", Args: []any{item.Name}}, nil
			}
		}
		return sop.Proof{Done: true, At: sc.plan.ApprovedAt, Ref: planRef(sc.plan.ID)}, nil
	})
}

// provePlan: a lead physician has approved the plan (S3-01, REG-CON-01).
func provePlan(r *store.Read, s sop.Subject) (sop.Proof, error) {
	return each(r, s, func(sc scope) (sop.Proof, error) {
		if sc.plan.Physician == 0 || sc.plan.ApprovedAt.IsZero() {
			return sop.Proof{Key: "consultation.plan.unapproved", Args: []any{sc.plan.Number}}, nil
		}
		return sop.Proof{Done: true, At: sc.plan.ApprovedAt, Ref: planRef(sc.plan.ID)}, nil
	})
}

// stands says how it stands with a paper of a plan.
func stands(r *store.Read, p store.Plan, about document.For) (document.Standing, error) {
	stack, err := document.StackOf(r, p.Client, p.ID)
	if err != nil {
		return document.Standing{}, err
	}
	return stack.Stands(about)
}

// proveContract: client, consultant (and guardian) have signed the contract (S3-05).
func proveContract(r *store.Read, s sop.Subject) (sop.Proof, error) {
	return each(r, s, func(sc scope) (sop.Proof, error) {
		st, err := stands(r, sc.plan, contractOf(sc.plan))
		if err != nil || !st.OK {
			return unsignedProof(st, "consultation.gap.contract"), err
		}
		return sop.Proof{Done: true, At: st.Document.CompletedAt, Ref: docRef(st.Document.ID)}, nil
	})
}

// contractGap is the missing contract as a gap of the door "order".
func contractGap(p store.Plan) sop.Gap {
	return sop.Gap{
		Step: "S3-05", Rule: "REG-CON-11", Key: "consultation.gap.contract", Role: "consultant", Hard: true, Where: PlanPath(p.ID),
	}
}

// unsignedProof says what a paper lacks, and leads to it.
func unsignedProof(st document.Standing, key string, args ...any) sop.Proof {
	p := sop.Proof{Key: key, Args: args}
	if st.Document.ID != 0 {
		p.Where = docPath(st.Document.ID)
	}
	return p
}

// signedFor says whether a standing consent covers item and area today.
func signedFor(r *store.Read, st document.Standing, item, area string) (sop.Proof, error) {
	if st.Document.ID == 0 || len(st.Unsigned) > 0 {
		return unsignedProof(st, "consultation.gap.consent", item), nil
	}
	days, err := numberSetting(r, settingConsentDays, consentDays)
	if err != nil {
		return sop.Proof{}, err
	}
	fresh := ConsentFresh(st.Document.CompletedAt.Day(r.Zone()), r.Today(), days)
	if !st.OK || !fresh || !speaksOf(st.Document, item, area) {
		return unsignedProof(st, "consultation.gap.consent_stale", item, area), nil
	}
	return sop.Proof{Done: true, At: st.Document.CompletedAt, Ref: docRef(st.Document.ID)}, nil
}

// bundle is a scope with its items, its papers and the rule which kinds want a consent.
type bundle struct {
	scope
	items  map[term.ItemID]store.Item
	papers document.Stack
	wants  func(kind string) bool
}

func (d *Desk) bundle(r *store.Read, sc scope) (b bundle, err error) {
	b.scope = sc
	if b.items, err = itemsOf(r, sc.lines); err != nil {
		return b, err
	}
	if b.papers, err = document.StackOf(r, sc.plan.Client, sc.plan.ID); err != nil {
		return b, err
	}
	b.wants, err = d.consentRule(r, sc.plan.Visit)
	return b, err
}

// proveConsent says how it stands with the informed consent of every line (S3-02,
// REG-CON-03): it is signed by all, unchanged, for this very item and area, and in date. A
// treatment of another area than the consent names is not covered.
func (d *Desk) proveConsent(r *store.Read, s sop.Subject) (sop.Proof, error) {
	area := ""
	if s.Treatment != 0 {
		t, err := r.Treatment(s.Treatment)
		if err == nil {
			area = t.Area
		}
	}
	return each(r, s, func(sc scope) (sop.Proof, error) {
		b, err := d.bundle(r, sc)
		if err != nil {
			return sop.Proof{}, err
		}
		last := sop.Proof{Done: true, Ref: planRef(sc.plan.ID)}
		for _, l := range sc.lines {
			l.Area = cmp.Or(area, l.Area)
			if !b.wants(b.items[l.Item].Kind) {
				continue
			}
			if last, err = b.consent(r, l); err != nil || !last.Done {
				return last, err
			}
		}
		return last, nil
	})
}

func (b bundle) consent(r *store.Read, l store.PlanItem) (sop.Proof, error) {
	item := b.items[l.Item]
	st, err := b.papers.Stands(consentOf(b.plan, l, item.Kind))
	if err != nil {
		return sop.Proof{}, err
	}
	return signedFor(r, st, item.Name, l.Area)
}

// proveOffLabel: the separate consent to use off label is signed (S3-03, REG-CON-07).
func (d *Desk) proveOffLabel(r *store.Read, s sop.Subject) (sop.Proof, error) {
	return each(r, s, func(sc scope) (sop.Proof, error) {
		b, err := d.bundle(r, sc)
		if err != nil {
			return sop.Proof{}, err
		}
		last := sop.Proof{Done: true, Ref: planRef(sc.plan.ID)}
		for _, l := range sc.lines {
			item := b.items[l.Item]
			if !item.OffLabel {
				continue
			}
			st, err := b.papers.Stands(offLabelOf(sc.plan, l))
			if err != nil || !st.OK {
				return unsignedProof(st, "consultation.gap.offlabel", item.Name), err
			}
			last = sop.Proof{Done: true, At: st.Document.CompletedAt, Ref: docRef(st.Document.ID)}
		}
		return last, nil
	})
}

// proveGuardian: the guardian has signed contract and consents (S3-04, REG-CON-04).
func (d *Desk) proveGuardian(r *store.Read, s sop.Subject) (sop.Proof, error) {
	return each(r, s, func(sc scope) (sop.Proof, error) {
		b, err := d.bundle(r, sc)
		if err != nil {
			return sop.Proof{}, err
		}
		var last document.Standing
		for _, about := range b.guarded() {
			if last, err = b.papers.Stands(about); err != nil || !guarded(last) {
				return unsignedProof(last, "consultation.gap.guardian"), err
			}
		}
		return sop.Proof{Done: true, At: last.Document.CompletedAt, Ref: docRef(last.Document.ID)}, nil
	})
}

// guarded are the papers under which a guardian's name must stand.
func (b bundle) guarded() []document.For {
	about := []document.For{contractOf(b.plan)}
	for _, l := range b.lines {
		if kind := b.items[l.Item].Kind; b.wants(kind) {
			about = append(about, consentOf(b.plan, l, kind))
		}
	}
	return about
}

func guarded(st document.Standing) bool {
	return st.OK && slices.Contains(st.Document.Signers, string(document.Guardian))
}

func docPath(id term.DocumentID) string { return "/doc/" + idText(id) }

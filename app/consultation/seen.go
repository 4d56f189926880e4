package consultation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/store"
	"meixu/store/term"
)

// seen is the fingerprint of a plan's page: the plan, its lines as they were last saved, what
// speaks against each and was ruled about it, and the examination.
func (b brief) seen(r *store.Read) (string, error) {
	exam, err := r.ExamOf(b.plan.Visit)
	if ignoreMissing(err) != nil {
		return "", err
	}
	said := []string{fmt.Sprintf("plan %d.%d %s exam %d %d", b.plan.ID, b.plan.Version, b.plan.State, exam.ID, exam.Answer)}
	for _, l := range b.lines {
		said = append(said, fmt.Sprintf("line %d.%d", l.ID, l.Version))
		for _, c := range b.contras[l.ID] {
			said = append(said, fmt.Sprintf("line %d against %q %q %s %t %q", l.ID, c.Contraindication, c.Detail, c.Level, c.Settled, c.Ruling.Reason))
		}
	}
	slices.Sort(said)
	sum := sha256.Sum256([]byte(strings.Join(said, "\n")))
	return hex.EncodeToString(sum[:16]), nil
}

// seen is the fingerprint of a form's page: the form as it was last saved, the client's own answers
// beside it, and what of all answers must be seen first.
func (f Form) seen() string {
	said := fmt.Sprintf("form %d.%d answers %d.%d", f.Row.ID, f.Row.Version, f.Health.Row.ID, f.Health.Row.Version)
	for _, red := range f.Reds {
		said += fmt.Sprintf("\nred %q %q %t", red.Text.ZH, red.Detail, red.Hard)
	}
	sum := sha256.Sum256([]byte(said))
	return hex.EncodeToString(sum[:16])
}

// SeenForm is what access.Actor.Seen carries to the signature of a form of a visit.
func (d *Desk) SeenForm(ctx context.Context, by access.Actor, visit term.VisitID, code string) (seen string, err error) {
	err = d.Read(ctx, by, access.ConsultView, func(r *store.Read) error {
		f, err := d.formPage(r, by, visit, code)
		seen = f.Seen
		return err
	})
	return seen, err
}

// seen reads the fingerprint of a plan as it stands.
func (d *Desk) seen(r *store.Read, p store.Plan) (string, error) {
	b, err := d.brief(r, p)
	if err != nil {
		return "", err
	}
	return b.seen(r)
}

// Seen is what access.Actor.Seen carries to a decision on the plan (REG-SIG-02).
func (d *Desk) Seen(ctx context.Context, by access.Actor, id term.PlanID) (seen string, err error) {
	err = d.Read(ctx, by, access.ConsultView, func(r *store.Read) error {
		p, err := r.Plan(id)
		if err != nil {
			return gone(err, "plan")
		}
		seen, err = d.seen(r, p)
		return err
	})
	return seen, err
}

// decide does fn on a plan that is what the page showed: nobody approves, prices, refuses or
// orders what was exchanged while he read. What else refuses the deed is said first.
func (d *Desk) decide(ctx context.Context, by access.Actor, what planDeed, fn func(*store.Tx, store.Plan) error) error {
	return d.onPlan(ctx, by, what, func(tx *store.Tx, p store.Plan) error {
		now, err := d.seen(tx.Read, p)
		if err != nil {
			return err
		}
		if err := fn(tx, p); err != nil {
			return err
		}
		if by.Seen != now {
			return store.ErrStale
		}
		return nil
	})
}

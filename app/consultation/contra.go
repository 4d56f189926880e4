package consultation

import (
	"strings"

	"meixu/app/engine/form"
	"meixu/store"
	"meixu/store/term"
)

// asked are the forms whose findings count for a plan.
var asked = []string{FormHealth, FormNurse, FormSkin, FormTalk, FormExam}

// hits gathers every contraindication known of the client: from the newest signed forms,
// and from the words of the file that no form of this visit has brought.
func (d *Desk) hits(r *store.Read, v store.Visit, c store.Client) ([]form.Hit, error) {
	found, err := form.SignedFindings(r, form.Subject{Client: v.Client, Visit: v.ID}, asked...)
	if err != nil {
		return nil, err
	}
	all := make([]form.Hit, 0, len(found))
	for _, h := range found {
		all = append(all, form.Hit{LinkID: h.LinkID, Contraindication: h.Code, Level: h.Level, Detail: h.Detail})
	}
	return append(all, fileHits(d.house.Words, c)...), nil
}

// fileHits turns the red words of the client's file into hits: alerts are words of the
// dictionary, an allergy to a thing is part of one (a thing with the word for allergy).
func fileHits(words form.Dictionary, c store.Client) (out []form.Hit) {
	for _, alert := range c.Alerts {
		if w, ok := words.Word(alert); ok {
			out = append(out, form.Hit{Contraindication: w.Code})
		}
	}
	for _, allergy := range c.Allergies {
		name, _, _ := strings.Cut(allergy, ":")
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		for _, w := range words.All() {
			if strings.HasSuffix(w.Code, "_allergy") && strings.Contains(w.Text.ZH, name) {
				out = append(out, form.Hit{Contraindication: w.Code})
			}
		}
	}
	return out
}

// judge judges the hits for one item.
func (d *Desk) judge(hits []form.Hit, item store.Item) []form.Finding {
	return d.house.Words.Judge(hits, item.Contraindications, item.Kind)
}

// rulingsOf picks the rulings of one line.
func rulingsOf(all []store.ContraRuling, line term.PlanItemID) (own []store.ContraRuling) {
	for _, r := range all {
		if r.PlanItem == line {
			own = append(own, r)
		}
	}
	return own
}

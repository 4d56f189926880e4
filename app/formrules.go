package app

import (
	"meixu/app/aftercare"
	"meixu/app/consultation"
	"meixu/app/defaults"
	"meixu/app/engine/find"
	"meixu/app/feedback"
	"meixu/app/forms"
	"meixu/app/live"
	"meixu/store"
)

// formRules says what a signature on a form means to the clinic: which evidence it gives to
// the SOP, who hears of it, and what changes in the client's file. Rooms sign their forms by
// the steps of the same cabinet, so that it means the same wherever it happens.
func (a *App) formRules() *forms.Cabinet {
	c := forms.NewCabinet(a.Engines.SOP)
	alerts := forms.Alerts(defaults.Contraindications())
	health := func(kinds ...string) forms.Rule {
		return forms.Rule{Proves: kinds, Topics: []string{live.Board}, Signed: []forms.Hook{alerts}}
	}
	c.Set("F1", forms.Rule{Proves: []string{"client.identity"}, Topics: []string{live.Board}, Signed: []forms.Hook{forms.Basics(a.keepFound)}})
	c.Set("F16-TODAY", health("form.today"))
	c.Set("F8", forms.Rule{
		Many: true, Topics: []string{live.Tasks}, Signed: []forms.Hook{aftercare.NoNewSigns}, Own: aftercare.OnItsPage, Corrected: true,
	})
	for _, code := range consultation.OwnForms {
		c.Set(code, forms.Rule{Own: consultation.OnItsPage})
	}
	c.Set("F11", forms.Rule{Many: true, Topics: []string{live.Alerts}, Signed: []forms.Hook{feedback.SignAdverse}})
	return c
}

// keepFound keeps the finder right after the commit, when a form changed how a client can be
// reached.
func (a *App) keepFound(tx *store.Tx, c store.Client) {
	tx.After(func() {
		a.Engines.Find.Put(find.Person{ID: c.ID, Name: c.Name, Phone: c.Phone, Number: c.Number, Birth: c.Birth})
	})
}

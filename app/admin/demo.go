package admin

import (
	"context"
	"encoding/json"

	"meixu/app/fault"
	"meixu/store"
)

// DemoPassword is the password of everybody in the demo clinic, and of nobody elsewhere.
const DemoPassword = "demo-meixu"

// SettingPINs keeps the PINs of the demo people as JSON {"front":"258013"}; demo mode only.
const SettingPINs = "demo.pins"

// Card is one person of the demo clinic on the login page.
type Card struct {
	Person
	Password string
	PIN      string
}

// Cards lists the demo people with their secrets; nobody outside demo mode.
func (o *Office) Cards(ctx context.Context) (cards []Card, err error) {
	if !o.Demo {
		return nil, nil
	}
	err = o.DB.Read(ctx, func(r *store.Read) error {
		text, err := r.Setting(SettingPINs)
		if err != nil || text == "" {
			return err // no demo clinic in this folder: no cards
		}
		pins := map[string]string{}
		if err := json.Unmarshal([]byte(text), &pins); err != nil {
			return err
		}
		all, err := r.AllStaff()
		for _, s := range all {
			if pin, demo := pins[s.Login]; demo && s.Active {
				cards = append(cards, Card{personOf(s), DemoPassword, pin})
			}
		}
		return err
	})
	return cards, fault.FromStore(err, "listing demo people")
}

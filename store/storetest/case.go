package storetest

import (
	"errors"

	"meixu/store"
	"meixu/store/term"
)

// Case adds a case of the kind that may be shown, with the client's consent to it.
func Case(tx *store.Tx, client term.ClientID, kind string) (store.Case, error) {
	have, err := tx.Consents(client)
	consent, given := have[term.ForPhotoCase]
	if !given {
		consent = store.Consent{Client: client, Purpose: term.ForPhotoCase, GivenAt: tx.Now()}
		err = errors.Join(err, tx.AddConsent(&consent))
	}
	k := store.Case{ItemKind: kind, Title: "眉间纹案例", Story: "一次治疗，两周后复诊。", Consent: consent.ID, State: "shown"}
	return k, errors.Join(err, tx.AddCase(&k))
}

package gates_test

import (
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

// newcomer are the fields of a new client, with some left out or changed.
func newcomer(change ...string) (pairs []string) {
	fields := []string{
		"name", "林清禾", "phone", "13800008817", "gender", "female", "birth", "1994-05-06", "source", "walk_in",
		"id_kind", "id_card", "id_checked", "on", "sign_privacy", day.Pen, "sign_health", day.Pen, "photo", "on",
		"seen_privacy", uitest.Edition("privacy"), "seen_health", uitest.Edition("health_consent"),
	}
	for i := 0; i < len(fields); i += 2 {
		for j := 0; j < len(change); j += 2 {
			if change[j] == fields[i] {
				fields[i+1] = change[j+1]
			}
		}
		pairs = append(pairs, fields[i], fields[i+1])
	}
	return pairs
}

// withdrawn takes one consent of the client back.
func withdrawn(purpose term.Purpose, last day.Step) func(*day.Day) {
	return func(d *day.Day) {
		d.To(last)
		d.Write(func(tx *store.Tx) error {
			all, err := tx.Consents(d.Client)
			if err != nil {
				return err
			}
			c := all[purpose]
			c.WithdrawnAt, c.WithdrawnBy, c.WithdrawReason = tx.Now(), d.StaffID("front"), "客户撤回"
			return tx.SaveConsent(&c)
		})
	}
}

// file: nothing is kept of a person who has not agreed.
var file = []gate{
	{
		name: "without a signed privacy notice there is no file", login: "front", path: "/reception/clients/new",
		form: newcomer("sign_privacy", ""), rule: "REG-PII-01",
	},
	{
		name: "without the separate consent to health data there is no file", login: "front", path: "/reception/clients/new",
		form: newcomer("sign_health", "[]"), rule: "REG-PII-01",
	},
	{
		name: "a minor's file wants the guardian's signature", login: "front", path: "/reception/clients/new",
		form: append(newcomer("birth", "2010-01-02"), "guardian_name", "林建国", "guardian_relation", "父亲", "guardian_phone", "13900001111"),
		rule: "REG-CON-04",
	},
	{
		name: "a person is not filed twice unnoticed", stands: to(day.Filed), login: "front", path: "/reception/clients/new",
		form: newcomer(), rule: "REG-EMR-06",
	},
	{
		name: "health forms stop when the consent is withdrawn", stands: withdrawn(term.ForHealth, day.Assigned), login: "nurse",
		path: "/form/new?code=F2&visit={visit}", form: []string{"_step", "save", "q.pregnant", "no"}, rule: "REG-PII-01",
	},
	{
		name: "no photo without the consent to photos", stands: withdrawn(term.ForPhotoRecord, day.Assigned), login: "nurse",
		path: "/media/new", form: []string{"visit", "{visit}", "kind", "baseline", "view", "front"}, photo: true, rule: "REG-PII-01",
	},
}

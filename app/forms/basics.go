package forms

import (
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/document"
	"meixu/app/engine/form"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// basicsOf is what the file knows of the questions of F1.
func basicsOf(c store.Client) form.Answers {
	a := form.Answers{}
	for link, value := range map[string]string{
		"name": c.Name, "gender": c.Gender, "birth_date": string(c.Birth), "id_doc_type": documentCode[c.IDKind], "id_doc_no": c.IDNumber,
		"phone": c.Phone, "wechat": c.WeChat, "address": c.Address,
		"emergency_name": c.Emergency.Name, "emergency_relation": c.Emergency.Relation, "emergency_phone": c.Emergency.Phone,
		"guardian_name": c.Guardian.Name, "guardian_relation": c.Guardian.Relation,
		"guardian_phone": c.Guardian.Phone, "guardian_id": c.Guardian.IDNumber,
		"source": sourceCode[c.Source],
	} {
		if value != "" {
			a.Set(link, value)
		}
	}
	return a
}

// documentCode turns the kind of document of the file into the answer of F1.
var documentCode = map[string]string{
	"id_card": "idcard", "passport": "passport", "hk_mo_tw": "hkmt", "foreign_resident": "prc",
}

// sourceCode turns the channel of the file into the answer of F1.
var sourceCode = map[string]string{
	"walk_in": "walkin", "platform": "platform", "referral": "referral", "staff": "staff",
	"phone": "other", "online": "other", "other": "other",
}

// Basics is the hook of F1: how the person can be reached, whom to call and who is the
// guardian go into the file. Name, gender, birthday and document stay as reception checked
// them at the desk (S1-06); empty answers erase nothing.
func Basics(saved func(*store.Tx, store.Client)) Hook {
	return func(tx *store.Tx, _ access.Actor, f form.Filled) error {
		if f.Row.Client == 0 {
			return nil
		}
		c, err := tx.Client(f.Row.Client)
		if err != nil {
			return err
		}
		before := c
		for link, field := range map[string]*string{
			"phone": &c.Phone, "wechat": &c.WeChat, "address": &c.Address,
			"emergency_name": &c.Emergency.Name, "emergency_relation": &c.Emergency.Relation, "emergency_phone": &c.Emergency.Phone,
			"guardian_name": &c.Guardian.Name, "guardian_relation": &c.Guardian.Relation,
			"guardian_phone": &c.Guardian.Phone, "guardian_id": &c.Guardian.IDNumber,
		} {
			if v := strings.TrimSpace(term.Written(f.Answers.Value(link))); v != "" {
				*field = v
			}
		}
		if document.SameName(c.Guardian.Name, c.Name) { // nobody is the own guardian (REG-CON-04)
			var wrong fault.Fields
			wrong.Add("guardian_name", "crm.client.guardian.self")
			return wrong.Err()
		}
		if same(before, c) {
			return nil
		}
		if err := tx.SaveClient(&c); err != nil {
			return err
		}
		if saved != nil {
			saved(tx, c)
		}
		return nil
	}
}

func same(a, b store.Client) bool {
	return a.Phone == b.Phone && a.WeChat == b.WeChat && a.Address == b.Address &&
		a.Emergency == b.Emergency && a.Guardian == b.Guardian &&
		slices.Equal(a.Allergies, b.Allergies) && slices.Equal(a.Alerts, b.Alerts)
}

// speaks are the forms whose findings stand in the client's banner, newest filling of each.
var speaks = []string{"F2", "F2-NURSE", "F15", "F16-TODAY"}

// Alerts is the hook of the forms that ask about health: contraindications found go into the
// banner as red words, allergies into its line of allergies. A word goes when the newest
// signed fillings no longer say it; an allergy goes only when the filling that brought it is
// amended, because it is no matter of the day.
func Alerts(words form.Dictionary) Hook {
	return func(tx *store.Tx, _ access.Actor, f form.Filled) error {
		if f.Row.Client == 0 {
			return nil
		}
		c, err := tx.Client(f.Row.Client)
		if err != nil {
			return err
		}
		before := c
		if c.Alerts, err = alertsOf(tx.Read, f.Row.Client, words); err != nil {
			return err
		}
		c.Allergies = slices.Clone(c.Allergies)
		if old, ok, err := form.Before(tx.Read, f); err != nil {
			return err
		} else if ok {
			gone := allergiesIn(old, words)
			c.Allergies = slices.DeleteFunc(c.Allergies, func(w string) bool { return slices.Contains(gone, w) })
		}
		c.Allergies = union(c.Allergies, allergiesIn(f, words))
		if same(before, c) {
			return nil
		}
		return tx.SaveClient(&c)
	}
}

func alertsOf(r *store.Read, client term.ClientID, words form.Dictionary) ([]string, error) {
	hits, err := form.SignedFindings(r, form.Subject{Client: client}, speaks...)
	var out []string
	for _, h := range hits {
		if word, ok := words.Code(h.Code); ok && !isAllergy(h.LinkID) {
			out = union(out, []string{word.Text.ZH})
		}
	}
	return out, err
}

// isAllergy says that the question asks for an allergy: al_… in F2.
func isAllergy(link string) bool { return strings.HasPrefix(link, "al_") }

// allergiesIn are the allergies of a filling in words: the dictionary's word or the option's
// text, and what was typed beside it.
func allergiesIn(f form.Filled, words form.Dictionary) []string {
	var out []string
	for _, g := range f.Template.Groups {
		for _, it := range g.Items {
			ans := f.Answers[it.LinkID]
			if !isAllergy(it.LinkID) && it.LinkID != "shock" || ans.Empty() {
				continue
			}
			said := allergyWords(it, ans, words)
			if ans.Detail != "" && len(said) > 0 {
				said[len(said)-1] += ": " + ans.Detail
			} else if ans.Detail != "" && !f.Answers.Has(it.LinkID, form.No) { // said beside "none of these" it still counts
				said = []string{ans.Detail}
			}
			out = union(out, said)
		}
	}
	return out
}

func allergyWords(it form.Item, ans form.Answer, words form.Dictionary) (out []string) {
	for _, v := range ans.Values {
		switch {
		case v == form.No || v == form.Unasked || v == "none":
			continue
		case it.Type == form.YesNo:
			word := it.Text.ZH
			for _, h := range it.Hits {
				if c, ok := words.Code(h.Contraindication); ok && h.WhenAnswer == v {
					word = c.Text.ZH
				}
			}
			out = append(out, word)
		default:
			for _, o := range it.Options {
				if o.Code == v {
					out = append(out, o.Text.ZH)
				}
			}
		}
	}
	return out
}

func union(have, more []string) []string {
	for _, w := range more {
		if !slices.Contains(have, w) {
			have = append(have, w)
		}
	}
	return have
}

package forms

import (
	"errors"
	"strconv"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// prepared is a filling before it is begun: the newest edition, the facts that its
// conditions look at, and the answers that the file has already.
type prepared struct {
	start    Start
	template form.Template
	facts    map[string]string
	known    form.Answers
}

// blank is the filling that prepare describes.
func (p prepared) blank() form.Answers {
	a := p.template.Blank()
	for fact, value := range p.facts {
		a.Know(fact, value)
	}
	for link, ans := range p.known {
		a[link] = ans
	}
	return a
}

func (c *Cabinet) prepare(r *store.Read, by access.Actor, s Start) (p prepared, err error) {
	if p.template, err = form.Latest(r, s.Code); err != nil {
		return p, err
	}
	if !by.BeginsForm(s.Code) {
		return p, fault.Forbidden(string(access.FormBegin))
	}
	p.facts = map[string]string{}
	if p.start, err = c.about(r, s, p.facts); err != nil {
		return p, err
	}
	if p.start.Client == 0 {
		return p, nil
	}
	client, err := r.Client(p.start.Client)
	if err != nil {
		return p, gone(err, "client")
	}
	if err := consented(r, p.start); err != nil {
		return p, err
	}
	p.facts["$gender"] = client.Gender
	if client.Birth != "" {
		p.facts["$age"] = strconv.Itoa(client.Birth.Age(r.Today()))
	}
	if s.Code == "F1" {
		p.known = basicsOf(client)
		err = photosAnswered(r, client.ID, p.facts)
	}
	return p, err
}

// photosAnswered notes that the client has said what photos may be used for, at the desk or on
// the photo authorisation, so that F1 does not ask it a second time.
func photosAnswered(r *store.Read, client term.ClientID, facts map[string]string) error {
	have, err := r.Consents(client)
	if err != nil {
		return err
	}
	for _, p := range []term.Purpose{term.ForPhotoRecord, term.ForPhotoCase, term.ForPhotoPublic} {
		if _, given := have[p]; given {
			facts[form.FactPhotoConsent] = form.Yes
		}
	}
	signed, err := r.Documents(store.DocumentFilter{Kind: "photo", Client: client, State: store.DocumentComplete, Limit: 1})
	if len(signed) > 0 { // also when every use was refused
		facts[form.FactPhotoConsent] = form.Yes
	}
	return err
}

// about completes the subject from treatment or visit, and notes what they say.
func (c *Cabinet) about(r *store.Read, s Start, facts map[string]string) (Start, error) {
	if s.Treatment != 0 {
		t, err := r.Treatment(s.Treatment)
		if err != nil {
			return s, gone(err, "treatment")
		}
		s.Visit, s.Client = t.Visit, t.Client
		item, err := r.Item(t.Item)
		if err != nil {
			return s, err
		}
		facts["$kind"], facts["$care"] = item.Kind, item.CareTemplate
		facts["$depth"] = strings.TrimPrefix(item.Depth, "L")
	}
	if s.Task != 0 {
		t, err := r.Task(s.Task)
		if err != nil {
			return s, gone(err, "task")
		}
		if t.Day >= 0 {
			facts["$day"] = strconv.Itoa(t.Day)
		}
		if s.Client == 0 {
			s.Client = t.Client
		}
	}
	if s.Visit != 0 {
		v, err := r.Visit(s.Visit)
		if err != nil {
			return s, gone(err, "visit")
		}
		s.Client = v.Client
	}
	return s, nil
}

// beforeHealth are the forms about a person that ask nothing about health.
var beforeHealth = map[string]bool{"F1": true, "F9": true, "F17": true, "F21": true}

// consented refuses a form while the consent that it needs does not stand: health answers
// want the separate consent beside the privacy notice (REG-PII-01, rulings 27).
func consented(r *store.Read, s Start) error {
	have, err := r.Consents(s.Client)
	if err != nil {
		return err
	}
	if _, ok := have[term.ForPrivacy]; !ok {
		return fault.Refuse("REG-PII-01", "forms.consent.privacy").Ask("reception")
	}
	if _, ok := have[term.ForHealth]; !ok && !beforeHealth[s.Code] {
		return fault.Refuse("REG-PII-01", "forms.consent.health").Ask("reception")
	}
	return nil
}

func gone(err error, noun string) error {
	if errors.Is(err, store.ErrNotFound) {
		return fault.NotFound(noun).Because(err)
	}
	return err
}

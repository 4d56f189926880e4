package message

import (
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode"

	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// person is whom a message is for.
type person struct {
	client       term.ClientID
	lead         term.LeadID
	name, gender string
	phone        string
	birth        term.Day
	lang         words.Lang
	noMarketing  bool
	noService    bool
	gone         bool // the file is void, merged or blocked
}

// refuses says that the person does not want messages of the class.
func (p person) refuses(class string) bool {
	return p.gone || class == Marketing && p.noMarketing || class == Service && p.noService
}

// personOf reads whom the message is for, with everything that was chosen for the file or by
// anybody who has the same number.
func personOf(r *store.Read, client term.ClientID, lead term.LeadID) (p person, err error) {
	p = person{client: client, lead: lead, lang: words.ZH}
	if client == 0 {
		l, err := r.Lead(lead)
		if err != nil {
			return p, err
		}
		p.name, p.phone = l.Name, l.Phone
		return p, p.choices(r)
	}
	c, err := r.Client(client)
	if err != nil {
		return p, err
	}
	p.name, p.gender, p.phone, p.birth = c.Name, c.Gender, c.Phone, c.Birth
	p.gone = c.State != "active" || c.Voided()
	return p, p.choices(r)
}

// choices adds what was refused.
func (p *person) choices(r *store.Read) error {
	list, err := r.ContactChoicesOfPhone(p.phone)
	if err != nil {
		return err
	}
	if p.client != 0 {
		own, err := r.ContactChoice(p.client)
		if err == nil {
			p.lang, list = words.Lang(own.Lang), append(list, own)
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	for _, c := range list {
		p.noMarketing = p.noMarketing || c.NoMarketing
		p.noService = p.noService || c.NoService
	}
	return nil
}

// title addresses the person: surname with 先生 or 女士, the whole name when the sex is unknown.
func (p person) title() string {
	title := texts.Titles[string(p.lang)][p.gender]
	switch {
	case title == "":
		return p.name
	case p.lang == words.EN:
		return title + " " + p.name
	}
	return surname(p.name) + title
}

// surname is the family name of a Chinese name; other names have none that can be told apart.
func surname(name string) string {
	runes := []rune(name)
	if len(runes) < 2 || len(runes) > 4 || !unicode.Is(unicode.Han, runes[0]) || strings.ContainsAny(name, "·•‧ ") {
		return name
	}
	if len(runes) > 2 {
		for _, double := range texts.Surnames {
			if strings.HasPrefix(name, double) {
				return double
			}
		}
	}
	return string(runes[:1])
}

// dayOf prints a day as people say it.
func dayOf(local time.Time, lang words.Lang) string {
	return strings.NewReplacer(
		"{m}", strconv.Itoa(int(local.Month())), "{d}", strconv.Itoa(local.Day()),
		"{w}", texts.Weekdays[string(lang)][local.Weekday()],
	).Replace(texts.Date.In(lang))
}

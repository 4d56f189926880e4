package banner

import (
	"fmt"
	"strconv"

	"meixu/app/access"
	"meixu/store"
	"meixu/store/term"
)

// Of reads the banner of a client as the actor may see it: allergies and contraindications
// in words and money only for roles that see them, a flag for the others (rulings 32); the phone number is always masked.
func Of(r *store.Read, by access.Actor, client term.ClientID) (*View, error) {
	c, err := r.Client(client)
	if err != nil {
		return nil, err
	}
	consents, err := r.Consents(client)
	if err != nil {
		return nil, err
	}
	v := view(c, r.Today())
	_, v.PrivacyOK = consents[term.ForPrivacy]
	_, v.HealthOK = consents[term.ForHealth]
	v.Alarm = by.Sees(access.FieldAlarm) && c.Alarmed()
	if by.Sees(access.FieldAllergies) {
		v.Allergies, v.Contraindications = c.Allergies, c.Alerts
	}
	if by.Sees(access.FieldMoney) {
		if v.DebtFen, err = r.DebtOf(client); err != nil {
			return nil, err
		}
	}
	if v.Need, err = needOf(r, by, client); err != nil {
		return nil, err
	}
	if c.Face != 0 && by.Sees(access.FieldPhotos) {
		v.FaceURL = fmt.Sprintf("/media/%d/thumb", c.Face)
	}
	return v, nil
}

// view is the part of the banner that every role sees.
func view(c store.Client, today term.Day) *View {
	v := &View{
		ClientID: c.ID, Name: c.Name, Number: c.Number, Gender: c.Gender,
		Phone: term.MaskPhone(c.Phone), Age: c.Birth.Age(today),
	}
	if len(c.Birth) >= 4 {
		v.BirthYear, _ = strconv.Atoi(string(c.Birth[:4]))
	}
	if c.Tier != "normal" {
		v.Badges = append(v.Badges, Badge{Key: "term.tier." + c.Tier, Tone: "info", Icon: "star"})
	}
	if key := birthday(c.Birth, today); key != "" {
		v.Badges = append(v.Badges, Badge{Key: key, Tone: "info", Icon: "gift"})
	}
	if c.Birth != "" && v.Age < 18 {
		v.Badges = append(v.Badges, Badge{Key: "term.badge.minor", Tone: "danger", Icon: "alert-triangle"})
	}
	return v
}

// soon is how many days before it a birthday is told of.
const soon = 7

// birthday is the mark of a birthday that is today or within a week.
func birthday(birth, today term.Day) string {
	if birth == "" || today == "" {
		return ""
	}
	for i := range soon + 1 {
		if day := today.Add(i); day[5:] != birth[5:] {
			continue
		}
		if i == 0 {
			return "term.badge.birthday"
		}
		return "term.badge.birthday.soon"
	}
	return ""
}

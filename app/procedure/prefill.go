package procedure

import (
	"strconv"
	"strings"

	"meixu/app/engine/form"
	"meixu/app/inventory"
	"meixu/store"
	"meixu/store/term"
)

// prefill is what the house knows already, so that nobody types it again.
func prefill(r *store.Read, t store.Treatment, item store.Item, which Which) (map[string]string, form.Answers, error) {
	c, err := r.Client(t.Client)
	if err != nil {
		return nil, nil, err
	}
	facts := map[string]string{
		"$kind": item.Kind, "$depth": item.Depth, "$care": item.CareTemplate, "$gender": c.Gender,
		"$age": strconv.Itoa(c.Birth.Age(r.Today())),
	}
	known := form.Answers{}
	put := func(link, value string) {
		if value != "" {
			known.Set(link, value)
		}
	}
	switch which {
	case FormToday:
		earlier, err := sameDay(r, t)
		if err != nil {
			return nil, nil, err
		}
		for _, link := range ofThePerson {
			if ans := earlier.Answers[link]; !ans.Empty() {
				known[link] = ans
			}
		}
	case FormMark:
		put("area", t.Area)
	case FormSkinTest:
		notes, err := r.TreatmentNotes(t.ID)
		if err != nil {
			return nil, nil, err
		}
		if n, ok := lastNote(notes, "skintest"); ok {
			put("needed", form.Yes)
			put("drug", n.Body.Drug)
			put("done_at", n.At.Clock(r.Zone()))
			put("read_at", r.Now().Clock(r.Zone()))
		}
	case FormRecord:
		err = prefillRecord(r, t, item, known)
	default: // nothing to say for the others
	}
	return facts, known, err
}

// ofThePerson are the questions about today's state (S4-03) that hold for every treatment of the
// day. Wish, area, what was done to the skin lately (the treatment before is such) and the
// client's signature are each treatment's own.
var ofThePerson = []string{"pregnant", "menstruating", "fever", "herpes", "sun", "drugs", "ate"}

// sameDay is the newest answer about today's state that was signed today for another treatment
// of the visit; the row has no id when there is none.
func sameDay(r *store.Read, t store.Treatment) (found form.Filled, err error) {
	others, err := r.TreatmentsOf(t.Visit)
	if err != nil {
		return found, err
	}
	var row store.Answer
	for _, o := range others {
		if o.ID == t.ID {
			continue
		}
		have, err := r.TreatmentAnswer(o.ID, codeToday)
		if isNone(err) || err == nil && have.State != store.AnswerSigned {
			continue
		}
		if err != nil {
			return found, err
		}
		if have.SignedAt.Day(r.Zone()) == r.Today() && !have.SignedAt.Before(row.SignedAt) {
			row = have
		}
	}
	if row.ID == 0 {
		return found, nil
	}
	return form.Fill(r, row)
}

// prefillRecord puts people, room and the lots taken into the record.
func prefillRecord(r *store.Read, t store.Treatment, item store.Item, known form.Answers) error {
	names, err := r.StaffNames()
	if err != nil {
		return err
	}
	known.Set("operator", names[t.Operator])
	if t.Nurse != 0 {
		known.Set("assistant", names[t.Nurse])
		known.Set("second_person", names[t.Nurse])
	}
	if t.Room != 0 {
		room, err := r.Room(t.Room)
		if err != nil {
			return err
		}
		known.Set("room", room.Name)
	}
	if t.Device != 0 {
		d, err := r.Device(t.Device)
		if err != nil {
			return err
		}
		known.Set("device", d.Number)
	}
	area := t.Area
	if area == "" {
		area = item.Name
	}
	known.Set("area", area)
	return prefillLots(r, t, names, known)
}

func prefillLots(r *store.Read, t store.Treatment, names map[term.StaffID]string, known form.Answers) error {
	uses, err := inventory.Uses(r, t.ID)
	if err != nil {
		return err
	}
	var rows []form.Row
	for _, u := range uses {
		if !u.Use.ClosedAt.IsZero() && u.Use.ReturnedQty == u.Use.TakenQty {
			continue
		}
		row := form.Row{"product": u.Product.Name, "lot": u.Lot.Lot, "unit": unitOf(u.Product.Unit)}
		if !u.Product.Toxic { // of a vial nobody uses all: that amount is always typed
			row["used"] = u.Use.TakenQty.String()
		}
		if u.Lot.ExpiresOn != "" {
			row["expiry"] = string(u.Lot.ExpiresOn)
		}
		if u.Use.Code != "" {
			row["trace"] = u.Use.Code
			known.Set("vial_trace", u.Use.Code)
		}
		if u.Use.Second != 0 { // whose PIN was typed when it was taken
			known.Set("second_person", names[u.Use.Second])
		}
		rows = append(rows, row)
	}
	if len(rows) > 0 {
		known["products"] = form.Answer{Rows: rows}
	}
	return nil
}

// unitOf maps the unit of a product to the unit codes of the record.
func unitOf(unit string) string {
	switch u := strings.ToLower(unit); u {
	case "u", "iu":
		return "U"
	case "ml", "mg", "g", "set":
		return u
	}
	return "piece"
}

package day

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"net/url"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/consultation"
	"meixu/app/readiness"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// Newcomer is the form of a new client as the desk posts it.
func (d *Day) Newcomer() url.Values {
	form := url.Values{
		"name": {"林清禾"}, "phone": {"13800008817"}, "gender": {"female"}, "birth": {"1994-05-06"}, "source": {"walk_in"},
		"id_kind": {"id_card"}, "id_checked": {"on"}, "sign_privacy": {Pen}, "sign_health": {Pen}, "photo": {"on"},
		"seen_privacy": {uitest.Edition("privacy")}, "seen_health": {uitest.Edition("health_consent")},
	}
	for name, v := range d.Person {
		form.Set(name, v)
	}
	return form
}

func (d *Day) file() {
	d.T.Helper()
	d.As("front").Direct().PostForm("/reception/clients/new", d.Newcomer()).Want(http.StatusSeeOther)
	d.Read(func(r *store.Read) error {
		list, err := r.NewestClients(0, 1)
		require.Len(d.T, list, 1)
		d.Client = list[0].ID
		return err
	})
}

// Come opens a further visit of the client, for the sessions of the order's line.
func (d *Day) Come(more ...string) {
	d.T.Helper()
	d.must("front", "/reception/arrive", append(more, "client", "{client}")...)
	d.Read(func(r *store.Read) error {
		open, err := r.OpenVisits()
		for _, v := range open {
			if v.Client == d.Client {
				d.Visit = v.ID
			}
		}
		return err
	})
}

// Again opens the client's next visit for the sessions that are left; what was agreed the
// first time still stands, everything in the treatment room is done anew.
func (d *Day) Again() *Day {
	d.T.Helper()
	d.Come("line", "{session}")
	d.done = nil
	for _, leg := range way {
		if leg.step == Disinfect {
			break
		}
		d.done = append(d.done, leg.step)
	}
	d.Treated()
	return d
}

func (d *Day) arrive() { d.Come() }

// ask hands the tablet over and answers both forms as the client would.
func (d *Day) ask() {
	d.T.Helper()
	tablet := d.OnTablet("front").Direct()
	tablet.Post(d.Fill("/form/visit/{visit}/handover")).Want(http.StatusSeeOther)
	for _, code := range []string{"F1", "F2"} {
		a := tablet.Post(d.Fill("/form/handover/{visit}/{form:"+code+"}?step=9"), d.Sheet(code)...)
		require.Equal(d.T, http.StatusSeeOther, a.Status, "%s: %s", code, said(a.Body))
	}
}

// Picture is a small real photo.
func Picture() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 120, 160))
	for x := range 120 {
		for y := range 160 {
			img.Set(x, y, color.RGBA{uint8(x * 2), uint8(y), 120, 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func (d *Day) photograph() {
	d.T.Helper()
	d.As("nurse").Direct().PostFile("/media/new", "photo", Picture(), "visit", itoa(d.Visit), "kind", "baseline", "view", "front").Want(http.StatusSeeOther)
}

// Dose is product and dose of an injection as typed on the plan.
const Dose = "注射用 A 型肉毒毒素 20 U"

// PlanLine is the plan's line as typed.
func (d *Day) PlanLine(more ...string) []string {
	line := []string{"item", "{item}", "area", "眉间", "sessions", itoa(int64(d.Sessions)), "interval", "0", "price", "{price}"}
	if consultation.Injectable(d.Item) {
		line = append(line, "dose", Dose)
	}
	return append(line, more...)
}

func (d *Day) plan() {
	d.T.Helper()
	d.must("consultant", "/consultation/{visit}/plan")
	d.Read(func(r *store.Read) error {
		p, err := r.PlanOf(d.Visit)
		d.Plan = p.ID
		return err
	})
	d.must("consultant", "/plan/{plan}/line", d.PlanLine()...)
	d.Read(func(r *store.Read) error {
		lines, err := r.PlanItems(d.Plan)
		d.Line = lines[0].ID
		return err
	})
}

// sign signs every open paper: the client on the consultant's screen, the staff with their
// own logins.
func (d *Day) sign() {
	d.T.Helper()
	var papers []store.Document
	d.Read(func(r *store.Read) (err error) {
		papers, err = r.Documents(store.DocumentFilter{Plan: d.Plan, State: store.DocumentOpen})
		return err
	})
	for _, p := range papers {
		if p.Kind != d.Unsigned {
			d.SignPaper(p, "consultant")
		}
	}
}

// SignPaper draws every signature that a paper waits for; login holds the screen.
func (d *Day) SignPaper(p store.Document, login string) {
	d.T.Helper()
	var c store.Client
	d.Read(func(r *store.Read) (err error) {
		c, err = r.Client(p.Client)
		return err
	})
	names := map[string]string{"client": c.Name, "guardian": c.Guardian.Name}
	for _, role := range p.Signers {
		who := login
		if role == string(access.Physician) {
			who = "doctor"
		}
		pen := Pen
		if role == "guardian" {
			pen = GuardianPen
		}
		d.must(who, "/doc/"+itoa(p.ID)+"/sign", "role", role, "name", names[role], "strokes", pen, "_seen", p.SHA256)
	}
}

// Paper is the client's newest paper of a kind that is not void.
func (d *Day) Paper(kind string) (p store.Document) {
	d.T.Helper()
	d.Read(func(r *store.Read) error {
		list, err := r.Documents(store.DocumentFilter{Client: d.Client, Kind: kind, NotVoid: true, Limit: 1})
		require.Len(d.T, list, 1, kind)
		p = list[0]
		return err
	})
	return p
}

func (d *Day) order() {
	d.T.Helper()
	d.must("consultant", "/plan/{plan}/order")
	d.Read(func(r *store.Read) error {
		orders, err := r.OrdersOfVisit(d.Visit)
		require.Len(d.T, orders, 1)
		d.Order = orders[0].ID
		lines, err2 := r.OrderLines(d.Order)
		require.NoError(d.T, err2)
		d.Session = lines[0].ID
		return err
	})
}

// Due is the order's total as the cashier types it.
func (d *Day) Due() string {
	d.T.Helper()
	var total term.Fen
	d.Read(func(r *store.Read) error {
		o, err := r.Order(d.Order)
		total = o.TotalFen
		return err
	})
	return total.Plain()
}

func (d *Day) pay() {
	d.T.Helper()
	d.must("cashier", "/till/{order}/pay", "card", d.Due(), "ref_card", "8817")
	d.Read(func(r *store.Read) error {
		list, err := r.PaymentsOf(d.Order)
		d.Payment = list[len(list)-1].ID
		return err
	})
	d.Treated()
}

// Treated finds the visit's newest treatment.
func (d *Day) Treated() {
	d.T.Helper()
	d.Read(func(r *store.Read) error {
		list, err := r.TreatmentsOf(d.Visit)
		require.NotEmpty(d.T, list, "a paid line opens its treatment")
		d.Treatment = list[len(list)-1].ID
		return err
	})
}

func (d *Day) checkKit() {
	d.T.Helper()
	var seen []string
	for _, item := range readiness.KitItems {
		seen = append(seen, "present", item)
	}
	d.must("nurse", "/ready/kit", seen...)
}

func (d *Day) checkMachine() {
	d.T.Helper()
	if d.Device == 0 {
		return
	}
	pairs := []string{"result", "good"}
	for _, point := range readiness.DevicePoints {
		pairs = append(pairs, "passed", point)
	}
	d.must("nurse", "/ready/device/{device}/check", pairs...)
}

// Team are the fields of who does it where, with operator as the operator.
func (d *Day) Team(operator string) []string {
	pairs := []string{"operator", "{staff:" + operator + "}", "nurse", "{staff:nurse}", "room", "{room}"}
	if d.Device != 0 {
		pairs = append(pairs, "device", "{device}")
	}
	return pairs
}

func (d *Day) mark() {
	d.T.Helper()
	if d.Item.SideMark {
		d.must("doctor", "/procedure/{treatment}/form/mark", d.Sheet("F16-MARK")...)
	}
}

// Counts are the fields of what became of every lot taken.
func (d *Day) Counts(used, wasted, returned string) (pairs []string) {
	d.T.Helper()
	d.Read(func(r *store.Read) error {
		uses, err := r.LotUses(d.Treatment)
		for _, u := range uses {
			id := itoa(u.ID)
			pairs = append(pairs, "used."+id, used, "wasted."+id, wasted, "returned."+id, returned)
		}
		return err
	})
	return pairs
}

func (d *Day) watch() {
	d.T.Helper()
	d.Clock.Forward(time.Duration(d.Item.ObserveMinutes) * time.Minute)
	if d.Item.ObserveMinutes > 0 {
		d.must("nurse", "/procedure/{treatment}/form/observe", d.Sheet("F7-OBS")...)
	}
}

// guide issues the guide and lets the client sign for it.
func (d *Day) guide() {
	d.T.Helper()
	d.must("nurse", "/aftercare/guide/{treatment}")
	d.Read(func(r *store.Read) error {
		papers, err := r.Documents(store.DocumentFilter{Client: d.Client, State: store.DocumentOpen})
		for _, p := range papers {
			d.SignPaper(p, "nurse")
		}
		return err
	})
}

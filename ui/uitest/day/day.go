// Package day walks a client through a test clinic, step by step, by posting what the screens
// post, so that a test can begin anywhere in the day: paid, at the green gate, signed out.
// The whole SOP holds; nothing is put into the database past the rooms but the rooms' own
// furniture.
//
//	d := day.New(t).Without(day.Baseline).To(day.TimedOut)
//	d.Post("nurse", "/procedure/{treatment}/start").Want(409, "S4-06")
package day

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// Toxin is the item of the deepest check, which a day is about unless told: a mark, a lot
// taken by two, time-out, counts, sign-out.
const Toxin = "INJ-BTX-GL"

// Step is one deed of the day, in the order of the SOP.
type Step string

// Day is one client's day.
type Day struct {
	*uitest.Site
	Item      store.Item
	Person    map[string]string // differs from the usual new client
	Answers   map[string]map[string]string
	Sessions  int
	Unsigned  string // kind of paper that nobody signs
	Client    term.ClientID
	Visit     term.VisitID
	Plan      term.PlanID
	Line      term.PlanItemID // the plan's line
	Order     term.OrderID
	Session   term.OrderLineID // the order's line, which keeps the sessions
	Payment   term.PaymentID
	Treatment term.TreatmentID
	Room      term.RoomID
	Device    term.DeviceID
	Lots      map[string]store.Lot // by what is printed on them

	done, without []Step
}

// New opens a clinic whose rooms, people and shelves are ready for the toxin.
func New(t testing.TB) *Day { return Of(t, Toxin) }

// Of is New for another item of the catalogue.
func Of(t testing.TB, code string) *Day {
	t.Helper()
	d := &Day{Site: uitest.New(t), Sessions: 1, Lots: map[string]store.Lot{}, Answers: map[string]map[string]string{}}
	d.furnish(code)
	return d
}

// Beside is the day of a further client in the same clinic.
func (d *Day) Beside(name, phone string) *Day {
	other := &Day{
		Site: d.Site, Item: d.Item, Sessions: 1, Room: d.Room, Device: d.Device, Lots: d.Lots,
		Person: map[string]string{"name": name, "phone": phone}, Answers: map[string]map[string]string{},
	}
	return other.With("F1", "name", name, "phone", phone)
}

// Without leaves steps out.
func (d *Day) Without(steps ...Step) *Day {
	for _, s := range steps {
		require.True(d.T, slices.ContainsFunc(way, func(w leg) bool { return w.step == s }), s)
	}
	d.without = append(d.without, steps...)
	return d
}

// With changes answers of one form: the health questionnaire, the examination.
func (d *Day) With(code string, pairs ...string) *Day {
	if d.Answers[code] == nil {
		d.Answers[code] = map[string]string{}
	}
	for pair := range slices.Chunk(pairs, 2) {
		d.Answers[code][pair[0]] = pair[1]
	}
	return d
}

// To does every step up to and with the one named that was neither done nor left out.
func (d *Day) To(last Step) *Day {
	d.T.Helper()
	for _, leg := range way {
		if !slices.Contains(d.done, leg.step) && !slices.Contains(d.without, leg.step) {
			leg.do(d)
			d.done = append(d.done, leg.step)
		}
		if leg.step == last {
			return d
		}
	}
	require.Failf(d.T, "no such step", "%s", last)
	return d
}

// Post posts as the login to the path; {…} in path and values stand for rows of the day.
func (d *Day) Post(login, path string, pairs ...string) *uitest.Answer {
	d.T.Helper()
	return d.As(login).Post(d.Fill(path), d.fillAll(pairs)...)
}

// PostPhoto is Post with a picture in the field photo.
func (d *Day) PostPhoto(login, path string, pairs ...string) *uitest.Answer {
	d.T.Helper()
	return d.As(login).PostFile(d.Fill(path), "photo", Picture(), d.fillAll(pairs)...)
}

// Fill puts the rows of the day into a text: {client} {visit} {plan} {line} {order} {payment}
// {treatment} {room} {device}, {lot:L-OLD} for a lot's row and {staff:nurse} for a person's,
// {form:F2} for the visit's filling of a form.
func (d *Day) Fill(text string) string {
	pairs := []string{
		"{client}", itoa(d.Client), "{visit}", itoa(d.Visit), "{plan}", itoa(d.Plan), "{line}", itoa(d.Line), "{line.version}", d.lineVersion(),
		"{order}", itoa(d.Order), "{payment}", itoa(d.Payment), "{treatment}", itoa(d.Treatment), "{room}", itoa(d.Room),
		"{device}", itoa(d.Device), "{session}", itoa(d.Session), "{item}", itoa(d.Item.ID), "{price}", d.Item.PriceFen.Plain(),
	}
	for _, login := range []string{"front", "consultant", "doctor", "nurse", "stock", "quality", "manager"} {
		pairs = append(pairs, "{staff:"+login+"}", itoa(d.StaffID(login)))
	}
	for name, lot := range d.Lots {
		pairs = append(pairs, "{lot:"+name+"}", itoa(lot.ID))
	}
	text = strings.NewReplacer(pairs...).Replace(text)
	return fillings.ReplaceAllStringFunc(text, func(ref string) string {
		return itoa(d.Form(strings.TrimSuffix(strings.TrimPrefix(ref, "{form:"), "}")))
	})
}

// lineVersion is the version of the plan's line, as its form carries it.
func (d *Day) lineVersion() string {
	d.T.Helper()
	if d.Line == 0 {
		return "0"
	}
	var l store.PlanItem
	d.Read(func(r *store.Read) (err error) {
		l, err = r.PlanItem(d.Line)
		return err
	})
	return strconv.Itoa(l.Version)
}

var fillings = regexp.MustCompile(`\{form:[^}]+\}`)

// Form is the visit's newest filling of a form.
func (d *Day) Form(code string) (id term.AnswerID) {
	d.T.Helper()
	d.Read(func(r *store.Read) error {
		row, err := r.VisitAnswer(d.Visit, code)
		id = row.ID
		return err
	})
	return id
}

func (d *Day) fillAll(pairs []string) (out []string) {
	for _, p := range pairs {
		out = append(out, d.Fill(p))
	}
	return out
}

// must posts and demands that it was taken.
func (d *Day) must(login, path string, pairs ...string) {
	d.T.Helper()
	a := d.As(login).Direct().Post(d.Fill(path), d.fillAll(pairs)...)
	if a.Status != http.StatusSeeOther {
		require.Failf(d.T, "a step of the day was refused", "%s %s: %d\n%s", login, d.Fill(path), a.Status, said(a.Body))
	}
}

// Read looks into the database.
func (d *Day) Read(fn func(*store.Read) error) {
	d.T.Helper()
	require.NoError(d.T, d.App.DB.Read(d.T.Context(), fn))
}

// Write changes what no screen changes: time passing on papers, machines and shelves.
func (d *Day) Write(fn func(*store.Tx) error) {
	d.T.Helper()
	act := store.Act{Staff: d.StaffID("manager"), Role: "manager", Station: "test", Action: "test.prepare"}
	require.NoError(d.T, d.App.DB.Write(d.T.Context(), act, fn))
}

// Second are the fields of a second person with the PIN.
func Second(login string) []string {
	return []string{"second", "{staff:" + login + "}", "second_pin", uitest.PIN}
}

func itoa[I ~int64](id I) string { return strconv.FormatInt(int64(id), 10) }

// faults are the parts of a refused page that say why.
var faults = regexp.MustCompile(`(?s)<(p|li|div|span)[^>]*(?:fault|refus|gap)[^>]*>(.*?)</(p|li|div|span)>|data-focus="[^"]*"|id="[^"]*-fault"`)

// said is what a refused page says, without the page around it.
func said(body string) string {
	if found := faults.FindAllString(body, 30); found != nil {
		return strings.Join(found, "\n")
	}
	if _, after, ok := strings.Cut(body, "<main"); ok {
		body = after
	}
	return body[:min(len(body), 1500)]
}

package procedure_test

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/defaults"
	"meixu/app/engine/sop"
	"meixu/app/people"
	suite "meixu/app/procedure"
	"meixu/app/readiness"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
	"meixu/ui/uitest"
)

const drawn = `[[{"x":1,"y":2},{"x":30,"y":40}]]`

// house is a clinic with one paid treatment waiting at the gate. Its SOP has the stages S4
// and S5 (and S6 where a test wants the door): how the earlier stages are proved is other
// rooms' matter.
type house struct {
	*uitest.Site
	t    testing.TB
	id   term.TreatmentID
	item store.Item
	lot  store.Lot
	room term.RoomID
}

func open(t testing.TB, code string, stages ...string) *house {
	t.Helper()
	h := &house{Site: uitest.New(t), t: t}
	if len(stages) == 0 {
		stages = []string{"S4", "S5"}
	}
	h.write(func(tx *store.Tx) error {
		if err := sop.Publish(tx, only(stages...)); err != nil {
			return err
		}
		var err error
		if h.item, err = tx.ItemByCode(code); err != nil {
			return err
		}
		treated, err := storetest.Treat(tx, h.item.ID)
		if err != nil {
			return err
		}
		h.id = treated.ID
		if err := h.App.Engines.SOP.Start(tx, treated.Visit); err != nil {
			return err
		}
		if _, err := tx.Move(store.Account{Kind: "session", ID: int64(treated.Line)}, 1, store.Subject{Noun: "payment", ID: 1}); err != nil {
			return err
		}
		for _, purpose := range []term.Purpose{term.ForPhotoRecord, term.ForPrivacy, term.ForHealth} {
			consent := store.Consent{Client: treated.Client, Purpose: purpose, GivenAt: tx.Now()}
			if err := tx.AddConsent(&consent); err != nil {
				return err
			}
		}
		room := store.Room{Name: "T-room", Kind: h.item.RoomKind, State: "open"}
		if err := tx.AddRoom(&room); err != nil {
			return err
		}
		h.room = room.ID
		return h.stock(tx)
	})
	h.papers("doctor", people.PaperPhysician)
	h.papers("nurse", people.PaperNurse)
	return h
}

// only is the SOP cut down to the stages.
func only(stages ...string) *sop.Template {
	t := defaults.SOP()
	t.Edition, t.TouchPoints = t.Edition+1, nil
	t.Stages = slices.DeleteFunc(t.Stages, func(s sop.Stage) bool { return !slices.Contains(stages, s.ID) })
	known := map[string]bool{"*": true}
	for _, s := range t.Stages {
		for _, step := range s.Steps {
			known[step.ID] = true
		}
	}
	foreign := func(id string) bool { return !known[id] }
	for i := range t.Stages {
		for j := range t.Stages[i].Steps {
			s := &t.Stages[i].Steps[j]
			if s.Needs != nil {
				s.Needs = slices.DeleteFunc(s.Needs, foreign)
			}
		}
	}
	for i := range t.Doors {
		t.Doors[i].Needs = slices.DeleteFunc(t.Doors[i].Needs, foreign)
	}
	return t
}

// stock puts two lots of the item's product and the enzyme of the emergency kit on the shelf.
func (h *house) stock(tx *store.Tx) error {
	products, err := tx.Products()
	if err != nil {
		return err
	}
	add := func(p store.Product, lot string, ends term.Day, packs int64) (store.Lot, error) {
		l := store.Lot{
			Product: p.ID, Lot: lot, ExpiresOn: ends, Supplier: "T", Registration: "T", ReceivedAt: tx.Now(), State: "ok",
			ReceivedBy: h.StaffID("stock"), ReceivedQty: p.PackQty * term.Qty(packs),
		}
		if err := tx.AddLot(&l); err != nil {
			return l, err
		}
		_, err := tx.Move(store.Account{Kind: "stock", ID: int64(l.ID)}, int64(l.ReceivedQty), store.Subject{Noun: "lot", ID: int64(l.ID)})
		return l, err
	}
	for _, p := range products {
		if h.lot.ID == 0 && slices.Contains(h.item.ProductKinds, p.UseKind) {
			if h.lot, err = add(p, "L-FIRST", "2026-12-31", 2); err != nil {
				return err
			}
			if _, err := add(p, "L-LATER", "2027-12-31", 2); err != nil {
				return err
			}
			if _, err := add(p, "L-OLD", "2026-01-31", 2); err != nil {
				return err
			}
		}
		if p.UseKind == readiness.UseHyaluronidase {
			if _, err := add(p, "H-"+p.Code, "2027-01-01", 20); err != nil {
				return err
			}
		} else if h.foreign(p) {
			if _, err := add(p, "X-"+p.Code, "2027-01-01", 1); err != nil {
				return err
			}
		}
	}
	return nil
}

func (h *house) foreign(p store.Product) bool {
	return p.UseKind == "filler_ha" && !slices.Contains(h.item.ProductKinds, "filler_ha")
}

// papers gives a person everything that performing the item takes.
func (h *house) papers(login, kind string) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		l := store.Licence{
			Staff: h.StaffID(login), Kind: kind, Number: "T-1", PlaceHere: true, ValidFrom: "2020-01-01",
			CheckedAt: tx.Now(), CheckedBy: h.StaffID("manager"),
		}
		if err := tx.AddLicence(&l); err != nil {
			return err
		}
		return tx.AddStaffRight(&store.StaffRight{
			Staff: h.StaffID(login), ItemKind: h.item.Kind, Level: people.RightIndependent, GrantedBy: h.StaffID("manager"),
		})
	})
}

func (h *house) write(fn func(*store.Tx) error) {
	h.t.Helper()
	require.NoError(h.t, h.App.DB.Write(h.t.Context(), storetest.Act("test.prepare"), fn))
}

func (h *house) read(fn func(*store.Read) error) {
	h.t.Helper()
	require.NoError(h.t, h.App.DB.Read(h.t.Context(), fn))
}

// now is the treatment as it stands.
func (h *house) now() (t store.Treatment) {
	h.t.Helper()
	h.read(func(r *store.Read) (err error) {
		t, err = r.Treatment(h.id)
		return err
	})
	return t
}

func (h *house) path(rest string) string { return suite.Path(h.id) + rest }

func (h *house) second(login string) []string {
	return []string{"second", strconv.FormatInt(int64(h.StaffID(login)), 10), "second_pin", uitest.PIN}
}

// post posts as login and demands that it was taken.
func (h *house) post(login, rest string, pairs ...string) {
	h.t.Helper()
	h.As(login).Direct().Post(h.path(rest), pairs...).Want(303)
}

// refused posts as login and demands a refusal that names the rule.
func (h *house) refused(rule, login, rest string, pairs ...string) {
	h.t.Helper()
	h.As(login).Post(h.path(rest), pairs...).Want(409, rule)
}

// fill posts a form of the treatment, done.
func (h *house) fill(login, which string, answers map[string]string, more ...string) *uitest.Answer {
	h.t.Helper()
	form := url.Values{"_step": {"done"}}
	for k, v := range answers {
		form["q."+k] = strings.Split(v, "|")
	}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return h.As(login).Direct().PostForm(h.path("/form/"+which), form)
}

var (
	todayAnswers = map[string]string{
		"still": "yes", "same": "yes", "realistic": "yes", "pregnant": "no", "menstruating": "no", "fever": "no", "infection": "no",
		"broken": "no", "herpes": "no", "sun": "no", "light": "no", "drugs": "no", "ate": "yes", "client_sign": drawn,
	}
	markAnswers = map[string]string{
		"area": "眉间", "points.0.x": "0.5", "points.0.y": "0.3", "points.0.side": "mid", "agreed": "yes",
	}
	signInAnswers = map[string]string{
		"identity": "yes", "consent": "yes", "site": "yes", "allergy": "yes", "contra": "yes", "weight_kg": "52", "equipment": "yes",
		"skin_test": "na", "fasting": "na", "first_sign": drawn,
	}
	timeOutAnswers = map[string]string{
		"roles": "yes", "recite": "yes", "lots": "yes", "goggles": "na", "anaesthetic": "na", "plans": "yes", "images": "na",
		"operator_sign": drawn,
	}
	recordAnswers = map[string]string{
		"operator": "T-doctor", "room": "T-room", "area": "眉间", "position": "supine", "an_kind": "none",
		"products.0.product": "T", "products.0.lot": "L-FIRST", "products.0.used": "20", "products.0.unit": "U",
		"diluent_ml": "2.5", "diluted_at": "09:10", "conc": "4", "second_person": "T-nurse", "vial_trace": "L-FIRST",
		"points.0.x": "0.5", "points.0.y": "0.3", "points.0.muscle": "皱眉肌", "points.0.layer": "intramuscular",
		"points.0.units": "20", "points.0.needle": "sharp30", "points.0.aspiration": "na",
		"discarded_units": "80", "discard_by": "T-nurse / T-stock", "off_label": "no",
		"vas": "2", "complication": "none", "photo_after_reason": "客户不愿拍", "left_condition": "good", "operator_sign": drawn,
	}
	observeAnswers = map[string]string{
		"vitals.0.at": "09:05", "vitals.0.pain": "1", "vitals.0.colour": "same", "colour": "same", "refill_s": "2", "vision_ok": "yes",
		"pain_odd": "no", "allergy": "no", "stable": "yes", "no_bleed": "yes", "guide": "yes", "redcard": "yes", "walk": "yes",
		"nurse_sign": drawn,
	}
	signOutAnswers = map[string]string{
		"actual": "yes", "counts": "yes", "empties": "yes", "watch": "yes", "observe": "yes", "care": "yes", "specimen": "na",
		"operator_sign": drawn,
	}
)

// ready walks the gate up to the last check before the start.
func (h *house) ready() {
	h.t.Helper()
	h.gated()
	h.fill("doctor", "timeout", timeOutAnswers, h.second("nurse")...).Want(303)
}

// gated walks the gate up to the sign-in: the time-out is what is left.
func (h *house) gated() {
	h.t.Helper()
	h.readiness()
	h.post("nurse", "/assign", "operator", itoa(h.StaffID("doctor")), "nurse", itoa(h.StaffID("nurse")), "room", itoa(h.room))
	h.post("nurse", "/identity", "way", "birth", "birth", "1990-05-01")
	h.fill("nurse", "today", todayAnswers).Want(303)
	if h.item.SideMark {
		h.fill("doctor", "mark", markAnswers).Want(303)
	}
	h.post("doctor", "/clear", "verdict", "pass", "note", "")
	h.post("nurse", "/nophoto", "reason", "客户不同意拍照")
	h.post("nurse", "/lots", append([]string{"code", "L-FIRST"}, h.second("stock")...)...)
	h.fill("nurse", "signin", signInAnswers, h.second("doctor")...).Want(303)
}

// readiness makes room and kit ready.
func (h *house) readiness() {
	h.t.Helper()
	ctx := h.t.Context()
	_, err := h.App.Rooms.Ready.Disinfect(ctx, h.Actor("nurse"), readiness.Disinfect{Room: h.room, Method: "wipe", Minutes: 30})
	require.NoError(h.t, err)
	ok, err := h.App.Rooms.Ready.CheckKit(ctx, h.Actor("nurse"), readiness.KitCheck{Present: readiness.KitItems})
	require.NoError(h.t, err)
	require.True(h.t, ok)
}

// through walks a treatment to its sign-out.
func (h *house) through() {
	h.t.Helper()
	h.ready()
	h.post("nurse", "/start")
	h.Clock.Forward(10 * time.Minute)
	h.fill("doctor", "record", recordAnswers).Want(303)
	h.post("nurse", "/counts", append(h.countPairs("20", "80", "0"), h.second("stock")...)...)
	h.fill("doctor", "signout", signOutAnswers, h.second("nurse")...).Want(303)
}

func (h *house) countPairs(used, wasted, returned string) []string {
	h.t.Helper()
	var pairs []string
	h.read(func(r *store.Read) error {
		uses, err := r.LotUses(h.id)
		for _, u := range uses {
			id := strconv.FormatInt(u.ID, 10)
			pairs = append(pairs, "used."+id, used, "wasted."+id, wasted, "returned."+id, returned)
		}
		return err
	})
	return pairs
}

func itoa[I ~int64](id I) string { return strconv.FormatInt(int64(id), 10) }

// acts lists the actions of the trail on the treatment.
func (h *house) acts() (words []string) {
	h.t.Helper()
	h.read(func(r *store.Read) error {
		list, err := r.Acts(store.ActFilter{Subject: store.Subject{Noun: "treatment", ID: int64(h.id)}, Limit: 200})
		for _, a := range list {
			words = append(words, a.Act.Action)
		}
		return err
	})
	return words
}

// stamps lists the steps of the visit that are stamped, with their state.
func (h *house) stamps() map[string]store.StampState {
	h.t.Helper()
	got := map[string]store.StampState{}
	h.read(func(r *store.Read) error {
		list, err := r.SOPStamps(h.now().Visit)
		for _, s := range list {
			got[s.Step] = s.State
		}
		return err
	})
	return got
}

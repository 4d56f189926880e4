package consultation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// pen is what the signature pad posts.
const pen = `{"whose":"own","strokes":[[[10,40,0],[20,20,8],[30,44,16],[44,18,24],[60,50,32],[70,22,40],[84,46,48],[96,20,56],[110,44,64]]]}`

// clinic is a house with a client who has come, agreed to privacy and health data, and
// waits for consultation.
type clinic struct {
	*uitest.Site
	client store.Client
	visit  store.Visit
}

func open(t *testing.T, change ...func(*store.Client)) *clinic {
	t.Helper()
	c := &clinic{Site: uitest.New(t)}
	c.client = store.Client{Name: "林清禾", Phone: "13800138000", Gender: "female", Birth: "1994-05-06", IDNumber: "X"}
	for _, fn := range change {
		fn(&c.client)
	}
	c.arrived(c.client)
	return c
}

// arrived lets a client come who agreed to privacy and health data.
func (c *clinic) arrived(who store.Client) {
	c.T.Helper()
	c.client = who
	c.write(func(tx *store.Tx) error {
		c.client.IDCheckedAt = tx.Now()
		if err := tx.AddClient(&c.client); err != nil {
			return err
		}
		for _, p := range []term.Purpose{term.ForPrivacy, term.ForHealth} {
			if err := tx.AddConsent(&store.Consent{Client: c.client.ID, Purpose: p, GivenAt: tx.Now()}); err != nil {
				return err
			}
		}
		c.visit = store.Visit{
			Client: c.client.ID, State: term.VisitOpen, Stage: term.StageReception, Station: term.AtWaiting,
			StationAt: tx.Now(), ArrivedAt: tx.Now(), GreetedAt: tx.Now(),
		}
		if err := tx.AddVisit(&c.visit); err != nil {
			return err
		}
		ticket := store.Ticket{Visit: c.visit.ID, Day: tx.Today(), Stream: "C", Number: fmt.Sprintf("C%02d", c.visit.ID), State: term.TicketWaiting}
		if err := tx.AddTicket(&ticket); err != nil {
			return err
		}
		return c.App.Engines.SOP.Start(tx, c.visit.ID)
	})
}

func (c *clinic) write(fn func(*store.Tx) error) {
	c.T.Helper()
	act := store.Act{Staff: c.StaffID("front"), Role: "reception", Station: "test", Action: "visit.arrive"}
	require.NoError(c.T, c.App.DB.Write(c.T.Context(), act, fn))
}

func (c *clinic) read(fn func(*store.Read) error) {
	c.T.Helper()
	require.NoError(c.T, c.App.DB.Read(c.T.Context(), fn))
}

// page is a path below the visit's page.
func (c *clinic) page(below string) string {
	return fmt.Sprintf("/consultation/%d%s", c.visit.ID, below)
}

// file is the path of the client's file.
func (c *clinic) file() string { return fmt.Sprintf("/client/%d", c.client.ID) }

// item is the item of a catalogue code.
func (c *clinic) item(code string) (i store.Item) {
	c.T.Helper()
	c.read(func(r *store.Read) (err error) { i, err = r.ItemByCode(code); return err })
	return i
}

// health fills the questionnaire with no to everything, except what differs, and signs it as
// the client would.
func (c *clinic) health(differ map[string]string) {
	c.T.Helper()
	c.write(func(tx *store.Tx) error {
		by := c.Actor("nurse")
		f, err := form.Begin(tx, by, "F2", form.Subject{Client: c.client.ID, Visit: c.visit.ID}, map[string]string{"$gender": c.client.Gender})
		if err != nil {
			return err
		}
		a := harmless(f.Template)
		for link, v := range differ {
			a.Set(link, v)
		}
		if _, err := form.Save(tx, by, f.Row.ID, f.Row.Version, a); err != nil {
			return err
		}
		_, err = form.Sign(tx, by, f.Row.ID)
		return err
	})
}

// harmless answers every question in the way that finds nothing.
func harmless(t form.Template) form.Answers {
	a := form.Answers{}
	for _, g := range t.Groups {
		for _, it := range g.Items {
			switch it.Type {
			case form.YesNo:
				a.Set(it.LinkID, form.No)
			case form.Choice, form.Multi:
				a.Set(it.LinkID, it.Options[0].Code)
			case form.Boolean:
				a.Set(it.LinkID, "true")
			case form.Signature:
				a.Set(it.LinkID, pen)
			case form.TextArea:
				a.Set(it.LinkID, "面部年轻化，循序渐进")
			case form.Scale, form.Decimal:
				if it.Required {
					a.Set(it.LinkID, "5")
				}
			default: // nothing to say for the others
			}
		}
	}
	if _, ok := a["temperature"]; ok {
		a.Set("temperature", "36.5")
	}
	delete(a, "infect")
	delete(a, "infect_consent")
	delete(a, "bdd")
	return a
}

// fill posts a form of the visit, signed.
func (c *clinic) fill(login, page, code string, differ map[string]string) *uitest.Answer {
	c.T.Helper()
	var t form.Template
	c.read(func(r *store.Read) (err error) { t, err = form.Latest(r, code); return err })
	a := harmless(t)
	switch code {
	case "F4":
		a.Set("areas", "skin").Set("bdd", "ok").Set("decision", "go").Set("expected", "5").Set("budget", "5000")
		a["cases_shown"] = form.Answer{Values: []string{"none"}, Detail: "方案确定后按项目展示"}
		delete(a, "next_on")
	case "F2-NURSE":
		a.Set("temperature", "36.5").Set("systolic", "118").Set("diastolic", "76").Set("pulse", "72").Set("verdict", "clear")
		delete(a, "glucose")
	}
	for link, v := range differ {
		a.Set(link, v)
	}
	pairs := []string{"_step", "done"}
	for link, ans := range a {
		for _, v := range ans.Values {
			pairs = append(pairs, form.Name(link), v)
		}
		if ans.Detail != "" {
			pairs = append(pairs, form.Name(link)+".detail", ans.Detail)
		}
	}
	for link, v := range differ {
		if link == "_reason" || link == "_seen" {
			pairs = append(pairs, link, v)
		}
	}
	answer := c.As(login).Post(c.page("/"+page), pairs...)
	if _, faults, found := strings.Cut(answer.Body, `<div class="faults"`); found {
		faults, _, _ = strings.Cut(faults, "</div>")
		c.T.Log(faults)
	}
	return answer
}

// examined brings the visit to a fit examination.
func (c *clinic) examined() {
	c.T.Helper()
	c.health(nil)
	c.fill("nurse", "review", "F2-NURSE", nil).Want(200).At(c.page(""))
	c.fill("doctor", "exam", "F15", nil).Want(200).At(c.page(""))
}

// dose is product and dose of a line as typed.
const dose = "注射用 A 型肉毒毒素 20 U"

// planned opens a plan with one line of the item and gives both.
func (c *clinic) planned(code string, pairs ...string) (p store.Plan, l store.PlanItem) {
	c.T.Helper()
	c.As("consultant").Post(c.page("/plan")).Want(200)
	c.read(func(r *store.Read) (err error) { p, err = r.PlanOf(c.visit.ID); return err })
	i := c.item(code)
	all := append([]string{"item", fmt.Sprint(i.ID), "area", "眉间", "sessions", "1", "interval", "0", "price", i.PriceFen.Plain()}, pairs...)
	if !slices.Contains(pairs, "dose") {
		all = append(all, "dose", dose)
	}
	c.As("consultant").Post(fmt.Sprintf("/plan/%d/line", p.ID), all...).Want(200).At(fmt.Sprintf("/plan/%d", p.ID))
	c.read(func(r *store.Read) error {
		lines, err := r.PlanItems(p.ID)
		l = lines[0]
		return err
	})
	return p, l
}

// signAll signs every open paper of the plan: the client's side on the consultant's screen,
// the staff with their own logins.
func (c *clinic) signAll(p store.Plan) {
	c.T.Helper()
	var docs []store.Document
	c.read(func(r *store.Read) (err error) {
		docs, err = r.Documents(store.DocumentFilter{Plan: p.ID, State: store.DocumentOpen})
		return err
	})
	require.NotEmpty(c.T, docs)
	for _, d := range docs {
		for _, role := range d.Signers {
			login := "consultant"
			if role == string(access.Physician) {
				login = "doctor"
			}
			path := fmt.Sprintf("/doc/%d", d.ID)
			drawn := pen
			if role == "guardian" { // another hand
				drawn = strings.ReplaceAll(pen, "60,50", "60,54")
			}
			hand := c.hand(d, role)
			if hand[0] == "capacity" {
				drawn = strings.Replace(pen, "own", hand[1], 1)
			}
			form := append(hand, "role", role, "strokes", drawn, "_seen", d.SHA256)
			c.As(login).Post(path+"/sign", form...).Want(200).At(path)
		}
	}
}

// hand is who signs in a capacity: for a minor the guardian, where he does not sign as well.
func (c *clinic) hand(d store.Document, role string) []string {
	c.T.Helper()
	var cl store.Client
	c.read(func(r *store.Read) (err error) {
		cl, err = r.Client(d.Client)
		return err
	})
	guarded := cl.Guardian.Name != "" && !slices.Contains(d.Signers, "guardian")
	switch {
	case role == "client" && guarded:
		return []string{"capacity", "guardian", "signer", cl.Guardian.Name, "relation", cl.Guardian.Relation, "reason", "未满 18 周岁"}
	case role == "guardian":
		return []string{"name", cl.Guardian.Name}
	}
	return []string{"name", cl.Name}
}

func TestFromConsultationToTheTill(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.As("consultant").Get("/consultation").Want(200, "林清禾", "接待客户")
	c.As("consultant").Post(c.page("/receive")).Want(200).At(c.page(""))
	c.read(func(r *store.Read) error {
		ticket, err := r.TicketOf(c.visit.ID)
		require.Equal(t, term.TicketServing, ticket.State, "taken in without a call, the waiting is over")
		require.False(t, ticket.CalledAt.IsZero())
		return err
	})
	c.fill("consultant", "need", "F17", nil).Want(200, "面部年轻化").At(c.page(""))
	c.fill("consultant", "record", "F4", nil).Want(200).At(c.page(""))
	c.examined()
	p, l := c.planned("INJ-BTX-GL")
	plan := fmt.Sprintf("/plan/%d", p.ID)
	c.As("doctor").Post(plan+"/approve").Want(200, "方案已批准").At(plan)
	c.As("consultant").Post(plan+"/cases", "reason", "本项目暂无三个已授权案例").Want(200).At(plan)
	c.As("consultant").Post(plan+"/papers").Want(200, "报价单", "消费服务合同", "知情同意书").At(plan)
	c.signAll(p)
	c.As("consultant").Post(plan+"/order").Want(200, "已开单").At(plan)
	c.read(func(r *store.Read) error {
		orders, err := r.OrdersOfVisit(c.visit.ID)
		require.Len(t, orders, 1)
		require.Equal(t, l.PriceFen, orders[0].TotalFen)
		v, _ := r.Visit(c.visit.ID)
		require.Equal(t, term.AtTill, v.Station)
		stamps, _ := r.SOPStamps(c.visit.ID)
		done := map[string]bool{}
		for _, s := range stamps {
			done[s.Step] = done[s.Step] || s.State == store.StampDone
		}
		for _, step := range []string{"S1-04", "S2-01", "S2-02", "S2-05", "S2-06", "S2-07", "S2-09", "S2-11", "S3-01", "S3-02", "S3-05"} {
			require.True(t, done[step], step)
		}
		return err
	})
}

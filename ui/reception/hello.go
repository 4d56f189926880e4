package reception

import (
	"crypto/rand"
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/crm"
	"meixu/app/engine/turnstile"
	"meixu/app/reception"
	"meixu/store/term"
	"meixu/ui/kit"
)

// helloView is the information form on a guest's own phone: who and how to be reached.
type helloView struct {
	Fields  []kit.Field
	Action  string
	Secret  string // of the guest's own page; drawn with the form, so that two taps are one
	Refused *kit.Refusal
	Said    kit.Said
	Off     *reception.GuestOff // the page is switched off
}

var helloPage = kit.New[helloView](pages, "hello.html", "guest_off.html").As(kit.Guest)

func helloFields() []kit.Field {
	return []kit.Field{
		{Name: "name", Kind: kit.Text, LabelKey: "intake.name", HelpKey: "intake.name.help", Required: true},
		{Name: "phone", Kind: kit.Phone, LabelKey: "request.phone", Required: true},
		{Name: "gender", Kind: kit.Chips, LabelKey: "reception.client.gender", Options: options("term.gender.", crm.Genders), Required: true},
		{Name: "birth", Kind: kit.Day, LabelKey: "reception.client.birth", Required: true},
		{Name: "source", Kind: kit.Select, LabelKey: "intake.source", Options: options("term.channel.", crm.Channels)},
		{Name: "wechat", Kind: kit.Text, LabelKey: "intake.wechat"},
		{Name: "address", Kind: kit.Text, LabelKey: "intake.address"},
		{Name: "emergency_name", Kind: kit.Text, LabelKey: "intake.emergency_name"},
		{Name: "emergency_relation", Kind: kit.Text, LabelKey: "intake.emergency_relation"},
		{Name: "emergency_phone", Kind: kit.Phone, LabelKey: "intake.emergency_phone"},
		{Name: "agree", Kind: kit.Check, LabelKey: "intake.agree", Required: true},
	}
}

// hello is the empty form: at the counter, or on the page of a visit.
func (h desk) hello(c echo.Context) error {
	if _, err := h.helloVisit(c); err != nil {
		return err
	}
	return h.drawHello(c, rand.Text(), kit.Said{Status: http.StatusOK})
}

// helloVisit is the visit whose page the form lies on; 0 at the counter.
func (h desk) helloVisit(c echo.Context) (term.VisitID, error) {
	if c.Param("token") == "" {
		return 0, nil
	}
	return h.WayOf(c.Request().Context(), c.Param("token"))
}

func (h desk) drawHello(c echo.Context, secret string, said kit.Said) error {
	v := helloView{Action: "/hello", Secret: secret, Refused: said.Refusal, Said: said}
	if token := c.Param("token"); token != "" {
		v.Action = "/way/" + token + "/info"
	} else if off, err := h.HelloOff(c.Request().Context()); err != nil || off != nil {
		if err != nil {
			return err
		}
		return helloPage.Draw(c, http.StatusOK, "intake.form", helloView{Off: off})
	}
	v.Fields = kit.Fill(helloFields(), kit.Read(c).Values(), said.Faults)
	return helloPage.Draw(c, said.Status, "intake.form", v)
}

// tell keeps what the guest told.
func (h desk) tell(c echo.Context) error {
	f := kit.Read(c)
	visit, err := h.helloVisit(c)
	if err != nil {
		return err
	}
	in := readHello(f)
	in.Peer, in.Visit = turnstile.Peer(c.RealIP()), visit
	err = h.files.Introduce(c.Request().Context(), kit.Who(c), in)
	if said, ok := kit.Refused(c, err); ok {
		return h.drawHello(c, in.Secret, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "", nil, "/hello/%s", in.Secret)
}

var toldPage = kit.New[crm.Introduced](pages, "told.html").As(kit.Guest)

// told is the guest's own page: the number for the desk.
func (h desk) told(c echo.Context) error {
	v, err := h.files.Introduced(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	return toldPage.Draw(c, http.StatusOK, "intake.form", v)
}

// readHello reads the form, on a phone or on a tablet of the house.
func readHello(f *kit.Form) crm.IntakeIn {
	in := crm.IntakeIn{
		Secret: f.Text("secret"), Agreed: f.Bool("agree"),
		Told: crm.Told{
			Name: f.Text("name"), Phone: f.Text("phone"), NoPhone: f.Text("no_phone"), Gender: f.Text("gender"), Birth: f.Day("birth"), Source: f.Text("source"),
			WeChat: f.Text("wechat"), Address: f.Text("address"),
			Emergency: crm.Contact{Name: f.Text("emergency_name"), Relation: f.Text("emergency_relation"), Phone: f.Text("emergency_phone")},
		},
	}
	in.Shape = f.Fields
	return in
}

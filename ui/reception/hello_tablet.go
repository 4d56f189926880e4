package reception

import (
	"crypto/rand"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/ui/kit"
)

// tabletPath is all that a tablet shows while a guest tells of oneself on it.
const tabletPath = intakesPath + "/tablet"

// helloTabletRoutes registers the information form on a tablet of the house (row:B2): the desk
// hands it over, the guest fills, and the PIN leads to what was told.
func (h desk) helloTabletRoutes(r *kit.Routes) {
	r.POST(intakesPath+"/handover", access.FormHandover, h.handHello)
	r.GET(tabletPath, access.IntakeGive, h.helloTablet)
	r.POST(tabletPath, access.IntakeGive, h.tellTablet)
}

type helloTabletView struct {
	helloView
	Told  *crm.Introduced // told already
	Staff string          // where the house goes on
}

var helloTabletPage = kit.New[helloTabletView](pages, "hello_tablet.html").As(kit.Handover)

// handHello puts the tablet into a guest's hands.
func (h desk) handHello(c echo.Context) error {
	by := kit.Who(c)
	if err := h.office.Handover(c.Request().Context(), by, kit.SessionToken(c), tabletPath); err != nil {
		return err
	}
	return kit.Done(c, "", nil, tabletPath)
}

func (h desk) helloTablet(c echo.Context) error {
	if secret := kit.ReadQuery(c).Text("told"); secret != "" {
		return h.toldTablet(c, secret)
	}
	return h.drawHelloTablet(c, rand.Text(), kit.Said{Status: http.StatusOK})
}

func (h desk) drawHelloTablet(c echo.Context, secret string, said kit.Said) error {
	v := helloTabletView{Staff: intakesPath, helloView: helloView{Action: tabletPath, Secret: secret, Refused: said.Refusal, Said: said}}
	v.Fields = kit.Fill(tabletFields(), kit.Read(c).Values(), said.Faults)
	return helloTabletPage.Draw(c, said.Status, "intake.form", v)
}

// tellTablet keeps what the guest told; the desk knows who has the tablet, so nobody counts how often.
func (h desk) tellTablet(c echo.Context) error {
	f, by := kit.Read(c), kit.Who(c)
	in := readHello(f)
	err := h.files.Introduce(c.Request().Context(), by, in)
	if said, ok := kit.Refused(c, err); ok {
		return h.drawHelloTablet(c, in.Secret, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "", nil, "%s?told=%s", tabletPath, in.Secret)
}

// toldTablet thanks and asks for the tablet; the desk goes on where what was told is compared.
func (h desk) toldTablet(c echo.Context, secret string) error {
	told, err := h.files.Introduced(c.Request().Context(), secret)
	if err != nil {
		return err
	}
	v := helloTabletView{Told: &told, Staff: intakesPath + "/" + idOf(told.ID)}
	return helloTabletPage.Draw(c, http.StatusOK, "intake.form", v)
}

// tabletFields are the fields on a tablet of the house: who has no phone is handed one.
func tabletFields() []kit.Field {
	fields := helloFields()
	at := slices.IndexFunc(fields, func(f kit.Field) bool { return f.Name == "phone" })
	fields[at].Required = false
	return slices.Insert(fields, at+1, noPhoneField())
}

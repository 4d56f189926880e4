// Package lan draws how devices come to the house: the page on plain HTTP where they learn to
// trust it, and the list for who looks after them.
package lan

import (
	"embed"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/lan"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type room struct{ *lan.Office }

// Routes registers the room.
func Routes(r *kit.Routes, o *lan.Office) {
	h := room{o}
	r.GET("/lan", access.LANView, h.show)
	r.POST("/lan/invite", access.StationEnrol, h.invite)
	r.POST("/lan/workstation/:id/retire", access.StationRetire, h.retire)
	r.GET("/enrol", access.Anyone, h.enrolForm)
	r.POST("/enrol", access.Anyone, h.enrol)
	r.Guest.GET("/connect", h.connect)
	r.Guest.GET("/connect/meixu.crt", h.root)
	r.Guest.GET("/connect/meixu.mobileconfig", h.profile)
}

type view struct {
	URLs    []string
	Connect string
	Code    *kit.QR
	fingerprint
	Until string
	List  []lan.Workstation
	Here  string // mark of the browser that looks
	Edit  kit.Edit
	Shown *invitation
	// Unreached says that no other device gets to Connect: this machine has no address on a network.
	Unreached bool
	Folder    string // of the data
}

// Badge is the state of a workstation.
func (view) Badge(state string) kit.Badge {
	if state == "used" {
		return kit.Badge{Key: "lan.state.used", Tone: "green", Icon: "circle-check", State: state}
	}
	return kit.Badge{Key: "lan.state.retired", Tone: "grey", Icon: "lock", State: state}
}

// fingerprint is what people compare, in groups.
type fingerprint string

// Groups are the fingerprint in groups of four.
func (f fingerprint) Groups() []string { return strings.Fields(string(f)) }

var page = kit.New[view](pages, "lan.html")

func (h room) show(c echo.Context) error { return h.draw(c, http.StatusOK, inviteEdit(), nil) }

func (h room) draw(c echo.Context, status int, e kit.Edit, shown *invitation) (err error) {
	v := view{URLs: h.URLs(), Connect: h.Connect(), Here: kit.Station(c), Edit: e, Shown: shown, Folder: h.Folder()}
	if v.List, err = h.Workstations(c.Request().Context(), kit.Who(c)); err != nil {
		return err
	}
	if a := h.Authority(); a != nil {
		v.fingerprint, v.Until = fingerprint(a.Fingerprint()), a.Until().Format("2006-01-02")
	}
	v.Unreached = v.Connect != "" && !lan.Reached(v.Connect)
	if v.Connect != "" && !v.Unreached {
		code, err := kit.NewQR(v.Connect)
		if err != nil {
			return err
		}
		v.Code = &code
	}
	return page.Draw(c, status, "lan.title", v)
}

// way is how one kind of device learns to trust the house.
type way struct {
	Key   string // words keys lan.way.<Key> and lan.way.<Key>.1 …
	Icon  string
	File  string
	Steps []string
	Open  bool // the kind of device that asks
}

type connectView struct {
	Ways []way
	URLs []string
	fingerprint
}

var connectPage = kit.New[connectView](pages, "connect.html").As(kit.Guest)

// connect shows the steps for each kind of device, its own first.
func (h room) connect(c echo.Context) error {
	a := h.Authority()
	if a == nil {
		return fault.NotFound("page")
	}
	own := kindOf(c.Request().UserAgent())
	v := connectView{URLs: h.URLs(), fingerprint: fingerprint(a.Fingerprint())}
	for _, w := range []way{
		{Key: "ipad", Icon: "ipad", File: "meixu.mobileconfig", Steps: steps("ipad", 5)},
		{Key: "android", Icon: "mobile", File: "meixu.crt", Steps: steps("android", 4)},
		{Key: "windows", Icon: "desktop", File: "meixu.crt", Steps: steps("windows", 4)},
	} {
		w.Open = w.Key == own
		v.Ways = append(v.Ways, w)
	}
	return connectPage.Draw(c, http.StatusOK, "lan.connect.title", v)
}

func steps(kind string, n int) (keys []string) {
	for i := range n {
		keys = append(keys, "lan.way."+kind+"."+string(rune('1'+i)))
	}
	return keys
}

// kindOf guesses the device from what its browser says; an iPad calls itself a Macintosh.
func kindOf(agent string) string {
	switch {
	case strings.Contains(agent, "iPad"), strings.Contains(agent, "iPhone"), strings.Contains(agent, "Macintosh"):
		return "ipad"
	case strings.Contains(agent, "Android"):
		return "android"
	}
	return "windows"
}

func (h room) root(c echo.Context) error {
	a := h.Authority()
	if a == nil {
		return fault.NotFound("page")
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="meixu.crt"`)
	return c.Blob(http.StatusOK, "application/x-x509-ca-cert", a.Root())
}

func (h room) profile(c echo.Context) error {
	a := h.Authority()
	if a == nil {
		return fault.NotFound("page")
	}
	profile, err := a.Profile()
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="meixu.mobileconfig"`)
	return c.Blob(http.StatusOK, "application/x-apple-aspen-config", profile)
}

package kit

import (
	"fmt"
	"net/http"
	"net/url"
	"path"
	"reflect"
	"runtime"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/fault"
)

// LoginPath is where a visitor without a session is sent.
const LoginPath = "/login"

// Route is one line of the golden route list.
type Route struct {
	Method     string
	Path       string
	Permission access.Permission
	Handler    string
	Guest      bool
}

// String prints the line as testdata/routes.txt has it.
func (r Route) String() string {
	door := "staff"
	if r.Guest {
		door = "guest"
	}
	return fmt.Sprintf("%-5s %-6s %-44s %-24s %s", door, r.Method, r.Path, r.Permission, r.Handler)
}

// Routes registers handlers, each with the permission it demands, and keeps the list.
type Routes struct {
	// Guest registers what clients' phones and the TV see, without any login (rulings 20).
	Guest *GuestRoutes

	// Prove asks for PIN or password before a deed whose permission wants it. It says that the
	// deed may go on; else it has answered.
	Prove func(c echo.Context, need access.Proof) (bool, error)

	// Again looks who posts once more, after the whole post came in, where her session changed since the
	// door let her in. It says whether it has answered.
	Again func(c echo.Context) (bool, error)

	group *echo.Group
	list  []Route
	need  map[string]access.Permission
}

// GuestRoutes are the routes of the guest listener; tokens in the path are their only key.
type GuestRoutes struct {
	group *echo.Group
	all   *Routes
}

// NewRoutes registers on group; guest routes go to the guest group, or to the same one when
// there is none.
func NewRoutes(group *echo.Group, guest ...*echo.Group) *Routes {
	r := &Routes{group: group, need: map[string]access.Permission{}}
	r.Guest = &GuestRoutes{group: group, all: r}
	if len(guest) > 0 {
		r.Guest.group = guest[0]
	}
	return r
}

// GET registers a page that needs the permission.
func (r *Routes) GET(path string, need access.Permission, h echo.HandlerFunc) {
	r.add(http.MethodGet, path, need, h)
}

// POST registers a deed that needs the permission.
func (r *Routes) POST(path string, need access.Permission, h echo.HandlerFunc) {
	r.add(http.MethodPost, path, need, h)
}

// GET registers a guest page.
func (g *GuestRoutes) GET(path string, h echo.HandlerFunc) { g.add(http.MethodGet, path, h) }

// POST registers a guest's deed.
func (g *GuestRoutes) POST(path string, h echo.HandlerFunc) { g.add(http.MethodPost, path, h) }

// List is every route registered so far, in order.
func (r *Routes) List() []Route { return append([]Route(nil), r.list...) }

func (r *Routes) add(method, path string, need access.Permission, h echo.HandlerFunc) {
	if need == "" {
		panic("kit: route without a permission: " + method + " " + path)
	}
	route := r.group.Add(method, path, r.guard(need, h))
	r.list = append(r.list, Route{Method: method, Path: route.Path, Permission: need, Handler: nameOf(h)})
	r.need[method+" "+route.Path] = need
}

func (g *GuestRoutes) add(method, path string, h echo.HandlerFunc) {
	route := g.group.Add(method, path, g.all.guard(access.Anyone, h))
	g.all.list = append(g.all.list, Route{
		Method: method, Path: route.Path, Permission: access.Anyone, Handler: nameOf(h), Guest: true,
	})
}

// onceMost bounds the one-time key of a post, which stays in the trail for ever, in bytes.
const onceMost = 64

// guard checks the permission, hands the route table to the frame and puts the posted
// one-time key and reason into the actor, for the act.
func (r *Routes) guard(need access.Permission, h echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Set(routesKey, r)
		by := Who(c)
		if !by.May(need) {
			if by.Staff == 0 && by.Guest.None() {
				return toLogin(c)
			}
			return fault.Forbidden(string(need))
		}
		if c.Request().Method == http.MethodPost {
			if err := posted(c, by); err != nil {
				return err
			}
			if done, err := r.seatedStill(c, need); done || err != nil {
				return err
			}
			if !by.Proven(need) {
				return r.prove(c, need.Proof(), h)
			}
		}
		return h(c)
	}
}

// seatedStill asks again who posts, where her session changed while the post came in: a body may take a
// minute, and who was disabled, locked out or lost a duty meanwhile does nothing with it any more. Done
// says that she was answered.
func (r *Routes) seatedStill(c echo.Context, need access.Permission) (done bool, err error) {
	if r.Again == nil {
		return false, nil
	}
	if done, err = r.Again(c); done || err != nil {
		return done, err
	}
	if by := Who(c); !by.May(need) {
		if by.Staff == 0 && by.Guest.None() {
			return true, toLogin(c)
		}
		return false, fault.Forbidden(string(need))
	}
	return false, nil
}

// prove does the deed once the person has shown who it is.
func (r *Routes) prove(c echo.Context, need access.Proof, h echo.HandlerFunc) error {
	if r.Prove == nil {
		return fault.Forbidden(string(access.SessionProve))
	}
	shown, err := r.Prove(c, need)
	if err != nil || !shown {
		return err
	}
	return h(c)
}

// posted puts the one-time key and the reason of a post into the actor, within their bounds.
func posted(c echo.Context, by access.Actor) error {
	if !isForm(c.Request()) {
		return keyed(c, "")
	}
	f := Read(c)
	by.Once, by.Reason, by.Posted = f.values.Get("_once"), f.Text("_reason"), f.digest(c.Request())
	by.Seen = f.Text("_seen")
	if len(by.Once) > onceMost {
		return fault.TooLong("_once", onceMost)
	}
	if err := f.bounded(); err != nil {
		return err
	}
	SetWho(c, by)
	return keyed(c, by.Once)
}

// open says that a page is registered at exactly this path and the actor may see it.
func (r *Routes) open(by access.Actor, path string) bool {
	if r == nil {
		return false
	}
	need, ok := r.need[http.MethodGet+" "+path]
	return ok && by.May(need)
}

// isForm keeps JSON bodies (drafts, strokes) unread for their handler.
func isForm(r *http.Request) bool {
	kind := r.Header.Get(echo.HeaderContentType)
	return strings.HasPrefix(kind, echo.MIMEApplicationForm) || strings.HasPrefix(kind, echo.MIMEMultipartForm)
}

// toLogin sends a visitor without a session to the login page and back afterwards.
func toLogin(c echo.Context) error {
	to := LoginPath
	if r := c.Request(); r.Method == http.MethodGet && r.Header.Get("HX-Request") == "" {
		to += "?next=" + url.QueryEscape(r.URL.Path)
	}
	if c.Request().Header.Get("HX-Request") == "true" {
		c.Response().Header().Set("HX-Redirect", to)
		return c.NoContent(http.StatusUnauthorized)
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// nameOf prints a handler as package.type.method, for the golden list.
func nameOf(h echo.HandlerFunc) string {
	name := path.Base(runtime.FuncForPC(reflect.ValueOf(h).Pointer()).Name())
	name = strings.TrimSuffix(name, "-fm")
	return strings.NewReplacer("(", "", ")", "", "*", "").Replace(name)
}

package kit

import (
	"crypto/rand"
	"time"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/engine/banner"
	"meixu/app/engine/sop"
	"meixu/app/words"
	"meixu/store/term"
)

// Setup is what the server tells the kit once: the clock, the zone, dev mode and hooks.
type Setup struct {
	// Now is the server's clock; browsers measure their own clock against it.
	Now func() term.Instant
	// Zone is the clinic's zone, in which pages print times.
	Zone *time.Location
	// Dev reads templates from disk at each draw.
	Dev bool
	// Demo shows the practice-mode ribbon.
	Demo bool
	// Clinic is the clinic's name in the top bar.
	Clinic string
	// Badges counts what waits, per navigation key; nil counts nothing.
	Badges func(c echo.Context) map[string]int
	// Kept gives a reader of what the person typed into a form and did not send, by the form's key:
	// JSON, "" for nothing; Forget drops it when the form was taken. nil keeps nothing (rulings 25).
	Kept   func(c echo.Context) func(key string) string
	Forget func(c echo.Context, key string)
	// Keep keeps a draft that a page begins itself, as JSON; nil keeps nothing.
	Keep func(c echo.Context, key, body string)
	// DraftKey is the key under which the browser seals the drafts that did not reach the server; nil
	// lets it keep none.
	DraftKey func(c echo.Context) string
	// Late counts clocks that ran over, for the top bar; nil counts nothing.
	Late func(c echo.Context) int
	// Notices are the sentences that the person is told at the head of every page; nil tells none.
	Notices func(c echo.Context) []string
	// News is the number of the newest event. A page holds from the moment its request came:
	// its stream begins there, so that nothing is missed until the browser listens.
	News func() int64
	// Stopping is closed when the server stops: what waits for news answers then.
	Stopping <-chan struct{}
}

// Badges is the hook used when Setup has none; set once at start.
var Badges func(c echo.Context) map[string]int

const (
	setupKey  = "meixu.kit.setup"
	actorKey  = "meixu.actor"
	routesKey = "meixu.kit.routes"
	newsKey   = "meixu.kit.news"
)

// Use is the middleware that hands the setup to every page of a server.
func Use(s Setup) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			c.Set(setupKey, s)
			if s.News != nil {
				c.Set(newsKey, s.News())
			}
			return next(c)
		}
	}
}

func setupOf(c echo.Context) Setup {
	s, _ := c.Get(setupKey).(Setup)
	if s.Zone == nil {
		s.Zone = time.FixedZone("Asia/Shanghai", 8*60*60)
	}
	return s
}

// SetWho puts the signed-in person into the request; the session middleware calls it.
func SetWho(c echo.Context, by access.Actor) { c.Set(actorKey, by) }

// Who is the person of the request; nobody (with the browser's language) before login.
func Who(c echo.Context) access.Actor {
	by, ok := c.Get(actorKey).(access.Actor)
	if !ok || by.Lang == "" {
		by.Lang = words.Parse(langOf(c))
	}
	return by
}

func langOf(c echo.Context) string {
	if lang := Cookie(c, LangCookie); lang != "" {
		return lang
	}
	return string(words.ZH)
}

// Frame is everything around the view: who looks, in which language, and what the rail,
// the top bar, the banner and the stepper show.
type Frame struct {
	Actor   access.Actor
	Lang    words.Lang
	Title   string
	Nav     []NavLink
	Badges  map[string]int
	Flash   string
	Undo    string // where the deed that Flash tells of is taken back
	Banner  *banner.View
	Stepper *sop.Stepper
	Layout  string
	Clinic  string
	Demo    bool
	Late    int
	Notices []string
	News    int64 // newest event when the request came
	// ForClient says that a client looks at the page.
	ForClient bool
	// Here is the path of the page; Now the server's clock; Today the clinic's day.
	Here  string
	Now   term.Instant
	Today term.Day

	zone   *time.Location
	routes *Routes
	drafts drafts
}

// Root is what a page's templates see: the frame and the view.
type Root[V any] struct {
	*Frame
	V V
}

// Bound is a widget's data X together with the frame.
type Bound struct {
	*Frame
	X any
}

// With hands a widget its data together with the frame.
func (f *Frame) With(x any) Bound { return Bound{Frame: f, X: x} }

// Spoken is the frame in another language, for what keeps its own: a signed paper is printed
// as it was signed, whoever reads it.
func (f *Frame) Spoken(lang string) *Frame {
	if lang == "" {
		return f
	}
	own := *f
	own.Lang = words.Parse(lang)
	return &own
}

// T prints a text of the catalogue in the page's language.
func (f *Frame) T(key string, args ...any) string { return f.Lang.T(key, args...) }

// Unit prints a unit of measure in the page's language.
func (f *Frame) Unit(kept string) string { return f.Lang.Unit(kept) }

// Kind prints a category or a kind of room, device or product in the page's language.
func (f *Frame) Kind(kept string) string { return f.Lang.Kind(kept) }

// Text prints template data in the page's language.
func (f *Frame) Text(t words.Text) string { return t.In(f.Lang) }

// May says that the person of the page may do the deed.
func (f *Frame) May(p access.Permission) bool { return f.Actor.May(p) }

// Has says that this server answers GET at the path and the person may go there.
func (f *Frame) Has(path string) bool { return f.routes.open(f.Actor, path) }

// OnceKey is a new one-time key; creating forms carry it (rulings 24).
func (f *Frame) OnceKey() string { return Once() }

// Clock prints 15:04, Stamp prints 2026-03-02 15:04, in the clinic's zone.
func (f *Frame) Clock(i term.Instant) string { return i.Clock(f.zone) }

// Stamp prints day and minute in the clinic's zone.
func (f *Frame) Stamp(i term.Instant) string { return i.Stamp(f.zone) }

// When prints the clock for an instant of today and day and minute for any other.
func (f *Frame) When(i term.Instant) string {
	if i.Day(f.zone) == f.Today {
		return i.Clock(f.zone)
	}
	return i.Stamp(f.zone)
}

// DayOf prints the clinic's day of an instant.
func (f *Frame) DayOf(i term.Instant) string { return string(i.Day(f.zone)) }

// Span prints how long something took, in minutes: 5分, 1小时04分, 2天3小时. Running clocks
// (ui/assets/src/js/clock.js) print the same.
func (f *Frame) Span(minutes int) string {
	const hour, day = 60, 24 * 60
	switch {
	case minutes < hour:
		return f.T("kit.span.minutes", minutes)
	case minutes < day:
		return f.T("kit.span.hours", minutes/hour, minutes%hour)
	}
	return f.T("kit.span.days", minutes/day, minutes%day/hour)
}

// Date prints a day with its weekday, as 2026-03-02 周一.
func (f *Frame) Date(d term.Day) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return ""
	}
	return string(d) + " " + f.T("kit.weekday."+weekdays[t.Weekday()])
}

var weekdays = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Once makes a new one-time key for a creating form.
func Once() string { return rand.Text() }

func newFrame(c echo.Context, layout string) *Frame {
	s, by := setupOf(c), Who(c)
	f := &Frame{Actor: by, Lang: by.Lang, Layout: layout, Clinic: s.Clinic, Demo: s.Demo, zone: s.Zone}
	f.News, _ = c.Get(newsKey).(int64)
	f.Here = c.Request().URL.Path
	f.drafts = draftsOf(c, s, by)
	if s.Now != nil {
		f.Now = s.Now()
		f.Today = f.Now.Day(s.Zone)
	}
	if f.Layout == "" {
		f.Layout = density(c, by)
	}
	f.routes, _ = c.Get(routesKey).(*Routes)
	if f.framed() && !wantsPart(c) {
		f.fill(c, s)
	}
	return f
}

// framed says that the layout has rail and top bar.
func (f *Frame) framed() bool { return f.Layout == Desk || f.Layout == Tablet }

func (f *Frame) fill(c echo.Context, s Setup) {
	f.Nav = f.links()
	count := s.Badges
	if count == nil {
		count = Badges
	}
	if count != nil {
		f.Badges = count(c)
	}
	if s.Late != nil {
		f.Late = s.Late(c)
	}
	if s.Notices != nil {
		f.Notices = s.Notices(c)
	}
}

// dress lets the view hang its banner and stepper into the frame.
func (f *Frame) dress(view any) {
	if v, ok := view.(interface{ ClientBanner() *banner.View }); ok {
		f.Banner = v.ClientBanner()
	}
	if v, ok := view.(interface{ SOPStepper() *sop.Stepper }); ok {
		f.Stepper = v.SOPStepper()
	}
	if v, ok := view.(interface{ PageTitle() string }); ok {
		f.Title = v.PageTitle()
	}
}

// density is the person's own choice on this machine, else the tablet for screens worked by
// finger and for those who work standing (physician, nurse), and the desk for all others.
// A tablet in a client's hands always has the hand-over layout.
func density(c echo.Context, by access.Actor) string {
	if !by.Guest.None() {
		return Handover
	}
	if view := Cookie(c, viewCookie); view == Tablet || view == Desk {
		return view
	}
	if by.Tablet || by.Is(access.Physician) || by.Is(access.Nurse) {
		return Tablet
	}
	return Desk
}

func sampleFrame(layout string) *Frame {
	if layout == "" {
		layout = Desk
	}
	return &Frame{Lang: words.ZH, Layout: layout, zone: time.FixedZone("Asia/Shanghai", 8*60*60)}
}

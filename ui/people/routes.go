// Package people draws papers and rights: who may treat clients here, with what, until when,
// and who checked it.
package people

import (
	"embed"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	office "meixu/app/people"
	"meixu/store/term"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type room struct{ *office.Office }

// Routes registers the people room.
func Routes(r *kit.Routes, o *office.Office) {
	h := room{o}
	r.GET("/people", access.PeopleView, h.papers)
	r.GET("/people/rights", access.PeopleView, h.rights)
	r.GET("/people/who", access.PeopleView, h.who)
	r.GET("/people/licence/new", access.LicenceAdd, h.licenceForm)
	r.POST("/people/licence/new", access.LicenceAdd, h.licence)
	r.POST("/people/licence/:id/check", access.LicenceCheck, h.check)
	r.GET("/people/licence/:id/suspend", access.LicenceSuspend, h.suspendForm)
	r.POST("/people/licence/:id/suspend", access.LicenceSuspend, h.suspend)
	r.GET("/people/right", access.RightGrant, h.rightForm)
	r.POST("/people/right", access.RightGrant, h.right)
	r.GET("/people/handover/:id", access.HandoverGive, h.handover)
	r.POST("/people/handover/:id", access.HandoverGive, h.handOver)
	h.rosterRoutes(r)
}

// tabs are the pages of the room that the reader may open.
func tabs(c echo.Context, here string) (list []kit.Tab) {
	if kit.Who(c).May(access.PeopleView) {
		list = []kit.Tab{
			{Key: "people.tab.papers", Link: "/people", Here: here == "papers"},
			{Key: "people.tab.rights", Link: "/people/rights", Here: here == "rights"},
			{Key: "people.tab.who", Link: "/people/who", Here: here == "who"},
		}
	}
	return append(list,
		kit.Tab{Key: "roster.title", Link: "/people/roster", Here: here == "roster"},
		kit.Tab{Key: "roster.leave.title", Link: "/people/leave", Here: here == "leave"},
		kit.Tab{Key: "roster.swap.title", Link: "/people/swaps", Here: here == "swaps"})
}

type papersView struct {
	office.View
	Tabs    []kit.Tab
	Tiles   []kit.Tile
	Refusal *kit.Refusal
}

var badges = map[office.Paper]kit.Badge{
	office.PaperGood:      {Key: office.PaperGood.Key(), Tone: "green", Icon: "circle-check", State: "valid"},
	office.PaperEnding:    {Key: office.PaperEnding.Key(), Tone: "yellow", Icon: "clock", State: "expiring"},
	office.PaperUnchecked: {Key: office.PaperUnchecked.Key(), Tone: "orange", Icon: "eye", State: "unchecked"},
	office.PaperAbroad:    {Key: office.PaperAbroad.Key(), Tone: "red", Icon: "map-pin", State: "elsewhere"},
	office.PaperSuspended: {Key: office.PaperSuspended.Key(), Tone: "red", Icon: "ban", State: "suspended"},
	office.PaperGone:      {Key: office.PaperGone.Key(), Tone: "red", Icon: "calendar-x", State: "expired"},
}

// Badge is how a paper stands.
func (papersView) Badge(p office.Paper) kit.Badge { return badges[p] }

var papersPage = kit.New[papersView](pages, "papers.html")

func (h room) papers(c echo.Context) error { return h.drawPapers(c, http.StatusOK, nil) }

func (h room) drawPapers(c echo.Context, status int, refusal *kit.Refusal) error {
	found, err := h.Look(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	v := papersView{View: found, Tabs: tabs(c, "papers"), Refusal: refusal}
	v.Tiles = []kit.Tile{
		{Key: "people.tile.papers", Icon: "certificate", Value: strconv.Itoa(len(found.Papers))},
		{Key: "people.tile.waiting", Icon: "eye", Value: strconv.Itoa(found.Waiting), Tone: tone(found.Waiting, "warn")},
		{Key: "people.tile.expiring", Icon: "clock", Value: strconv.Itoa(found.Expiring), Tone: tone(found.Expiring, "warn")},
		{Key: "people.tile.bad", Icon: "ban", Value: strconv.Itoa(found.Bad), Tone: tone(found.Bad, "danger")},
	}
	return papersPage.Draw(c, status, "people.title", v)
}

func tone(n int, some string) string {
	if n == 0 {
		return "good"
	}
	return some
}

func (h room) check(c echo.Context) error {
	err := h.CheckLicence(c.Request().Context(), kit.Who(c), kit.ParamID(c, "id"))
	if said, ok := kit.Refused(c, err); ok {
		return h.drawPapers(c, said.Status, said.Refusal)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "people.done.checked", nil, "/people")
}

type rightsView struct {
	office.View
	Tabs []kit.Tab
}

// Level is the level of a person's right for a kind of item.
func (rightsView) Level(p office.Person, kind string) string {
	if l := p.Rights[kind].Level; l != "" {
		return l
	}
	return office.RightNone
}

var rightsPage = kit.New[rightsView](pages, "rights.html")

func (h room) rights(c echo.Context) error {
	found, err := h.Look(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	return rightsPage.Draw(c, http.StatusOK, "people.title", rightsView{found, tabs(c, "rights")})
}

type whoView struct {
	Tabs   []kit.Tab
	Items  []kit.Option
	Chosen string
	Name   string
	People []verdict
}

type verdict struct {
	office.Operator
	Said *kit.Refusal
}

var whoPage = kit.New[whoView](pages, "who.html")

// who answers for one item of the catalogue: who may perform it today, and why others may not.
func (h room) who(c echo.Context) error {
	ctx, by := c.Request().Context(), kit.Who(c)
	items, err := h.Items(ctx, by)
	if err != nil {
		return err
	}
	f := kit.Read(c)
	v := whoView{Tabs: tabs(c, "who"), Chosen: f.Text("item")}
	for _, i := range items {
		v.Items = append(v.Items, kit.Option{Value: strconv.FormatInt(int64(i.ID), 10), Label: i.Name, Hint: i.Code})
	}
	if id := f.ID("item"); id != 0 && f.Err() == nil {
		list, item, err := h.Verdicts(ctx, by, term.ItemID(id))
		if err != nil {
			return err
		}
		v.Name = item.Name
		for _, o := range list {
			line := verdict{Operator: o}
			if said, ok := kit.Refused(c, o.Why); ok {
				line.Said = said.Refusal
			}
			v.People = append(v.People, line)
		}
	}
	return whoPage.Draw(c, http.StatusOK, "people.title", v)
}

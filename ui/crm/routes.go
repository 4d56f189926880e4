// Package crm draws the list of clients and answers the finder.
package crm

import (
	"embed"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/store/term"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type desk struct {
	*crm.Book
	asked *kit.Asked
}

// Routes registers the room.
func Routes(r *kit.Routes, b *crm.Book) {
	h := desk{b, kit.NewAsked()}
	r.GET("/find", access.ClientFind, h.findAll)
	r.POST("/find", access.ClientFind, h.find)
	r.GET("/clients", access.ClientList, h.clients)
	r.GET("/clients/:id/merge", access.ClientMerge, h.mergePage)
	r.POST("/clients/:id/merge", access.ClientMerge, h.merge)
	r.POST("/clients/:id/split/:merge", access.ClientMerge, h.split)
	r.POST("/clients", access.ClientList, func(c echo.Context) error { return h.asked.Go(c, "/clients") })
	segmentRoutes(r, h)
}

// findView is the finder's answer and, for the desk, the way to a new file.
type findView struct {
	Typed string
	Rows  []kit.Finding
}

var findPage = kit.New[findView](pages, "find.html")

// find answers the finder of the top bar while somebody types; the search of the page leads to
// the list like any other. It is a post, because what is typed is a name or a phone number.
func (h desk) find(c echo.Context) error {
	if c.Request().Header.Get("HX-Request") != "true" {
		return h.asked.Go(c, "/find")
	}
	v, err := h.found(c, kit.Typed(c))
	if err != nil {
		return err
	}
	return findPage.Part(c, http.StatusOK, "find-list", v)
}

// findAll is the finder opened as a page.
func (h desk) findAll(c echo.Context) error {
	v, err := h.found(c, h.asked.Of(c))
	if err != nil {
		return err
	}
	return findPage.Draw(c, http.StatusOK, "crm.find.title", v)
}

func (h desk) found(c echo.Context, typed string) (findView, error) {
	v, by := findView{Typed: typed}, kit.Who(c)
	people, err := h.Find(c.Request().Context(), by, typed)
	for _, p := range people {
		v.Rows = append(v.Rows, finding(by, p))
	}
	return v, err
}

// finding is one person as the finder shows it: number, birth year and masked phone stand
// beside the name, so that people of one name are told apart.
func finding(by access.Actor, p crm.Found) kit.Finding {
	sub := p.Number
	if p.Born != "" {
		sub += " · " + by.Lang.T("crm.find.born", p.Born)
	}
	f := kit.Finding{Title: p.Name, Sub: sub + " · " + p.Phone, Icon: "user", Link: fmt.Sprintf("/client/%d", p.ID)}
	desk := by.May(access.VisitArrive)
	switch {
	case p.Visit != 0 && desk:
		f.Link = fmt.Sprintf("/reception/visit/%d", p.Visit)
	case p.Visit != 0:
		f.Link = fmt.Sprintf("/visit/%d", p.Visit)
	case desk:
		f.Link = fmt.Sprintf("/reception/arrive?client=%d", p.ID)
	}
	if p.Visit != 0 {
		f.Icon, f.State = "user-heart", kit.Badge{Key: "crm.find.here", Tone: "green", Icon: "map-pin", State: "arrived"}
	}
	return f
}

// clientsView is the list of clients.
type clientsView struct {
	crm.Listed
	Typed string
	Pager *kit.Pager
	Tabs  []kit.Tab
}

// row is one client of the list.
type row struct {
	crm.Client
	Consultant string
}

// Born is the year of birth.
func (r row) Born() string {
	if len(r.Birth) < 4 {
		return ""
	}
	return string(r.Birth[:4])
}

// Masked is the phone as lists show it.
func (r row) Masked() string { return term.MaskPhone(r.Phone) }

// Blocked says that the desk must ask the manager first.
func (r row) Blocked() bool { return r.State == "blocked" }

// List is the page of the list.
func (v clientsView) List() []row {
	rows := make([]row, len(v.Rows))
	for i, c := range v.Rows {
		rows[i] = row{c, v.Names[c.Consultant]}
	}
	return rows
}

var clientsPage = kit.New[clientsView](pages, "clients.html")

const pageSize = 50

func (h desk) clients(c echo.Context) error {
	typed := h.asked.Of(c)
	pager := kit.NewPager("/clients", c.QueryParams(), pageSize)
	list, err := h.Clients(c.Request().Context(), kit.Who(c), typed, crm.Page{Offset: pager.Offset(), Size: pageSize})
	if err != nil {
		return err
	}
	pager.Total = list.Total
	return clientsPage.Draw(c, http.StatusOK, "crm.clients.title", clientsView{Listed: list, Typed: typed, Pager: pager, Tabs: listTabs(c, "clients")})
}

// Package reports draws the owner's first page with the rows behind each figure, and the
// trail: who saw and changed what, of one client or of the whole house.
package reports

import (
	"embed"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/engine/banner"
	"meixu/app/reports"
	"meixu/app/words"
	"meixu/store/term"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type room struct {
	*reports.Office
	routes *kit.Routes
}

// Routes registers figures and trails.
func Routes(r *kit.Routes, o *reports.Office) {
	h := room{o, r}
	r.GET("/owner", access.FiguresView, h.owner)
	r.GET("/owner/rows", access.FiguresView, h.ownerRows)
	r.GET("/owner/:tile", access.FiguresView, h.drill)
	r.GET("/client/:id/trail", access.TrailView, h.clientTrail)
	r.GET("/admin/trail", access.TrailView, h.houseTrail)
	r.POST("/admin/trail/verify", access.TrailVerify, h.verify)
}

type ownerView struct {
	F     reports.Figures
	Tiles []kit.Tile
}

var ownerPage = kit.New[ownerView](pages, "owner.html")

func (h room) owner(c echo.Context) error {
	v, err := h.figures(c)
	if err != nil {
		return err
	}
	return ownerPage.Draw(c, http.StatusOK, "reports.owner.title", v)
}

func (h room) ownerRows(c echo.Context) error {
	v, err := h.figures(c)
	if err != nil {
		return err
	}
	return ownerPage.Part(c, http.StatusOK, "rows", v)
}

func (h room) figures(c echo.Context) (ownerView, error) {
	by := kit.Who(c)
	f, err := h.Figures(c.Request().Context(), by)
	return ownerView{F: f, Tiles: tiles(by.Lang, f)}, err
}

// tiles are the figures in the order in which an owner looks: the rules first.
func tiles(l words.Lang, f reports.Figures) []kit.Tile {
	return []kit.Tile{
		rateTile(l, "answered", "phone-call", f.Answered), rateTile(l, "followup", "heart-handshake", f.FollowUp),
		sopTile(l, f), backupTile(l, f),
		moneyTile(l, f),
		{
			Key: "reports.tile.visits", Icon: "users", Value: strconv.Itoa(f.Visits.Whole), Link: "/owner/visits",
			Note: l.T("reports.note.visits", f.Visits.Part, f.Yesterday),
		},
		alertTile(l, f), waitTile(l, f), starTile(l, f), againTile(l, f),
	}
}

// rateTile is a rate with its formula in numbers.
func rateTile(l words.Lang, tile, icon string, r reports.Rate) kit.Tile {
	t := kit.Tile{Key: "reports.tile." + tile, Icon: icon, Value: "–", Link: "/owner/" + tile, Note: l.T("reports.note.nothing")}
	if n, ok := r.Percent(); ok {
		t.Value, t.Unit, t.Tone = strconv.Itoa(n), "%", toneOf(n)
		t.Note = l.T("reports.note."+tile, r.Part, r.Whole)
	}
	return t
}

func sopTile(l words.Lang, f reports.Figures) kit.Tile {
	t := rateTile(l, "sop", "rosette-discount-check", f.Week)
	t.Trend = f.Trend
	if n, ok := f.Today.Percent(); ok {
		t.Note += " · " + l.T("reports.note.sop.today", n)
	}
	return t
}

func backupTile(l words.Lang, f reports.Figures) kit.Tile {
	t := kit.Tile{Key: "reports.tile.backup", Icon: "database", Value: l.T("reports.never"), Link: "/keeping", Note: l.T("reports.note.backup")}
	if !f.LastGood.IsZero() {
		hours := int(f.At.Sub(f.LastGood).Hours())
		t.Value, t.Unit = strconv.Itoa(hours), l.T("reports.hours")
	}
	t.Tone = "good"
	if f.Late {
		t.Tone = "danger"
	}
	return t
}

func moneyTile(l words.Lang, f reports.Figures) kit.Tile {
	return kit.Tile{
		Key: "reports.tile.money", Icon: "coin-yuan", Value: f.Total[0].String(), Link: "/owner/money",
		Note: l.T("reports.note.money", f.Total[1].String(), f.Total[2].String()),
	}
}

func alertTile(l words.Lang, f reports.Figures) kit.Tile {
	t := kit.Tile{Key: "reports.tile.alerts", Icon: "urgent", Value: strconv.Itoa(f.Alerts), Link: "/owner/alerts", Note: l.T("reports.note.alerts"), Tone: "good"}
	if f.Alerts > 0 {
		t.Tone = "danger"
	}
	return t
}

func waitTile(l words.Lang, f reports.Figures) kit.Tile {
	t := kit.Tile{Key: "reports.tile.waiting", Icon: "hourglass", Value: "–", Link: "/owner/waiting", Note: l.T("reports.note.nothing")}
	if f.Waited > 0 {
		t.Value, t.Unit, t.Note = strconv.Itoa(f.Waiting), l.T("reports.minutes"), l.T("reports.note.waiting", f.Waited)
		if f.Waiting > reports.Limit(term.AtWaiting) {
			t.Tone = "warn"
		}
	}
	return t
}

func starTile(l words.Lang, f reports.Figures) kit.Tile {
	t := kit.Tile{Key: "reports.tile.ratings", Icon: "star", Value: "–", Link: "/owner/ratings", Note: l.T("reports.note.nothing")}
	if f.Stars.Whole > 0 {
		t.Value = fmt.Sprintf("%.1f", float64(f.Stars.Part)/float64(f.Stars.Whole))
		t.Note = l.T("reports.note.ratings", f.Stars.Whole, f.NPS.Part*100/f.NPS.Whole)
	}
	return t
}

// againTile is how many had to say it again: less is better.
func againTile(l words.Lang, f reports.Figures) kit.Tile {
	t := rateTile(l, "again", "refresh", f.Again)
	if n, ok := f.Again.Percent(); ok {
		t.Tone = toneOf(100 - n)
	}
	return t
}

func toneOf(percent int) string {
	switch {
	case percent >= 90:
		return "good"
	case percent >= 70:
		return "warn"
	}
	return "danger"
}

type drillView struct {
	Tile  string
	Table kit.Table
}

var drillPage = kit.New[drillView](pages, "drill.html")

func (h room) drill(c echo.Context) error {
	by := kit.Who(c)
	d, err := h.Drill(c.Request().Context(), by, c.Param("tile"))
	if err != nil {
		return err
	}
	v := drillView{Tile: d.Tile, Table: kit.Table{Empty: kit.Empty{
		TitleKey: "reports.drill.none", HintKey: "reports.how." + d.Tile, Icon: "list-details", Link: "/owner", ActionKey: "reports.owner.title",
	}}}
	for _, key := range d.Columns {
		v.Table.Columns = append(v.Table.Columns, kit.Column{Key: key})
	}
	for _, r := range d.Rows {
		row := kit.Row{}
		if h.routes.Reaches(by, r.Path) {
			row.Link = r.Path
		}
		for _, cell := range r.Cells {
			if cell.Key != "" {
				row.Cells = append(row.Cells, kit.Cell{State: kit.Badge{Key: cell.Key, Tone: badgeTone[cell.Tone]}})
				continue
			}
			row.Cells = append(row.Cells, kit.Cell{Text: cell.Text, Class: cell.Tone})
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
	return drillPage.Draw(c, http.StatusOK, "reports.tile."+d.Tile, v)
}

// badgeTone turns the tones of figures into those of badges.
var badgeTone = map[string]string{"good": "green", "warn": "yellow", "danger": "red", "": "grey"}

type trailView struct {
	reports.Trail
	Client term.ClientID
	Path   string
	Ask    reports.TrailAsk
	Next   string
}

// ClientBanner hangs the person into the frame, on the trail of one.
func (v trailView) ClientBanner() *banner.View { return v.Banner }

var trailPage = kit.New[trailView](pages, "trail.html")

func (h room) clientTrail(c echo.Context) error {
	id := term.ClientID(kit.ParamID(c, "id"))
	if id == 0 {
		return echo.ErrNotFound
	}
	return h.trail(c, id, fmt.Sprintf("/client/%d/trail", id))
}

func (h room) houseTrail(c echo.Context) error { return h.trail(c, 0, "/admin/trail") }

func (h room) trail(c echo.Context, client term.ClientID, path string) error {
	f := kit.Read(c)
	ask := reports.TrailAsk{
		Client: client, Staff: term.StaffID(f.ID("staff")), Action: f.Text("action"), Kind: f.Text("kind"),
		From: f.Day("from"), To: f.Day("to"), Before: term.ActID(f.ID("before")),
	}
	t, err := h.Trail(c.Request().Context(), kit.Who(c), ask)
	if err != nil {
		return err
	}
	v := trailView{Trail: t, Client: client, Path: path, Ask: ask}
	if t.Next != 0 {
		q := c.QueryParams()
		q.Set("before", strconv.FormatInt(int64(t.Next), 10))
		v.Next = path + "?" + q.Encode()
	}
	return trailPage.Draw(c, http.StatusOK, "reports.trail.title", v)
}

func (h room) verify(c echo.Context) error {
	broken, err := h.Verify(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	if broken != 0 {
		return kit.Done(c, "reports.chain.broken", []any{broken}, "/admin/trail")
	}
	return kit.Done(c, "reports.chain.good", nil, "/admin/trail")
}

// Label prints the words of a column, table or deed; the code itself when it has none.
func (v trailView) Label(l words.Lang, kind, code string) string { return reports.Label(l, kind, code) }

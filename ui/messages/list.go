// Package messages draws what leaves the house: the list of texts that people copy and mark as
// sent, the editor of the texts, and the gateways.
package messages

import (
	"embed"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/engine/message"
	"meixu/app/fault"
	"meixu/app/messages"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type room struct{ *messages.Office }

const pageSize = 40

// tabs are the views of the list in their order.
var tabs = []string{"waiting", "person", "sent", "dropped", "all"}

// Routes registers the room.
func Routes(r *kit.Routes, o *messages.Office) {
	h := room{o}
	r.GET("/messages", access.MessageSend, h.list)
	r.GET("/messages/rows", access.MessageSend, h.rows)
	r.POST("/messages/prepare", access.MessagePrepare, h.prepare)
	r.POST("/messages/:id/sent", access.MessageSend, h.sent)
	r.POST("/messages/:id/undo", access.MessageUndo, h.undo)
	r.POST("/messages/:id/settle", access.MessageSettle, h.settle)
	r.POST("/messages/:id/drop", access.MessageDrop, h.drop)
	r.GET("/messages/texts", access.MessageTemplate, h.texts)
	r.POST("/messages/texts/:kind", access.MessageTemplate, h.saveText)
	r.GET("/messages/gateways", access.MessageGateway, h.gateways)
	r.POST("/messages/gateways", access.MessageGateway, h.saveWays)
	r.POST("/messages/gateways/:name", access.MessageGateway, h.saveSetup)
	r.POST("/messages/gateways/:name/try", access.MessageGateway, h.try)
}

type listView struct {
	messages.Page
	Tabs    []kit.Tab
	Tab     string
	Kind    kit.Field
	Pager   *kit.Pager
	Query   string
	Refusal *kit.Refusal
}

var listPage = kit.New[listView](pages, "list.html")

// State is the badge of a message.
func (listView) State(m messages.Row) kit.Badge { return stateBadge(m) }

// filter reads tab and kind of the address; anything else counts as nothing.
func filter(c echo.Context) (tab, kind string) {
	f := kit.ReadQuery(c)
	if tab = f.Text("state"); !slices.Contains(tabs, tab) {
		tab = "waiting"
	}
	if kind = f.Text("kind"); !slices.Contains(append([]string{message.House}, message.Kinds...), kind) {
		kind = ""
	}
	return tab, kind
}

// queryOf is the address of a view.
func queryOf(tab, kind string, page int) string {
	q := url.Values{"state": {tab}}
	if kind != "" {
		q.Set("kind", kind)
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	return q.Encode()
}

func (h room) read(c echo.Context) (v listView, err error) {
	by := kit.Who(c)
	tab, kind := filter(c)
	v.Tab = tab
	v.Pager = kit.NewPager("/messages", url.Values{"state": {tab}, "kind": {kind}, "page": {c.QueryParam("page")}}, pageSize)
	v.Page, err = h.List(c.Request().Context(), by, messages.Filter{Tab: tab, Kind: kind, Limit: pageSize, Offset: v.Pager.Offset()})
	if err != nil {
		return v, err
	}
	v.Pager.Total, v.Query = v.Total, queryOf(tab, kind, v.Pager.Page)
	for _, name := range tabs {
		t := kit.Tab{Key: "message.tab." + name, Link: "/messages?" + queryOf(name, kind, 1), Here: name == tab}
		if name == "waiting" || name == "person" {
			for _, state := range messages.States[name] {
				t.Count += v.Counts[state]
			}
		}
		v.Tabs = append(v.Tabs, t)
	}
	v.Kind = kit.Field{Name: "kind", Kind: kit.Select, LabelKey: "message.kind", Value: kind, All: true}
	for _, one := range append(slices.Clone(message.Kinds), message.House) {
		v.Kind.Options = append(v.Kind.Options, kit.Option{Value: one, LabelKey: "message.kind." + one})
	}
	return v, nil
}

func (h room) list(c echo.Context) error { return h.draw(c, http.StatusOK, nil) }

func (h room) draw(c echo.Context, status int, refusal *kit.Refusal) error {
	v, err := h.read(c)
	if err != nil {
		return err
	}
	v.Refusal = refusal
	return listPage.Draw(c, status, "message.title", v)
}

func (h room) rows(c echo.Context) error {
	v, err := h.read(c)
	if err != nil {
		return err
	}
	return listPage.Part(c, http.StatusOK, "message-rows", v)
}

// mark is the message and the version of the posted row.
func mark(c echo.Context) messages.Mark {
	return messages.Mark{ID: kit.ParamID(c, "id"), Version: kit.Read(c).Int("version")}
}

// done goes back to the view on which a deed was done, or draws it with the refusal.
func (h room) done(c echo.Context, err error, said string) error {
	if said, ok := kit.Outdated(c, err); ok {
		return h.draw(c, said.Status, said.Refusal)
	}
	if err != nil {
		return err
	}
	tab, kind := filter(c)
	page, _ := strconv.Atoi(c.QueryParam("page")) // not a number is the first page
	return kit.Done(c, said, nil, "/messages?%s", queryOf(tab, kind, page))
}

func (h room) sent(c echo.Context) error {
	return h.done(c, h.Sent(c.Request().Context(), kit.Who(c), mark(c)), "message.sent.done")
}

func (h room) undo(c echo.Context) error {
	return h.done(c, h.Undo(c.Request().Context(), kit.Who(c), kit.ParamID(c, "id")), "message.undo.done")
}

func (h room) settle(c echo.Context) error {
	arrived := kit.Read(c).Text("arrived") == "yes"
	said := map[bool]string{true: "message.settle.arrived", false: "message.settle.again"}[arrived]
	return h.done(c, h.Settle(c.Request().Context(), kit.Who(c), mark(c), arrived), said)
}

func (h room) drop(c echo.Context) error {
	return h.done(c, h.Drop(c.Request().Context(), kit.Who(c), mark(c)), "message.drop.done")
}

func (h room) prepare(c echo.Context) error {
	n, err := h.Prepare(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	return kit.Done(c, "message.prepare.done", []any{n}, "/messages")
}

var looks = map[string]struct{ tone, icon string }{
	"ready": {"blue", "clock"}, "sending": {"purple", "send"}, "sent": {"green", "circle-check"},
	"failed": {"red", "alert-triangle"}, "unsure": {"orange", "help-circle"}, "dropped": {"struck", "x"},
}

func stateBadge(m messages.Row) kit.Badge {
	look := looks[m.State]
	return kit.Badge{Key: "message.state." + m.State, Tone: look.tone, Icon: look.icon, State: m.State}
}

// refused draws a form's page anew for an error that belongs to it.
func refused(c echo.Context, err error) (kit.Said, bool) {
	if fault.KindOf(err) == fault.KindNotFound {
		return kit.Said{}, false
	}
	return kit.Outdated(c, err)
}

package crm

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/store/term"
	"meixu/ui/kit"
)

func segmentRoutes(r *kit.Routes, h desk) {
	r.GET("/clients/segments", access.SegmentView, h.segments)
	r.GET("/clients/segments/found", access.SegmentView, h.segmentFound)
	r.POST("/clients/segments", access.SegmentSave, h.saveSegment)
	r.POST("/clients/segments/:id/retire", access.SegmentSave, h.retireSegment)
	r.POST("/clients/segments/tag", access.TagAdd, h.addTag)
	r.GET("/clients/churn", access.ChurnView, h.churn)
	r.POST("/clients/churn/:id", access.ChurnAsk, h.askBack)
	r.POST("/client/:id/tag", access.ClientTag, h.tagClient)
}

// listTabs are the pages of the list of clients that the reader may open.
func listTabs(c echo.Context, here string) []kit.Tab {
	by := kit.Who(c)
	list := []kit.Tab{{Key: "crm.clients.title", Link: "/clients", Here: here == "clients"}}
	if by.May(access.SegmentView) {
		list = append(list, kit.Tab{Key: "crm.segments.title", Link: "/clients/segments", Here: here == "segments"})
	}
	if by.May(access.ChurnView) {
		list = append(list, kit.Tab{Key: "crm.churn.title", Link: "/clients/churn", Here: here == "churn"})
	}
	if len(list) == 1 {
		return nil
	}
	return list
}

// segmentsView is the builder with what it finds.
type segmentsView struct {
	crm.SegmentView
	Tabs    []kit.Tab
	Fields  []kit.Field
	Ready   []savedLink
	Pager   *kit.Pager
	Name    kit.Field
	TagName kit.Field
	Open    string // the form that stays open, because something in it was wrong
}

// savedLink leads to a segment.
type savedLink struct {
	ID        int64 // 0: one of the house's own
	Key, Name string
	Link      string
}

// RuleText is the rule as the forms carry it.
func (v segmentsView) RuleText() string {
	text, err := json.Marshal(v.Rule)
	if err != nil {
		return "{}"
	}
	return string(text)
}

// Wrong are the conditions that could not be read: what the others find is not shown for the whole.
func (v segmentsView) Wrong() []kit.Field {
	return slices.DeleteFunc(slices.Clone(v.Fields), func(f kit.Field) bool { return !f.Faulty() })
}

var segmentsPage = kit.New[segmentsView](pages, "segments.html")

// houseSegments are the segments that every clinic asks for.
var houseSegments = []struct {
	key  string
	rule crm.Rule
}{
	{"crm.segment.house.vip", crm.Rule{Tiers: []string{"gold", "diamond"}, SpentMin: 1_000_000, Away: 90}},
	{"crm.segment.house.new", crm.Rule{Stages: []string{"new"}}},
	{"crm.segment.house.rescue", crm.Rule{RMax: 2, MMin: 4}},
	{"crm.segment.house.letter", crm.Rule{Marketing: true, Within: 365}},
}

// ruleOf reads a rule out of the form of the builder.
func ruleOf(f *kit.Form) crm.Rule {
	return crm.Rule{
		Tiers: known(f.List("tiers"), crm.Tiers), Stages: known(f.List("stages"), crm.Stages), Sources: known(f.List("sources"), crm.Channels),
		Gender: f.Text("gender"), Consultant: term.StaffID(f.ID("consultant")), Tag: f.ID("tag"),
		SpentMin: f.Fen("spent"), SpentMax: f.Fen("spent_to"), YearMin: f.Fen("year"), VisitsMin: f.Int("visits"),
		Away: f.Int("away"), Within: f.Int("within"), RMax: f.Int("r"), FMin: f.Int("f"), MMin: f.Int("m"), Marketing: f.Bool("marketing"),
	}
}

func known(list, all []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return !slices.Contains(all, s) })
}

// queryOf is the address of a rule: words and numbers, never a person.
func queryOf(r crm.Rule) url.Values {
	q := url.Values{}
	for name, list := range map[string][]string{"tiers": r.Tiers, "stages": r.Stages, "sources": r.Sources} {
		for _, value := range list {
			q.Add(name, value)
		}
	}
	for name, fen := range map[string]term.Fen{"spent": r.SpentMin, "spent_to": r.SpentMax, "year": r.YearMin} {
		if fen > 0 {
			q.Set(name, yuan(fen))
		}
	}
	for name, n := range map[string]int64{
		"visits": int64(r.VisitsMin), "away": int64(r.Away), "within": int64(r.Within), "r": int64(r.RMax), "f": int64(r.FMin), "m": int64(r.MMin),
		"consultant": int64(r.Consultant), "tag": r.Tag,
	} {
		if n > 0 {
			q.Set(name, strconv.FormatInt(n, 10))
		}
	}
	if r.Gender != "" {
		q.Set("gender", r.Gender)
	}
	if r.Marketing {
		q.Set("marketing", "on")
	}
	return q
}

func yuan(fen term.Fen) string { return strings.TrimSuffix(fen.Plain(), ".00") }

func (h desk) segments(c echo.Context) error {
	v, f, err := h.segment(c)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if f.Err() != nil {
		status = http.StatusUnprocessableEntity
	}
	return segmentsPage.Draw(c, status, "crm.segments.title", v)
}

// segmentFound is the part of the page that changes while somebody builds. The address keeps step, so
// that whoever opens a client and comes back, or loads the page anew, finds what she built.
func (h desk) segmentFound(c echo.Context) error {
	v, f, err := h.segment(c)
	if err != nil {
		return err
	}
	if f.Err() == nil {
		c.Response().Header().Set("HX-Replace-Url", strings.TrimSuffix("/clients/segments?"+queryOf(v.Rule).Encode(), "?"))
	}
	return segmentsPage.Part(c, http.StatusOK, "segment-found", v)
}

func (h desk) segment(c echo.Context) (v segmentsView, f *kit.Form, err error) {
	f = kit.Read(c)
	v, err = h.built(c, ruleOf(f))
	if bad := f.Fields; len(bad) > 0 {
		v.Fields = kit.Fill(v.Fields, f.Values(), bad)
	}
	return v, f, err
}

func (h desk) built(c echo.Context, rule crm.Rule) (v segmentsView, err error) {
	pager := kit.NewPager("/clients/segments", queryOf(rule), pageSize)
	if page := c.QueryParam("page"); page != "" {
		pager = kit.NewPager("/clients/segments", c.QueryParams(), pageSize)
	}
	v = segmentsView{Tabs: listTabs(c, "segments"), Pager: pager}
	v.SegmentView, err = h.Segment(c.Request().Context(), kit.Who(c), rule, crm.Page{Offset: pager.Offset(), Size: pageSize})
	if err != nil {
		return v, err
	}
	pager.Total = v.Total
	for _, s := range houseSegments {
		v.Ready = append(v.Ready, savedLink{Key: s.key, Link: "/clients/segments?" + queryOf(s.rule).Encode()})
	}
	for _, s := range v.Saved {
		v.Ready = append(v.Ready, savedLink{ID: s.ID, Name: s.Name, Link: "/clients/segments?" + queryOf(s.Rule).Encode()})
	}
	v.Fields = builder(v.SegmentView)
	v.Name = kit.Field{Name: "name", Kind: kit.Text, LabelKey: "crm.segment.name", Required: true, Scope: "s-"}
	v.TagName = kit.Field{Name: "name", Kind: kit.Text, LabelKey: "crm.tag.name", Required: true, Scope: "t-"}
	return v, nil
}

func chips(name, label, prefix string, all, have []string) kit.Field {
	f := kit.Field{Name: name, Kind: kit.Chips, Many: true, Wide: true, LabelKey: label, Values: have}
	for _, value := range all {
		f.Options = append(f.Options, kit.Option{Value: value, LabelKey: prefix + value})
	}
	return f
}

// builder are the fields of the rule, filled with it.
func builder(v crm.SegmentView) []kit.Field {
	q := queryOf(v.Rule)
	number := func(name string) kit.Field {
		return kit.Field{Name: name, Kind: kit.Number, LabelKey: "crm.segment.f." + name, Value: q.Get(name)}
	}
	money := func(name string) kit.Field {
		return kit.Field{Name: name, Kind: kit.Money, LabelKey: "crm.segment.f." + name, Value: q.Get(name)}
	}
	consultant := kit.Field{Name: "consultant", Kind: kit.Select, All: true, LabelKey: "crm.col.consultant", Value: q.Get("consultant")}
	for _, s := range v.Consultants {
		consultant.Options = append(consultant.Options, kit.Option{Value: strconv.FormatInt(int64(s.ID), 10), Label: s.Name})
	}
	tag := kit.Field{Name: "tag", Kind: kit.Select, All: true, LabelKey: "crm.tag.title", Value: q.Get("tag")}
	for _, t := range v.Tags {
		tag.Options = append(tag.Options, kit.Option{Value: strconv.FormatInt(t.ID, 10), Label: t.Name})
	}
	fields := []kit.Field{
		chips("tiers", "exchange.col.tier", "term.tier.", crm.Tiers, v.Rule.Tiers),
		money("spent"), money("spent_to"), money("year"), number("away"), number("within"), number("visits"),
		chips("stages", "crm.segment.f.stages", "crm.stage.", crm.Stages, v.Rule.Stages), consultant, tag,
		chips("sources", "exchange.col.source", "term.channel.", crm.Channels, v.Rule.Sources),
		{Name: "marketing", Kind: kit.Check, LabelKey: "crm.segment.f.marketing", HelpKey: "crm.segment.f.marketing.help", Value: q.Get("marketing"), Wide: true},
	}
	for _, name := range []string{"gender", "r", "f", "m"} { // of the house's own segments
		if q.Get(name) != "" {
			fields = append(fields, kit.Field{Name: name, Kind: kit.Hidden, Value: q.Get(name)})
		}
	}
	return fields
}

func ruleIn(f *kit.Form) (r crm.Rule) {
	if err := json.Unmarshal([]byte(f.Text("rule")), &r); err != nil {
		f.Fields.Add("name", "crm.segment.bad.rule")
	}
	return r
}

func (h desk) saveSegment(c echo.Context) error {
	f := kit.Read(c)
	rule, name := ruleIn(f), f.Text("name")
	err := f.Err()
	if err == nil {
		err = h.SaveSegment(c.Request().Context(), kit.Who(c), name, rule)
	}
	if said, ok := kit.Refused(c, err); ok {
		v, err := h.built(c, rule)
		if err != nil {
			return err
		}
		v.Open, v.Name = "save", kit.Fill([]kit.Field{v.Name}, f.Values(), said.Faults)[0]
		return segmentsPage.Draw(c, said.Status, "crm.segments.title", v)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "crm.segment.saved", []any{name}, "/clients/segments?%s", queryOf(rule).Encode())
}

func (h desk) retireSegment(c echo.Context) error {
	if err := h.RetireSegment(c.Request().Context(), kit.Who(c), kit.ParamID(c, "id")); err != nil {
		return err
	}
	return kit.Done(c, "crm.segment.retired", nil, "/clients/segments")
}

func (h desk) addTag(c echo.Context) error {
	f := kit.Read(c)
	err := h.AddTag(c.Request().Context(), kit.Who(c), f.Text("name"))
	if said, ok := kit.Refused(c, err); ok {
		v, err := h.built(c, crm.Rule{})
		if err != nil {
			return err
		}
		v.Open, v.TagName = "tag", kit.Fill([]kit.Field{v.TagName}, f.Values(), said.Faults)[0]
		return segmentsPage.Draw(c, said.Status, "crm.segments.title", v)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "crm.tag.added", []any{f.Text("name")}, "/clients/segments")
}

func (h desk) tagClient(c echo.Context) error {
	f, id := kit.Read(c), term.ClientID(kit.ParamID(c, "id"))
	if err := h.TagClient(c.Request().Context(), kit.Who(c), id, f.ID("tag"), f.Text("off") == ""); err != nil {
		return err
	}
	return kit.Done(c, "", nil, "/client/%d", id)
}

// churnView is who stays away.
type churnView struct {
	crm.SegmentView
	Tabs  []kit.Tab
	Pager *kit.Pager
}

var churnPage = kit.New[churnView](pages, "churn.html")

func (h desk) churn(c echo.Context) error {
	pager := kit.NewPager("/clients/churn", c.QueryParams(), pageSize)
	v := churnView{Tabs: listTabs(c, "churn"), Pager: pager}
	var err error
	v.SegmentView, err = h.Churn(c.Request().Context(), kit.Who(c), crm.Page{Offset: pager.Offset(), Size: pageSize})
	if err != nil {
		return err
	}
	pager.Total = v.Total
	return churnPage.Draw(c, http.StatusOK, "crm.churn.title", v)
}

func (h desk) askBack(c echo.Context) error {
	if err := h.AskBack(c.Request().Context(), kit.Who(c), term.ClientID(kit.ParamID(c, "id"))); err != nil {
		return err
	}
	return kit.Done(c, "crm.churn.asked", nil, "/clients/churn")
}

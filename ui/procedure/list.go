package procedure

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	suite "meixu/app/procedure"
	"meixu/app/words"
	"meixu/store/term"
	"meixu/ui/kit"
)

type listView struct {
	Table kit.Table
	Tabs  []kit.Tab
	Query string
	State string
	Mine  bool
}

var listPage = kit.New[listView](pages, "list.html")

// tabsOf are the states worth a tab.
var tabStates = []term.TreatmentState{
	term.TreatmentScheduled, term.TreatmentSignedIn, term.TreatmentTimedOut, term.TreatmentInProgress, term.TreatmentObserving,
	term.TreatmentReleased,
}

func (h room) list(c echo.Context) error {
	v, err := h.listOf(c)
	if err != nil {
		return err
	}
	return listPage.Draw(c, http.StatusOK, "procedure.list.title", v)
}

func (h room) rows(c echo.Context) error {
	v, err := h.listOf(c)
	if err != nil {
		return err
	}
	return listPage.Part(c, http.StatusOK, "rows", v)
}

func (h room) listOf(c echo.Context) (listView, error) {
	f := kit.Read(c)
	state, mine := f.Text("state"), f.Bool("mine")
	all, err := h.Today(c.Request().Context(), kit.Who(c), suite.Filter{Mine: mine})
	if err != nil {
		return listView{}, err
	}
	count := map[string]int{}
	for _, l := range all {
		count[string(l.State)]++
	}
	v := listView{Query: queryOf(state, mine), State: state, Mine: mine, Table: kit.Table{
		Columns: []kit.Column{
			{Key: "procedure.c.client"},
			{Key: "procedure.c.item"},
			{Key: "procedure.c.state"},
			{Key: "procedure.c.operator"},
			{Key: "procedure.c.room"},
			{Key: "procedure.c.visit"},
		},
		Empty: kit.Empty{TitleKey: "procedure.none", HintKey: "procedure.none.hint", Icon: "stethoscope"},
	}}
	v.Tabs = []kit.Tab{
		{Key: "procedure.tab.all", Link: "/procedure", Count: len(all), Here: state == "" && !mine},
		{Key: "procedure.tab.mine", Link: "/procedure?mine=1", Here: mine && state == ""},
	}
	for _, s := range tabStates {
		v.Tabs = append(v.Tabs, kit.Tab{
			Key: s.Key(), Link: "/procedure?" + queryOf(string(s), mine), Count: count[string(s)], Here: state == string(s),
		})
	}
	for _, l := range all {
		if state == "" || string(l.State) == state {
			v.Table.Rows = append(v.Table.Rows, rowOf(l, kit.Who(c).Lang))
		}
	}
	return v, nil
}

func queryOf(state string, mine bool) string {
	q := url.Values{}
	if state != "" {
		q.Set("state", state)
	}
	if mine {
		q.Set("mine", "1")
	}
	return q.Encode()
}

func rowOf(l suite.Line, lang words.Lang) kit.Row {
	item := words.Text{ZH: l.Item, EN: l.ItemEN}.In(lang)
	if l.Area != "" {
		item += " · " + l.Area
	}
	return kit.Row{Link: suite.Path(l.ID), Cells: []kit.Cell{
		{Text: l.Client, Sub: l.ClientNo},
		{Text: item, Sub: l.Number},
		{State: l.State},
		{Text: l.Operator},
		{Text: l.Room},
		{Text: l.Visit.Number},
	}}
}

// schedule opens the treatment of a paid session by hand.
func (h room) schedule(c echo.Context) error {
	f := kit.Read(c)
	visit, line := term.VisitID(f.ID("visit")), term.OrderLineID(f.ID("line"))
	if err := f.Err(); err != nil {
		return err
	}
	id, err := h.Schedule(c.Request().Context(), kit.Who(c), visit, line)
	if err != nil {
		return err
	}
	return kit.Done(c, "procedure.done.schedule", nil, "%s", suite.Path(id))
}

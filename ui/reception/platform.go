package reception

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/reception"
	"meixu/ui/kit"
)

const (
	platformPath  = requestsPath + "/import"
	platformsPath = requestsPath + "/imports"
)

// platformRoutes registers the tables of bookings that come from outside platforms (row:A9).
func (h desk) platformRoutes(r *kit.Routes) {
	r.GET(platformPath, access.RequestImport, h.platform)
	r.POST(platformPath+"/try", access.RequestImport, h.tryPlatform)
	r.POST(platformPath, access.RequestImport, h.takePlatform)
	r.GET(platformsPath+"/:id", access.RequestImport, h.platformDone)
	r.GET(platformsPath+"/:id/undo", access.RequestWithdraw, h.whyPlatform)
	r.POST(platformsPath+"/:id/undo", access.RequestWithdraw, h.undoPlatform)
}

// platformView is the page on which a table is pasted, tried and taken in.
type platformView struct {
	Text     string
	Sample   string
	Most     int
	Date1904 bool
	Tried    bool
	Trial    reception.PlatformTrial
	Columns  []platformColumn
	Faults   fault.Fields
	Refused  *kit.Refusal
	Lately   []reception.PlatformSheet
}

// platformColumn is one column with its first cells and what it is.
type platformColumn struct {
	Heading string
	Samples []string
	Field   kit.Field
}

// Sound says that something of the table can be taken in.
func (v platformView) Sound() bool {
	return v.Tried && v.Trial.Count[reception.PlatformBook]+v.Trial.Count[reception.PlatformAsk] > 0
}

var platformPage = kit.New[platformView](pages, "platform.html")

func (h desk) platform(c echo.Context) error {
	return h.drawPlatform(c, http.StatusOK, platformView{})
}

func (h desk) drawPlatform(c echo.Context, status int, v platformView) (err error) {
	if v.Lately, err = h.Platforms(c.Request().Context(), kit.Who(c)); err != nil {
		return err
	}
	v.Most, v.Sample = reception.PlatformMost, h.samplePlatform(kit.Who(c))
	return platformPage.Draw(c, status, "platform.title", v)
}

// samplePlatform is an example to look at and to try.
func (h desk) samplePlatform(by access.Actor) string {
	day := h.DB.Now().Day(h.DB.Zone()).Add(1)
	return by.Lang.T("platform.sample", string(day), string(day), string(day))
}

// platformIn reads what was pasted or uploaded, and what its columns are.
func platformIn(f *kit.Form) (in reception.PlatformIn, err error) {
	in = reception.PlatformIn{Text: f.Values().Get("pasted"), Date1904: f.Bool("date1904")}
	if files := f.Files("file"); len(files) > 0 && files[0].Size > 0 {
		opened, err := files[0].Open()
		if err != nil {
			return in, fault.Defect("opening an upload", err)
		}
		defer opened.Close() //nolint:errcheck // only read
		body, err := io.ReadAll(opened)
		if err != nil {
			return in, fault.Defect("reading an upload", err)
		}
		in.Text, in.Date1904, err = reception.PlatformFile(body)
		return in, err
	}
	if f.Text("heads") != strconv.Itoa(headsOf(in.Text)) { // another table than that whose columns stand below
		return in, nil
	}
	for i := 0; f.Has(fmt.Sprintf("col_%d", i)); i++ {
		in.Columns = append(in.Columns, f.Text(fmt.Sprintf("col_%d", i)))
	}
	return in, nil
}

// tryPlatform says what would become of the table; nothing is written.
func (h desk) tryPlatform(c echo.Context) error { return h.tried(c, nil) }

func (h desk) tried(c echo.Context, wrong error) error {
	in, err := platformIn(kit.Read(c))
	v, status := platformView{Text: in.Text, Date1904: in.Date1904}, http.StatusOK
	if err == nil {
		v.Trial, err = h.TryPlatform(c.Request().Context(), kit.Who(c), in)
	}
	if wrong != nil {
		err = wrong
	}
	v.Tried = err == nil
	if said, ok := kit.Refused(c, err); ok {
		status, v.Faults, v.Refused = said.Status, said.Faults, said.Refusal
	} else if err != nil {
		return err
	}
	v.Columns = platformColumns(v)
	return h.drawPlatform(c, status, v)
}

func platformColumns(v platformView) []platformColumn {
	list := make([]platformColumn, len(v.Trial.Heads))
	for i, heading := range v.Trial.Heads {
		field := kit.Field{Name: fmt.Sprintf("col_%d", i), Kind: kit.Select, All: true, Label: heading}
		if i < len(v.Trial.Columns) {
			field.Value = v.Trial.Columns[i]
		}
		for _, code := range reception.PlatformCodes {
			field.Options = append(field.Options, kit.Option{Value: code, LabelKey: "platform.field." + code})
		}
		list[i] = platformColumn{Heading: heading, Field: kit.Fill([]kit.Field{field}, nil, v.Faults)[0]}
		for _, row := range v.Trial.Samples {
			if i < len(row) {
				list[i].Samples = append(list[i].Samples, row[i])
			}
		}
	}
	return list
}

// Heads is how long the line of headings is: a table with another one is read anew.
func (v platformView) Heads() int { return headsOf(v.Text) }

func headsOf(text string) int {
	line, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	return len(strings.TrimRight(line, "\r"))
}

// takePlatform takes the table in.
func (h desk) takePlatform(c echo.Context) error {
	in, err := platformIn(kit.Read(c))
	var id int64
	if err == nil {
		id, err = h.TakePlatform(c.Request().Context(), kit.Who(c), in)
	}
	if _, ok := kit.Refused(c, err); ok {
		return h.tried(c, err)
	}
	if err != nil {
		return err
	}
	return kit.DoneUndo(c, "platform.done", fmt.Sprintf("%s/%d/undo", platformsPath, id), "%s", fmt.Sprintf("%s/%d", platformsPath, id))
}

var platformDonePage = kit.New[reception.PlatformSheet](pages, "platform_done.html")

// platformDone shows what became of a table.
func (h desk) platformDone(c echo.Context) error {
	s, err := h.Platform(c.Request().Context(), kit.Who(c), kit.ParamID(c, "id"))
	if err != nil {
		return err
	}
	return platformDonePage.Draw(c, http.StatusOK, "platform.one", s)
}

func (h desk) whyPlatform(c echo.Context) error { return h.drawWhyPlatform(c, http.StatusOK, nil) }

func (h desk) drawWhyPlatform(c echo.Context, status int, bad fault.Fields) error {
	s, err := h.Platform(c.Request().Context(), kit.Who(c), kit.ParamID(c, "id"))
	if err != nil {
		return err
	}
	path := fmt.Sprintf("%s/%d", platformsPath, s.ID)
	by := kit.Who(c)
	return whyPage.Draw(c, status, "platform.why", kit.Why{
		Key: "platform.why", About: s.CreatedAt.Stamp(h.DB.Zone()), Note: by.Lang.T("platform.sum", s.Booked, s.Asked),
		Action: path + "/undo", Field: "_reason", Back: path, Faults: bad, Typed: kit.Read(c).Text("_reason"),
	})
}

func (h desk) undoPlatform(c echo.Context) error {
	id := kit.ParamID(c, "id")
	err := h.UndoPlatform(c.Request().Context(), kit.Who(c), id)
	if bad, ok := fault.FieldsOf(err); ok {
		return h.drawWhyPlatform(c, http.StatusUnprocessableEntity, bad)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "platform.undone", nil, "%s", fmt.Sprintf("%s/%d", platformsPath, id))
}

// tonesOf are the colours of what becomes of a row.
var tonesOf = map[string]string{
	reception.PlatformBook: "good", reception.PlatformAsk: "warn", reception.PlatformDouble: "", reception.PlatformWrong: "red",
}

// Tone is the colour of what becomes of a row.
func (platformView) Tone(outcome string) string { return tonesOf[outcome] }

// Outcomes are what can become of a row, what is to be looked at first.
func (platformView) Outcomes() []string {
	return []string{reception.PlatformWrong, reception.PlatformAsk, reception.PlatformDouble, reception.PlatformBook}
}

// Left are the rows that are no bookings, which are to be looked at first; then the others.
func (v platformView) Left() []reception.PlatformVerdict {
	rank := v.Outcomes()
	rows := slices.Clone(v.Trial.Rows)
	slices.SortStableFunc(rows, func(a, b reception.PlatformVerdict) int {
		return slices.Index(rank, a.Outcome) - slices.Index(rank, b.Outcome)
	})
	return rows
}

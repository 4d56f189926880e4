// Package keeping draws how safe the clinic's data are: the backups, the drill that proves
// them, and the second place they go to.
package keeping

import (
	"embed"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/keeping"
	"meixu/store/term"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type room struct{ *keeping.Office }

// Routes registers the room.
func Routes(r *kit.Routes, o *keeping.Office) {
	h := room{o}
	r.GET("/keeping", access.BackupView, h.show)
	r.GET("/keeping/state", access.BackupView, h.state)
	r.POST("/keeping/backup", access.BackupMake, h.backup)
	r.POST("/keeping/drill", access.BackupMake, h.drill)
	r.POST("/keeping/sheet", access.RecoveryAnswer, h.sheet)
	r.POST("/keeping/sheet/new", access.RecoveryDraft, h.draft)
	r.POST("/keeping/sheet/renew", access.RecoveryRenew, h.renew)
	r.POST("/keeping/place", access.BackupPlace, h.place)
	r.POST("/keeping/depot", access.BackupPlace, h.depot)
	r.POST("/keeping/owed", access.BackupPlace, h.owedPlace)
	r.POST("/keeping/owed/end", access.PhotosGiveUp, h.owedEnd)
}

// line is one thing that is to be done every night, and how it stands.
type line struct {
	Key   string
	Icon  string
	Done  keeping.Done
	Badge kit.Badge
	Facts string
}

type view struct {
	keeping.Status
	Lines   []line
	Edit    kit.Edit
	Photos  kit.Edit // the form of the depot
	Asked   kit.Edit // the question after the printed sheet
	Coming  owing    // photos that a restore owes
	From    kit.Edit // the form of where they come from
	End     kit.Edit // the form that gives them up
	Refusal *kit.Refusal
	Folder  string // of the data, as a command names it
	Backups string // folder of this machine's own backups
}

// Running says that a backup is on its way.
func (v view) Running() bool { return v.Progress.All > 0 }

var page = kit.New[view](pages, "keeping.html")

func (h room) view(c echo.Context) (v view, err error) {
	v.Status, err = h.Status(c.Request().Context(), kit.Who(c))
	if err != nil {
		return v, err
	}
	v.Folder, v.Backups = h.Folder(), h.Named(keeping.Dir(h.DB.Dir()))
	l := kit.Who(c).Lang
	v.Lines = []line{
		{Key: "own", Icon: "database", Done: v.Own, Facts: l.T("keeping.facts.backup", v.Own.Name, size(v.Own.Bytes), v.Own.Files)},
		{Key: "drill", Icon: "shield-check", Done: v.Drill, Facts: l.T("keeping.facts.drill", v.Drill.Name, v.Drill.Acts, v.Drill.Files)},
	}
	if v.Place.Address != "" {
		v.Lines = append(v.Lines, line{Key: "second", Icon: "database-export", Done: v.Second, Facts: l.T("keeping.facts.second", v.Second.Name, size(v.Second.Sent))})
	}
	if d := v.Elsewhere; !d.Good.IsZero() {
		v.Lines = append(v.Lines, line{Key: "elsewhere", Icon: "database-export", Done: d, Facts: l.T("keeping.facts.elsewhere", d.To, d.Name, size(d.Bytes), d.Files)})
	}
	for i := range v.Lines {
		v.Lines[i].Badge = badge(v.Lines[i].Done, v.At)
		if v.Lines[i].Key == "elsewhere" && keeping.Late(v.Lines[i].Done.Good, v.At) { // made once by somebody: nobody owes another one
			v.Lines[i].Badge = kit.Badge{Key: "keeping.state.once", Tone: "grey", Icon: "clock", State: "once"}
		}
		if v.Lines[i].Done.Good.IsZero() {
			v.Lines[i].Facts = ""
		} else if n := v.Lines[i].Done.Awaited; n > 0 {
			v.Lines[i].Facts += " · " + l.T("keeping.facts.awaits", n)
		}
	}
	v.Edit, v.Photos, v.Asked = v.form().Within("place"), v.depotForm().Within("depot"), v.sheetForm(l).Within("sheet")
	v.Coming, v.From, v.End = owingOf(v.Owed), v.owedForm().Within("owed"), endForm().Within("owed-end")
	return v, nil
}

// badge is green for 26 hours after a success.
func badge(d keeping.Done, now term.Instant) kit.Badge {
	switch {
	case d.Good.IsZero() && d.Tried.IsZero():
		return kit.Badge{Key: "keeping.state.never", Tone: "grey", Icon: "clock", State: "never"}
	case keeping.Late(d.Good, now):
		return kit.Badge{Key: "keeping.state.late", Tone: "red", Icon: "alert-triangle", State: "late"}
	case d.Fault != "":
		return kit.Badge{Key: "keeping.state.fault", Tone: "orange", Icon: "alert-triangle", State: "fault"}
	}
	if d.Awaited > 0 {
		return kit.Badge{Key: "keeping.state.awaits", Tone: "orange", Icon: "photo", State: "awaits"}
	}
	return kit.Badge{Key: "keeping.state.good", Tone: "green", Icon: "circle-check", State: "good"}
}

// size spells bytes for people.
func size(n int64) string {
	unit := 0
	units := []string{"B", "KB", "MB", "GB", "TB"}
	f := float64(n)
	for f >= 1024 && unit < len(units)-1 {
		f /= 1024
		unit++
	}
	if unit == 0 {
		return strconv.FormatInt(n, 10) + " B"
	}
	return fmt.Sprintf("%.1f %s", f, units[unit])
}

func (v view) form() kit.Edit {
	fields := append([]kit.Field{
		{Name: "address", Kind: kit.Text, LabelKey: "keeping.f.address", HelpKey: "keeping.f.address.help", Wide: true, Value: v.Place.Address},
	}, secrets(v.Place.Secret)...)
	return kit.Edit{Action: "/keeping/place", SubmitKey: "keeping.place.save", Fields: fields}
}

func (v view) depotForm() kit.Edit {
	cache := max(v.Depot.CacheGB, 1)
	if v.Depot.Address == "" {
		cache = usualCache
	}
	fields := append([]kit.Field{
		{Name: "address", Kind: kit.Text, LabelKey: "keeping.f.depot", HelpKey: "keeping.f.depot.help", Wide: true, Value: v.Depot.Address},
		{Name: "cache", Kind: kit.Number, LabelKey: "keeping.f.cache", HelpKey: "keeping.f.cache.help", Value: strconv.Itoa(cache)},
	}, secrets(v.Depot.Secret)...)
	return kit.Edit{Action: "/keeping/depot", SubmitKey: "keeping.depot.save", Fields: fields}
}

// usualCache is how much of the photos stays here unless somebody says otherwise, in GB.
const usualCache = 50

// secrets asks for what opens a place; kept says that it has some already.
func secrets(kept bool) []kit.Field {
	fields := []kit.Field{
		{Name: "password", Kind: kit.Password, LabelKey: "keeping.f.password", HelpKey: "keeping.f.password.help"},
		{Name: "key", Kind: kit.Area, Rows: 3, LabelKey: "keeping.f.key", HelpKey: "keeping.f.key.help"},
		{Name: "secret", Kind: kit.Password, LabelKey: "keeping.f.secret", HelpKey: "keeping.f.secret.help"},
	}
	if kept {
		fields = append(fields, kit.Field{Name: "keep", Kind: kit.Check, LabelKey: "keeping.f.keep", Value: "on"})
	}
	return fields
}

func (h room) show(c echo.Context) error {
	v, err := h.view(c)
	if err != nil {
		return err
	}
	return page.Draw(c, http.StatusOK, "keeping.title", v)
}

func (h room) state(c echo.Context) error {
	v, err := h.view(c)
	if err != nil {
		return err
	}
	return page.Part(c, http.StatusOK, "state", v)
}

func (h room) backup(c echo.Context) error {
	if err := h.Start(kit.Who(c)); err != nil {
		return err
	}
	return kit.Done(c, "keeping.done.begun", nil, "/keeping")
}

func (h room) drill(c echo.Context) error {
	if _, err := h.Drill(c.Request().Context(), kit.Who(c)); err != nil {
		return err
	}
	return kit.Done(c, "keeping.done.drilled", nil, "/keeping")
}

func (h room) place(c echo.Context) error {
	f := kit.Read(c)
	in := keeping.PlaceForm{Address: f.Text("address"), Keep: f.Bool("keep"), Secrets: typedSecrets(f)}
	err := h.SavePlace(c.Request().Context(), kit.Who(c), in)
	return h.saved(c, err, "keeping.done.place", func(v *view, faults fault.Fields) { v.Edit = v.Edit.Filled(f.Values(), faults) })
}

func (h room) depot(c echo.Context) error {
	f := kit.Read(c)
	in := keeping.DepotForm{Address: f.Text("address"), Keep: f.Bool("keep"), Secrets: typedSecrets(f), CacheGB: f.Int("cache")}
	err := h.SaveDepot(c.Request().Context(), kit.Who(c), in)
	return h.saved(c, err, "keeping.done.depot", func(v *view, faults fault.Fields) { v.Photos = v.Photos.Filled(f.Values(), faults) })
}

func typedSecrets(f *kit.Form) (s keeping.Secrets) {
	s.Password, s.Key, s.Secret = f.Text("password"), f.Text("key"), f.Text("secret")
	return s
}

// saved answers a post of a form of this page; refill gives back what was typed.
func (h room) saved(c echo.Context, err error, doneKey string, refill func(*view, fault.Fields)) error {
	if said, ok := kit.Refused(c, err); ok {
		v, err := h.view(c)
		if err != nil {
			return err
		}
		v.Refusal = said.Refusal
		refill(&v, said.Faults)
		return page.Draw(c, said.Status, "keeping.title", v)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, doneKey, nil, "/keeping")
}

package reception

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/app/engine/banner"
	"meixu/app/fault"
	"meixu/app/reception"
	"meixu/app/words"
	"meixu/store/term"
	"meixu/ui/kit"
)

// waitRoutes registers the wait list.
func (h desk) waitRoutes(r *kit.Routes) {
	r.GET("/reception/waits", access.WaitView, h.waits)
	r.GET("/reception/waits/new", access.WaitAdd, h.waitForm)
	r.POST("/reception/waits/who", access.WaitAdd, h.waitWho)
	r.POST("/reception/waits/new", access.WaitAdd, h.addWait)
	r.POST("/reception/waits/:id/book", access.WaitBook, h.bookWait)
	r.POST("/reception/waits/:id/close", access.WaitClose, h.closeWait)
}

// waitsView is the wait list.
type waitsView struct {
	reception.WaitList
	Self    string
	Refused *kit.Refusal
	Faults  fault.Fields
	Empty   kit.Empty
	desk    desk
}

// Value is a free slot as the form sends it.
func (v waitsView) Value(at term.Instant) string {
	if v.desk.Desk == nil {
		return ""
	}
	return at.Time().In(v.desk.DB.Zone()).Format(localMinute)
}

// Minutes prints minutes since midnight.
func (waitsView) Minutes(n int) string { return minutesClock(n) }

// Part is the part of the day that somebody waits for.
func (waitsView) Part(from, to int) reception.Window { return reception.PartOf(from, to) }

var waitsPage = kit.New[waitsView](pages, "waits.html")

func (h desk) waits(c echo.Context) error { return h.drawWaits(c, kit.Said{Status: http.StatusOK}) }

func (h desk) drawWaits(c echo.Context, said kit.Said) error {
	f := kit.ReadQuery(c)
	freed := term.AppointmentID(f.ID("slot"))
	l, err := h.Waits(c.Request().Context(), kit.Who(c), freed)
	if err != nil {
		return err
	}
	v := waitsView{
		WaitList: l, Self: "/reception/waits", Refused: said.Refusal, Faults: said.Faults, desk: h,
		Empty: kit.Empty{TitleKey: "wait.none", HintKey: "wait.none.hint", Icon: "hourglass"},
	}
	if freed != 0 {
		v.Self += "?slot=" + idOf(freed)
		v.Empty.TitleKey, v.Empty.HintKey = "wait.none.slot", ""
	}
	return waitsPage.Draw(c, said.Status, "wait.title", v)
}

// waitFormView is an entry that is being made.
type waitFormView struct {
	reception.BookingSheet
	Edit    kit.Edit
	Refused *kit.Refusal
	Chosen  bool
	Typed   string
	Found   []crm.Found
	Query   string
}

// ClientBanner hangs the person into the frame.
func (v waitFormView) ClientBanner() *banner.View { return v.Banner }

var waitFormPage = kit.New[waitFormView](pages, "wait_new.html")

func (h desk) waitWho(c echo.Context) error {
	if kit.WantsPart(c) {
		return h.soughtHere(c, "/reception/waits/new", url.Values{})
	}
	return h.asked.Go(c, "/reception/waits/new")
}

func (h desk) waitForm(c echo.Context) error {
	f := kit.Read(c)
	v := waitFormView{Typed: h.asked.Of(c)}
	if f.Text("client") == "" && f.Text("lead") == "" && v.Typed != "" {
		found, err := h.files.Find(c.Request().Context(), kit.Who(c), v.Typed)
		if err != nil {
			return err
		}
		v.Found = found
	}
	return h.drawWait(c, v, nil, kit.Said{Status: http.StatusOK})
}

func (h desk) drawWait(c echo.Context, v waitFormView, typed url.Values, said kit.Said) error {
	f := kit.Read(c)
	client, lead := term.ClientID(f.ID("client")), term.LeadID(f.ID("lead"))
	sheet, err := h.BookingFor(c.Request().Context(), kit.Who(c), client, lead)
	if err != nil {
		return err
	}
	v.BookingSheet, v.Chosen, v.Refused = sheet, client != 0 || lead != 0, said.Refusal
	v.Edit = kit.Edit{
		Action: "/reception/waits/new", CancelURL: "/reception/waits", SubmitKey: "wait.add",
		Fields: waitFields(sheet, kit.Who(c).Lang, h.DB.Now().Day(h.DB.Zone())),
	}
	if typed == nil {
		v.Edit = v.Edit.Named(f.Values())
	} else {
		v.Edit = v.Edit.Filled(typed, said.Faults)
	}
	return waitFormPage.Draw(c, said.Status, "wait.new", v)
}

// waitFields are the fields of an entry of the wait list.
func waitFields(s reception.BookingSheet, lang words.Lang, today term.Day) []kit.Field {
	fields := bookingFields(s, true, lang)
	pick := func(name string) kit.Field {
		for _, f := range fields {
			if f.Name == name {
				return f
			}
		}
		return kit.Field{}
	}
	item, staff := pick("item"), pick("staff")
	item.HelpKey, item.Focus, staff.HelpKey, staff.All = "", true, "wait.staff.help", true
	urgency := kit.Field{Name: "urgency", Kind: kit.Chips, LabelKey: "wait.urgency", Value: "0", Wide: true}
	for _, n := range []string{"0", "1", "2"} {
		urgency.Options = append(urgency.Options, kit.Option{Value: n, LabelKey: "wait.urgency." + n})
	}
	part := kit.Field{Name: "part", Kind: kit.Chips, LabelKey: "wait.part", HelpKey: "wait.hours.help", Value: reception.Parts()[0].Name, Wide: true}
	for _, w := range reception.Parts() {
		part.Options = append(part.Options, kit.Option{Value: w.Name, LabelKey: "request.window." + w.Name})
	}
	return []kit.Field{
		{Name: "client", Kind: kit.Hidden},
		{Name: "lead", Kind: kit.Hidden},
		item, staff,
		{Name: "minutes", Kind: kit.Number, LabelKey: "booking.minutes", HelpKey: "booking.minutes.help"},
		{Name: "from_day", Kind: kit.Day, LabelKey: "wait.from_day", Value: string(today)},
		{Name: "to_day", Kind: kit.Day, LabelKey: "wait.to_day", Required: true, Value: string(today.Add(14))},
		part,
		{Name: "from", Kind: kit.Time, LabelKey: "wait.from"},
		{Name: "to", Kind: kit.Time, LabelKey: "wait.to"},
		urgency,
		{Name: "note", Kind: kit.Text, LabelKey: "booking.note", Wide: true},
	}
}

func (h desk) addWait(c echo.Context) error {
	f := kit.Read(c)
	in := reception.WaitIn{
		Client: term.ClientID(f.ID("client")), Lead: term.LeadID(f.ID("lead")), Item: term.ItemID(f.ID("item")), Staff: term.StaffID(f.ID("staff")),
		FromDay: f.Day("from_day"), ToDay: f.Day("to_day"), From: clockMinutes(f, "from", 0), To: clockMinutes(f, "to", 0),
		Minutes: f.Int("minutes"), Urgency: f.Int("urgency"), Note: f.Text("note"),
	}
	if in.From == 0 && in.To == 0 { // hours that were typed are more exact than a part of the day
		in.From, in.To = partOfDay(f)
	}
	if in.From != 0 && in.To == 0 {
		in.To = 24 * 60
	}
	err := f.Err()
	if err == nil {
		_, err = h.AddWait(c.Request().Context(), kit.Who(c), in)
	}
	if said, ok := kit.Refused(c, err); ok {
		return h.drawWait(c, waitFormView{}, f.Values(), said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "wait.done.added", nil, "/reception/waits")
}

// partOfDay are the minutes of the part of the day that was chosen; none where nothing was.
func partOfDay(f *kit.Form) (from, to int) {
	name := f.Text("part")
	for _, w := range reception.Parts() {
		if w.Name == name {
			return w.From, w.To
		}
	}
	if name != "" {
		f.Fields.Add("part", "kit.bad.choice")
	}
	return 0, 0
}

// bookWait takes a free slot for somebody who waits: one click.
func (h desk) bookWait(c echo.Context) error {
	f := kit.Read(c)
	staff, at, err := term.StaffID(f.ID("staff")), f.Instant("at"), f.Err()
	var id term.AppointmentID
	if err == nil {
		id, err = h.BookWait(c.Request().Context(), kit.Who(c), term.WaitID(kit.ParamID(c, "id")), staff, at)
	}
	if drawer := fromDrawer(c); drawer != 0 {
		if err != nil && redrawn(err) {
			return h.drawDetail(c, drawer, "", err)
		}
		if err == nil {
			return donePage.Part(c, http.StatusOK, "done", doneView{Key: "wait.done.booked", ID: id})
		}
		return err
	}
	var taken *reception.Taken
	if errors.As(err, &taken) {
		return h.drawWaits(c, kit.Said{Status: http.StatusConflict, Refusal: kit.RefusalOf(c, taken.Refusal)})
	}
	if said, ok := kit.Refused(c, err); ok {
		return h.drawWaits(c, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "wait.done.booked", nil, "/reception/appointments/%d", id)
}

func (h desk) closeWait(c echo.Context) error {
	err := h.CloseWait(c.Request().Context(), kit.Who(c), term.WaitID(kit.ParamID(c, "id")))
	if said, ok := kit.Refused(c, err); ok {
		return h.drawWaits(c, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "wait.done.closed", nil, "/reception/waits")
}

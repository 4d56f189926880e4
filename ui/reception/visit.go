package reception

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/app/engine/banner"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/reception"
	"meixu/store/term"
	"meixu/ui/kit"
)

func (h desk) visitRoutes(r *kit.Routes) {
	r.GET("/reception/arrive", access.VisitArrive, h.arrival)
	r.POST("/reception/arrive", access.VisitArrive, h.arrive)
	r.GET("/reception/visit/:id", access.DeskView, h.visit)
	r.GET("/reception/visit/:id/ticket", access.DeskView, h.slip)
	r.POST("/reception/visit/:id/ticket", access.TicketPrint, h.printSlip)
	r.GET("/reception/visit/:id/status", access.DeskView, h.visitStatus)
	r.POST("/reception/visit/:id/assign", access.VisitAssign, h.assign)
	r.POST("/reception/visit/:id/leave", access.VisitLeave, h.leave)
	r.POST("/reception/visit/:id/refuse", access.VisitRefuse, h.refuse)
	r.POST("/reception/visit/:id/undo", access.VisitUndo, h.undo)
	r.POST("/reception/visit/:id/resume", access.VisitReopen, h.resume)
}

// arriveView is the client at the desk before a visit is opened.
type arriveView struct {
	reception.Arrival
	Refusal *kit.Refusal
	Chosen  map[int64]bool // sessions ticked
	Booked  int64          // booking chosen
	VIP     bool
	Faults  fault.Fields
}

// Picked says that a session of the line is ticked.
func (v arriveView) Picked(line term.OrderLineID) bool { return v.Chosen[int64(line)] }

// ClientBanner hangs the banner into the frame.
func (v arriveView) ClientBanner() *banner.View { return v.Banner }

var arrivePage = kit.New[arriveView](pages, "arrive.html")

func (h desk) arrival(c echo.Context) error {
	f := kit.Read(c)
	if !f.Has("client") {
		return c.Redirect(http.StatusSeeOther, "/reception")
	}
	v := arriveView{Booked: f.ID("appointment")}
	return h.drawArrival(c, http.StatusOK, term.ClientID(f.ID("client")), v)
}

func (h desk) drawArrival(c echo.Context, status int, client term.ClientID, v arriveView) (err error) {
	v.Arrival, err = h.Arrival(c.Request().Context(), kit.Who(c), client)
	if err != nil {
		return err
	}
	if v.Booked == 0 && status == http.StatusOK && len(v.Today) > 0 {
		v.Booked = int64(v.Today[0].ID)
	}
	return arrivePage.Draw(c, status, "reception.arrive.title", v)
}

func (h desk) arrive(c echo.Context) error {
	f := kit.Read(c)
	in := reception.Arrive{
		Client: term.ClientID(f.ID("client")), Appointment: term.AppointmentID(f.ID("appointment")), VIP: f.Bool("vip"),
	}
	v := arriveView{Booked: int64(in.Appointment), VIP: in.VIP, Chosen: map[int64]bool{}}
	for _, line := range f.IDs("line") {
		in.Lines = append(in.Lines, term.OrderLineID(line))
		v.Chosen[line] = true
	}
	if v.Faults = f.Fields; len(v.Faults) > 0 {
		return h.drawArrival(c, http.StatusUnprocessableEntity, in.Client, v)
	}
	id, err := h.Arrive(c.Request().Context(), kit.Who(c), in)
	if drawer := fromDrawer(c); drawer != 0 {
		return h.backToDrawer(c, drawer, "arrive", err)
	}
	if bad, ok := fault.FieldsOf(err); ok {
		v.Faults = bad
		return h.drawArrival(c, http.StatusUnprocessableEntity, in.Client, v)
	}
	if err != nil {
		return err
	}
	from := f.Text("from")
	undo := whyPath(fmt.Sprintf("/reception/visit/%d/undo", id), "from", from)
	return kit.DoneUndo(c, "reception.arrive.done", undo, "%s", back(from, fmt.Sprintf("/reception/visit/%d", id)))
}

// typedVisit is what was typed on the visit's page and which part of it was wrong.
type typedVisit struct {
	values                     url.Values
	identity, assign, end, say fault.Fields
}

// visitView is one visit at the desk.
type visitView struct {
	reception.Sheet
	Identity []kit.Field
	Reason   kit.Field // why another consultant
	End      kit.Field // why the visit ends
	Undo     kit.Field
	Chosen   term.StaffID
	Doctor   term.StaffID
	Faults   fault.Fields
	EndOpen  bool
	Resumes  bool // it ended early today, and the reader may take that back
}

// ClientBanner and SOPStepper hang into the frame.
func (v visitView) ClientBanner() *banner.View { return v.Banner }

// SOPStepper is the line of stages.
func (v visitView) SOPStepper() *sop.Stepper { return v.Stepper }

// Wait is the waiting clock.
func (v visitView) Wait() kit.Clock {
	return kit.Clock{Since: v.Ticket.CreatedAt, Limit: v.Limit}
}

// Waits says that the number may still be called.
func (v visitView) Waits() bool {
	return v.Visit.Open() && (v.Ticket.State == term.TicketWaiting || v.Ticket.State == term.TicketCalled || v.Ticket.State == term.TicketSkipped)
}

// Stood is how the number stands on this page, for the deeds that are posted from it.
func (v visitView) Stood() string { return reception.Stood(v.Ticket) }

// IdentitySeen is who the client is on this page, with which a document is compared.
func (v visitView) IdentitySeen() string { return crm.IdentitySeen(v.Client) }

// Assigned says that somebody takes care of the visit.
func (v visitView) Assigned() bool { return v.Visit.Consultant != 0 || v.Visit.Physician != 0 }

// Primary is the one action of the page that stands out, in the order of the desk: texts to be
// signed, who takes care, who it is, and then the call.
func (v visitView) Primary() string {
	switch {
	case !v.Visit.Open():
		return ""
	case v.Banner != nil && (!v.Banner.PrivacyOK || !v.Banner.HealthOK):
		return "consent"
	case !v.Assigned():
		return "assign"
	case v.Client.IDCheckedAt.IsZero():
		return "identity"
	case v.Waits():
		return "call"
	}
	return ""
}

var visitPage = kit.New[visitView](pages, "visit.html")

func (h desk) visit(c echo.Context) error {
	return h.drawVisit(c, http.StatusOK, term.VisitID(kit.ParamID(c, "id")), typedVisit{})
}

// visitStatus is the part of the page that others change: the number and what is missing.
func (h desk) visitStatus(c echo.Context) error {
	sheet, err := h.Sheet(c.Request().Context(), kit.Who(c), term.VisitID(kit.ParamID(c, "id")))
	if err != nil {
		return err
	}
	return visitPage.Part(c, http.StatusOK, "visit-status", visitView{Sheet: sheet, Resumes: h.resumes(c, sheet.Visit)})
}

// resumes says that the reader may take the early end of a visit back.
func (h desk) resumes(c echo.Context, v reception.Visit) bool {
	zone := h.DB.Zone()
	return kit.Who(c).May(access.VisitReopen) && reception.Resumes(v, h.DB.Now().Day(zone), v.ClosedAt.Day(zone))
}

func (h desk) drawVisit(c echo.Context, status int, id term.VisitID, t typedVisit) error {
	sheet, err := h.Sheet(c.Request().Context(), kit.Who(c), id)
	if err != nil {
		return err
	}
	one := func(name, label string, faults fault.Fields) kit.Field {
		return kit.Fill([]kit.Field{{Name: name, Kind: kit.Text, LabelKey: label, Wide: true}}, t.values, faults)[0]
	}
	v := visitView{
		Sheet: sheet, Reason: one("reason", "reception.assign.why", t.assign), End: one("reason", "reception.end.why", t.end),
		Undo: one("reason", "reception.undo.why", t.end), Chosen: sheet.Visit.Consultant, Doctor: sheet.Visit.Physician,
		EndOpen: len(t.end) > 0, Resumes: h.resumes(c, sheet.Visit),
	}
	v.Identity = kit.Fill([]kit.Field{
		{Name: "id_kind", Kind: kit.Select, LabelKey: "reception.client.id_kind", Options: options("reception.id.", crm.IDKinds), Value: sheet.Client.IDKind},
		{Name: "id_number", Kind: kit.Text, LabelKey: "reception.client.id_number", HelpKey: "reception.client.id_number.help"},
	}, t.values, t.identity)
	for _, part := range []fault.Fields{t.identity, t.assign, t.end, t.say} {
		v.Faults = append(v.Faults, part...)
	}
	if t.values.Has("consultant") {
		v.Chosen = term.StaffID(number(t.values.Get("consultant")))
	}
	if v.Chosen == 0 && v.Doctor == 0 && len(sheet.Consultants) > 0 {
		v.Chosen = sheet.Consultants[0].Staff.ID
	}
	return visitPage.Draw(c, status, "reception.visit.title", v)
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (h desk) assign(c echo.Context) error {
	f := kit.Read(c)
	id := term.VisitID(kit.ParamID(c, "id"))
	in := reception.Assign{Visit: id, Reason: f.Text("reason")}
	if f.Text("to") == "physician" {
		in.Physician = term.StaffID(f.ID("physician"))
	} else {
		in.Consultant = term.StaffID(f.ID("consultant"))
	}
	err := f.Err()
	if err == nil {
		err = h.Assign(c.Request().Context(), kit.Who(c), in)
	}
	if bad, ok := fault.FieldsOf(err); ok {
		return h.drawVisit(c, http.StatusUnprocessableEntity, id, typedVisit{values: f.Values(), assign: bad})
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "reception.assign.done", nil, "/reception/visit/%d", id)
}

func (h desk) leave(c echo.Context) error {
	return h.endBy(c, "reception.end.left", func(id term.VisitID, reason string) error {
		return h.Leave(c.Request().Context(), kit.Who(c), id, reason)
	})
}

func (h desk) refuse(c echo.Context) error {
	return h.endBy(c, "reception.end.refused", func(id term.VisitID, reason string) error {
		return h.RefuseConsent(c.Request().Context(), kit.Who(c), id, reason)
	})
}

// resume takes the early end of a visit back.
func (h desk) resume(c echo.Context) error {
	id := term.VisitID(kit.ParamID(c, "id"))
	err := h.Resume(c.Request().Context(), kit.Who(c), id)
	if bad, wrong := fault.FieldsOf(err); wrong {
		return h.drawWhyResume(c, http.StatusUnprocessableEntity, bad)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "reception.resume.done", nil, "%s", visitPath(c, id))
}

func (h desk) undo(c echo.Context) error {
	return h.endBy(c, "reception.undo.done", func(id term.VisitID, reason string) error {
		return h.Undo(c.Request().Context(), kit.Who(c), id, reason)
	})
}

// endBy ends a visit with the reason typed.
func (h desk) endBy(c echo.Context, flash string, deed func(term.VisitID, string) error) error {
	f := kit.Read(c)
	id := term.VisitID(kit.ParamID(c, "id"))
	err := deed(id, f.Text("reason"))
	if drawer := fromDrawer(c); drawer != 0 {
		return h.backToDrawer(c, drawer, "undo_arrival", err)
	}
	bad, wrong := fault.FieldsOf(err)
	switch by := kit.Who(c); {
	case wrong && f.Text("why") != "":
		return h.drawWhyArrival(c, http.StatusUnprocessableEntity, bad)
	case wrong && by.May(access.DeskView):
		return h.drawVisit(c, http.StatusUnprocessableEntity, id, typedVisit{values: f.Values(), end: bad})
	case err != nil:
		return err
	case !by.May(access.DeskView):
		return kit.Done(c, flash, nil, "/visit/%d", id)
	}
	return kit.Done(c, flash, nil, "%s", back(f.Text("from"), fmt.Sprintf("/reception/visit/%d", id)))
}

package reception

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/app/fault"
	"meixu/app/reception"
	"meixu/store/term"
	"meixu/ui/kit"
)

const requestsPath = "/reception/requests"

// requestRoutes registers the bookings that guests ask for: their own pages and the desk's.
func (h desk) requestRoutes(r *kit.Routes) {
	r.GET(requestsPath, access.RequestView, h.requests)
	h.platformRoutes(r)
	r.GET(requestsPath+"/strip", access.RequestView, h.requestStrip)
	r.GET(requestsPath+"/poster", access.RequestView, h.poster)
	r.POST(requestsPath+"/:id/who", access.RequestAccept, h.requestWho)
	r.POST(requestsPath+"/:id/accept", access.RequestAccept, h.acceptRequest)
	r.POST(requestsPath+"/:id/decline", access.RequestDecline, h.declineRequest)
	r.Guest.GET("/book", h.wishes)
	r.Guest.POST("/book/item", h.wishItem)
	r.Guest.POST("/book", h.wish)
	r.Guest.GET("/book/:token", h.booked)
	r.Guest.GET("/book/:token/now", h.bookedNow)
}

// requestsView is the desk's list of what guests asked for.
type requestsView struct {
	reception.RequestList
	Refused *kit.Refusal
	Faults  fault.Fields
	At      int64         // the request that was refused
	Free    []requestSlot // free times nearest to the one that was taken
	Who     string        // whom the desk had chosen
	Empty   kit.Empty
	desk    desk
	sought  reception.RequestFile
}

// Self is the address of the page as it stands, with the file that was looked up.
func (v requestsView) Self() string {
	if v.sought.Client == 0 {
		return requestsPath
	}
	return requestFileLink(v.sought)
}

// Named says that a file has the name of the request.
func (requestsView) Named(row reception.RequestRow, c crm.Client) bool {
	return term.Likeness(c.Name) == term.Likeness(row.Name)
}

// Ways are what may become of the number of a file that has another than the request.
func (requestsView) Ways() []string { return []string{reception.PhoneKept, reception.PhoneTaken} }

// Apart says that a file with another number was chosen, and what becomes of its number.
func (v requestsView) Apart(row reception.RequestRow, file crm.Client, phone string) bool {
	return v.At == int64(row.ID) && v.Who == v.Takes(file, phone)
}

// Takes is a file with what becomes of its number, as the form sends it: as it stands on this page.
func (requestsView) Takes(file crm.Client, phone string) string {
	return fmt.Sprintf("%d:%s:%d", file.ID, phone, file.Version)
}

// requestSlot is a free time as the form sends it.
type requestSlot struct {
	Value string
	Start term.Instant
}

// Value is a free slot as the form sends it: with whom and when.
func (v requestsView) Value(s reception.WaitSlot) string { return v.slot(s.Staff, s.Start) }

func (v requestsView) slot(staff term.StaffID, at term.Instant) string {
	if v.desk.Desk == nil {
		return ""
	}
	return idOf(staff) + "@" + at.Time().In(v.desk.DB.Zone()).Format(localMinute)
}

// Is says whether somebody is chosen for a row: what was posted, else the one file of number and
// name, else a new inquiry when nobody has the number or the name.
func (v requestsView) Is(row reception.RequestRow, client term.ClientID) bool {
	if v.At == int64(row.ID) && v.Who != "" {
		return v.Who == whoOf(client)
	}
	if len(row.Known) == 0 {
		return client == 0 && len(row.Apart) == 0
	}
	return client != 0 && row.Same == client
}

// Folded are the requests of numbers that others stand for already.
func (v requestsView) Folded() (rows []reception.RequestRow) {
	for _, row := range v.Waiting {
		if row.Fold {
			rows = append(rows, row)
		}
	}
	return rows
}

// InFold says that the row which was refused is a folded one.
func (v requestsView) InFold() bool { return slices.ContainsFunc(v.Folded(), v.Here) }

// Here says that a row is the one that was refused.
func (v requestsView) Here(row reception.RequestRow) bool { return v.At == int64(row.ID) }

// Masked is a number as lists show it.
func (requestsView) Masked(phone string) string { return term.MaskPhone(phone) }

func whoOf(client term.ClientID) string {
	if client == 0 {
		return "new"
	}
	return idOf(client)
}

var requestFoundPage = kit.New[foundView](pages, "request_found.html")

var requestsPage = kit.New[requestsView](pages, "requests.html")

func (h desk) requests(c echo.Context) error {
	f := kit.ReadQuery(c)
	sought := reception.RequestFile{Request: term.RequestID(f.ID("request")), Client: term.ClientID(f.ID("client"))}
	return h.drawRequests(c, requestsView{sought: sought}, http.StatusOK)
}

func (h desk) drawRequests(c echo.Context, v requestsView, status int) (err error) {
	if v.RequestList, err = h.Requests(c.Request().Context(), kit.Who(c), v.sought); err != nil {
		return err
	}
	v.desk = h
	v.Empty = kit.Empty{TitleKey: "request.none", HintKey: "request.none.hint", Icon: "device-mobile", Link: requestsPath + "/poster", ActionKey: "request.poster"}
	return requestsPage.Draw(c, status, "request.title", v)
}

// requestStrip is the line on the desk's pages while something waits.
func (h desk) requestStrip(c echo.Context) error {
	n, err := h.RequestsWaiting(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	v := stripView{Waiting: n}
	if by := kit.Who(c); by.May(access.IntakeView) {
		if v.Told, err = h.files.IntakesWaiting(c.Request().Context(), by); err != nil {
			return err
		}
	}
	return stripPage.Part(c, http.StatusOK, "strip", v)
}

// stripView is how many bookings were asked for, and how many guests told of themselves.
type stripView struct{ Waiting, Told int }

var stripPage = kit.New[stripView](pages, "request_strip.html")

func (h desk) acceptRequest(c echo.Context) error {
	f := kit.Read(c)
	id := term.RequestID(kit.ParamID(c, "id"))
	in := h.acceptance(f)
	booked, err := h.AcceptRequest(c.Request().Context(), kit.Who(c), id, in)
	if said, ok := kit.Refused(c, err); ok {
		v := requestsView{Refused: said.Refusal, Faults: said.Faults, At: int64(id), Who: f.Text("who"), sought: reception.RequestFile{Request: id, Client: in.Client}}
		var taken *reception.Taken
		if errors.As(err, &taken) {
			v.desk = h
			for _, free := range taken.Free {
				v.Free = append(v.Free, requestSlot{v.slot(in.Staff, free), free})
			}
		}
		return h.drawRequests(c, v, said.Status)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "request.done.accepted", nil, "/reception/appointments/%d", booked)
}

// acceptance reads for whom, with whom and when a request is taken.
func (h desk) acceptance(f *kit.Form) (in reception.Acceptance) {
	staff, at, _ := strings.Cut(f.Text("at"), "@")
	if id, err := strconv.ParseInt(staff, 10, 64); err == nil {
		in.Staff = term.StaffID(id)
	}
	if start, err := time.ParseInLocation(localMinute, at, h.DB.Zone()); err == nil {
		in.Start = term.At(start)
	}
	who, rest, _ := strings.Cut(f.Text("who"), ":")
	phone, version, _ := strings.Cut(rest, ":")
	in.Phone = phone
	if n, err := strconv.Atoi(version); err == nil {
		in.Version = n
	}
	if id, err := strconv.ParseInt(who, 10, 64); err == nil && id > 0 {
		in.Client = term.ClientID(id)
	}
	in.Chosen = who == "new" || in.Client != 0
	return in
}

// requestFileLink is the page of requests with a file that was looked up for one of them.
func requestFileLink(x reception.RequestFile) string {
	return fmt.Sprintf("%s?request=%d&client=%d", requestsPath, x.Request, x.Client)
}

// requestWho looks for the file of a guest who asked with another number or name.
func (h desk) requestWho(c echo.Context) error {
	id := term.RequestID(kit.ParamID(c, "id"))
	v, err := h.sought(c, func(client term.ClientID) string {
		return requestFileLink(reception.RequestFile{Request: id, Client: client})
	})
	if err != nil {
		return err
	}
	return requestFoundPage.Part(c, http.StatusOK, "main", v)
}

func (h desk) declineRequest(c echo.Context) error {
	id := term.RequestID(kit.ParamID(c, "id"))
	told, err := h.DeclineRequest(c.Request().Context(), kit.Who(c), id, kit.Read(c).Text("answer"))
	if said, ok := kit.Refused(c, err); ok {
		return h.drawRequests(c, requestsView{Refused: said.Refusal, Faults: said.Faults, At: int64(id)}, said.Status)
	}
	if err != nil {
		return err
	}
	if !told {
		return kit.Done(c, "request.done.silent", nil, requestsPath)
	}
	return kit.Done(c, "request.done.declined", nil, requestsPath)
}

// posterView is the paper on the counter that leads guests to the page.
type posterView struct {
	Address string
	Code    kit.QR
	Self    string // page of the desk that it belongs to
	Small   bool   // A5 instead of A4
	Hello   bool   // it leads to the information form, not to a booking
}

var posterPage = kit.New[posterView](pages, "poster.html").As(kit.Print)

func (h desk) poster(c echo.Context) (err error) {
	v := posterView{Address: kit.GuestBase(c) + "/book", Self: requestsPath, Small: c.QueryParam("size") == "a5"}
	if v.Code, err = kit.NewQR(v.Address); err != nil {
		return err
	}
	return posterPage.Draw(c, http.StatusOK, "request.poster", v)
}

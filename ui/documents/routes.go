// Package documents draws papers: on screen with their exact text and its hash, on a tablet
// in the client's hands in large type, and on A4. Whoever must sign signs here.
package documents

import (
	"embed"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	office "meixu/app/admin"
	"meixu/app/engine/document"
	"meixu/app/fault"
	"meixu/app/papers"
	"meixu/store/term"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type room struct {
	*papers.Cabinet
	office *office.Office
}

// Routes registers the room.
func Routes(r *kit.Routes, c *papers.Cabinet, o *office.Office) {
	h := room{c, o}
	r.GET("/doc/:id", access.DocumentView, h.show)
	r.POST("/doc/:id/sign", access.DocumentSign, h.sign)
	r.GET("/doc/:id/print", access.DocumentPrint, h.paper)
	r.POST("/doc/:id/printed", access.DocumentPrint, h.printed)
	r.POST("/doc/:id/handover", access.DocumentHandover, h.handOverOne)
	r.POST("/papers/:plan/handover", access.PapersHandover, h.handOver)
	r.GET("/papers/:plan", access.DocumentView, h.greet)
	r.GET("/papers/:plan/:id", access.DocumentView, h.inHand)
	r.POST("/papers/:plan/:id/sign", access.DocumentSign, h.signInHand)
	r.POST("/papers/:plan/:id/refuse", access.ConsentRefuse, h.refuseInHand)
}

type docView struct {
	Paper  papers.Paper
	Doc    kit.Doc
	Pads   []pad
	Back   string
	Handed bool
}

// pad is the place where one capacity signs.
type pad struct {
	kit.DocSign
	Staff []papers.Colleague // colleagues who sign with their PIN, when nobody signed in may
	PIN   kit.Field
	Who   kit.Field
}

// ByPIN says that somebody else than who is signed in signs.
func (p pad) ByPIN() bool { return len(p.Staff) > 0 }

// Hand says that the client's side signs: the tablet can be handed over.
func (p pad) Hand() bool { return !p.Role.Staff() }

// Own says that this very paper waits for the hand of who is signed in.
func (v docView) Own() bool {
	return slices.ContainsFunc(v.Paper.Signing, func(p papers.Place) bool { return p.Own && p.Role.Staff() })
}

// ForClient says that the client's side has yet to sign.
func (v docView) ForClient() bool { return slices.ContainsFunc(v.Pads, pad.Hand) }

// First says whether an action is the one that stands out: who is signed in signs ("own"),
// else the paper is handed to the client ("hand") by those who may, else the next paper waits.
func (v docView) First(what string, mayHand bool) bool {
	switch {
	case v.Own():
		return what == "own"
	case v.ForClient() && mayHand:
		return what == "hand"
	case v.ForClient():
		return what == "pad"
	}
	return what == "next"
}

// PageTitle is the title of the paper itself.
func (v docView) PageTitle() string { return v.Paper.Title }

var (
	docPage   = kit.New[docView](pages, "doc.html").ForClient() // a paper is read together with whom it concerns
	printPage = kit.New[docView](pages, "print.html").As(kit.Print)
)

func id(c echo.Context) term.DocumentID { return term.DocumentID(kit.ParamID(c, "id")) }

func (h room) show(c echo.Context) error { return h.draw(c, http.StatusOK, "", nil) }

// draw draws the paper; role is who tried to sign, wrong what was wrong with it.
func (h room) draw(c echo.Context, status int, role document.Role, wrong error) error {
	by := kit.Who(c)
	p, err := h.Show(c.Request().Context(), by, id(c))
	if err != nil {
		return err
	}
	v := docView{Paper: p, Doc: kit.Doc{View: p.View}, Back: backOf(p), Handed: !by.Guest.None()}
	v.Pads = pads(c, p, papers.Path(p.ID)+"/sign", role, wrong)
	for i, x := range v.Pads {
		own := v.First("own", false) && x.Role.Staff()
		v.Pads[i].Quiet = !v.Handed && !own && !v.First("pad", by.May(access.DocumentHandover))
	}
	return docPage.Draw(c, status, "documents.title", v)
}

// pads are the places where somebody may sign here; role is who tried to, wrong what was
// wrong with it.
func pads(c echo.Context, p papers.Paper, action string, role document.Role, wrong error) (list []pad) {
	by := kit.Who(c)
	if !by.May(access.DocumentSign) {
		return nil
	}
	faults, _ := fault.FieldsOf(wrong)
	for _, place := range p.Signing {
		x := pad{DocSign: kit.DocSign{Doc: kit.Doc{View: p.View}, Role: place.Role, Action: action, Name: nameFor(p, place, by)}}
		if place.Role == document.Client {
			x.May, x.StandIn = p.May, standInFor(p, by)
		}
		if !place.Own {
			x.Staff = place.Staff
			x.Who = kit.Field{Name: "staff", Kind: kit.Select, LabelKey: "documents.who", Required: true}
			for _, s := range place.Staff {
				x.Who.Options = append(x.Who.Options, kit.Option{Value: idText(s.ID), Label: s.Name})
			}
			x.PIN = kit.Field{Name: "pin", Kind: kit.PIN, LabelKey: "documents.pin", Required: true}
		}
		if place.Role == role {
			x.typed(kit.Read(c), faults)
		}
		list = append(list, x)
	}
	return list
}

// typed puts back what was typed, with what was wrong. A name that the house knows stays.
func (p *pad) typed(f *kit.Form, faults fault.Fields) {
	in := kit.ReadSignature(f, access.Actor{})
	p.Faults, p.Strokes = faults, in.Strokes
	if _, bad := faults.Of("strokes"); bad {
		p.Strokes = "" // what is no signature of this signer is drawn anew
	}
	if in.Capacity.StandIn() {
		p.StandIn = kit.StandIn{Capacity: in.Capacity, Name: in.Name, Relation: in.Relation, Reason: in.Reason}
	}
	filled := kit.Fill([]kit.Field{p.Who, p.PIN}, f.Values(), faults)
	p.Who, p.PIN = filled[0], filled[1]
}

func nameFor(p papers.Paper, place papers.Place, by access.Actor) string {
	switch {
	case place.Role == document.Client:
		return p.Client.Name
	case place.Role == document.Guardian:
		return p.Client.Guardian.Name
	case place.Role.Staff() && place.Own:
		return by.Name
	}
	return ""
}

// standInFor is who signs for a client that is too young: the guardian of the file.
func standInFor(p papers.Paper, by access.Actor) (s kit.StandIn) {
	if len(p.May) == 0 || !p.May[0].StandIn() {
		return s
	}
	return kit.StandIn{
		Capacity: p.May[0], Name: p.Client.Guardian.Name, Relation: p.Client.Guardian.Relation,
		Reason: by.Lang.T("document.sign.reason.minor"),
	}
}

// backOf is the page from which the paper came.
func backOf(p papers.Paper) string {
	switch {
	case p.Row.Plan != 0:
		return "/plan/" + idText(p.Row.Plan)
	case p.Row.Order != 0:
		return "/till/" + idText(p.Row.Order)
	case p.Row.Treatment != 0:
		return "/procedure/" + idText(p.Row.Treatment)
	case p.Row.Visit != 0:
		return "/consultation/" + idText(p.Row.Visit)
	}
	return ""
}

func (h room) sign(c echo.Context) error {
	role, err := h.put(c)
	if err == nil {
		return kit.Done(c, "documents.signed", nil, "/doc/%d", id(c))
	}
	if _, wrong := fault.FieldsOf(err); wrong {
		return h.draw(c, http.StatusUnprocessableEntity, role, err)
	}
	return err
}

// put puts the posted signature under the paper; role is the capacity that was named.
func (h room) put(c echo.Context) (role document.Role, err error) {
	f, by := kit.Read(c), kit.Who(c)
	in := papers.Sign{Document: id(c), Signature: kit.ReadSignature(f, by), PIN: f.Text("pin")}
	in.Signature.Staff = term.StaffID(f.ID("staff"))
	role = in.Signature.Role
	in.Signature.Faults = f.Fields
	_, err = h.Sign(c.Request().Context(), by, in)
	return role, err
}

// paper draws the print, A4 or the A5 that is asked for; the button that leads to it counts the copy.
func (h room) paper(c echo.Context) error {
	p, err := h.Show(c.Request().Context(), kit.Who(c), id(c))
	if err != nil {
		return err
	}
	doc := kit.Doc{View: p.View}
	if c.QueryParam("paper") == kit.SizeA5 && p.Paper == document.A4 {
		doc.Size = kit.SizeA5
	}
	return printPage.Draw(c, http.StatusOK, "documents.title", docView{Paper: p, Doc: doc})
}

// printed counts a copy and opens the paper to be printed.
func (h room) printed(c echo.Context) error {
	if err := h.Print(c.Request().Context(), kit.Who(c), id(c)); err != nil {
		return err
	}
	return kit.Done(c, "", nil, "/doc/%d/print", id(c))
}

func idText[I ~int64](row I) string { return strconv.FormatInt(int64(row), 10) }

// Package media streams pictures to those who may see them and takes new ones in. Nothing
// of it is kept by a browser; every look stands in the trail.
package media

import (
	"embed"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/engine/banner"
	shelf "meixu/app/engine/media"
	"meixu/app/fault"
	"meixu/app/photos"
	"meixu/store/term"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type room struct{ *photos.Album }

// maxFiles is how many pictures one post may bring.
const maxFiles = 12

// Routes registers the room.
func Routes(r *kit.Routes, a *photos.Album) {
	h := room{a}
	r.GET("/media/new", access.MediaAdd, h.ask)
	r.POST("/media/new", access.MediaAdd, h.add)
	r.GET("/media/:id", access.MediaView, h.full)
	r.GET("/media/:id/thumb", access.MediaView, h.thumb)
	r.GET("/media/:id/view", access.MediaView, h.look)
	r.POST("/media/:id/void", access.MediaVoid, h.void)
	r.GET("/cases", access.CaseList, h.library)
	r.GET("/cases/new", access.CaseAdd, h.caseForm)
	r.POST("/cases/new", access.CaseAdd, h.caseAdd)
	r.GET("/cases/:id", access.CaseList, h.casePage)
	r.POST("/cases/:id/withdraw", access.CaseWithdraw, h.caseWithdraw)
}

func id(c echo.Context) term.MediaID { return term.MediaID(kit.ParamID(c, "id")) }

// full streams the picture, or its thumbnail when ?thumb=1.
func (h room) full(c echo.Context) error {
	if c.QueryParam("thumb") != "" {
		return h.stream(c, shelf.Thumb)
	}
	return h.stream(c, shelf.Full)
}

func (h room) thumb(c echo.Context) error { return h.stream(c, shelf.Thumb) }

func (h room) stream(c echo.Context, size shelf.Size) error {
	picture, _, err := h.Open(c.Request().Context(), kit.Who(c), id(c), size)
	if err != nil {
		return instead(c, err, size)
	}
	head := c.Response().Header()
	head.Set("Cache-Control", "no-store")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Content-Disposition", "inline")
	return c.Stream(http.StatusOK, "image/jpeg", picture)
}

type askView struct {
	photos.Subject
	Edit kit.Edit
}

// ClientBanner keeps the person in sight, so that pictures are not mixed up.
func (v askView) ClientBanner() *banner.View { return v.Banner }

var askPage = kit.New[askView](pages, "new.html")

func aboutOf(f *kit.Form) photos.About {
	return photos.About{
		Visit: term.VisitID(f.ID("visit")), Treatment: term.TreatmentID(f.ID("treatment")), Kind: f.Text("kind"), View: f.Text("view"),
	}
}

func (h room) ask(c echo.Context) error { return h.draw(c, http.StatusOK, nil) }

func (h room) draw(c echo.Context, status int, wrong error) error {
	f := kit.Read(c)
	about := aboutOf(f)
	s, err := h.Subject(c.Request().Context(), kit.Who(c), about)
	if err != nil {
		return err
	}
	v := askView{Subject: s, Edit: edit(about, s)}
	if bad, ok := fault.FieldsOf(wrong); ok {
		v.Edit = v.Edit.Filled(f.Values(), bad)
	}
	return askPage.Draw(c, status, "media.new", v)
}

func edit(about photos.About, s photos.Subject) kit.Edit {
	e := kit.Edit{Action: "/media/new", CancelURL: back(about, s), SubmitKey: "media.keep"}
	kind, view := about.Kind, about.View
	if !slices.Contains(s.Kinds, kind) {
		kind = s.Kinds[0] // never empty: a portrait has no wrong time
	}
	if view == "" {
		view = nextView(s, kind)
	}
	e.Fields = []kit.Field{
		{Name: "visit", Kind: kit.Hidden, Value: text(s.Visit.ID)},
		{Name: "treatment", Kind: kit.Hidden, Value: text(about.Treatment)},
		{Name: "kind", Kind: kit.Chips, LabelKey: "media.kind", Value: kind, Required: true, Wide: true, Options: options("media.kind.", s.Kinds)},
		{Name: "view", Kind: kit.Hidden, Value: view},
		{
			Name: "photo", Kind: kit.Photo, LabelKey: "media.photo", HelpKey: "media.photo.help", Many: true, Required: true, Wide: true,
			Value: view, Options: options("media.view.", photos.Views),
		},
	}
	return e
}

// nextView proposes the first position of which there is no picture yet.
func nextView(s photos.Subject, kind string) string {
	have := map[string]bool{}
	for _, m := range s.Have {
		have[m.View] = have[m.View] || m.Kind == kind
	}
	for _, v := range photos.Views {
		if !have[v] {
			return v
		}
	}
	return "other"
}

func options(prefix string, words []string) (list []kit.Option) {
	for _, w := range words {
		list = append(list, kit.Option{Value: w, LabelKey: prefix + w})
	}
	return list
}

func back(about photos.About, s photos.Subject) string {
	if about.Treatment != 0 {
		return "/procedure/" + text(about.Treatment)
	}
	return "/consultation/" + text(s.Visit.ID)
}

func (h room) add(c echo.Context) error {
	f, by := kit.Read(c), kit.Who(c)
	about := aboutOf(f)
	if len(f.Files("photo")) > maxFiles {
		f.Fields.Add("photo", "media.photo.many", maxFiles)
	}
	taken, err := shots(f, about.View), f.Err()
	if err == nil {
		_, err = h.AddEach(c.Request().Context(), by, about, taken)
	}
	if err == nil {
		return kit.Done(c, "media.kept", nil, "/media/new?visit=%d&treatment=%d&kind=%s", about.Visit, about.Treatment, about.Kind)
	}
	if _, wrong := fault.FieldsOf(err); wrong {
		return h.draw(c, http.StatusUnprocessableEntity, err)
	}
	return err
}

func uploads(files []*multipart.FileHeader) (list []photos.Upload) {
	for _, f := range files {
		list = append(list, func() (io.ReadCloser, error) { return f.Open() })
	}
	return list
}

// shots are the posted files, each with the position chosen beside it, in their order; without
// choices all have the position of the form.
func shots(f *kit.Form, view string) (list []photos.Shot) {
	chosen := f.Values()["photo_choice"]
	for i, open := range uploads(f.Files("photo")) {
		s := photos.Shot{View: view, Open: open}
		if len(chosen) > 0 {
			s.View = ""
		}
		if i < len(chosen) {
			s.View = chosen[i]
		}
		list = append(list, s)
	}
	return list
}

type lookView struct {
	photos.Look
	Edit kit.Edit
}

// ClientBanner keeps the person in sight.
func (v lookView) ClientBanner() *banner.View { return v.Banner }

var lookPage = kit.New[lookView](pages, "look.html")

func (h room) look(c echo.Context) error { return h.drawLook(c, http.StatusOK, nil) }

func (h room) drawLook(c echo.Context, status int, bad fault.Fields) error {
	l, err := h.Look(c.Request().Context(), kit.Who(c), id(c))
	if err != nil {
		return err
	}
	v := lookView{Look: l, Edit: kit.Edit{Action: fmt.Sprintf("/media/%d/void", l.Media.ID), SubmitKey: "media.void", Fields: []kit.Field{
		{Name: "reason", Kind: kit.Text, LabelKey: "kit.reason", Required: true, Wide: true},
	}}}
	if bad != nil {
		v.Edit = v.Edit.Filled(kit.Read(c).Values(), bad)
	}
	return lookPage.Draw(c, status, "media.look", v)
}

func (h room) void(c echo.Context) error {
	m, err := h.Void(c.Request().Context(), kit.Who(c), id(c), kit.Read(c).Text("reason"))
	if bad, ok := fault.FieldsOf(err); ok {
		return h.drawLook(c, http.StatusUnprocessableEntity, bad)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "media.voided", nil, "/media/%d/view", m.ID)
}

func text[I ~int64](row I) string { return strconv.FormatInt(int64(row), 10) }

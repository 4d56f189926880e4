package kit

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
)

// draftField is the field with which a post names the draft of its form; the browser adds it.
const draftField = "_draft"

// longForm is from how many fields on what is typed into a form is kept.
const longForm = 3

// drafts is what a page knows of the forms that were typed and not sent.
type drafts struct {
	kept   func(key string) string
	answer bool
	key    string // of what stays in the browser
}

// draftsOf gives nothing where nobody is signed in: a guest's phone keeps nothing here.
func draftsOf(c echo.Context, s Setup, by access.Actor) drafts {
	if s.Kept == nil || by.Staff == 0 || !by.May(access.DraftSave) {
		return drafts{}
	}
	d := drafts{kept: s.Kept(c), answer: c.Request().Method == http.MethodPost}
	if s.DraftKey != nil {
		d.key = s.DraftKey(c)
	}
	return d
}

// KeepsDrafts says that what is typed on this page is kept on the server.
func (f *Frame) KeepsDrafts() bool { return f.drafts.kept != nil }

// DraftKey is the key of the drafts that stay in the browser; "" lets none stay.
func (f *Frame) DraftKey() string { return f.drafts.key }

// Answers says that the page answers a post, and so carries already what was typed.
func (f *Frame) Answers() bool { return f.drafts.answer }

// Draft is what the person typed into the form and did not send, as JSON; "" for nothing.
func (f *Frame) Draft(key string) string {
	if f.drafts.kept == nil {
		return ""
	}
	return f.drafts.kept(key)
}

// forgetDraft drops the draft of a form that was taken.
func forgetDraft(c echo.Context) {
	s := setupOf(c)
	if s.Forget == nil || c.Request().Method != http.MethodPost || !isForm(c.Request()) {
		return
	}
	if key := c.Request().PostFormValue(draftField); key != "" {
		s.Forget(c, key)
	}
}

// Keeps is the key under which the typed form is kept: its own, or for every longer form its
// address, its version and the rows that its hidden fields name, so that nothing typed for one
// client lies in the form of another. A form that asks for a password keeps nothing.
func (e Edit) Keeps() string {
	if e.DraftKey != "" || e.Action == "" || !e.long() {
		return e.DraftKey
	}
	key, _, _ := strings.Cut(strings.TrimPrefix(e.Action, "/"), "?")
	for _, f := range e.Fields {
		switch {
		case f.Kind != Hidden:
		case strings.HasSuffix(f.Name, "version"):
			key += "-v" + f.Value
		case isRow(f.Value):
			key += "-" + f.Name + f.Value
		}
	}
	return key
}

// isRow says that a hidden value is the id of a row; words and phone numbers stay out of keys.
func isRow(value string) bool {
	const phone = 11
	_, err := strconv.Atoi(value)
	return err == nil && len(value) < phone
}

// long says that losing what was typed would hurt: three fields or more, or one for prose.
func (e Edit) long() bool {
	if slices.ContainsFunc(e.Fields, func(f Field) bool { return f.Kind == Password }) {
		return false
	}
	typed := 0
	for _, f := range e.Fields {
		switch f.Kind {
		case Area:
			return true
		case Hidden, Static, PIN, Sign, Photo:
		default:
			typed++
		}
	}
	return typed >= longForm
}

package web

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	office "meixu/app/admin"
	"meixu/app/fault"
	"meixu/ui/kit"
)

// draftLimit bounds a post, in bytes: the largest draft and the key beside it.
const draftLimit = office.DraftLargest + 1<<10

// draft is what the browser sends and gets: the key of the form and its fields. Null values
// forget the draft.
type draft struct {
	Form   string          `json:"form"`
	Values json.RawMessage `json:"values"`
}

// keyOf checks the key, which names form and row, never a person, and puts it into the drawer of
// the device.
func keyOf(c echo.Context, key string) (string, error) {
	if key == "" || len(key) > 120 || strings.ContainsAny(key, " \n\r\t") {
		return "", fault.NotFound("draft")
	}
	return office.Drawer(kit.Who(c)) + key, nil
}

// draftOf gives back what the person typed into the form; 204 when nothing is kept.
func (s *Server) draftOf(c echo.Context) error {
	key, err := keyOf(c, c.QueryParam("form"))
	if err != nil {
		return err
	}
	d, err := s.app.Admin.DraftOf(c.Request().Context(), kit.Who(c), key)
	if err != nil && fault.KindOf(err) == fault.KindNotFound {
		return c.NoContent(http.StatusNoContent)
	}
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, draft{c.QueryParam("form"), json.RawMessage(d.Body)})
}

// keepDraft keeps the fields of a form.
func (s *Server) keepDraft(c echo.Context) error {
	body, err := io.ReadAll(io.LimitReader(c.Request().Body, draftLimit+1))
	if err != nil {
		return err
	}
	var d draft
	if len(body) > draftLimit || json.Unmarshal(body, &d) != nil {
		return &fault.Error{Kind: fault.KindInvalid, Key: "web.large"}
	}
	key, err := keyOf(c, d.Form)
	if err != nil {
		return err
	}
	text := string(d.Values)
	if text == "null" {
		text = ""
	}
	if err := s.app.Admin.SaveDraft(c.Request().Context(), kit.Who(c), key, text); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// kept reads for a page what the person typed into its forms: which drafts there are is asked
// once, when the first form is drawn. A page is worth more than its drafts, so faults are none.
func (s *Server) kept(c echo.Context) func(key string) string {
	ctx, by := c.Request().Context(), kit.Who(c)
	have := sync.OnceValue(func() []string {
		keys, _ := s.app.Admin.DraftKeys(ctx, by)
		return keys
	})
	return func(key string) string {
		kept, err := keyOf(c, key)
		if err != nil || !slices.Contains(have(), kept) {
			return ""
		}
		d, err := s.app.Admin.DraftOf(ctx, by, kept)
		if err != nil {
			return ""
		}
		return d.Body
	}
}

// keep keeps what a page begins for the one that follows; without it that page begins empty.
func (s *Server) keep(c echo.Context, key, body string) {
	at, err := keyOf(c, key)
	if err != nil {
		return
	}
	if err := s.app.Admin.SaveDraft(c.Request().Context(), kit.Who(c), at, body); err != nil {
		slog.Warn("draft is not kept", "id", RequestID(c.Request().Context()), "error", err)
	}
}

// forget drops the draft of a form that was taken; what stays is offered once more, and no harm.
func (s *Server) forget(c echo.Context, key string) {
	kept, err := keyOf(c, key)
	if err != nil {
		return
	}
	if err := s.app.Admin.SaveDraft(c.Request().Context(), kit.Who(c), kept, ""); err != nil {
		slog.Warn("draft stays", "id", RequestID(c.Request().Context()), "error", err)
	}
}

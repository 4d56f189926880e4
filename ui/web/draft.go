package web

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/fault"
	"meixu/ui/kit"
)

// draftLimit bounds what one form may keep, in bytes.
const draftLimit = 256 << 10

// draftKey is the form's key in the query: it names form and row, never a person.
func draftKey(c echo.Context) (string, error) {
	key := c.QueryParam("key")
	if key == "" || len(key) > 120 || strings.ContainsAny(key, " \n\r\t") {
		return "", fault.NotFound("draft")
	}
	return key, nil
}

type draft struct {
	Body    json.RawMessage `json:"body"`
	SavedAt string          `json:"saved_at"`
}

// draftOf gives back what the person typed into the form; 204 when nothing is kept.
func (s *Server) draftOf(c echo.Context) error {
	key, err := draftKey(c)
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
	return c.JSON(http.StatusOK, draft{json.RawMessage(d.Body), d.SavedAt.String()})
}

// keepDraft keeps the JSON body; an empty body forgets the draft.
func (s *Server) keepDraft(c echo.Context) error {
	key, err := draftKey(c)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(io.LimitReader(c.Request().Body, draftLimit+1))
	if err != nil {
		return err
	}
	if len(body) > draftLimit || len(body) > 0 && !json.Valid(body) {
		return &fault.Error{Kind: fault.KindInvalid, Key: "web.large"}
	}
	if err := s.app.Admin.SaveDraft(c.Request().Context(), kit.Who(c), key, string(body)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

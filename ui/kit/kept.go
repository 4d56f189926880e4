package kit

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
)

// Kept is a fragment that was drawn once for many readers. It is packed once for all of them as
// well: two hundred tablets that refetch a board of 200 KB would fill the clinic's Wi-Fi. It holds
// nothing of the request that asks for it, so its length tells nothing of anybody's secrets.
type Kept struct {
	html   HTML
	packed func() ([]byte, error)
}

// Keep keeps a fragment.
func Keep(html HTML) *Kept {
	return &Kept{html, sync.OnceValues(func() ([]byte, error) { return pack(string(html)) })}
}

// HTML is the fragment, to stand in a page.
func (k *Kept) HTML() HTML { return k.html }

func (k *Kept) body(pack bool) ([]byte, error) {
	if pack {
		return k.packed()
	}
	return []byte(k.html), nil
}

// Piece answers with a kept fragment.
func Piece(c echo.Context, piece *Kept) error {
	pack := strings.Contains(c.Request().Header.Get(echo.HeaderAcceptEncoding), "gzip")
	body, err := piece.body(pack)
	if err != nil {
		return err
	}
	head := c.Response().Header()
	head.Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
	if pack {
		head.Set(echo.HeaderContentEncoding, "gzip")
	}
	head.Set("Cache-Control", "no-store")
	head.Set(echo.HeaderContentLength, strconv.Itoa(len(body)))
	return c.HTMLBlob(http.StatusOK, body)
}

func pack(text string) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write([]byte(text)); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
}

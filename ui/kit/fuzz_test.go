package kit_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"
	"unicode/utf8"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"meixu/ui/kit"
)

// FuzzTR25Multipart reads posts of any shape: whatever comes, values are legible text and shape
// faults are told, nothing else.
func FuzzTR25Multipart(f *testing.F) {
	f.Add("multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n"))
	f.Add("multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"p\"; filename=\"../../e\"\r\n\r\n\xff\xd8\r\n--x--"))
	f.Add("multipart/form-data", []byte("--\r\n"))
	f.Add("multipart/form-data; boundary=\"\"", []byte("----"))
	f.Add("application/x-www-form-urlencoded", []byte("a=1&a=2&n=１２&d=2026-02-30&%zz=1&b=\x00"))
	f.Add("application/x-www-form-urlencoded; charset=utf-7", []byte("a=%00%ff&n=99999999999999999999"))
	f.Add("text/plain", []byte("a=1"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		r := httptest.NewRequest(http.MethodPost, "/?q=1", bytes.NewReader(body))
		r.Header.Set(echo.HeaderContentType, kind)
		form := kit.Read(echo.New().NewContext(r, httptest.NewRecorder()))
		for name, list := range form.Values() {
			for _, text := range list {
				require.True(t, utf8.ValidString(text), "%q", name)
				require.NotContains(t, text, "\x00")
				require.NotContains(t, text, "\u202e")
			}
			form.Int(name)
			form.Fen(name)
			form.Decimal(name)
			form.Day(name)
			form.IDs(name)
			form.Bool(name)
		}
		for _, name := range form.FileNames() {
			for _, file := range form.Files(name) {
				require.NotContains(t, file.Filename, "/")
			}
		}
		_ = form.Err()
	})
}

package exchange_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest"
)

// TestNamesOfFilesAreOurs sends tables whose names are paths, marks and headers: they are shown as
// plain words, lead nowhere, and what is fetched has a name of the house (ASVS 5.4.1, 5.4.2).
func TestNamesOfFilesAreOurs(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	manager := site.As("manager")
	for _, sent := range []string{`../../etc/passwd`, `C:\\Windows\\system32\\x.csv`, `x<script>alert(1)</script>.csv`, `a%0d%0aSet-Cookie: b=c.csv`, "a\u202egpj.csv", `..`} {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		require.NoError(t, form.WriteField("_once", sent))
		part, err := form.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="` + sent + `"`}})
		require.NoError(t, err)
		_, err = part.Write([]byte("姓名,手机,生日\n林,1,2\n"))
		require.NoError(t, err)
		require.NoError(t, form.Close())
		page := manager.PostAs("/exchange/imports", form.FormDataContentType(), body.String()).Want(http.StatusOK, "林")
		page.Not("etc/", "system32\\", "<script>alert", "\u202e", "../")
		file := manager.Post(page.Path + "/faults").Want(http.StatusOK)
		require.Equal(t, `attachment; filename="faults-2026-03-02.xlsx"; filename*=UTF-8''`+url.PathEscape("导入问题清单-20260302.xlsx"), file.Header.Get("Content-Disposition"), sent)
		require.Empty(t, file.Header.Values("Set-Cookie"))
	}
}

package kit_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jba/templatecheck"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/engine/document"
	"meixu/app/engine/phrase"
	"meixu/app/fault"
	"meixu/ui/kit"
)

type docPageView struct {
	Doc  kit.Doc
	Sign kit.DocSign
}

var docFiles = fstest.MapFS{
	"screen.html": {Data: []byte(`{{define "main"}}{{template "document" $.With .V.Doc}}{{template "document_sign" $.With .V.Sign}}{{end}}`)},
	"paper.html":  {Data: []byte(`{{define "main"}}{{template "document_print" $.With .V.Doc}}{{end}}`)},
}

var (
	docScreen = kit.New[docPageView](docFiles, "screen.html")
	docPaper  = kit.New[docPageView](docFiles, "paper.html").As(kit.Print)
)

func sampleDoc(paper document.Paper) docPageView {
	ink := document.InkOf(`{"width":300,"height":100,"strokes":[[[10,20,0],[30,40,9],[50,20,18]]]}`)
	doc := kit.Doc{View: document.View{
		ID: 7, Number: "TY20260302-001", Title: "知情同意书", Kind: "consent", Code: "consent.botulinum", Edition: 3, SHA256: "ab12cd",
		Paper: paper, State: "open", IssuedAt: nine,
		Blocks: []document.Block{
			{Type: document.Heading, Level: 2, Text: "一、适应症"},
			{Type: document.Heading, Level: 3, Text: "常见"},
			{Type: document.Para, Text: "正文 <script>alert(1)</script>"},
			{Type: document.Notice, Text: "请注意"},
			{Type: document.List, Items: []string{"第一项"}, Mark: "risk"},
			{Type: document.Pairs, Rows: [][]string{{"客户", "林清禾"}}},
			{Type: document.Table, Head: []string{"项目"}, Rows: [][]string{{"眉间纹"}}},
			{Type: document.QA, Rows: [][]string{{"妊娠", "否"}}},
			{Type: document.PageBreak},
			{Type: document.Signatures},
		},
		Signers: []document.SignerView{{Role: document.Client, Name: "林清禾", At: nine, Ink: ink, Signed: true}, {Role: document.Physician}},
	}}
	var wrong fault.Fields
	wrong.Add("strokes", "document.sign.strokes")
	wrong.Add("role", "document.sign.wrong_person")
	return docPageView{doc, kit.DocSign{Doc: doc, Role: document.Physician, Action: "/doc/7/sign", Faults: wrong}}
}

func TestDocumentOnScreenAndPaper(t *testing.T) {
	t.Parallel()
	var got document.Signature
	by := access.Actor{Staff: 1, Station: "tablet-1", Lang: "zh"}
	e, _ := house(t, by, func(r *kit.Routes) {
		r.GET("/t/doc", access.Anyone, func(c echo.Context) error {
			return docScreen.Draw(c, http.StatusOK, "document.kind.consent", sampleDoc(document.A4))
		})
		r.GET("/t/paper", access.Anyone, func(c echo.Context) error {
			return docPaper.Draw(c, http.StatusOK, "document.kind.consent", sampleDoc(document.Paper(c.QueryParam("paper"))))
		})
		r.POST("/t/sign", access.Anyone, func(c echo.Context) error {
			got = kit.ReadSignature(kit.Read(c), kit.Who(c))
			return c.NoContent(http.StatusNoContent)
		})
	})
	screen := ask(e, http.MethodGet, "/t/doc", "").Body.String()
	for _, want := range []string{
		"知情同意书", "TY20260302-001", "ab12cd", "林清禾", `d="M10 20L30 40L50 20"`, "2026-03-02 09:00", "&lt;script&gt;", "请注意",
		`data-element="risk"`, `name="_seen" value="ab12cd"`, "data-sign", "请在签名框内手写完整姓名", "工作人员须登录本人账号后签名",
	} {
		require.Contains(t, screen, want)
	}
	require.NotContains(t, screen, "<script>alert")
	require.NotContains(t, screen, "⟦")
	for paper, class := range map[document.Paper]string{document.A4: "doc-a4", document.Slip80: "slip", document.Label: "label-paper"} {
		print := ask(e, http.MethodGet, "/t/paper?paper="+string(paper), "").Body.String()
		require.Contains(t, print, `class="doc `+class+`"`)
		require.Contains(t, print, "ab12cd")
		require.Contains(t, print, "pagebreak")
		require.NotContains(t, print, "⟦")
	}
	form := url.Values{"role": {"client"}, "name": {" 林清禾 "}, "strokes": {"[]"}, "_seen": {"ab12cd"}, "_once": {"K1"}}
	ask(e, http.MethodPost, "/t/sign", form.Encode())
	require.Equal(t, document.Signature{Role: document.Client, Name: "林清禾", Strokes: "[]", Seen: "ab12cd", Device: "tablet-1"}, got)
}

var hitPage = kit.New[phrase.Result](fstest.MapFS{
	"hits.html": {Data: []byte(`{{define "main"}}{{template "phrase_hits" $.With .V}}{{end}}`)},
}, "hits.html")

func TestPhraseHitsShowTheSaferWords(t *testing.T) {
	t.Parallel()
	e, _ := house(t, access.Actor{Lang: "zh"}, func(r *kit.Routes) {
		r.GET("/t/hits", access.Anyone, func(c echo.Context) error {
			hit := phrase.Hit{Text: "绝对安全", Severity: phrase.Block, Why: "REG-ADV", Suggestion: "写安全措施"}
			return hitPage.Part(c, http.StatusOK, "main", phrase.Result{Hits: []phrase.Hit{hit}})
		})
		r.GET("/t/none", access.Anyone, func(c echo.Context) error {
			return hitPage.Part(c, http.StatusOK, "main", phrase.Result{})
		})
	})
	drawn := ask(e, http.MethodGet, "/t/hits", "").Body.String()
	for _, want := range []string{"绝对安全", "不可使用", "写安全措施", "phrase-block"} {
		require.Contains(t, drawn, want)
	}
	require.Empty(t, strings.TrimSpace(ask(e, http.MethodGet, "/t/none", "").Body.String()), "the box hides itself")
}

func TestDocumentPagesFitTheirViews(t *testing.T) {
	t.Parallel()
	for _, p := range []kit.Registered{docScreen, docPaper, hitPage} {
		require.NoError(t, templatecheck.CheckHTML(p.Template().Lookup("page"), p.Zero()), p.Name())
	}
}

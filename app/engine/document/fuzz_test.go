package document_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/defaults"
	"meixu/app/engine/document"
	"meixu/app/words"
)

func FuzzTR25Template(f *testing.F) {
	for _, t := range defaults.Documents() {
		raw, err := t.JSON()
		require.NoError(f, err)
		f.Add(raw, "{{client.name}}")
	}
	f.Add([]byte(`{"blocks":[{"text":{"zh":"{{a}} {{{b}}} {{"}}]}`), "<script>")
	f.Fuzz(func(t *testing.T, raw []byte, fact string) {
		template, err := document.Parse(raw)
		if err != nil {
			return
		}
		text, err := template.JSON()
		require.NoError(t, err)
		again, err := document.Parse(text)
		require.NoError(t, err, "what is written can be read")
		second, err := again.JSON()
		require.NoError(t, err)
		require.Equal(t, string(text), string(second))
		facts := document.Facts{Text: map[string]string{"client.name": fact}}
		_, _ = template.Fill(facts, words.ZH) // missing facts are an error, nothing else is
		template.Required(facts)
		template.Missing()
	})
}

// FuzzTR25Strokes draws what a pad sent: nothing but numbers gets into the picture, and what is
// taken for a signature can be drawn.
func FuzzTR25Strokes(f *testing.F) {
	for _, seed := range []string{
		`[[[0,0],[10,10],[20,0],[30,10],[40,0],[50,10],[60,0],[70,10]]]`,
		`{"strokes":[[{"x":0,"y":0},{"x":0.5,"y":0.5}]],"w":1,"h":1,"whose":"client"}`,
		`[[[1e308,1e308],[-1e308,-1e308]]]`, `[[[1e400,0]]]`, `[[]]`, `[]`, `null`, `{}`, `{"strokes":null}`, `[[["0","0"]]]`,
		`[[[0]]]`, `[[[0,0,1,2,3]]]`, `"<svg onload=alert(1)>"`, `[[{"x":null,"y":1}]]`, ``, `[[[0.0001,0.0001],[0.0002,0.0001]]]`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		ink := document.InkOf(raw)
		require.Empty(t, strings.Trim(ink.Path, "ML 0123456789.+-e"), "an SVG path")
		require.Empty(t, strings.Trim(ink.Box, " 0123456789.+-e"))
		if document.CheckStrokes(raw) == nil {
			require.NotEmpty(t, ink.Path, "a signature is seen")
			require.Positive(t, ink.Pen)
		}
	})
}

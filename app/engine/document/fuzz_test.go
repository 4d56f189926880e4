package document_test

import (
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

package document_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/document"
	"meixu/app/words"
	"meixu/store/term"
)

func TestCapital(t *testing.T) {
	t.Parallel()
	for fen, want := range map[term.Fen]string{
		0: "零元整", 1: "壹分", 10: "壹角整", 100: "壹元整", 105: "壹元零伍分", 120000: "壹仟贰佰元整", 123456: "壹仟贰佰叁拾肆元伍角陆分",
		1000500: "壹万零伍元整", 100000000: "壹佰万元整", 100500000: "壹佰万零伍仟元整", 1001000000: "壹仟零壹万元整",
		10000000100: "壹亿零壹元整", 1000: "壹拾元整", 20080: "贰佰元捌角整", -5000: "负伍拾元整", 100001000: "壹佰万零壹拾元整",
	} {
		require.Equal(t, want, document.Capital(fen), "%d", fen)
	}
}

func TestStrokes(t *testing.T) {
	t.Parallel()
	unit := `{"w":600,"h":200,"strokes":[[{"x":0.1,"y":0.2,"t":0},{"x":0.2,"y":0.1},{"x":0.3,"y":0.2},{"x":0.4,"y":0.1},{"x":0.5,"y":0.2},{"x":0.6,"y":0.1},{"x":0.7,"y":0.2},{"x":0.8,"y":0.1}]]}`
	require.NoError(t, document.CheckStrokes(unit))
	require.NoError(t, document.CheckStrokes(pen))
	for _, bad := range []string{
		"", "{}", "null", "[]", "[[]]", `[[["a","b"]]]`, `[[[1e9,1],[1,1],[1,1],[1,1],[1,1],[1,1],[1,1],[1,1]]]`,
		`[[[1,1],[1,1],[1,1],[1,1],[1,1],[1,1],[1,1],[1,1],[1,1]]]`, strings.Repeat("[", 300000),
		`{"strokes":"<svg onload=alert(1)>"}`,
	} {
		require.ErrorIs(t, document.CheckStrokes(bad), document.ErrStrokes, "%.40s", bad)
	}
	ink := document.InkOf(unit)
	require.NotEmpty(t, ink.Path)
	require.Len(t, strings.Fields(ink.Box), 4)
	require.Empty(t, document.InkOf("x").Path)
}

func TestTemplatesAreChecked(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		`{}`, `{"code":"x","kind":"x","title":{"zh":"x"},"paper":"a4","prefix":"X","blocks":[{"type":"video"}]}`,
		`{"code":"x","kind":"x","title":{"zh":"x"},"paper":"a5","prefix":"X","blocks":[{"type":"para","text":{"zh":"x"}}]}`,
		`{"code":"x","kind":"x","title":{"zh":"x"},"paper":"a4","prefix":"X","signers":[{"role":"client"}],"blocks":[{"type":"para","text":{"zh":"x"}}]}`,
		`{"code":"x","colour":"red"}`,
	} {
		_, err := document.Parse([]byte(raw))
		require.Error(t, err, raw)
	}
}

func TestFillChoosesPiecesAndLanguage(t *testing.T) {
	t.Parallel()
	tpl, err := document.Parse([]byte(`{"code":"x","kind":"x","title":{"zh":"题","en":"T"},"paper":"a4","prefix":"X","signers":[],"reviewed":true,"blocks":[
		{"type":"para","text":{"zh":"您好 {{name}}","en":"Hello {{name}}"}},
		{"type":"para","text":{"zh":"有"},"when":"extra"},{"type":"para","text":{"zh":"无"},"unless":"extra"},
		{"type":"list","each":"list"},{"type":"para","text":{"zh":"{{none?}}"}}]}`))
	require.NoError(t, err)
	blocks, err := tpl.Fill(document.Facts{Text: map[string]string{"name": "A"}, Lists: map[string][]string{"list": {"一"}}}, words.EN)
	require.NoError(t, err)
	require.Len(t, blocks, 4)
	require.Equal(t, "Hello A", blocks[0].Text)
	require.Equal(t, "无", blocks[1].Text, "English falls back to Chinese")
	require.Equal(t, []string{"一"}, blocks[2].Items)
	require.Equal(t, "—", blocks[3].Text)
}

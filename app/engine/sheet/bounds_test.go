package sheet_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/sheet"
	"meixu/app/fault"
)

const plainText = `<sst ` + main + `><si><t>a</t></si></sst>`

func pageOf(rows string) []byte {
	return []byte(xmlHead + `<worksheet ` + main + `><sheetData>` + rows + `</sheetData></worksheet>`)
}

// with is a plain file with another part.
func with(part, text string) map[string][]byte {
	p := parts(pageOf(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`), []byte(plainText),
		[]byte(xmlHead+`<workbook `+main+`><sheets><sheet name="x" sheetId="1" r:id="rId1"/></sheets></workbook>`))
	p[part] = []byte(text)
	return p
}

const (
	sheetPart, textPart, bookPart = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
	stylePart, linkPart           = "xl/styles.xml", "xl/_rels/workbook.xml.rels"
)

// TestTR24SmallWorkbooksOfMuch: 5 to 300 KB of which the library would make gigabytes are refused
// before it sees them, however they hide it.
func TestTR24SmallWorkbooksOfMuch(t *testing.T) {
	t.Parallel()
	rep := strings.Repeat
	texts := `<sst ` + main + `>` + rep(`<si/>`, 900_000) + `</sst>`
	for name, p := range map[string]map[string][]byte{
		"texts":                    with(textPart, texts),
		"pieces of a text":         with(textPart, `<sst `+main+`><si>`+rep(`<r/>`, 900_000)+`</si></sst>`),
		"styles":                   with(stylePart, `<styleSheet `+main+`><cellXfs>`+rep(`<xf/>`, 210_000)+`</cellXfs></styleSheet>`),
		"sheets":                   with(bookPart, `<workbook `+main+`><sheets>`+rep(`<sheet/>`, 210_000)+`</sheets></workbook>`),
		"links":                    with(linkPart, `<Relationships>`+rep(`<Relationship/>`, 210_000)+`</Relationships>`),
		"kinds":                    with("[Content_Types].xml", `<Types>`+rep(`<Override/>`, 210_000)+`</Types>`),
		"cells":                    with(sheetPart, string(pageOf(rep(`<row>`+rep(`<c/>`, 80)+`</row>`, 50_000)))),
		"pieces of a cell":         with(sheetPart, string(pageOf(`<row><c t="inlineStr"><is>`+rep(`<r/>`, 20_001)+`</is></c></row>`))),
		"deep":                     with(sheetPart, rep(`<a>`, 101)),
		"deep with marks in quote": with(sheetPart, rep(`<a b="/>">`, 101)),
		"attributes":               with(sheetPart, `<worksheet `+rep(`a="" `, 14_000)+`/>`),
		"attributes with ends":     with(sheetPart, `<worksheet `+rep(`a='>' `, 14_000)+`/>`),
		"a text":                   with(textPart, `<sst><si><t>`+rep(`a`, 600_000)+`</t></si></sst>`),
		"a comment":                with(textPart, `<!--`+rep(`a`, 600_000)+`--><sst/>`),
		"entities":                 with(textPart, `<!DOCTYPE x [<!ENTITY a "aaaa">]><sst><si><t>&a;</t></si></sst>`),
		"other letters":            with(textPart, `<?xml version="1.0" encoding="UTF-16"?>`+texts),
		"other letters, later":     with(textPart, ` <?xml version='1.0' encoding='gbk' ?>`+texts),
		"behind a comment":         with(textPart, `<!-- <!-- it's '> `+"\x01"+` -->`+texts),
		"behind plain text":        with(textPart, `<![CDATA["<a '>]]>`+texts),
		"behind an instruction":    with(textPart, `<?pi ' " < ?>`+texts),
		"as a picture":             with("xl/media/image1.png", texts),
		"under another name":       with(textPart, `<x:list xmlns:x="y">`+rep(`<si/>`, 210_000)),
	} {
		_, err := sheet.Read(workbook(t, p))
		bad, ok := fault.FieldsOf(err)
		require.True(t, ok, "%s: %v", name, err)
		require.Equal(t, "sheet.bad.bomb", bad[0].Key, name)
	}
	for name, p := range map[string]map[string][]byte{
		"as it is":             with("", ""),
		"a comment":            with(textPart, `<!-- it's <b> "--><sst `+main+`><si><t>a</t></si></sst>`),
		"plain text":           with(textPart, `<sst `+main+`><si><t><![CDATA[a]]></t></si></sst>`),
		"single quotes":        with(sheetPart, strings.ReplaceAll(string(pageOf(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`)), `"`, `'`)),
		"a mark of byte order": with(textPart, "\ufeff"+xmlHead+plainText),
		"a name space":         with(sheetPart, `<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c></x:row></x:sheetData></x:worksheet>`),
		"a real picture":       with("xl/media/image1.png", "\x89PNG\r\n\x1a\n"+rep("<<'", 100_000)),
		"many empty cells":     with(sheetPart, string(pageOf(`<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>`+rep(`<row>`+rep(`<c/>`, 16_000)+`</row>`, 3)))),
	} {
		book, err := sheet.Read(workbook(t, p))
		require.NoError(t, err, name)
		require.Equal(t, "a", book.Sheets[0].Rows[0][0], name)
	}
}

// BenchmarkRead reads 20,000 clients of ten columns (U6).
func BenchmarkRead(b *testing.B) {
	w, err := sheet.New("x", []string{"a"})
	require.NoError(b, err)
	for i := range 20_000 {
		cells := make([]any, 10)
		for j := range cells {
			cells[j] = fmt.Sprintf("客户 %d %d", i, j)
		}
		require.NoError(b, w.Add(cells...))
	}
	var out bytes.Buffer
	require.NoError(b, w.To(&out))
	for b.Loop() {
		_, err := sheet.Read(out.Bytes())
		require.NoError(b, err)
	}
}

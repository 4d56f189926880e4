package sheet_test

import (
	"archive/zip"
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/sheet"
	"meixu/app/fault"
	"meixu/store/term"
)

// readable reads a file that a stranger sent: it is refused with a sentence, or what comes out is
// within the bounds and survives being written to a file and read again.
func readable(t *testing.T, body []byte) {
	t.Helper()
	book, err := sheet.Read(body)
	if err != nil {
		_, ok := fault.FieldsOf(err)
		require.True(t, ok, err)
		return
	}
	require.NotEmpty(t, book.Sheets)
	require.LessOrEqual(t, len(book.Sheets), sheet.MostSheets)
	rows := 0
	for _, s := range book.Sheets {
		bounded(t, s)
		rows += len(s.Rows)
	}
	require.LessOrEqual(t, rows, sheet.MostRows)
	again(t, book.Sheets[0])
}

func bounded(t *testing.T, s sheet.Table) {
	t.Helper()
	require.Len(t, s.Lines, len(s.Rows))
	for i, row := range s.Rows {
		require.True(t, i == 0 || s.Lines[i-1] < s.Lines[i], "lines in their order")
		require.NotEmpty(t, row)
		require.LessOrEqual(t, len(row), sheet.MostColumns)
		require.NotEmpty(t, row[len(row)-1], "nothing empty hangs on")
		for _, cell := range row {
			require.True(t, utf8.ValidString(cell))
			require.LessOrEqual(t, utf8.RuneCountInString(cell), sheet.MostText)
		}
	}
}

// again writes the rows to a file and reads them: texts are texts, whatever they begin with.
func again(t *testing.T, s sheet.Table) {
	t.Helper()
	w, err := sheet.New("fuzz", []string{"A"})
	require.NoError(t, err)
	var want [][]string
	for _, row := range s.Rows {
		cells, plain := make([]any, len(row)), make([]string, len(row))
		for i, cell := range row {
			plain[i] = strings.Map(func(r rune) rune {
				if r < ' ' || r == utf8.RuneError || r >= 0xFFFE && r <= 0xFFFF {
					return -1
				}
				return r
			}, cell)
			plain[i] = strings.TrimSpace(plain[i])
			cells[i] = plain[i]
		}
		for len(plain) > 0 && plain[len(plain)-1] == "" {
			plain = plain[:len(plain)-1]
		}
		if len(plain) > 0 {
			want = append(want, plain)
		}
		require.NoError(t, w.Add(cells...))
	}
	var out bytes.Buffer
	require.NoError(t, w.To(&out))
	book, err := sheet.Read(out.Bytes())
	require.NoError(t, err)
	require.Equal(t, want, append([][]string(nil), book.Sheets[0].Rows[1:]...))
}

// FuzzTR25Table reads CSV files and what was copied out of a table, in whatever letters.
func FuzzTR25Table(f *testing.F) {
	for _, seed := range []string{
		"姓名,手机\n林晚秋,\"138", "\xEF\xBB\xBF姓名;手机\n\n林晚秋;138", "姓名\t手机\r\n林晚秋\t138\r\n", "\xD0\xD5\xC3\xFB,\xCA\xD6\xBB\xFA\n", "a,\xff\xff\xff\n",
		"=cmd|' /C calc'!A0,@SUM(1),+1,-1,\t=1", "=HYPERLINK(\"http://evil.example\")", "\"a\"\"b\",\"\nc\"", "\r\r\r", ",,,,\n;;;\n", "\"\"\"\"\"",
		"a\x0bb,\x1f,\x7f", "\u2028,\u202e,\ufeff", strings.Repeat("x,", 81), strings.Repeat("字", 2001), "_x000D_,_x005F_", "\xD0\xCF\x11\xE0", "\x00",
		"a\u0085,\u00a0", "0x1p-2,1e400,NaN", "_xABCD_", "\ufffe\uffff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if bytes.HasPrefix(body, []byte("PK")) {
			return // FuzzTR25Workbook
		}
		readable(t, body)
	})
}

// workbook packs the parts of an Excel file.
func workbook(t testing.TB, parts map[string][]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		if name == "" {
			continue
		}
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = w.Write(parts[name])
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return out.Bytes()
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8"?>`

const main = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

// parts are those of a plain file, with a sheet, its shared texts and a book of one's own.
func parts(sheetXML, texts, book []byte) map[string][]byte {
	return map[string][]byte{
		"[Content_Types].xml":        []byte(xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`),
		"_rels/.rels":                []byte(xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`),
		"xl/_rels/workbook.xml.rels": []byte(xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink" Target="http://169.254.169.254/" TargetMode="External"/></Relationships>`),
		"xl/styles.xml":              []byte(xmlHead + `<styleSheet ` + main + `/>`),
		"xl/workbook.xml":            book,
		"xl/sharedStrings.xml":       texts,
		"xl/worksheets/sheet1.xml":   sheetXML,
	}
}

// FuzzTR25Workbook reads Excel files whose sheet, texts and book say anything. Each takes a moment,
// reaches out to nobody, and what it calculates is not asked.
func FuzzTR25Workbook(f *testing.F) {
	page := func(rows string) []byte {
		return []byte(xmlHead + `<worksheet ` + main + `><sheetData>` + rows + `</sheetData></worksheet>`)
	}
	texts := []byte(xmlHead + `<sst ` + main + `><si><t>姓名</t></si><si><r><t>手</t></r><r><t>机</t></r></si></sst>`)
	book := []byte(xmlHead + `<workbook ` + main + `><workbookPr date1904="1"/><sheets><sheet name="客户" sheetId="1" r:id="rId1"/></sheets></workbook>`)
	plain := page(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>林</t></is></c><c r="B2"><v>1.38E+10</v></c></row>`)
	read, err := sheet.Read(workbook(f, parts(plain, texts, book)))
	require.NoError(f, err)
	require.Equal(f, [][]string{{"姓名", "手机"}, {"林", "1.38E+10"}}, read.Sheets[0].Rows, "the parts are those of a file")
	f.Add(plain, texts, book)
	f.Add(page(`<row r="1"><c r="A1" t="str"><f>[1]Sheet1!A1</f><v>x</v></c><c r="B1"><f>WEBSERVICE("http://127.0.0.1/")</f></c><c r="C1" t="e"><v>#REF!</v></c></row>`), texts, book)
	for _, rows := range []string{
		`<row r="1048577"><c r="A1048577"><v>1</v></c></row>`, `<row r="-1"><c r="A-1"><v>1</v></c></row>`, `<row r="1"><c r="XFD1"><v>1</v></c></row>`, `<row><c><v>1</v></c><c r="ZZZZ1"><v>1</v></c></row>`,
		`<row r="1"><c r="A1" t="s"><v>99999999</v></c><c r="B1" t="s"><v>-1</v></c><c r="C1" t="b"><v>1</v></c><c r="D1" t="d"><v>2026-03-02</v></c></row>`,
		`<row r="2"/><row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>`, `<row r="5" spans="1:99999999"><c r="B5" s="999999"><v>1</v></c><c r="A5"><v>0</v></c></row>`,
		`<row r="1"><c r="A1" t="inlineStr"><is><t>_x0000__x000D_&#x1F600;</t></is></c></row>`, `<row r="1"><c r="A1" t="inlineStr"><is><t>` + strings.Repeat("长", 2001) + `</t></is></c></row>`,
	} {
		f.Add(page(rows), texts, book)
	}
	f.Add([]byte(`<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;&c;</t></is></c></row></sheetData></worksheet>`), texts, book)
	f.Add([]byte(`<worksheet><sheetData><row r="1"`), []byte(`<sst><si>`), []byte(`<workbook>`))
	f.Add([]byte{}, []byte{}, []byte{})
	f.Add(page(``), texts, []byte(xmlHead+`<workbook `+main+`><sheets><sheet name="../../etc" sheetId="1" r:id="rId3"/><sheet name="a" sheetId="1" r:id="rId1"/><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`))
	f.Fuzz(func(t *testing.T, sheetXML, texts, book []byte) {
		began := time.Now() //nolint:forbidigo // measures
		readable(t, workbook(t, parts(sheetXML, texts, book)))
		require.Less(t, time.Since(began), 5*time.Second)
	})
}

// FuzzTR25Moments reads days, times of day and numbers as tables hold them: what is understood
// is a day or minute that exists, and stays the same when it is read again.
func FuzzTR25Moments(f *testing.F) {
	for _, seed := range []string{
		"2026-03-02", "2026/3/2", "2026年3月2日", "20260302", "46112.9993055556", "2026-03-02T10:30:00", "2026-02-30 10:00", "2026-03-02 24:30", "9:05", "14：30", "0.5",
		"0.99999999", "60", "61", "2958465", "2958465.99999", "2958466", "999999.9999999999", "1e9999", "-1", "NaN", "+Inf", "0x1p-2", "1.38E+10", "1.3800138001E+10", "1E99", "9E+99", "13800138000.0",
		"0000-01-01", "9999-12-31 23:59:59", "２０２６-03-02", "2026-03-02 0.9999", "", " ", "\x00", "1.0000000000000000000000000000000000001E+40",
	} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, text string, since1904 bool) {
		if day, ok := sheet.Day(text, since1904); ok {
			_, err := term.ParseDay(string(day))
			require.NoError(t, err, "%q became %q", text, day)
			again, ok := sheet.Day(string(day), since1904)
			require.True(t, ok)
			require.Equal(t, day, again)
		}
		if minute, ok := sheet.Moment(text, since1904); ok {
			at, err := time.Parse("2006-01-02 15:04", minute)
			require.NoError(t, err, "%q", text)
			require.Equal(t, minute, at.Format("2006-01-02 15:04"))
			again, ok := sheet.Moment(minute, since1904)
			require.True(t, ok, minute)
			require.Equal(t, minute, again)
		}
		if clock, ok := sheet.Clock(text); ok {
			_, err := time.Parse("15:04", clock)
			require.NoError(t, err, "%q", text)
		}
		if digits, lost := sheet.Digits(text); !lost && digits != strings.TrimSpace(text) {
			require.Empty(t, strings.Trim(digits, "0123456789"), "%q became %q", text, digits)
			require.Less(t, len(digits), 100+len(text))
		}
	})
}

package sheet_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"meixu/app/engine/sheet"
	"meixu/app/fault"
	"meixu/store/term"
)

func zipped(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range files {
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = w.Write([]byte(text))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return out.Bytes()
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String("姓名,手机\n林晚秋,138")
	require.NoError(t, err)
	for name, x := range map[string]struct {
		body []byte
		key  string
	}{
		"nothing":            {nil, "sheet.bad.empty"},
		"an empty table":     {[]byte("\n\n,,\n"), "sheet.bad.empty"},
		"too large":          {make([]byte, sheet.MostBytes+1), "sheet.bad.large"},
		"old Excel":          {[]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "sheet.bad.old"},
		"a picture":          {[]byte("\xFF\xD8\xFF\xE0\x00\x10JFIF"), "sheet.bad.kind"},
		"a zip of something": {zipped(t, map[string]string{"a.txt": "hello"}), "sheet.bad.broken"},
		"half a workbook":    {[]byte("PK\x03\x04 and then nothing"), "sheet.bad.broken"},
		"a bomb":             {zipped(t, map[string]string{"xl/workbook.xml": strings.Repeat(" ", sheet.MostUnpacked+1)}), "sheet.bad.bomb"},
		"too many rows":      {[]byte(strings.Repeat("a\n", sheet.MostRows+1)), "sheet.bad.rows"},
		"too many columns":   {[]byte(strings.Repeat("a,", sheet.MostColumns) + "a"), "sheet.bad.columns"},
		"a cell like a book": {[]byte(strings.Repeat("a", sheet.MostText+1)), "sheet.bad.text"},
		"no letters":         {[]byte("a,\xff\xff\xff\n"), "sheet.bad.letters"},
	} {
		_, err := sheet.Read(x.body)
		bad, ok := fault.FieldsOf(err)
		require.True(t, ok, "%s: %v", name, err)
		require.Equal(t, x.key, bad[0].Key, name)
	}
	for name, body := range map[string]string{"GB18030": gbk, "UTF-8": "\xEF\xBB\xBF姓名;手机\n\n林晚秋;138", "pasted": "姓名\t手机\n林晚秋\t138\n"} {
		book, err := sheet.Read([]byte(body))
		require.NoError(t, err, name)
		require.Equal(t, [][]string{{"姓名", "手机"}, {"林晚秋", "138"}}, book.Sheets[0].Rows, name)
	}
}

// What goes out is text where it was text, whatever it begins with, and comes in again as it was.
func TestWriteAndReadAgain(t *testing.T) {
	t.Parallel()
	w, err := sheet.New("名单: [客户]/1", []string{"姓名", "金额", "数"})
	require.NoError(t, err)
	for _, name := range []string{"=1+1", "+86 138", "-2", "@SUM(A1)", "\tx", "林😀晚\x01秋"} {
		require.NoError(t, w.Add(name, term.Fen(123456), 7))
	}
	var out bytes.Buffer
	require.NoError(t, w.To(&out))
	require.Equal(t, 6, w.Rows())

	f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	require.NoError(t, err)
	name := f.GetSheetList()[0]
	for i, want := range []string{"=1+1", "+86 138", "-2", "@SUM(A1)"} {
		cell, err := excelize.CoordinatesToCellName(1, i+2)
		require.NoError(t, err)
		formula, err := f.GetCellFormula(name, cell)
		require.NoError(t, err)
		require.Empty(t, formula)
		kind, err := f.GetCellType(name, cell)
		require.NoError(t, err)
		require.Contains(t, []excelize.CellType{excelize.CellTypeInlineString, excelize.CellTypeSharedString}, kind)
		text, err := f.GetCellValue(name, cell)
		require.NoError(t, err)
		require.Equal(t, want, text)
	}
	require.NoError(t, f.Close())
	book, err := sheet.Read(out.Bytes())
	require.NoError(t, err)
	require.Equal(t, []string{"=1+1", "1234.56", "7"}, book.Sheets[0].Rows[1])
	require.Equal(t, "林😀晚秋", book.Sheets[0].Rows[6][0])
}

func TestDays(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]term.Day{
		"1990-05-01": "1990-05-01", "1990/5/1": "1990-05-01", "1990.05.01": "1990-05-01", "1990年5月1日": "1990-05-01",
		"19900501": "1990-05-01", "32994": "1990-05-01", "32994.0": "1990-05-01", "1990-05-01 00:00:00": "1990-05-01",
		"2000-02-29": "2000-02-29", "61": "1900-03-01",
		"1999-02-29": "", "05/01/1990": "", "1990-13-01": "", "5月1日": "", "abc": "", "": "", "60": "", "9999999": "",
	} {
		day, ok := sheet.Day(text, false)
		require.Equal(t, want != "", ok, text)
		require.Equal(t, want, day, text)
	}
	day, ok := sheet.Day("31532", true)
	require.True(t, ok)
	require.Equal(t, term.Day("1990-05-01"), day, "counted since 1904")
	for text, want := range map[string]string{
		"2026-03-31 23:59": "2026-03-31 23:59", "2026/3/2 9:05": "2026-03-02 09:05", "46112.9993055556": "2026-03-31 23:59",
		"2026-03-02T10:30:00": "2026-03-02 10:30", "2026-03-02": "", "2026-02-30 10:00": "", "2026-03-02 24:30": "",
	} {
		at, ok := sheet.Moment(text, false)
		require.Equal(t, want != "", ok, text)
		require.Equal(t, want, at, text)
	}
}

func TestDigits(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"138 0000 0000": "138 0000 0000", "13800138001.0": "13800138001", "1.3800138001E+10": "13800138001", "13800138001": "13800138001",
	} {
		got, lost := sheet.Digits(text)
		require.False(t, lost, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"1.38E+10", "1.38001E+10", "1e10"} {
		_, lost := sheet.Digits(text)
		require.True(t, lost, text)
	}
}

// Package sheet reads and writes spreadsheets: Excel workbooks and CSV files that come in, lists
// that go out. What comes in is bounded before it is decoded; what goes out holds texts and
// numbers, never a formula, and does not touch the disk on its way.
package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"meixu/app/fault"
)

// What a file may be: bytes as sent, bytes unpacked, rows and columns with something in them,
// sheets, and characters of a cell.
const (
	MostBytes    = 20 << 20
	MostUnpacked = 96 << 20
	MostRows     = 50_000
	MostColumns  = 80
	MostSheets   = 20
	MostText     = 2_000
	// reach is how far down an Excel sheet may go, empty rows counted.
	reach   = 200_000
	entries = 2_000
)

// Book is a file that was read.
type Book struct {
	Sheets []Table `json:"sheets"`
	// Date1904 says that days are counted as old Excel for Mac did.
	Date1904 bool `json:"date1904,omitempty"`
}

// Table is one sheet: the first row with something in it and all below, without empty rows.
type Table struct {
	Name string `json:"name"`
	// Lines are the numbers of the rows in the file, from 1.
	Lines []int      `json:"lines"`
	Rows  [][]string `json:"rows"`
}

// bad is a refusal of a file, as a fault of its field.
func bad(key string, args ...any) error {
	var f fault.Fields
	f.Add("file", key, args...)
	return f.Err()
}

var (
	oldExcel = []byte{0xD0, 0xCF, 0x11, 0xE0}
	zipped   = []byte("PK\x03\x04")
	bom      = []byte("\xEF\xBB\xBF")
)

// Read reads a workbook (.xlsx) or a CSV file, in UTF-8 or GB18030; which of them it is says the
// content, not the name. A file that is too large or none of both is refused.
func Read(body []byte) (book Book, err error) {
	switch {
	case len(body) == 0:
		return book, bad("sheet.bad.empty")
	case len(body) > MostBytes:
		return book, bad("sheet.bad.large", MostBytes>>20)
	case bytes.HasPrefix(body, oldExcel):
		return book, bad("sheet.bad.old")
	}
	reading.Lock()
	defer reading.Unlock()
	switch {
	case bytes.HasPrefix(body, zipped):
		book, err = workbook(body)
	case bytes.IndexByte(body, 0) >= 0:
		return book, bad("sheet.bad.kind")
	default:
		book, err = separated(body)
	}
	if err == nil && len(book.Sheets) == 0 {
		err = bad("sheet.bad.empty")
	}
	return book, err
}

// unpacked refuses what would not fit when it is unpacked.
func unpacked(body []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return bad("sheet.bad.broken")
	}
	if len(archive.File) > entries {
		return bad("sheet.bad.bomb")
	}
	var size uint64
	for _, file := range archive.File {
		if size += file.UncompressedSize64; file.UncompressedSize64 > MostUnpacked || size > MostUnpacked {
			return bad("sheet.bad.bomb")
		}
		if err := countPart(file); errors.Is(err, errTooMuch) {
			return bad("sheet.bad.bomb")
		} else if err != nil {
			return bad("sheet.bad.broken")
		}
	}
	return nil
}

// reading lets one file be read at a time: many at once would need the memory of many.
var reading sync.Mutex

func workbook(body []byte) (book Book, err error) {
	defer func() {
		if caught := recover(); caught != nil { // a library that reads what strangers send
			book, err = Book{}, bad("sheet.bad.broken")
		}
	}()
	if err := unpacked(body); err != nil {
		return book, err
	}
	// What is unpacked stays in memory: nothing of it is laid on the disk.
	f, err := excelize.OpenReader(bytes.NewReader(body), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: MostUnpacked, UnzipXMLSizeLimit: MostUnpacked,
	})
	if err != nil {
		return book, bad("sheet.bad.broken")
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if props, bad := f.GetWorkbookProps(); bad == nil && props.Date1904 != nil {
		book.Date1904 = *props.Date1904
	}
	names, left := f.GetSheetList(), MostRows
	if len(names) > MostSheets {
		return book, bad("sheet.bad.sheets", MostSheets)
	}
	for _, name := range names {
		table, err := tableOf(f, name, left)
		if err != nil {
			return Book{}, err
		}
		if left -= len(table.Rows); len(table.Rows) > 0 {
			book.Sheets = append(book.Sheets, table)
		}
	}
	return book, nil
}

func tableOf(f *excelize.File, name string, left int) (t Table, err error) {
	t.Name = name
	rows, err := f.Rows(name)
	if err != nil {
		return t, nil // a sheet of charts has no rows
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for line := 1; rows.Next(); line++ {
		if line > reach {
			return t, bad("sheet.bad.rows", MostRows)
		}
		cells, err := rows.Columns()
		if err != nil {
			return t, bad("sheet.bad.broken")
		}
		if err := t.add(line, cells, left); err != nil {
			return t, err
		}
	}
	if rows.Error() != nil {
		return t, bad("sheet.bad.broken")
	}
	return t, nil
}

// add keeps a row that has something in it.
func (t *Table) add(line int, cells []string, left int) error {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) == 0 {
		return nil
	}
	if len(cells) > MostColumns {
		return bad("sheet.bad.columns", MostColumns)
	}
	if len(t.Rows) >= left {
		return bad("sheet.bad.rows", MostRows)
	}
	kept := make([]string, len(cells))
	for i, text := range cells {
		if kept[i] = strings.ToValidUTF8(strings.TrimSpace(text), ""); utf8.RuneCountInString(kept[i]) > MostText {
			return bad("sheet.bad.text", line, MostText)
		}
	}
	t.Lines, t.Rows = append(t.Lines, line), append(t.Rows, kept)
	return nil
}

// separated reads text whose cells are separated by commas, tabs or semicolons.
func separated(body []byte) (book Book, err error) {
	body = bytes.TrimPrefix(body, bom)
	if !utf8.Valid(body) {
		if body, err = simplifiedchinese.GB18030.NewDecoder().Bytes(body); err != nil || bytes.ContainsRune(body, utf8.RuneError) {
			return book, bad("sheet.bad.letters")
		}
	}
	t, err := Pasted(string(body))
	if err == nil && len(t.Rows) > 0 {
		book.Sheets = []Table{t}
	}
	return book, err
}

// Pasted reads text copied out of a table or a CSV file.
func Pasted(text string) (t Table, err error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.ReuseRecord = comma(text), true, -1, true
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return t, bad("sheet.bad.broken")
		}
		line, _ := r.FieldPos(0)
		if err := t.add(line, cells, MostRows); err != nil {
			return t, err
		}
	}
}

// comma is what separates the cells: what the first line has most of.
func comma(text string) rune {
	first, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	best, most := ',', 0
	for _, r := range ",\t;" {
		if n := strings.Count(first, string(r)); n > most {
			best, most = r, n
		}
	}
	return best
}

// Column is the name of a column as Excel prints it: A, B … AA.
func Column(i int) string {
	name, err := excelize.ColumnNumberToName(i + 1)
	if err != nil {
		return fmt.Sprint(i + 1)
	}
	return name
}

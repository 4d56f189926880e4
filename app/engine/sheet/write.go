package sheet

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"meixu/store/term"
)

// sheetBytes is how much of one sheet is kept in memory before the next one is begun: the library
// would lay more on the disk, where personal data must not lie in clear.
const sheetBytes = 10 << 20

// Writer writes a list to an Excel file: headings, then rows, as many as there are.
type Writer struct {
	file   *excelize.File
	stream *excelize.StreamWriter
	name   string
	heads  []any
	widths []float64
	styles struct{ head, text, money int }
	row    int // of the present sheet
	sheets int
	size   int
	rows   int
}

// New begins a file whose sheets are called name.
func New(name string, headings []string) (*Writer, error) {
	w := &Writer{file: excelize.NewFile(), name: sheetName(name)}
	var errs [3]error
	text, money := "@", "#,##0.00"
	w.styles.head, errs[0] = w.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, CustomNumFmt: &text})
	w.styles.text, errs[1] = w.file.NewStyle(&excelize.Style{CustomNumFmt: &text})
	w.styles.money, errs[2] = w.file.NewStyle(&excelize.Style{CustomNumFmt: &money})
	for _, h := range headings {
		w.heads = append(w.heads, excelize.Cell{StyleID: w.styles.head, Value: legible(h)})
		w.widths = append(w.widths, float64(min(max(2*utf8.RuneCountInString(h)+4, 12), 40)))
	}
	return w, errors.Join(append(errs[:], w.begin())...)
}

// begin opens the next sheet and writes the headings.
func (w *Writer) begin() error {
	w.sheets++
	name := w.name
	if w.sheets == 1 {
		if err := w.file.SetSheetName("Sheet1", name); err != nil {
			return err
		}
	} else {
		if err := w.stream.Flush(); err != nil {
			return err
		}
		name = fmt.Sprintf("%s %d", w.name, w.sheets)
		if _, err := w.file.NewSheet(name); err != nil {
			return err
		}
	}
	stream, err := w.file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	w.stream, w.row, w.size = stream, 1, 0
	for i, width := range w.widths {
		if err := stream.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	return stream.SetRow("A1", w.heads)
}

// Add writes a row. Texts stay texts, whatever they begin with; amounts of money and whole numbers
// are numbers.
func (w *Writer) Add(cells ...any) error {
	if w.size > sheetBytes {
		if err := w.begin(); err != nil {
			return err
		}
	}
	values := make([]any, len(cells))
	for i, cell := range cells {
		w.size += 60
		switch v := cell.(type) {
		case term.Fen:
			values[i] = excelize.Cell{StyleID: w.styles.money, Value: float64(v) / 100}
		case int, int64:
			values[i] = v
		default:
			text := legible(fmt.Sprint(v))
			w.size += len(text)
			values[i] = excelize.Cell{StyleID: w.styles.text, Value: text}
		}
	}
	w.row++
	w.rows++
	return w.stream.SetRow(fmt.Sprintf("A%d", w.row), values)
}

// Rows is how many rows were written.
func (w *Writer) Rows() int { return w.rows }

// To ends the file and gives it out.
func (w *Writer) To(out io.Writer) error {
	err := w.stream.Flush()
	if err == nil {
		err = w.file.Write(out)
	}
	return errors.Join(err, w.file.Close())
}

// cellMost is the most characters that Excel takes in a cell.
const cellMost = 32_000

// legible leaves out what XML cannot hold.
func legible(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, text)
	if runes := []rune(text); len(runes) > cellMost {
		return string(runes[:cellMost])
	}
	return text
}

// sheetName keeps of a title what Excel takes as the name of a sheet.
func sheetName(title string) string {
	name := []rune(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return ' '
		}
		return r
	}, title))
	return string(name[:min(len(name), 24)])
}

package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"regexp"
)

// What the parts of a workbook may hold. The library that reads them keeps some hundred bytes of
// each element of a list, of each attribute, and of each element that it is in: of 100 KB one
// could make gigabytes. So they are counted before it sees them.
const (
	mostCells    = 4_000_000 // elements of a sheet, which is read as it comes: two or three a cell
	mostTexts    = 800_000   // elements of the list of texts: two a text
	mostElements = 200_000   // of any other part: styles, names
	mostInside   = 20_000    // elements below one cell, which are kept until it ends
	mostDeep     = 100
	mostTag      = 64 << 10  // bytes of one tag with its attributes
	mostRun      = 512 << 10 // bytes of text in one piece; a cell has 32,767 characters at most
)

var errTooMuch = errors.New("sheet: a part of the workbook holds too much")

// letters is how a part says which letters it is in; others than UTF-8 no program writes, and
// what counts could not read them.
var letters = regexp.MustCompile(`encoding\s*=\s*["'](?i:utf-8)["']`)

// countPart counts the elements of one part as they are unpacked.
func countPart(file *zip.File) error {
	body, err := file.Open()
	if err != nil {
		return err
	}
	defer body.Close() //nolint:errcheck // only read
	c, buffer := counter{most: mostElements}, make([]byte, 32<<10)
	for {
		n, err := body.Read(buffer)
		if done, bad := c.count(buffer[:n]); bad != nil || done {
			return bad
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Where in a part the counter is.
const (
	inText = iota
	inTag
	inQuotes
	inRemark // a comment, a section of plain text or an instruction
)

// counter follows a part from tag to tag.
type counter struct {
	state    int
	quote    byte
	tag      []byte // its beginning, enough to know what it is
	length   int    // of the tag or the text so far
	last     [3]byte
	elements int
	deep     int
	inside   int // elements since it was last as high as the cells are
	most     int
}

// cellsAt is how deep the cells of a sheet are in: worksheet, sheetData, row, c.
const cellsAt = 4

// count goes on with the next bytes. Done says that no reader of XML reads on from here.
func (c *counter) count(body []byte) (done bool, err error) {
	for _, b := range body {
		if b < ' ' && b != '\t' && b != '\n' && b != '\r' && c.state != inRemark {
			return true, nil // a picture, or nothing that can be read
		}
		c.last = [3]byte{c.last[1], c.last[2], b}
		switch c.state {
		case inText:
			if c.length++; b == '<' {
				c.state, c.tag, c.length = inTag, c.tag[:0], 0
			}
		case inQuotes:
			if c.length++; b == c.quote {
				c.state = inTag
			}
		case inRemark:
			err = c.remark(b)
		default:
			err = c.within(b)
		}
		if err != nil || c.length > c.longest() {
			return false, errTooMuch
		}
	}
	return false, nil
}

// longest is how long may be what it is in.
func (c *counter) longest() int {
	if c.state == inText || c.state == inRemark {
		return mostRun
	}
	return mostTag
}

var (
	comment = []byte("!--")
	section = []byte("![CDATA[")
)

// within takes the next byte of a tag.
func (c *counter) within(b byte) error {
	c.length++
	c.keep(b)
	switch {
	case b == '"' || b == '\'':
		c.state, c.quote = inQuotes, b
	case b == '>':
		c.state, c.length = inText, 0
		return c.ended()
	case bytes.Equal(c.tag, comment), bytes.Equal(c.tag, section), bytes.Equal(c.tag, []byte("?")):
		c.state, c.last = inRemark, [3]byte{}
	case c.tag[0] == '!' && !bytes.HasPrefix(comment, c.tag) && !bytes.HasPrefix(section, c.tag):
		return errTooMuch // entities of its own: no program writes them
	}
	return nil
}

func (c *counter) keep(b byte) {
	if len(c.tag) < 200 {
		c.tag = append(c.tag, b)
	}
}

// remark takes the next byte of what is skipped.
func (c *counter) remark(b byte) error {
	c.length++
	end := "?>"
	switch {
	case bytes.HasPrefix(c.tag, comment):
		end = "-->"
	case bytes.HasPrefix(c.tag, section):
		end = "]]>"
	default:
		c.keep(b)
	}
	if b != '>' || !bytes.HasSuffix(c.last[:], []byte(end)) {
		return nil
	}
	c.state, c.length = inText, 0
	if bytes.HasPrefix(c.tag, []byte("?xml")) && bytes.Contains(c.tag, []byte("encoding")) && !letters.Match(c.tag) {
		return errTooMuch
	}
	return nil
}

// ended counts a tag that is over.
func (c *counter) ended() error {
	if c.tag[0] == '/' {
		if c.deep--; c.deep <= cellsAt {
			c.inside = 0
		}
		return nil
	}
	if c.elements == 0 {
		c.most = mostOf(c.tag)
	}
	if c.last[1] != '/' {
		c.deep++
	}
	if c.deep > cellsAt {
		c.inside++
	}
	if c.elements++; c.elements > c.most || c.deep > mostDeep || c.inside > mostInside {
		return errTooMuch
	}
	return nil
}

// mostOf is how many elements a part may have by its first one: the library reads no list of
// texts and no styles that begin with another.
func mostOf(tag []byte) int {
	name := tag[:bytes.IndexAny(tag, " \t\r\n/>")]
	if _, local, ok := bytes.Cut(name, []byte(":")); ok {
		name = local
	}
	switch string(name) {
	case "worksheet":
		return mostCells
	case "sst":
		return mostTexts
	}
	return mostElements
}

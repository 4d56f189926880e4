// Package document is the clinic's one idea of a paper: consents, contracts, quotes,
// receipts, care guides, labels. A template is data with an edition number; together with
// facts it becomes blocks. Issuing freezes the blocks as canonical JSON with the SHA-256 of
// exactly those bytes (rulings 23); screen, A4 print and slip are views of them. Signatures
// keep the pen's strokes, name, role, device and the server's time. When the content
// changes, the older document is void and must be signed again (REG-CON-01, REG-SIG-02).
package document

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
)

// BlockType says what a block looks like.
type BlockType string

// The block types.
const (
	Heading    BlockType = "heading"
	Para       BlockType = "para"
	List       BlockType = "list"
	Table      BlockType = "table"
	Pairs      BlockType = "facts"
	QA         BlockType = "qa"
	Notice     BlockType = "notice" // must stand out (REG-CON-06)
	Signatures BlockType = "signatures"
	PageBreak  BlockType = "pagebreak"
)

// Block is one frozen piece of a document. The order of fields is part of the canonical form.
type Block struct {
	Type  BlockType  `json:"type"`
	Level int        `json:"level,omitempty"`
	Text  string     `json:"text,omitempty"`
	Items []string   `json:"items,omitempty"`
	Head  []string   `json:"head,omitempty"`
	Rows  [][]string `json:"rows,omitempty"` // of a table; label and value; question and answer
	// Mark names the element of the five that the block proves (REG-CON-03): indication,
	// contraindication, risk, alternative, aftercare.
	Mark string `json:"mark,omitempty"`
}

// format is the version of the frozen form.
const format = 1

// Frozen is what was shown, whole. Its canonical JSON is what is hashed, sealed and kept.
type Frozen struct {
	Format   int     `json:"format"`
	Code     string  `json:"code"`
	Edition  int     `json:"edition"`
	Reviewed bool    `json:"reviewed"`
	Kind     string  `json:"kind"`
	Number   string  `json:"number"`
	Lang     string  `json:"lang"`
	Paper    Paper   `json:"paper"`
	Title    string  `json:"title"`
	IssuedAt string  `json:"issued_at"` // UTC
	Blocks   []Block `json:"blocks"`
	Signers  []Role  `json:"signers"`
}

// Paper is the size of the print.
type Paper string

// The papers: A4, an 80 mm slip, a label of 50 by 30 mm.
const (
	A4     Paper = "a4"
	Slip80 Paper = "slip80"
	Label  Paper = "label"
)

// ErrFrozen says that a kept body is not of our canonical form.
var ErrFrozen = errors.New("document: not a frozen document of this format")

// Canonical gives the one byte sequence of the document: fixed field order, no maps, no
// HTML escapes, no spaces, no final newline.
func (f Frozen) Canonical() ([]byte, error) {
	if f.Blocks == nil {
		f.Blocks = []Block{}
	}
	if f.Signers == nil {
		f.Signers = []Role{}
	}
	return canonical(f)
}

// Thaw reads a kept body. It must be canonical to the byte: anything else was not made here.
func Thaw(body []byte) (Frozen, error) {
	var f Frozen
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f); err != nil || f.Format != format {
		return f, ErrFrozen
	}
	again, err := f.Canonical()
	if err != nil || !bytes.Equal(again, body) {
		return f, ErrFrozen
	}
	return f, nil
}

// Hash is the hex SHA-256 of the bytes.
func Hash(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// content is the hash of what the reader reads, without number, time and the mark that the
// text was reviewed: two documents of equal content need not be signed twice.
func (f Frozen) content() (string, error) {
	f.Number, f.IssuedAt, f.Reviewed = "", "", false
	body, err := f.Canonical()
	return Hash(body), err
}

func canonical(v any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

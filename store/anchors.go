package store

import (
	"bytes"
	"context"
	"crypto/hmac"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"meixu/store/seal"
	"meixu/store/term"
)

// AnchorFile keeps anchors outside the database, in the data folder: one line each hour in
// which something was done, and one for every restore. It is never part of a backup, so that
// an older database laid in place of the present one is found by it. Every line carries a MAC.
const AnchorFile = "anchors.jsonl"

// AnchorLine is a line of the file of anchors.
type AnchorLine struct {
	Anchor
	// Restored names the backup that was restored: what the anchors before say of acts after
	// this one no longer holds.
	Restored string `json:"restored,omitempty"`
	Sum      []byte `json:"sum"`
}

// AnchorLog is the file of anchors as it was read.
type AnchorLog struct {
	Lines []AnchorLine
	// Changed is the number of the first line that is not as it was written, 0 for none.
	Changed int
}

func (l AnchorLine) mac(ring *seal.Keyring) ([]byte, error) {
	l.Sum = nil
	text, err := json.Marshal(l)
	if err != nil {
		return nil, err
	}
	key, err := seal.NewKey(1, ring.Derive("anchors"))
	if err != nil {
		return nil, err
	}
	return key.MAC([]byte("anchor"), text), nil
}

// ReadAnchors reads the file of anchors; none is an empty log. A last line that a power cut
// tore is left out.
func ReadAnchors(dir string, ring *seal.Keyring) (AnchorLog, error) {
	text, err := os.ReadFile(filepath.Join(dir, AnchorFile))
	if errors.Is(err, fs.ErrNotExist) {
		return AnchorLog{}, nil
	}
	if err != nil {
		return AnchorLog{}, err
	}
	return ParseAnchors(text, ring)
}

// ParseAnchors reads lines of anchors.
func ParseAnchors(text []byte, ring *seal.Keyring) (log AnchorLog, err error) {
	n := 0
	for {
		line, rest, whole := bytes.Cut(text, []byte("\n"))
		if !whole {
			return log, nil
		}
		n, text = n+1, rest
		var l AnchorLine
		fits := json.Unmarshal(line, &l) == nil
		if fits {
			sum, err := l.mac(ring)
			if err != nil {
				return log, err
			}
			fits = hmac.Equal(sum, l.Sum)
		}
		if !fits {
			if log.Changed == 0 {
				log.Changed = n
			}
			continue
		}
		log.Lines = append(log.Lines, l)
	}
}

// Text spells lines as they stand in the file.
func (log AnchorLog) Text() ([]byte, error) {
	var b bytes.Buffer
	for _, l := range log.Lines {
		line, err := json.Marshal(l)
		if err != nil {
			return nil, err
		}
		b.Write(append(line, '\n'))
	}
	return b.Bytes(), nil
}

// restored is the place of the last restore in the log, -1 for none. The trail up to it is
// vouched for by its own anchor, which came from the signed backup; what was noted before may
// be of another line.
func (log AnchorLog) restored() int {
	for i := len(log.Lines) - 1; i >= 0; i-- {
		if log.Lines[i].Restored != "" {
			return i
		}
	}
	return -1
}

// Holding are the anchors that must be in the chain, in the order of their acts.
func (log AnchorLog) Holding() (all []Anchor) {
	for _, l := range log.Lines[max(0, log.restored()):] {
		all = append(all, l.Anchor)
	}
	return SortAnchors(all)
}

// Holds says that an anchor from elsewhere must be in the chain: it was made since the last
// restore.
func (log AnchorLog) Holds(a Anchor) bool {
	last := log.restored()
	return last < 0 || a.At.After(log.Lines[last].At)
}

// Resumed says that an act is the first after the last restore.
func (log AnchorLog) Resumed(act term.ActID) bool {
	last := log.restored()
	return last >= 0 && log.Lines[last].Act+1 == act
}

// SortAnchors puts anchors into the order of their acts.
func SortAnchors(all []Anchor) []Anchor {
	slices.SortStableFunc(all, func(a, b Anchor) int { return int(a.Act - b.Act) })
	return all
}

// NoteAnchor appends the end of the chain to the file of anchors, unless it stands there.
func (db *DB) NoteAnchor(ctx context.Context) (Anchor, error) {
	now, err := db.Anchor(ctx)
	if err != nil || now.Act == 0 {
		return now, err
	}
	return now, appendAnchor(db.opts.Dir, db.opts.Keys, AnchorLine{Anchor: now})
}

// NoteRestore notes that the book in a data folder was wound back by a restore. It may be said
// again when a power cut came in between.
func NoteRestore(dir string, ring *seal.Keyring, to Anchor, backup string) error {
	return appendAnchor(dir, ring, AnchorLine{Anchor: to, Restored: backup})
}

func appendAnchor(dir string, ring *seal.Keyring, line AnchorLine) error {
	log, err := ReadAnchors(dir, ring)
	if err != nil {
		return err
	}
	if n := len(log.Lines); n > 0 {
		last := log.Lines[n-1]
		if last.Act == line.Act && bytes.Equal(last.MAC, line.MAC) && (line.Restored == "" || last.Restored == line.Restored) {
			return nil
		}
	}
	if line.Sum, err = line.mac(ring); err != nil {
		return err
	}
	text, err := json.Marshal(line)
	if err != nil {
		return err
	}
	return appendLine(filepath.Join(dir, AnchorFile), text)
}

// appendLine adds a whole line durably; what is left of a torn one is cut off first.
func appendLine(path string, text []byte) (err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	end := info.Size()
	for last := make([]byte, 1); end > 0; end-- {
		if _, err := f.ReadAt(last, end-1); err != nil {
			return err
		}
		if last[0] == '\n' {
			break
		}
	}
	if err := f.Truncate(end); err != nil {
		return err
	}
	if _, err := f.WriteAt(append(text, '\n'), end); err != nil {
		return err
	}
	return f.Sync()
}

// startAnchors is how many anchors are compared when the program starts.
const startAnchors = 1000

// CompareAnchors compares the newest anchors with the chain, without verifying the chain. A
// *BrokenChain names what is missing.
func (db *DB) CompareAnchors(ctx context.Context, more ...Anchor) error {
	log, err := ReadAnchors(db.opts.Dir, db.opts.Keys)
	if err != nil {
		return fmt.Errorf("store: the file of anchors: %w", err)
	}
	all := log.Holding()
	return db.verifyAnchors(ctx, SortAnchors(append(all[max(0, len(all)-startAnchors):], more...)))
}

// codeLetters leaves out I, L, O, U: nothing on paper can be misread.
var codeLetters = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// codeBytes of a seal make ten letters.
const codeBytes = 6

// Code is the anchor for paper: ten letters of the seal.
func (a Anchor) Code() string {
	if len(a.MAC) < codeBytes+1 {
		return ""
	}
	text := codeLetters.EncodeToString(a.MAC[:codeBytes+1])
	return text[:5] + "-" + text[5:10]
}

// AnchorOf is the anchor at an act, to be compared with one on paper; ErrNotFound when there is
// no such act.
func (r *Read) AnchorOf(act term.ActID) (Anchor, error) {
	mac, err := one(r, value[[]byte], `SELECT mac FROM act_seals WHERE id = ?`, act)
	return Anchor{Act: act, MAC: mac}, err
}

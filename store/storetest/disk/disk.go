// Package disk is a disk for tests that loses power and fails on demand: a shim over SQLite's
// own file layer that notes every write, truncation, sync and removal. From the notes it
// makes the files as they might be found after the power went at any moment: what was synced
// is there, of the rest a random part, torn in the middle of a page too (TR-03 to TR-06).
package disk

import (
	"math/rand/v2"
	"path/filepath"
	"sync"

	sqlite3 "modernc.org/sqlite/lib"
)

// Op is what was done to a file.
type Op int

// The operations; a Mark is the test's own note in between.
const (
	Write Op = iota
	Truncate
	Sync
	Remove
	Mark
)

type event struct {
	op   Op
	file string // base name
	at   int64  // offset of a write, size of a truncation, number of a mark
	data []byte
}

// Code is an answer of SQLite's file layer.
type Code = int32

// What a failing disk answers.
const (
	Full      Code = sqlite3.SQLITE_FULL
	BadWrite  Code = sqlite3.SQLITE_IOERR_WRITE
	BadSync   Code = sqlite3.SQLITE_IOERR_FSYNC
	BadRemove Code = sqlite3.SQLITE_IOERR_DELETE
)

// Disk is one such disk; databases are opened on it by the VFS of its name.
type Disk struct {
	// VFS is the name for the data source: file:…?vfs=NAME.
	VFS string

	mu    sync.Mutex
	log   []event
	held  map[string][]byte // what lay there before
	fails func(op Op, file string) Code
	sizes map[string]int64 // of the files that were opened
	tight bool
	room  int64 // bytes that the files may still grow by, when it is tight
}

// Holds says that a file of this name lay safely on the disk before it was opened.
func (d *Disk) Holds(file string, data []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.held == nil {
		d.held = map[string][]byte{}
	}
	d.held[file] = data
}

// Crowd leaves room for so many bytes more; what would grow the files further is answered by
// Full (TR-05).
func (d *Disk) Crowd(room int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tight, d.room = true, room
}

// Clear makes room for everything again.
func (d *Disk) Clear() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tight = false
}

// sized notes how long a file is that is opened.
func (d *Disk) sized(file string, size int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.sizes == nil {
		d.sizes = map[string]int64{}
	}
	d.sizes[file] = size
}

// fits takes the room that an operation needs; false when there is too little.
func (d *Disk) fits(e event) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	had, known := d.sizes[e.file]
	if !known {
		return true
	}
	size := had
	switch e.op {
	case Write:
		size = max(had, e.at+int64(len(e.data)))
	case Truncate:
		size = e.at
	case Remove:
		size = 0
	case Sync, Mark:
	}
	if d.tight && size > had && size-had > d.room {
		return false
	}
	d.room -= size - had
	d.sizes[e.file] = size
	return true
}

// Fail sets what answers an operation instead of the disk; 0 lets it through. nil mends it.
func (d *Disk) Fail(answer func(op Op, file string) Code) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fails = answer
}

// Note marks that something was promised now, as "act n was saved".
func (d *Disk) Note(n int64) { d.add(event{op: Mark, at: n}) }

// Forget drops what was written so far. A test that only lets operations fail asks for no images,
// and thousands of its runs would fill the memory.
func (d *Disk) Forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.log, d.held, d.sizes = nil, nil, nil
}

// Events is how many operations were noted: the moments at which the power can go.
func (d *Disk) Events() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.log)
}

func (d *Disk) add(e event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.log = append(d.log, e)
}

// answer says how the disk fails, 0 when it does not; what it lets through is noted.
func (d *Disk) answer(e event) Code {
	d.mu.Lock()
	fails := d.fails
	d.mu.Unlock()
	if fails != nil {
		if code := fails(e.op, e.file); code != 0 {
			return code
		}
	}
	if !d.fits(e) {
		return Full
	}
	d.add(e)
	return 0
}

// Found is what lies on the disk after the power went: the files by name, and the marks that
// were noted before.
type Found struct {
	Files map[string][]byte
	Marks []int64
}

// lying is one file: what is safe, and what may or may not be.
type lying struct {
	safe    []byte
	there   bool
	pending []event
}

// sector is the unit a disk writes whole.
const sector = 512

// Cut calls found once for each of n moments, earlier ones first. keep is the share of what
// was not synced that is there nevertheless, from 0 (nothing) to 1.
func (d *Disk) Cut(n int, keep float64, random *rand.Rand, found func(Found)) {
	d.mu.Lock()
	log := d.log
	files, marks, done := map[string]*lying{}, []int64{}, 0
	for name, data := range d.held {
		files[name] = &lying{safe: append([]byte(nil), data...), there: true}
	}
	d.mu.Unlock()
	for i := range n {
		until := len(log) * (i + 1) / n
		for ; done < until; done++ {
			if log[done].op == Mark {
				marks = append(marks, log[done].at)
				continue
			}
			note(files, log[done])
		}
		f := Found{Files: map[string][]byte{}, Marks: marks}
		for name, file := range files {
			if body, there := file.after(keep, random); there {
				f.Files[name] = body
			}
		}
		found(f)
	}
}

// note takes one operation in. A removal is a change of the folder; journaling file systems
// make it safe with the next sync of any file.
func note(files map[string]*lying, e event) {
	file := files[e.file]
	if file == nil {
		file = &lying{}
		files[e.file] = file
	}
	if e.op != Sync {
		file.pending = append(file.pending, e)
		return
	}
	file.settle(len(file.pending))
	for _, other := range files {
		for i := len(other.pending) - 1; i >= 0; i-- {
			if other.pending[i].op == Remove {
				other.settle(i + 1)
				break
			}
		}
	}
}

// settle makes the first n pending operations safe.
func (f *lying) settle(n int) {
	for _, e := range f.pending[:n] {
		f.safe, f.there = apply(f.safe, f.there, e, nil)
	}
	f.pending = f.pending[n:]
}

// after is the file as found when a random part of what was not synced arrived.
func (f *lying) after(keep float64, random *rand.Rand) ([]byte, bool) {
	body, there := append([]byte(nil), f.safe...), f.there
	for _, p := range f.pending {
		if random.Float64() >= keep {
			continue
		}
		body, there = apply(body, there, p, random)
	}
	return body, there
}

// apply carries one operation out; with random a write may be torn between sectors.
func apply(body []byte, there bool, e event, random *rand.Rand) ([]byte, bool) {
	switch e.op {
	case Remove:
		return nil, false
	case Truncate:
		return resize(body, e.at), true
	case Write:
		body = resize(body, max(int64(len(body)), e.at+int64(len(e.data))))
		for from := 0; from < len(e.data); from += sector {
			if random != nil && random.IntN(4) == 0 {
				continue
			}
			to := min(from+sector, len(e.data))
			copy(body[e.at+int64(from):], e.data[from:to])
		}
		return body, true
	case Sync, Mark:
	}
	return body, there
}

func resize(body []byte, size int64) []byte {
	if size <= int64(len(body)) {
		return body[:size]
	}
	return append(body, make([]byte, size-int64(len(body)))...)
}

func base(path string) string { return filepath.Base(path) }

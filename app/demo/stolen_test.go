package demo_test

import (
	"bytes"
	"encoding/json"
	"index/suffixarray"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"meixu/app"
	"meixu/store"
)

// face is how every picture begins that the shelf keeps, before it is sealed.
const face = "\xff\xd8\xff\xdb\x00\x84"

// TestAStolenDiskShowsNobody greps the raw bytes of a full demo clinic, its log and its backup
// for every name, phone, number of a document, allergy, address, wish, answer, note, signature
// and picture that is in it. Words that the program itself brings are no secrets.
func TestAStolenDiskShowsNobody(t *testing.T) {
	t.Parallel()
	a, dir := afternoon(t)
	owner, err := a.Admin.ActorOf(t.Context(), "owner")
	require.NoError(t, err)
	_, err = a.Jobs.Run(t.Context(), owner, "backup")
	require.NoError(t, err)
	secrets := secretsOf(t, a)

	stolen := everything(t, dir) // while the program runs: the log has not been folded in
	own := programsOwn(t, halfPastTwo, houseOf(t, a))
	found := map[string]int{}
	for kind, texts := range secrets {
		looked := 0
		for text := range texts {
			if own.Lookup([]byte(text), 1) != nil {
				continue
			}
			looked++
			for file, raw := range stolen {
				require.Nil(t, raw.Lookup([]byte(text), 1), "%s holds a %s in clear: %q", file, kind, text)
			}
		}
		found[kind] = looked
	}
	t.Logf("looked for %v in %d files", found, len(stolen))
	for _, kind := range []string{"name", "phone", "number", "answer", "signature"} {
		require.Positive(t, found[kind], kind)
	}
	for file, raw := range stolen {
		require.Nil(t, raw.Lookup([]byte(face), 1), "%s holds a picture in clear", file)
	}
}

// TestTheGrepWouldFindThem is the negative control: the same search finds what is in clear.
func TestTheGrepWouldFindThem(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "x"), []byte("…林清禾"+face+"…"), 0o600))
	raw := everything(t, dir)["x"]
	require.NotNil(t, raw.Lookup([]byte("林清禾"), 1))
	require.NotNil(t, raw.Lookup([]byte(face), 1))
}

// everything indexes the raw bytes of all files of a folder.
func everything(t *testing.T, dir string) map[string]*suffixarray.Index {
	t.Helper()
	files := map[string]*suffixarray.Index{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		files[name] = suffixarray.New(raw)
		return err
	}))
	require.NotEmpty(t, files)
	return files
}

// houseOf are the names of rooms, devices and staff, which records repeat.
func houseOf(t *testing.T, a *app.App) (names []byte) {
	t.Helper()
	require.NoError(t, a.DB.Read(t.Context(), func(r *store.Read) error {
		rooms, err := r.Rooms()
		require.NoError(t, err)
		for _, one := range rooms {
			names = append(names, one.Name+"\n"...)
		}
		devices, err := r.Devices()
		require.NoError(t, err)
		for _, one := range devices {
			names = append(names, one.Name+"\n"...)
		}
		staff, err := r.AllStaff()
		for _, one := range staff {
			names = append(names, one.Name+"\n"...)
		}
		return err
	}))
	return names
}

// programsOwn are the texts that every clinic has: forms, catalogue, products, words; and those
// of this house.
func programsOwn(t *testing.T, now time.Time, house []byte) *suffixarray.Index {
	t.Helper()
	dir := t.TempDir()
	a, err := app.Open(t.Context(), app.Options{Dir: dir, Now: func() time.Time { return now }})
	require.NoError(t, err)
	require.NoError(t, a.Close())
	raw, err := os.ReadFile(filepath.Join(dir, store.File))
	require.NoError(t, err)
	return suffixarray.New(append(raw, house...))
}

// secretsOf gathers what stands in the clinic about its clients, by kind.
func secretsOf(t *testing.T, a *app.App) map[string]map[string]bool {
	t.Helper()
	found := map[string]map[string]bool{}
	note := func(kind string, texts ...string) {
		for _, text := range texts {
			if found[kind] == nil {
				found[kind] = map[string]bool{}
			}
			if utf8.RuneCountInString(text) >= 2 && (len(text) >= 6) {
				found[kind][text] = true
			}
		}
	}
	require.NoError(t, a.DB.Read(t.Context(), func(r *store.Read) error {
		clients, err := r.NewestClients(0, 1000)
		require.NoError(t, err)
		for _, c := range clients {
			note("name", c.Name, c.Emergency.Name, c.Guardian.Name)
			note("phone", c.Phone, c.Emergency.Phone, c.Guardian.Phone)
			note("number", c.IDNumber, c.WeChat)
			note("address", c.Address)
			note("allergy", c.Allergies...)
			note("allergy", c.Alerts...)
			note("wish", c.Need)
			answers, err := r.AnswersOf(c.ID, 500)
			require.NoError(t, err)
			for _, one := range answers {
				note("answer", written(t, one.Body)...)
			}
			bookings, err := r.AppointmentsOf(c.ID, 200)
			require.NoError(t, err)
			for _, b := range bookings {
				note("booking", b.Note, b.CancelReason)
			}
			docs, err := r.Documents(store.DocumentFilter{Client: c.ID, Limit: 100})
			require.NoError(t, err)
			for _, d := range docs {
				signed, err := r.Signatures(d)
				require.NoError(t, err)
				for _, s := range signed {
					note("signature", s.Strokes)
				}
			}
			events, err := r.EventsOf(c.ID, 100)
			require.NoError(t, err)
			for _, e := range events {
				note("event", e.Note)
			}
		}
		return nil
	}))
	return found
}

// written are the texts of an answer that somebody wrote by hand: Chinese, and not one word.
func written(t *testing.T, body string) (list []string) {
	t.Helper()
	var tree any
	if body == "" {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader([]byte(body)))
	require.NoError(t, decoder.Decode(&tree))
	var walk func(any)
	walk = func(node any) {
		switch n := node.(type) {
		case map[string]any:
			for _, v := range n {
				walk(v)
			}
		case []any:
			for _, v := range n {
				walk(v)
			}
		case string:
			han := 0
			for _, r := range n {
				if unicode.Is(unicode.Han, r) {
					han++
				}
			}
			if han >= 4 {
				list = append(list, n)
			}
		}
	}
	walk(tree)
	return list
}

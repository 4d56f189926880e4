package gates_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app"
	"meixu/app/engine/media"
	"meixu/store"
	"meixu/store/seal"
	"meixu/store/storetest"
	"meixu/ui/uitest/day"
	"meixu/ui/web"
)

// What a copy of the test program is told when it is to serve a folder and be killed.
const (
	victimFolder = "MEIXU_TEST_VICTIM"
	victimClock  = "MEIXU_TEST_CLOCK"
)

// TestMain turns a copy of the test program into the victim when it is asked to.
func TestMain(m *testing.M) {
	if dir := os.Getenv(victimFolder); dir != "" {
		if err := serveVictim(dir, os.Getenv(victimClock)); err != nil {
			panic(err)
		}
		return
	}
	os.Exit(m.Run())
}

// serveVictim serves a folder at the given time and says where.
func serveVictim(dir, clock string) error {
	at, err := time.Parse(time.RFC3339, clock)
	if err != nil {
		return err
	}
	ctx := context.Background()
	a, err := app.Open(ctx, app.Options{Dir: dir, Now: func() time.Time { return at }})
	if err != nil {
		return err
	}
	door, err := web.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(os.Stdout, "at http://"+door.Addr().String()); err != nil {
		return err
	}
	return web.New(a, web.Options{}).Serve(ctx, web.Doors{Staff: door})
}

// house is a clinic whose server is killed again and again while people work, and what the
// server had told them was done.
type house struct {
	t     *testing.T
	d     *day.Day
	dir   string
	keys  *seal.Keyring
	seats map[string][]*http.Cookie
	rows  func(string) string // puts rows of the day into a text
	album []sitter

	mu       sync.Mutex
	next     int // numbers what is posted
	bookings map[int64]string
	phones   map[string]bool
	payments int
	photos   int
}

// sitter is a visit of which photos are taken, and who takes them.
type sitter struct {
	visit, login string
}

// perSitter is how many photos are taken of one visit, below media.ClientFiles a day. A round of
// killing takes about two; when the photographers have taken what media.PersonFiles lets them take
// on one day, clients book instead.
const perSitter = 150

var photographers = []string{"nurse", "doctor"} // who may take photos before a treatment

// newHouse makes a clinic with an order that waits for its money, closes it, and keeps sessions
// of four people and the keys on the disk.
func newHouse(t *testing.T, kills int) *house {
	t.Helper()
	d := day.New(t).To(day.Billed)
	d.Write(func(tx *store.Tx) error { return tx.SaveSetting("finance.partial", "yes") })
	h := &house{t: t, d: d, dir: d.App.DB.Dir(), seats: map[string][]*http.Cookie{}, bookings: map[int64]string{}, phones: map[string]bool{}}
	for _, login := range append([]string{"front", "cashier"}, photographers...) {
		h.seats[login] = d.Seat(login)
	}
	h.rows = strings.NewReplacer("{client}", d.Fill("{client}"), "{visit}", d.Fill("{visit}"), "{order}", d.Fill("{order}"),
		"{staff:manager}", d.Fill("{staff:manager}")).Replace
	h.album = []sitter{{d.Fill("{visit}"), photographers[0]}}
	for n := 1; n < min(1+kills/25, len(photographers)*media.PersonFiles/perSitter); n++ { // room for six photos a kill
		other := d.Beside(fmt.Sprint("客人", n), fmt.Sprintf("137%08d", n)).To(day.Arrived)
		h.album = append(h.album, sitter{other.Fill("{visit}"), photographers[n%len(photographers)]})
	}
	d.App.Jobs.Stop()
	require.NoError(t, d.App.DB.Close())
	sheet := t.TempDir()
	code, err := storetest.Keys().Sheet(sheet)
	require.NoError(t, err)
	recovery, err := seal.ReadRecovery(sheet)
	require.NoError(t, err)
	h.keys, err = recovery.Install(h.dir, code)
	require.NoError(t, err)
	return h
}

// start lets a process serve the house and gives it with its address.
func (h *house) start() (victim *exec.Cmd, address string) {
	h.t.Helper()
	victim = exec.Command(os.Args[0])
	victim.Env = append(os.Environ(), victimFolder+"="+h.dir, victimClock+"="+h.d.Clock.Now().Format(time.RFC3339))
	out, err := victim.StdoutPipe()
	require.NoError(h.t, err)
	require.NoError(h.t, victim.Start())
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if address, ok := strings.CutPrefix(lines.Text(), "at "); ok {
			return victim, address
		}
	}
	require.Fail(h.t, "the server said no address")
	return nil, ""
}

// number is the next number of what is posted.
func (h *house) number() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.next++
	return h.next
}

// post sends what a page sends; the answer's place is "" unless the server said it is done.
func (h *house) post(login, address, kind, body string) (place string, err error) {
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", kind)
	for _, c := range h.seats[login] {
		req.AddCookie(c)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusSeeOther {
		page, _ := io.ReadAll(resp.Body)
		return "", fmt.Errorf("%s: %d\n%s", address, resp.StatusCode, page)
	}
	return resp.Header.Get("Location"), nil
}

const formKind = "application/x-www-form-urlencoded"

// work is what the people do, each over and over until the server is gone.
func (h *house) work() map[string]func(address string) error {
	d := h.d
	book := func(address string) error {
		n := h.number()
		start := d.Clock.Now().AddDate(0, 0, 1+n/16).Format("2006-01-02") + fmt.Sprintf("T%02d:%02d", 10+n%16/2, n%2*30)
		place, err := h.post("front", address+"/reception/appointments/new", formKind, posted("client", h.rows("{client}"),
			"staff", h.rows("{staff:manager}"), "start", start, "minutes", "30"))
		if err == nil {
			id, _ := strconv.ParseInt(place[strings.LastIndex(place, "/")+1:], 10, 64)
			h.mu.Lock()
			defer h.mu.Unlock()
			h.bookings[id] = start
		}
		return err
	}
	return map[string]func(string) error{
		"booking": book,
		"consent": func(address string) error {
			n := h.number()
			phone := fmt.Sprintf("139%08d", n)
			f := d.Newcomer()
			f.Set("phone", phone)
			f.Set("birth", d.Clock.Now().AddDate(-20, 0, -n).Format("2006-01-02"))
			f.Set("_once", rand.Text())
			_, err := h.post("front", address+"/reception/clients/new", formKind, f.Encode())
			if err == nil {
				h.mu.Lock()
				defer h.mu.Unlock()
				h.phones[phone] = true
			}
			return err
		},
		"payment": func(address string) error {
			_, err := h.post("cashier", address+h.rows("/till/{order}/pay"), formKind, posted("card", "0.01", "ref_card", "8817"))
			if err == nil {
				h.mu.Lock()
				defer h.mu.Unlock()
				h.payments++
			}
			return err
		},
		"photo": func(address string) error {
			of, one := h.sitter()
			if !one {
				return book(address)
			}
			body, kind := h.photograph(of.visit)
			_, err := h.post(of.login, address+"/media/new", kind, body)
			if err == nil {
				h.mu.Lock()
				defer h.mu.Unlock()
				h.photos++
			}
			return err
		},
	}
}

// told is how much the server had said was done.
func (h *house) told() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.bookings) + len(h.phones) + h.payments + h.photos
}

// killedWhile lets everybody work until the server had said so many more things were done, and
// kills it in the middle of all.
func (h *house) killedWhile(more int) {
	h.t.Helper()
	victim, address := h.start()
	until := h.told() + more
	var all sync.WaitGroup
	var dying sync.Once
	stop := make(chan bool)
	for what, deed := range h.work() {
		all.Go(func() {
			for {
				err := deed(address)
				select {
				case <-stop: // errors of a server that is killed are what this is about
					return
				default:
				}
				if err != nil {
					h.t.Errorf("%s: %v", what, err)
				}
				if h.told() >= until || err != nil {
					dying.Do(func() {
						close(stop)
						_ = victim.Process.Kill()
					})
				}
			}
		})
	}
	all.Wait()
	require.Error(h.t, victim.Wait())
}

// posted is a form as a page posts it.
func posted(pairs ...string) string {
	f := url.Values{"_once": {rand.Text()}}
	for pair := range slices.Chunk(pairs, 2) {
		f.Set(pair[0], pair[1])
	}
	return f.Encode()
}

// sitter is whose photo is taken next, if anybody's: clinics keep only so many of one client and
// from one person a day.
func (h *house) sitter() (of sitter, one bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.photos/perSitter >= len(h.album) {
		return sitter{}, false
	}
	return h.album[h.photos/perSitter], true
}

// photograph is a form with a photo of a visit.
func (h *house) photograph(visit string) (body, kind string) {
	var out bytes.Buffer
	f := multipart.NewWriter(&out)
	for name, value := range map[string]string{"_once": rand.Text(), "visit": visit, "kind": "baseline", "view": "front"} {
		if err := f.WriteField(name, value); err != nil {
			h.t.Error(err)
		}
	}
	part, err := f.CreateFormFile("photo", "photo.jpg")
	if err == nil {
		_, err = part.Write(day.Picture())
	}
	if err = errors.Join(err, f.Close()); err != nil {
		h.t.Error(err)
	}
	return out.String(), f.FormDataContentType()
}

// TestTR02KilledServerLosesNothing is TR-02: the whole server is killed while people book, file
// clients with their signed consents, take money and photos over HTTP. Everything that a browser
// was told was done is there; no picture is without its file and, after the sweeper, no file
// without its picture. MEIXU_KILLS sets how often, five times less than for TR-01.
func TestTR02KilledServerLosesNothing(t *testing.T) {
	t.Parallel()
	kills := max(1, storetest.Asked(t, "MEIXU_KILLS", 25)/5)
	h := newHouse(t, kills)
	for round := range kills {
		h.killedWhile(4 + 7*round%23)
		h.found()
	}
	taken := h.swept()
	require.True(t, len(h.bookings) > 0 && len(h.phones) > 0 && h.payments > 0 && h.photos > 0, "everybody got something done")
	t.Logf("TR-02: %d kills: %d bookings, %d files with consents, %d payments and %d photos acknowledged, 0 lost; %d left files swept", kills, len(h.bookings), len(h.phones), h.payments, h.photos, taken)
}

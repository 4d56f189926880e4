package gates_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/engine/task"
	"meixu/app/feedback"
	"meixu/app/people"
	"meixu/store"
	"meixu/ui/uitest/day"
)

// listMost is how many queries a page of many rows may ask; the board asks most, two of them
// whether photos are missing, one whose its inquiries are.
const listMost = 31

// singles are the pages of one visit, and the queries that they may ask.
var singles = []struct {
	page string
	most int64
}{
	{"front /reception/visit/{visit}", 35},
	{"doctor /visit/{visit}", 54}, // what is still open before the close is three of them, the need card one
	{"consultant /consultation/{visit}", 40},
	{"consultant /plan/{plan}", 35},
	{"nurse /procedure/{treatment}", 47}, // the need card is one of them
	{"cashier /till/{order}", 40},
	{"doctor /client/{client}", 20},
}

// TestListsAskAFixedNumberOfQueries opens every page of the house that is about no single row:
// with twelve rows of each kind it costs the queries of three.
func TestListsAskAFixedNumberOfQueries(t *testing.T) {
	t.Parallel()
	clinic := day.New(t)
	fill(clinic, 0, 3)
	pages := lists(clinic)
	require.Greater(t, len(pages), 40)
	few := make([]int64, len(pages))
	for i, page := range pages {
		few[i] = asked(clinic, page)
	}
	fill(clinic, 3, 12)
	for i, page := range pages {
		if n := asked(clinic, page); n > few[i] || n > listMost {
			t.Errorf("%s asks %d queries for three rows and %d for twelve, %d are allowed", page, few[i], n, listMost)
		}
	}
}

// lists are the pages without a row in their address, each with somebody who may open it.
func lists(d *day.Day) (pages []string) {
	d.T.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "routes.txt"))
	require.NoError(d.T, err)
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) < 4 || f[0] != "staff" || f[1] != http.MethodGet || strings.Contains(f[2], ":") || f[2] == "/live" {
			continue
		}
		for _, login := range []string{"front", "consultant", "doctor", "nurse", "cashier", "stock", "aftercare", "quality", "manager", "owner", "sysadmin"} {
			if !d.Actor(login).May(access.Permission(f[3])) || d.As(login).Direct().Get(f[2]).Status != http.StatusOK {
				continue
			}
			pages = append(pages, login+" "+f[2])
			if f[2] != "/home" { // each role has its own
				break
			}
		}
	}
	return pages
}

// TestPagesOfOneVisitAskFewQueries counts at the green gate, where most is to be proved.
func TestPagesOfOneVisitAskFewQueries(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Green)
	for _, s := range singles {
		if n := asked(d, s.page); n > s.most {
			t.Errorf("%s asks %d queries, %d are allowed", s.page, n, s.most)
		}
	}
}

// asked counts the queries of a page. What a page does the first time (templates, a trail that
// is written a moment later) is not counted: the least of three is.
func asked(d *day.Day, page string) int64 {
	d.T.Helper()
	login, path, _ := strings.Cut(page, " ")
	browser, least := d.As(login).Direct(), int64(1<<62)
	for range 3 {
		d.Clock.Forward(21 * time.Second) // what was drawn no longer holds
		before := d.App.DB.Queries()
		browser.Get(d.Fill(path)).Want(http.StatusOK)
		least = min(least, d.App.DB.Queries()-before)
	}
	return least
}

// fill brings clients to the clinic, in turn one with the consultant, one at the till and one
// who has paid, and puts a row of every other kind beside each.
func fill(clinic *day.Day, from, to int) {
	clinic.T.Helper()
	for i := from; i < to; i++ {
		d := clinic.Beside("林清"+string([]rune("禾语桐静怡思远雨欣子涵佳")[i]), fmt.Sprintf("139000088%02d", i))
		d.To([]day.Step{day.Reviewed, day.Billed, day.Paid}[i%3])
		d.Write(func(tx *store.Tx) error { return beside(d, tx, i) })
	}
}

func beside(d *day.Day, tx *store.Tx, i int) error {
	at := tx.Now().Add(time.Duration(20*i) * time.Minute)
	paper := store.Licence{
		Staff: d.StaffID("nurse"), Kind: people.PaperNurse, Number: fmt.Sprint(110330100000100 + i), PlaceHere: true,
		ValidFrom: "2020-01-01", ValidUntil: tx.Today().Add(300),
	}
	room := store.Room{Name: fmt.Sprint("治疗室", i), Kind: d.Item.RoomKind, State: "open"}
	lot := store.Lot{
		Product: d.Lots["L-FIRST"].Product, Lot: fmt.Sprint("L-ROW-", i), ExpiresOn: "2027-12-31", Supplier: "示例医药",
		ReceivedAt: tx.Now(), State: "ok", ReceivedBy: d.StaffID("stock"), ReceivedQty: 1000,
	}
	lead := store.Lead{Name: "林清", Phone: fmt.Sprint(13700008800 + i), Channel: "phone", State: "open"}
	for _, add := range []func() error{
		func() error { return tx.AddLicence(&paper) },
		func() error { return tx.AddRoom(&room) },
		func() error { return tx.AddLot(&lot) },
		func() error { return tx.AddLead(&lead) },
		func() error {
			return tx.AddAppointment(&store.Appointment{
				Client: d.Client, Item: d.Item.ID, Staff: d.StaffID("consultant"), Room: room.ID, StartsAt: at,
				EndsAt: at.Add(15 * time.Minute), State: "confirmed",
			})
		},
		func() error { return rate(d, tx) },
		func() error { return afterwards(d, tx) },
	} {
		if err := add(); err != nil {
			return err
		}
	}
	return nil
}

// rate files a rating of the visit.
func rate(d *day.Day, tx *store.Tx) error {
	f, err := form.Begin(tx, access.System("test"), "F9", form.Subject{Client: d.Client, Visit: d.Visit}, nil)
	if err != nil {
		return err
	}
	return tx.AddRating(&store.Rating{Visit: d.Visit, Client: d.Client, Answer: f.Row.ID, Score: 5, Nps: 9, At: tx.Now()})
}

// afterwards files a call that is due and a red flag for who has paid.
func afterwards(d *day.Day, tx *store.Tx) error {
	if d.Treatment == 0 {
		return nil
	}
	_, err := task.Open(tx, task.New{
		Kind: task.Followup, Subject: store.Subject{Noun: "treatment", ID: int64(d.Treatment)}, Key: "D2", Client: d.Client,
		Visit: d.Visit, Treatment: d.Treatment, Role: access.Aftercare, Due: tx.Now(), TitleKey: "aftercare.task.call", Day: 2,
	})
	if err != nil {
		return err
	}
	return tx.AddEvent(&store.Event{
		Kind: feedback.RedFlag, Client: d.Client, Visit: d.Visit, Treatment: d.Treatment, State: "open", Note: "疼痛加重",
		OpenedAt: tx.Now(), OpenedBy: d.StaffID("aftercare"),
	})
}

//go:build bench

package bench_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/engine/task"
	"meixu/app/live"
	"meixu/app/reception"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// opening opens one address again and again over one kept connection.
func opening(t testing.TB, address string, cookie *http.Cookie) func() {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.Cleanup(client.CloseIdleConnections)
	return func() {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		require.NoError(t, err)
		req.Header.Set("Accept-Encoding", "gzip") // as a browser does; to unpack is not the server's work
		send(t, client, req, cookie, http.StatusOK)
	}
}

// finding asks the finder as its script does.
func finding(t testing.TB, address, typed string, cookie *http.Cookie) func() {
	client := &http.Client{}
	t.Cleanup(client.CloseIdleConnections)
	return func() {
		body := strings.NewReader(url.Values{"q": {typed}}.Encode())
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, body)
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("HX-Request", "true")
		send(t, client, req, cookie, http.StatusOK)
	}
}

func send(t testing.TB, client *http.Client, req *http.Request, cookie *http.Cookie, want int) {
	if cookie != nil {
		req.AddCookie(cookie)
	}
	resp, err := client.Do(req)
	require.NoError(t, err)
	body := bodies.Get().(*bytes.Buffer)
	defer bodies.Put(body)
	body.Reset()
	_, err = body.ReadFrom(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	if resp.StatusCode != want { // a page is looked at only then: its time is the server's
		require.Failf(t, "another answer", "%s: %d instead of %d: %s", req.URL, resp.StatusCode, want, text(body.Bytes()))
	}
}

// bodies are buffers of the harness, so that it makes little rubbish beside the server's.
var bodies = sync.Pool{New: func() any { return &bytes.Buffer{} }}

func text(body []byte) string {
	_, main, _ := strings.Cut(string(body), "<main")
	return main[:min(len(main), 600)]
}

// write does something to the clinic as a test may.
func write(t testing.TB, site *uitest.Site, fn func(*store.Tx) error) {
	t.Helper()
	act := store.Act{Role: "system", Station: "bench", Action: "bench.fill"}
	require.NoError(t, site.App.DB.Write(t.Context(), act, fn))
}

// fullHouse opens visits at the stations before treatment.
func fullHouse(t testing.TB, site *uitest.Site, visits int) {
	stations := []term.Station{term.AtWaiting, term.AtConsultation, term.AtExamination, term.AtPlan, term.AtTill}
	write(t, site, func(tx *store.Tx) error {
		for i := range visits {
			c := store.Client{Name: name(i), Phone: phone(i), Gender: "female", Birth: "1991-04-05", Source: "walk_in", Allergies: []string{"青霉素"}}
			if err := tx.AddClient(&c); err != nil {
				return err
			}
			v := store.Visit{
				Client: c.ID, State: term.VisitOpen, Stage: term.StageReception, Station: stations[i%len(stations)],
				StationAt: tx.Now(), ArrivedAt: tx.Now(),
			}
			if err := tx.AddVisit(&v); err != nil {
				return err
			}
			k := store.Ticket{Visit: v.ID, Day: tx.Today(), Stream: "C", Number: fmt.Sprintf("C%03d", v.ID), State: term.TicketWaiting}
			if err := tx.AddTicket(&k); err != nil {
				return err
			}
			if err := site.App.Engines.SOP.Start(tx, v.ID); err != nil {
				return err
			}
		}
		tx.Publish(live.Board)
		return nil
	})
}

var family, given = []rune("王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗"), []rune("晚秋若兰清禾语桐静怡思远雨欣子涵佳宁雪梅婉如心悦诗雅")

// name gives the i-th of 200,000 people a name of three characters; many share one.
func name(i int) string {
	n := i * 7919
	return string([]rune{family[n%len(family)], given[n/20%len(given)], given[n/560%len(given)]})
}

func phone(i int) string { return fmt.Sprintf("13%09d", i*7919%1_000_000_000) }

// crowd files many clients, a thousand in one write.
func crowd(t testing.TB, site *uitest.Site, n int) {
	for from := 0; from < n; from += 1000 {
		write(t, site, func(tx *store.Tx) error {
			for i := from; i < from+1000; i++ {
				c := store.Client{Name: name(i), Phone: phone(i), Gender: "female", Birth: "1991-04-05", Source: "walk_in"}
				if err := tx.AddClient(&c); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// slots gives a free slot at every call, quarter by quarter from tomorrow on.
func slots(t testing.TB, site *uitest.Site) func() reception.Booking {
	client := store.Client{Name: "林晚秋", Phone: "13800138000", Gender: "female", Birth: "1991-04-05", Source: "walk_in"}
	write(t, site, func(tx *store.Tx) error { return tx.AddClient(&client) })
	zone, n := site.App.DB.Zone(), 0
	today := site.App.Now().Day(zone)
	return func() reception.Booking {
		at := today.Add(1 + n/40).Start(zone).Add(10*time.Hour + time.Duration(n%40)*15*time.Minute)
		n++
		return reception.Booking{Client: client.ID, Staff: site.StaffID("consultant"), Start: at, Minutes: 15, Confirmed: true}
	}
}

// posting books over HTTP: what the form posts, to the redirect.
func posting(t testing.TB, site *uitest.Site, next func() reception.Booking) func() {
	post := poster(t, site)
	return func() {
		in := next()
		post("/reception/appointments/new", url.Values{
			"client": {fmt.Sprint(in.Client)}, "staff": {fmt.Sprint(in.Staff)}, "minutes": {"15"}, "confirmed": {"true"},
			"start": {in.Start.Time().In(site.App.DB.Zone()).Format("2006-01-02T15:04")},
		})
	}
}

// poster posts forms of the desk over one kept connection.
func poster(t testing.TB, site *uitest.Site) func(path string, form url.Values) {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.Cleanup(client.CloseIdleConnections)
	cookie := site.Cookie("front")
	return func(path string, form url.Values) {
		form.Set("_once", rand.Text())
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, site.URL+path, strings.NewReader(form.Encode()))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		send(t, client, req, cookie, http.StatusSeeOther)
	}
}

// history gives one client so many visits, each with what a visit leaves behind.
func history(t testing.TB, site *uitest.Site, visits int) (client term.ClientID) {
	t.Helper()
	crowd(t, site, 1)
	write(t, site, func(tx *store.Tx) error {
		last, err := tx.LastClient()
		require.NoError(t, err)
		client = last
		items, err := tx.Items(true)
		require.NoError(t, err)
		for i := range visits {
			at := tx.Now().Add(-time.Duration(i+1) * 24 * time.Hour)
			v := store.Visit{Client: client, State: term.VisitCompleted, Stage: "S6", Station: term.AtLeaving, StationAt: at, ArrivedAt: at, ClosedAt: at}
			require.NoError(t, tx.AddVisit(&v))
			o := store.Order{Client: client, Visit: v.ID, TotalFen: 1000, State: term.OrderPaid}
			require.NoError(t, tx.AddOrder(&o))
			l := store.OrderLine{Order: o.ID, Item: items[0].ID, Sessions: 1, PriceFen: 1000, TotalFen: 1000}
			require.NoError(t, tx.AddOrderLine(&l))
			x := store.Treatment{Visit: v.ID, Client: client, Line: l.ID, Item: items[0].ID, SessionNo: 1, State: term.TreatmentReleased, StartedAt: at}
			require.NoError(t, tx.AddTreatment(&x))
			require.NoError(t, tx.AddPlan(&store.Plan{Visit: v.ID, Client: client, State: term.PlanOrdered}))
			require.NoError(t, tx.AddAppointment(&store.Appointment{Client: client, Item: items[0].ID, StartsAt: at, EndsAt: at.Add(time.Hour), State: "arrived"}))
			for n := range 5 {
				require.NoError(t, tx.AddMessage(&store.Message{Kind: "reminder", Channel: "person", Client: client, Key: fmt.Sprint("h", i, "-", n), Text: "您好", State: "sent", SendAfter: at.String(), SentAt: at}))
				_, err := task.Open(tx, task.New{
					Kind: task.Followup, Subject: store.Subject{Noun: "treatment", ID: int64(x.ID)}, Key: fmt.Sprint("D", n), Client: client,
					Visit: v.ID, Treatment: x.ID, Role: access.Aftercare, Due: at, TitleKey: "aftercare.task.call", Day: n,
				})
				require.NoError(t, err)
				_, err = form.Begin(tx, access.System("test"), "F9", form.Subject{Client: client, Visit: v.ID}, nil)
				require.NoError(t, err)
			}
		}
		return nil
	})
	return client
}

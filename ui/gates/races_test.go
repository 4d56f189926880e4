package gates_test

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/fault"
	"meixu/app/finance"
	"meixu/app/inventory"
	"meixu/app/reception"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
	"meixu/ui/uitest/day"
)

// races is how many try the same at once; MEIXU_RACES asks for more (10,000 by night).
func races(t *testing.T) int {
	t.Helper()
	return storetest.Asked(t, "MEIXU_RACES", 300)
}

// together lets 32 goroutines do a deed n times in all.
func together(n int, deed func(i int)) {
	var left atomic.Int64
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			for i := left.Add(1); i <= int64(n); i = left.Add(1) {
				deed(int(i))
			}
		})
	}
	all.Wait()
}

// TestTR15OneWinner is TR-15: of many who book the same slot at once one gets it; of intervals at
// random none overlaps another at the same person, room or device; of one payment posted over
// and over one is taken; and no lot is ever taken below nothing.
func TestTR15OneWinner(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Billed)
	d.App.Jobs.Stop()
	desk, front := d.App.Rooms.Desk, d.Actor("front")
	morning := term.At(time.Date(2026, 3, 3, 2, 0, 0, 0, time.UTC)) // 10:00 in Shanghai

	var won, lost atomic.Int64
	together(races(t), func(int) {
		_, err := desk.Book(t.Context(), front, reception.Booking{Client: d.Client, Staff: d.StaffID("manager"), Start: morning, Minutes: 30})
		var taken *reception.Taken
		switch {
		case err == nil:
			won.Add(1)
		case errors.As(err, &taken):
			lost.Add(1)
		default:
			t.Errorf("booking: %v", err)
		}
	})
	require.EqualValues(t, 1, won.Load())
	require.EqualValues(t, races(t)-1, lost.Load())

	booked := intervals(t, d, morning)
	replayed := payments(t, d)
	left := takings(t, d)
	t.Logf("TR-15: %d bookings of one slot: 1 winner; %d intervals at random: %d booked, 0 overlaps; %d posts of one payment: 1 taken; stock taken down to %s, never below",
		races(t), races(t), booked, replayed+1, left)
}

// intervals books at random and looks for two that overlap.
func intervals(t *testing.T, d *day.Day, morning term.Instant) (booked int) {
	t.Helper()
	people := []string{"consultant", "doctor", "nurse"}
	front := d.Actor("front")
	var clients []term.ClientID
	d.Write(func(tx *store.Tx) error {
		for n := range 40 {
			c := store.Client{Name: "客户", Phone: fmt.Sprintf("137%08d", n), Gender: "female", Birth: "1990-05-06", Source: "walk_in"}
			if err := tx.AddClient(&c); err != nil {
				return err
			}
			clients = append(clients, c.ID)
		}
		return nil
	})
	together(races(t), func(i int) {
		random := rand.New(rand.NewPCG(15, uint64(i)))
		in := reception.Booking{
			Client: clients[random.IntN(len(clients))], Staff: d.StaffID(people[random.IntN(len(people))]),
			Start: morning.Add(time.Duration(random.IntN(96)) * 5 * time.Minute), Minutes: 10 + 5*random.IntN(11),
		}
		if random.IntN(2) == 0 {
			in.Room = d.Room
		}
		_, err := d.App.Rooms.Desk.Book(t.Context(), front, in)
		var taken *reception.Taken
		if err != nil && !errors.As(err, &taken) {
			t.Errorf("booking: %v", err)
		}
	})
	var all []store.Appointment
	d.Read(func(r *store.Read) (err error) {
		all, err = r.AppointmentsBetween(morning.Add(-time.Hour), morning.Add(24*time.Hour), 100_000)
		return err
	})
	slices.SortFunc(all, func(a, b store.Appointment) int {
		return cmp.Compare(a.StartsAt.Time().Unix(), b.StartsAt.Time().Unix())
	})
	for i, a := range all {
		for _, b := range all[i+1:] {
			shared := a.Staff == b.Staff || a.Room != 0 && a.Room == b.Room || a.Client == b.Client
			require.False(t, shared && b.StartsAt.Sub(a.EndsAt) < 0, "%+v overlaps %+v", a, b)
		}
	}
	require.Greater(t, len(all), 20, "enough of them fitted")
	return len(all)
}

// payments posts one payment over and over with its one-time key, and gives how many were told
// that it stands already.
func payments(t *testing.T, d *day.Day) int {
	t.Helper()
	by := d.Actor("cashier")
	by.Once = "one-time-key-of-a-page"
	var total term.Fen
	d.Read(func(r *store.Read) error {
		o, err := r.Order(d.Order)
		total = o.TotalFen
		return err
	})
	var paid, replayed atomic.Int64
	together(races(t), func(int) {
		_, err := d.App.Rooms.Till.Take(t.Context(), by, finance.Take{Order: d.Order, Legs: []finance.Leg{{Method: term.WeChat, Amount: total}}})
		_, _, again := fault.Replayed(err)
		switch {
		case err == nil:
			paid.Add(1)
		case again:
			replayed.Add(1)
		default:
			t.Errorf("paying: %v", err)
		}
	})
	require.EqualValues(t, 1, paid.Load())
	d.Read(func(r *store.Read) error {
		rows, err := r.PaymentsOf(d.Order)
		require.Len(t, rows, 1)
		return err
	})
	require.Equal(t, total, d.Money())
	return int(replayed.Load())
}

// takings takes a lot for the treatment by many at once until nothing is left.
func takings(t *testing.T, d *day.Day) term.Qty {
	t.Helper()
	d.Treated()
	act := store.Act{Staff: d.StaffID("nurse"), Role: "nurse", Station: "test", Action: "lot.take"}
	had := d.Stock("L-FIRST")
	part := had/20 + 1
	var done atomic.Int64
	together(60, func(int) {
		err := d.App.DB.Write(t.Context(), act, func(tx *store.Tx) error {
			_, err := inventory.Take(tx, inventory.TakeCmd{
				Treatment: d.Treatment, LotID: d.Lots["L-FIRST"].ID, Qty: part, By: d.StaffID("nurse"), Second: d.StaffID("stock"),
				More: "演练：许多人同时领用同一批号",
			})
			return err
		})
		if err == nil {
			done.Add(1)
		} else if fault.KindOf(err) != fault.KindRefused {
			t.Errorf("taking: %v", err)
		}
	})
	left := d.Stock("L-FIRST")
	require.GreaterOrEqual(t, int64(left), int64(0))
	require.Equal(t, had-part*term.Qty(done.Load()), left, "what came in less what went out is what is left")
	require.Less(t, left, part, "they took all there was")
	return left
}

// Package demo builds the practice clinic: people, rooms, devices, stock, clients with a
// history and a day in full swing, all through the ordinary deeds, so that nothing stands in
// it that staff could not have done. It is dated relative to now; the same seed gives the
// same clinic.
package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"meixu/app"
	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// seed makes one and the same clinic each time.
const seed = 20260302

// maker builds one clinic with a clock of its own that walks from the past to now.
type maker struct {
	ctx   context.Context
	app   *app.App
	clock *clock
	rand  *rand.Rand
	zone  *time.Location
	by    map[string]access.Actor // by login
	rooms map[string]term.RoomID  // by kind
	// kinds of device to device, products and lots by code
	devices  map[string]term.DeviceID
	products map[string]term.ProductID
	items    map[string]store.Item
	clients  []term.ClientID // by the number of the story
	end      time.Time       // when the story ends: now
	plot     plot
	// stays that something happens to later on
	refundOf, missed, flagged *stay
	kindsOfDevice             []string // in the order of the catalogue
	seq                       int
	pins                      map[string]string
	forms                     map[string]form.Template // by code
}

// clock stands where the story is. Views are written by a goroutine of the store, which asks
// for the time as well.
type clock struct{ now atomic.Pointer[time.Time] }

// Now is the instant of the story.
func (c *clock) Now() time.Time { return *c.now.Load() }

func (c *clock) set(now time.Time) { c.now.Store(&now) }

// Build fills an empty data folder with the practice clinic as it stands at now, and leaves
// the folder closed. It gives the recovery code of the new folder.
func Build(ctx context.Context, dir string, now time.Time) (sheet string, err error) {
	c := &clock{}
	c.set(now.Add(-history))
	a, err := app.Open(ctx, app.Options{Dir: dir, Now: c.Now, Demo: true})
	if err != nil {
		return "", err
	}
	a.Jobs.Stop()
	defer func() { err = errors.Join(err, a.Close()) }()
	m := &maker{
		ctx: ctx, app: a, clock: c, rand: rand.New(rand.NewPCG(seed, seed)), zone: a.DB.Zone(), //nolint:gosec // the same clinic each time is the point
		by: map[string]access.Actor{}, rooms: map[string]term.RoomID{}, devices: map[string]term.DeviceID{},
		products: map[string]term.ProductID{}, items: map[string]store.Item{}, clients: make([]term.ClientID, clientCount), end: now, pins: map[string]string{}, forms: map[string]form.Template{},
	}
	for _, part := range []struct {
		name string
		make func() error
	}{
		{"people", m.people}, {"rooms", m.house}, {"papers", m.papers}, {"stock", m.stock}, {"items", m.readItems}, {"story", m.story},
	} {
		if err := part.make(); err != nil {
			return "", fmt.Errorf("demo clinic, %s: %w", part.name, err)
		}
	}
	return a.RecoverySheet(), nil
}

// story plans past and present and plays them.
func (m *maker) story() error {
	m.before()
	m.now()
	if err := m.play(); err != nil {
		return err
	}
	_, err := m.app.Jobs.Run(m.ctx, access.System("demo"), "tasks-escalate")
	return err
}

// readItems keeps the catalogue at hand.
func (m *maker) readItems() error {
	return m.app.Read(m.ctx, m.by["manager"], access.StockView, func(r *store.Read) error {
		all, err := r.Items(false)
		for _, i := range all {
			m.items[i.Code] = i
		}
		return err
	})
}

// history is how far back the story begins.
const history = 90 * 24 * time.Hour

// today is the clinic's day of the story.
func (m *maker) today() term.Day { return term.At(m.clock.Now()).Day(m.zone) }

// pick takes one of a list.
func pick[T any](m *maker, list []T) T { return list[m.rand.IntN(len(list))] }

// refused says that a gate said no, which is part of the story.
func refused(err error) bool { return fault.KindOf(err) == fault.KindRefused }

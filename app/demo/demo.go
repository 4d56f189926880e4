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
	"time"

	"meixu/app"
	"meixu/app/access"
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
	clients  []term.ClientID
	pins     map[string]string
}

// clock stands where the story is.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// Build fills an empty data folder with the practice clinic as it stands at now, and leaves
// the folder closed. It gives the recovery code of the new folder.
func Build(ctx context.Context, dir string, now time.Time) (sheet string, err error) {
	c := &clock{now: now.Add(-history)}
	a, err := app.Open(ctx, app.Options{Dir: dir, Now: c.Now, Demo: true})
	if err != nil {
		return "", err
	}
	a.Jobs.Stop()
	defer func() { err = errors.Join(err, a.Close()) }()
	m := &maker{
		ctx: ctx, app: a, clock: c, rand: rand.New(rand.NewPCG(seed, seed)), zone: a.DB.Zone(), //nolint:gosec // the same clinic each time is the point
		by: map[string]access.Actor{}, rooms: map[string]term.RoomID{}, devices: map[string]term.DeviceID{},
		products: map[string]term.ProductID{}, pins: map[string]string{},
	}
	for _, part := range []struct {
		name string
		make func() error
	}{
		{"people", m.people}, {"rooms", m.house}, {"papers", m.papers}, {"stock", m.stock}, {"clients", m.file},
	} {
		if err := part.make(); err != nil {
			return "", fmt.Errorf("demo clinic, %s: %w", part.name, err)
		}
	}
	return a.RecoverySheet(), nil
}

// history is how far back the story begins.
const history = 90 * 24 * time.Hour

// forward lets time pass.
func (m *maker) forward(d time.Duration) { m.clock.now = m.clock.now.Add(d) }

// today is the clinic's day of the story.
func (m *maker) today() term.Day { return term.At(m.clock.now).Day(m.zone) }

// pick takes one of a list.
func pick[T any](m *maker, list []T) T { return list[m.rand.IntN(len(list))] }

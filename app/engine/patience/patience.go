// Package patience knows how long clients of each tier may wait: until somebody first turns to
// them, and until they are in a room. The clinic sets the minutes (row B5).
package patience

import (
	"strconv"
	"time"

	"meixu/store"
	"meixu/store/term"
)

// What a client waits for.
const (
	First = "first" // somebody turns to the client
	Room  = "room"  // the client is taken into a room
)

// Levels of waiting: the tiers of members in three groups.
const (
	Normal = "normal"
	Member = "member" // silver, gold
	VIP    = "vip"    // diamond, or a visit marked so
)

// prefix begins the names of the settings.
const prefix = "wait."

// Kinds and Levels list what has a limit, in the order of the settings.
var (
	Kinds  = []string{First, Room}
	Levels = []string{Normal, Member, VIP}
)

// standard are the minutes where nothing was set: first contact within five minutes (S1-04 gives
// fifteen until the call), a VIP in a room within ten.
var standard = map[string]map[string]int{
	First: {Normal: 5, Member: 5, VIP: 5},
	Room:  {Normal: 15, Member: 15, VIP: 10},
}

// NoShowGrace is how long a client may be late before she counts as not come.
const NoShowGrace = 15 * time.Minute

// Missed says that the grace of a booking is over.
func Missed(starts, now term.Instant) bool { return !now.Before(starts.Add(NoShowGrace)) }

// Setting is the name of the setting of a limit.
func Setting(kind, level string) string { return prefix + kind + "." + level }

// Standard is the limit in minutes where nothing was set.
func Standard(kind, level string) int { return standard[kind][level] }

// Limits are the minutes by kind and level.
type Limits map[string]map[string]int

// Of reads the limits of the clinic.
func Of(r *store.Read) (Limits, error) {
	limits := Limits{}
	set, err := r.SettingsUnder(prefix)
	if err != nil {
		return nil, err
	}
	for _, kind := range Kinds {
		limits[kind] = map[string]int{}
		for _, level := range Levels {
			minutes, err := strconv.Atoi(set[Setting(kind, level)])
			if err != nil || minutes < 1 {
				minutes = Standard(kind, level)
			}
			limits[kind][level] = minutes
		}
	}
	return limits, nil
}

// LevelOf is the level of a visit by the tier of its client.
func LevelOf(vip bool, tier string) string {
	switch {
	case vip || tier == "diamond":
		return VIP
	case tier == "silver" || tier == "gold":
		return Member
	}
	return Normal
}

// Stay is one visit with what ends its waiting.
type Stay struct {
	Arrived term.Instant
	Called  term.Instant // zero when nobody called
	InRoom  bool         // taken in, or at a station past the waiting room
	Moved   term.Instant // when that was
	Level   string
}

// Wait is how one wait stands.
type Wait struct {
	Kind    string
	Minutes int // the limit
	Due     term.Instant
	Ended   term.Instant // zero while it lasts
}

// Over says that the limit was crossed.
func (w Wait) Over(now term.Instant) bool {
	if !w.Ended.IsZero() {
		return w.Ended.After(w.Due)
	}
	return now.After(w.Due)
}

// Waits are the two waits of a visit.
func (l Limits) Waits(s Stay) []Wait {
	list := make([]Wait, 0, len(Kinds))
	for _, kind := range Kinds {
		minutes := l[kind][s.Level]
		w := Wait{Kind: kind, Minutes: minutes, Due: s.Arrived.Add(time.Duration(minutes) * time.Minute)}
		switch {
		case kind == First && !s.Called.IsZero():
			w.Ended = s.Called
		case s.InRoom:
			w.Ended = s.Moved
		}
		list = append(list, w)
	}
	return list
}

// Now is the limit of what the client waits for now, from the arrival; 0 when the client waits for
// nothing any more.
func (l Limits) Now(s Stay) int {
	switch {
	case s.InRoom:
		return 0
	case s.Called.IsZero():
		return l[First][s.Level]
	}
	return l[Room][s.Level]
}

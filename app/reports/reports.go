// Package reports reads what lies across the rooms: the board of today, what waits for one
// person, the owner's figures, the trail of a client. It writes nothing about the clinic and
// imports no room; every page of it needs a fixed number of queries, however full the house.
package reports

import (
	"context"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/engine/sop"
	"meixu/app/keeping"
	"meixu/store"
	"meixu/store/term"
)

// mostVisits bounds the visits of one report.
const mostVisits = 5000

// Keeper keeps the backups.
type Keeper interface {
	// LastBackup is when the last good backup was made; zero when never.
	LastBackup(ctx context.Context) (term.Instant, error)
	// LastDrill is when a backup was last restored for trial with success; zero when never.
	LastDrill(ctx context.Context) (term.Instant, error)
	// Record is how the sealed trail stands.
	Record(ctx context.Context) (keeping.Record, error)
	// Sheet is how the question after the printed recovery sheet stands.
	Sheet(ctx context.Context) (keeping.Sheet, error)
	// LongLog is a write-ahead log that stays long.
	LongLog() keeping.LongLog
	// Owed tells which photos a restore still owes.
	Owed() keeping.Owed
}

// Office is the service of the reports.
type Office struct {
	deed.Doer
	SOP    *sop.Engine
	Keeper Keeper
	Turns  Turns
}

// Turn is what the reader does next for a client in consultation, and where.
type Turn struct {
	Next  string // words key
	Where string
}

// Turns says which visits in consultation wait for the reader: the consultation's own rule, so
// that home and list name the same clients.
type Turns func(r *store.Read, by access.Actor) (map[term.VisitID]Turn, error)

// New makes the office.
func New(d deed.Doer, engine *sop.Engine, keeper Keeper) *Office {
	return &Office{Doer: d, SOP: engine, Keeper: keeper}
}

// span is a stretch of time, from included, to not.
type span struct{ from, to term.Instant }

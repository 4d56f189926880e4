package keeping

import (
	"context"
	"log/slog"

	"meixu/app/access"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// LogLimit is how long the write-ahead log may be, in bytes: SQLite cuts it back to this
// (trust.md 5), so that a longer one means a reader that never ends (TR-14).
const LogLimit = 64 << 20

// LongLog is a write-ahead log that stays long; the zero value says that it is short.
type LongLog struct {
	Since term.Instant // when it was first seen
	Bytes int64
}

// MB is its length for people.
func (l LongLog) MB() float64 { return float64(l.Bytes) / (1 << 20) }

// LongLog is how the write-ahead log stood at the last look.
func (o *Office) LongLog() LongLog {
	if now := o.long.Load(); now != nil {
		return *now
	}
	return LongLog{}
}

// WatchLog looks at the length of the write-ahead log, every minute: whoever looks at the board or
// at the owner's page is told from when on it is too long, until it is short again. It counts as
// done something when that changed.
func (o *Office) WatchLog(_ context.Context, _ access.Actor) (int, error) {
	now, before := LongLog{Bytes: o.logSize()}, o.LongLog()
	if now.Bytes <= LogLimit {
		o.long.Store(nil)
	} else {
		if now.Since = before.Since; now.Since.IsZero() {
			now.Since = o.DB.Now()
		}
		o.long.Store(&now)
	}
	if o.LongLog().Since.IsZero() == before.Since.IsZero() {
		return 0, nil
	}
	slog.Warn("the write-ahead log", "bytes", now.Bytes, "limit", LogLimit)
	o.Hub.Send([]string{Topic, live.Board})
	return 1, nil
}

// logSize is the length of the log in the data folder, unless a test says another one.
func (o *Office) logSize() int64 {
	if o.LogSize != nil {
		return o.LogSize()
	}
	return store.LogSize(o.DB.Dir())
}

package term

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// instantLayout is the one way an instant is written: UTC, milliseconds (rulings 14).
const instantLayout = "2006-01-02T15:04:05.000Z"

// Instant is a point in time, UTC, to the millisecond. The zero Instant means "not yet"
// and is stored as NULL.
type Instant struct{ t time.Time }

// At makes an Instant from a time, cut to the millisecond.
func At(t time.Time) Instant {
	if t.IsZero() {
		return Instant{}
	}
	return Instant{t.UTC().Truncate(time.Millisecond)}
}

// Time gives the instant as a time in UTC.
func (i Instant) Time() time.Time { return i.t }

// IsZero says that the instant is not set.
func (i Instant) IsZero() bool { return i.t.IsZero() }

// Add moves the instant.
func (i Instant) Add(d time.Duration) Instant { return At(i.t.Add(d)) }

// Sub gives the time from other to i.
func (i Instant) Sub(other Instant) time.Duration { return i.t.Sub(other.t) }

// Before says that i lies before other.
func (i Instant) Before(other Instant) bool { return i.t.Before(other.t) }

// After says that i lies after other.
func (i Instant) After(other Instant) bool { return i.t.After(other.t) }

// Day is the clinic-local calendar day of the instant.
func (i Instant) Day(zone *time.Location) Day {
	if i.IsZero() {
		return ""
	}
	return Day(i.t.In(zone).Format(dayLayout))
}

// Clock prints hours and minutes in the clinic's zone, as 15:04.
func (i Instant) Clock(zone *time.Location) string {
	if i.IsZero() {
		return ""
	}
	return i.t.In(zone).Format("15:04")
}

// Stamp prints day and minute in the clinic's zone, as 2026-03-02 15:04.
func (i Instant) Stamp(zone *time.Location) string {
	if i.IsZero() {
		return ""
	}
	return i.t.In(zone).Format("2006-01-02 15:04")
}

// String is the stored form; "" when not set.
func (i Instant) String() string {
	if i.IsZero() {
		return ""
	}
	return i.t.Format(instantLayout)
}

// ParseInstant reads the stored form.
func ParseInstant(text string) (Instant, error) {
	if text == "" {
		return Instant{}, nil
	}
	t, err := time.Parse(instantLayout, text)
	if err != nil {
		return Instant{}, fmt.Errorf("term: instant %q: %w", text, err)
	}
	return At(t), nil
}

// MarshalText makes the instant usable in JSON.
func (i Instant) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText reads the JSON form.
func (i *Instant) UnmarshalText(b []byte) (err error) {
	*i, err = ParseInstant(string(b))
	return err
}

// Value stores the instant as TEXT, or NULL when not set.
func (i Instant) Value() (driver.Value, error) {
	if i.IsZero() {
		return nil, nil
	}
	return i.String(), nil
}

// Scan reads TEXT or NULL.
func (i *Instant) Scan(v any) (err error) {
	switch x := v.(type) {
	case nil:
		*i = Instant{}
		return nil
	case string:
		*i, err = ParseInstant(x)
		return err
	case []byte:
		*i, err = ParseInstant(string(x))
		return err
	case time.Time:
		*i = At(x)
		return nil
	}
	return fmt.Errorf("term: cannot read an instant from %T", v)
}

package backup

import (
	"context"
	"errors"
	"strings"
	"time"

	"meixu/backup/target"

	"meixu/store/file"
)

// The keep rule: the newest backup of each of so many hours, days, weeks and months, and
// never fewer than the last three.
const (
	keepHours  = 24
	keepDays   = 14
	keepWeeks  = 8
	keepMonths = 12
	keepLast   = 3
)

// stampOf reads when a backup was made, in the clinic's time, out of its name.
func stampOf(name string) (time.Time, bool) {
	rest, ok := strings.CutPrefix(name, prefix)
	if !ok || len(rest) < len(stampLayout) || strings.HasSuffix(name, file.Partial) {
		return time.Time{}, false
	}
	at, err := time.Parse(stampLayout, rest[:len(stampLayout)])
	return at, err == nil
}

// keep drops what the rule no longer wants, names it, and sweeps the blobs that no backup
// stands on. The backup named by safe stays in any case, and so does everything when its
// own clock stands before older backups: a wrong clock must not eat them.
func (v *vault) keep(ctx context.Context, safe string) (dropped []string, err error) {
	names, err := namesOn(ctx, v.at)
	if err != nil || len(names) == 0 || names[0] != safe {
		return nil, err
	}
	keep := wanted(names)
	live, lists := map[string]bool{}, map[string][]string{}
	for _, name := range names {
		if !keep[name] {
			continue
		}
		m, err := v.read(ctx, name)
		if err == nil {
			var blobs []string
			blobs, err = v.live(ctx, m, lists)
			for _, id := range blobs {
				live[id] = true
			}
		}
		if errors.Is(err, ErrDamaged) {
			return nil, nil // with one unreadable, nobody knows what it stands on: all stays
		}
		if err != nil {
			return nil, err
		}
	}
	dropped, err = v.drop(ctx, names, keep)
	if err == nil {
		err = v.sweep(ctx, live)
	}
	return dropped, target.Allowed(err) // a place where nothing may be removed keeps all
}

// drop removes the backups that are not kept and names them.
func (v *vault) drop(ctx context.Context, names []string, keep map[string]bool) (dropped []string, err error) {
	for _, name := range names {
		if keep[name] {
			continue
		}
		if err := v.at.Remove(ctx, manifestPath(name)); err != nil {
			return dropped, err
		}
		dropped = append(dropped, name)
	}
	return dropped, nil
}

// sweep removes blobs that no backup stands on, also those of runs that were cut off.
func (v *vault) sweep(ctx context.Context, live map[string]bool) error {
	there, err := v.blobsThere(ctx)
	if err != nil {
		return err
	}
	for id := range there {
		if live[id] || len(id) != nameLength {
			continue
		}
		if err := v.at.Remove(ctx, blobPath(id)); err != nil {
			return err
		}
	}
	return nil
}

// wanted chooses from names listed newest first.
func wanted(names []string) map[string]bool {
	keep := map[string]bool{}
	for _, name := range names[:min(keepLast, len(names))] {
		keep[name] = true
	}
	rules := []struct {
		count  int
		period func(time.Time) string
	}{
		{keepHours, func(t time.Time) string { return t.Format("2006-01-02 15") }},
		{keepDays, func(t time.Time) string { return t.Format(time.DateOnly) }},
		{keepWeeks, func(t time.Time) string { // the week is named by its Monday
			return t.AddDate(0, 0, -(int(t.Weekday())+6)%7).Format(time.DateOnly)
		}},
		{keepMonths, func(t time.Time) string { return t.Format("2006-01") }},
	}
	for _, rule := range rules {
		seen := map[string]bool{}
		for _, name := range names {
			at, _ := stampOf(name) // names were listed by their stamps
			period := rule.period(at)
			if seen[period] || len(seen) == rule.count {
				continue
			}
			seen[period] = true
			keep[name] = true
		}
	}
	return keep
}

package backup

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The keep rule: the newest backup of each of so many days, weeks and months, and never
// fewer than the last three.
const (
	keepDays   = 14
	keepWeeks  = 8
	keepMonths = 12
	keepLast   = 3
)

// Entry is one finished backup in a folder.
type Entry struct {
	Name string
	Dir  string
	At   time.Time // local time as named
}

// List names the finished backups of a folder, newest first.
func List(toDir string) (list []Entry, err error) {
	entries, err := os.ReadDir(toDir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		if at, ok := stampOf(entry.Name()); ok && entry.IsDir() {
			list = append(list, Entry{entry.Name(), filepath.Join(toDir, entry.Name()), at})
		}
	}
	slices.SortFunc(list, func(a, b Entry) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return strings.Compare(b.Name, a.Name)
	})
	return list, nil
}

func stampOf(name string) (time.Time, bool) {
	rest, ok := strings.CutPrefix(name, prefix)
	if !ok || len(rest) < len(stampLayout) || strings.HasSuffix(name, partial) {
		return time.Time{}, false
	}
	at, err := time.Parse(stampLayout, rest[:len(stampLayout)])
	return at, err == nil
}

// Keep drops what the rule no longer wants and names it. The backup named by safe stays in
// any case, and so does everything when its own clock stands before older backups: a wrong
// clock must not eat them.
func Keep(toDir, safe string) (dropped []string, err error) {
	list, err := List(toDir)
	if err != nil || len(list) == 0 || list[0].Name != safe {
		return nil, err
	}
	if err := sweep(toDir); err != nil {
		return nil, err
	}
	keep := wanted(list)
	for _, entry := range list {
		if keep[entry.Name] {
			continue
		}
		// Renamed first, so that a half-removed folder never looks like a backup.
		gone := entry.Dir + partial
		if err := os.Rename(entry.Dir, gone); err != nil {
			return dropped, err
		}
		if err := os.RemoveAll(gone); err != nil {
			return dropped, err
		}
		dropped = append(dropped, entry.Name)
	}
	return dropped, nil
}

// sweep removes what a crash left half-made; Make runs one at a time, so none is in work.
func sweep(toDir string) error {
	entries, err := os.ReadDir(toDir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name, half := strings.CutSuffix(entry.Name(), partial)
		if _, ours := stampOf(name); !half || !ours || !entry.IsDir() {
			continue
		}
		if err := os.RemoveAll(filepath.Join(toDir, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

// wanted chooses from backups listed newest first.
func wanted(list []Entry) map[string]bool {
	keep := map[string]bool{}
	for _, entry := range list[:min(keepLast, len(list))] {
		keep[entry.Name] = true
	}
	rules := []struct {
		count  int
		period func(time.Time) string
	}{
		{keepDays, func(t time.Time) string { return t.Format(time.DateOnly) }},
		{keepWeeks, func(t time.Time) string { // the week is named by its Monday
			return t.AddDate(0, 0, -(int(t.Weekday())+6)%7).Format(time.DateOnly)
		}},
		{keepMonths, func(t time.Time) string { return t.Format("2006-01") }},
	}
	for _, rule := range rules {
		seen := map[string]bool{}
		for _, entry := range list {
			period := rule.period(entry.At)
			if seen[period] || len(seen) == rule.count {
				continue
			}
			seen[period] = true
			keep[entry.Name] = true
		}
	}
	return keep
}

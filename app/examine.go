package app

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"meixu/app/ground"
	"meixu/app/keeping"
	"meixu/app/lan"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Tones of a finding.
const (
	Good = "good"
	Warn = "warn"
	Bad  = "bad"
)

// Finding is one line of `meixu check`: what was looked at, how it stands, what to do.
type Finding struct {
	Name string // words keys check.<Name> and check.<Name>.<Tone>
	Tone string
	Args []any
}

// Say is the finding as one line.
func (f Finding) Say(lang words.Lang) string {
	return lang.T("check.tone."+f.Tone) + " " + lang.T("check."+f.Name) + lang.T("check.colon") + lang.T("check."+f.Name+"."+f.Tone, f.Args...)
}

// Limits of the ground.
const (
	gib          = 1 << 30
	freeWarn     = 5 * gib
	freeBad      = 1 * gib
	clockBack    = 2 * time.Minute
	firstRelease = 2026 // a clock before it stands wrong
)

// Examine is Check with all that the data stand on: disk, encryption, clock, backups. The
// printed recovery code verifies the seals of all days; without it those of today.
func (a *App) Examine(ctx context.Context, w Wish) (all []Finding, err error) {
	facts, err := ground.Look(ctx, a.DB.Dir())
	if err != nil {
		return nil, err
	}
	all = append(disk(facts), firewallFinding(facts.Firewall), portsFinding(a.LAN.Stands()))
	last, err := a.lastAct(ctx)
	if err != nil {
		return nil, err
	}
	key, err := keyFinding(a.DB.Dir())
	if err != nil {
		return nil, err
	}
	all = append(all, key, clockFinding(a.Now(), last), wal(store.LogSize(a.DB.Dir())))
	for _, nights := range []struct {
		name string
		last func(context.Context) (term.Instant, error)
	}{{"backup", a.Keeping.LastBackup}, {"drill", a.Keeping.LastDrill}} {
		at, err := nights.last(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, nightly(nights.name, at, a.Now(), a.DB.Zone()))
	}
	more, err := a.keptFindings(ctx)
	if err != nil {
		return nil, err
	}
	all = append(all, more...)
	all = append(all, owedFinding(a.Keeping.Owed())...)
	sheet, err := a.Keeping.Sheet(ctx)
	if err != nil {
		return nil, err
	}
	all = append(all, sheetFinding(sheet, a.DB.Zone())...)
	ages, err := a.LAN.Ages(ctx)
	if err != nil {
		return nil, err
	}
	all = append(all, certificateFinding(ages, a.Now()))
	all = append(all, policyFinding(a.LAN.Violations.List())...)
	c, err := a.CheckAll(ctx, w)
	if err != nil {
		return nil, err
	}
	all = append(all, trailFindings(c, a.DB.DaySealed())...)
	if len(c.Wrong) == 0 {
		return append(all, Finding{Name: "record", Tone: Good}), nil
	}
	for _, w := range c.Wrong {
		all = append(all, Finding{"record", Bad, []any{w}})
	}
	return all, nil
}

// keptFindings tell of a backup that somebody made elsewhere, and of a restore that waits for the
// next start.
func (a *App) keptFindings(ctx context.Context) (all []Finding, err error) {
	d, err := a.Keeping.LastElsewhere(ctx)
	if err != nil {
		return nil, err
	}
	if !d.Good.IsZero() {
		all = append(all, Finding{"elsewhere", Good, []any{d.Good.Stamp(a.DB.Zone()), d.To}})
	}
	w, err := keeping.Waits(a.DB.Dir())
	if err != nil {
		return nil, fmt.Errorf("reading which restore waits: %w", err)
	}
	if w != nil {
		all = append(all, Finding{"pending", Warn, []any{w.At.Stamp(a.DB.Zone()), w.From, w.Before}})
	}
	return all, nil
}

// owedFinding tells of photos that a restore still waits for; none when nothing is missing.
func owedFinding(o keeping.Owed) []Finding {
	if o.All == 0 || o.Left() == 0 {
		return nil
	}
	return []Finding{{"owed", Warn, o.Args()}}
}

// trailFindings tell of the sealed trail: what is missing or was changed, how far the seals of
// the days reach, and what could not be looked at.
func trailFindings(c Checked, daySealed bool) (all []Finding) {
	if b := c.Broken; b != nil {
		all = append(all, Finding{"trail." + b.Kind, Bad, b.Args()})
	} else {
		all = append(all, Finding{"trail", Good, []any{int64(c.Seen.Acts)}})
	}
	for _, address := range c.Away {
		all = append(all, Finding{"anchors", Warn, []any{address}})
	}
	switch {
	case !daySealed:
		all = append(all, Finding{Name: "days.lost", Tone: Warn})
	case c.Full && c.Broken == nil:
		all = append(all, Finding{"days.full", Good, []any{c.Seen.Days}})
	default:
		all = append(all, Finding{"days", Good, []any{c.Seen.Days}})
	}
	if p := c.Paper; p != nil {
		tone := Bad
		if p.Fits {
			tone = Good
		}
		all = append(all, Finding{"paper", tone, []any{int64(p.Act)}})
	}
	if c.Seen.Bare > 0 {
		all = append(all, Finding{"days.bare", Warn, []any{int64(c.Seen.Bare), int64(c.Seen.BareTo)}})
	}
	if c.Seen.Strange > 0 {
		all = append(all, Finding{"days.strange", Warn, []any{c.Seen.Strange}})
	}
	if c.Seen.Gap > 0 && !c.Log.Resumed(c.Seen.Gap) {
		all = append(all, Finding{"days.gap", Bad, []any{int64(c.Seen.Gap)}})
	}
	return all
}

func disk(f ground.Facts) (all []Finding) {
	free := float64(f.Free) / gib
	switch {
	case f.Free < freeBad:
		all = append(all, Finding{"free", Bad, []any{free}})
	case f.Free < freeWarn:
		all = append(all, Finding{"free", Warn, []any{free}})
	default:
		all = append(all, Finding{"free", Good, []any{free}})
	}
	kind, carried := Finding{"disk", Good, []any{f.FileSystem}}, Finding{Name: "sync", Tone: Good}
	if f.Sync != "" {
		carried = Finding{"sync", Bad, []any{f.Sync}}
		f.Sync = ""
	}
	switch {
	case f.Network:
		kind = Finding{Name: "disk.network", Tone: Bad}
	case f.Refusal() != nil:
		kind.Tone = Bad
	case f.FileSystem == "":
		kind = Finding{Name: "disk.unknown", Tone: Warn}
	}
	locked := map[ground.Answer]string{ground.Yes: Good, ground.No: Warn, ground.Unknown: Warn}[f.Encrypted]
	sealed := Finding{Name: "encrypted", Tone: locked}
	if f.Encrypted == ground.Unknown {
		sealed.Name = "encryption"
	}
	return append(all, kind, sealed, carried)
}

func firewallFinding(on ground.Answer) Finding {
	switch on {
	case ground.Yes:
		return Finding{Name: "firewall", Tone: Good}
	case ground.No:
		return Finding{Name: "firewall", Tone: Warn}
	case ground.Unknown:
	}
	return Finding{Name: "firewall.unknown", Tone: Warn}
}

// portsFinding tells what the firewall has to let through, and from where.
func portsFinding(at lan.Door) Finding {
	ports := []string{}
	if at.Port != 0 {
		ports = append(ports, strconv.Itoa(at.Port))
	}
	if u, err := url.Parse(at.Guest); err == nil && u.Port() != "" {
		ports = append(ports, u.Port())
	}
	if len(ports) == 0 {
		return Finding{Name: "ports", Tone: Good}
	}
	return Finding{"ports.lan", Good, []any{strings.Join(ports, ", ")}}
}

// rootSoon is how long before its end people are told of the authority's: every device has to be
// told to trust the next one.
const rootSoon = 365 * 24 * time.Hour

func certificateFinding(ages lan.Ages, now term.Instant) Finding {
	left, until := ages.Root.Sub(now.Time()), ages.Root.Format(time.DateOnly)
	switch {
	case ages.Root.IsZero():
		return Finding{Name: "certificate.none", Tone: Good}
	case left <= 0:
		return Finding{"certificate", Bad, []any{until}}
	case left < rootSoon:
		return Finding{"certificate", Warn, []any{until}}
	case ages.Leaf.IsZero():
		return Finding{"certificate.idle", Good, []any{until}}
	}
	return Finding{"certificate", Good, []any{until, ages.Leaf.Format(time.DateOnly)}}
}

// clockFinding compares the clock with the last act: a clock that went back tells wrong times.
func clockFinding(now, last term.Instant) Finding {
	if now.Time().Year() < firstRelease || last.Sub(now) > clockBack {
		return Finding{"clock", Bad, []any{keeping.When(now), keeping.When(last)}}
	}
	return Finding{"clock", Good, []any{keeping.When(now)}}
}

func wal(bytes int64) Finding {
	mib := float64(bytes) / (1 << 20)
	if bytes > keeping.LogLimit {
		return Finding{"wal", Warn, []any{mib}}
	}
	return Finding{"wal", Good, []any{mib}}
}

func nightly(name string, at, now term.Instant, zone *time.Location) Finding {
	switch {
	case at.IsZero():
		return Finding{Name: name, Tone: Warn}
	case keeping.Late(at, now):
		return Finding{name, Bad, []any{at.Stamp(zone)}}
	}
	return Finding{name, Good, []any{at.Stamp(zone)}}
}

// sheetFinding tells whether somebody has looked for the printed recovery sheet.
func sheetFinding(s keeping.Sheet, zone *time.Location) []Finding {
	switch {
	case s.Practice:
		return nil
	case s.Overdue:
		return []Finding{{"sheet", Warn, []any{s.Due.Stamp(zone)}}}
	}
	return []Finding{{"sheet", Good, []any{s.Due.Stamp(zone)}}}
}

// policyFinding tells of what browsers stopped on pages of the house since it was started; nothing
// when they stopped nothing.
func policyFinding(list []lan.Counted) []Finding {
	if len(list) == 0 {
		return nil
	}
	times := 0
	for _, v := range list {
		times += v.Times
	}
	return []Finding{{"policy", Warn, []any{times, list[0].Page, list[0].Directive, list[0].Blocked}}}
}

func (a *App) lastAct(ctx context.Context) (at term.Instant, err error) {
	err = a.DB.Read(ctx, func(r *store.Read) error {
		acts, err := r.Acts(store.ActFilter{Limit: 1})
		if len(acts) > 0 {
			at = acts[0].At
		}
		return err
	})
	return at, err
}

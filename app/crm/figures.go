package crm

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"meixu/app/access"
	"meixu/app/engine/rfm"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

const (
	newDays      = 30  // after the first visit
	activeDays   = 90  // since the last visit
	sleepingDays = 180 // since the last visit
	yearDays     = 365
	// countedAtOnce is how many files one transaction of the night counts.
	countedAtOnce = 10_000
	// churnANight bounds how many calls one night asks for, who spent most first.
	churnANight = 100
	churnWithin = 7 * 24 * time.Hour
	tiersAtOnce = 500
)

// Settings of the tiers: from how much money in 365 days, in yuan (row:C6).
const (
	SettingSilver  = "crm.tier.silver"
	SettingGold    = "crm.tier.gold"
	SettingDiamond = "crm.tier.diamond"
)

// TierYuan are the limits where nothing was set.
var TierYuan = map[string]int{SettingSilver: 10_000, SettingGold: 50_000, SettingDiamond: 200_000}

// tiers in rising order.
var tiers = []string{"normal", "silver", "gold", "diamond"}

func scaleOf(r *store.Read) (s store.FigureScale) {
	ago := func(days int) term.Instant { return r.Today().Add(-days).Start(r.Zone()) }
	s = store.FigureScale{Year: ago(yearDays), YearDay: r.Today().Add(-yearDays), Often: rfm.OftenYear, Money: rfm.MoneyYear}
	for i, days := range rfm.RecentDays {
		s.Recent[i] = ago(days)
	}
	s.New, s.Active, s.Sleeping = ago(newDays), ago(activeDays), ago(sleepingDays)
	return s
}

// Nightly counts every client anew, scores them, sets their stage and tier, and asks consultants to call
// those who begin to stay away. It says how many files it counted.
func (b *Book) Nightly(ctx context.Context, by access.Actor) (n int, err error) {
	if err := b.wake(ctx, by); err != nil {
		return 0, err
	}
	var last term.ClientID
	if err := b.DB.Read(ctx, func(r *store.Read) (err error) {
		last, err = r.LastFigured()
		return err
	}); err != nil {
		return 0, fault.FromStore(err, "counting clients")
	}
	for after := term.ClientID(0); after < last; after += countedAtOnce {
		if err := b.DB.WriteQuiet(ctx, func(tx *store.Tx) error {
			done, err := tx.Recount(scaleOf(tx.Read), after, after+countedAtOnce)
			n += int(done)
			return err
		}); err != nil {
			return n, fault.FromStore(err, "counting clients")
		}
	}
	return n, b.raise(ctx, by)
}

// wake asks for a call to everybody whose ninety days end tonight; it comes before the counting, which
// changes their stage.
func (b *Book) wake(ctx context.Context, by access.Actor) error {
	var gone []store.Figures
	if err := b.DB.Read(ctx, func(r *store.Read) (err error) {
		gone, err = r.FallingAsleep(scaleOf(r), churnANight)
		return err
	}); err != nil || len(gone) == 0 {
		return fault.FromStore(err, "looking who stays away")
	}
	return b.Write(ctx, by, access.TaskEscalate, func(tx *store.Tx) error {
		for _, f := range gone {
			if err := askBack(tx, f); err != nil {
				return err
			}
		}
		return nil
	})
}

// askBack asks the client's consultant to call, once for each absence.
func askBack(tx *store.Tx, f store.Figures) error {
	c, err := tx.Client(f.Client)
	if err != nil {
		return err
	}
	due := tx.Now().Add(churnWithin)
	_, err = task.Open(tx, task.New{
		Kind: "churn", Subject: store.Subject{Noun: "client", ID: int64(f.Client)}, Key: string(f.Last.Day(tx.Zone())), Client: f.Client,
		Role: access.Consultant, Staff: c.Consultant, Due: due, Warn: due.Add(-churnWithin / 2), Day: task.NoDay,
		Escalate: []task.Rung{{After: 24 * time.Hour, Role: access.Manager}},
		TitleKey: "task.title.churn", Args: []string{strconv.Itoa(daysSince(tx.Read, f.Last))},
	})
	return err
}

// daysSince counts whole days since somebody came.
func daysSince(r *store.Read, last term.Instant) int {
	return int(r.Now().Sub(last) / (24 * time.Hour))
}

// TierLimits are from how much money in 365 days the tiers begin.
func TierLimits(r *store.Read) (limits [3]term.Fen, err error) {
	for i, name := range []string{SettingSilver, SettingGold, SettingDiamond} {
		text, err := r.Setting(name)
		if err != nil {
			return limits, err
		}
		yuan, bad := strconv.Atoi(text)
		if bad != nil || yuan <= 0 {
			yuan = TierYuan[name]
		}
		limits[i] = term.Fen(yuan) * 100
	}
	return limits, nil
}

// raise sets the tier of everybody whose money of the year says another one; nobody loses a tier within
// a year of having it.
func (b *Book) raise(ctx context.Context, by access.Actor) error {
	for {
		var due []store.TierDue
		var limits [3]term.Fen
		if err := b.DB.Read(ctx, func(r *store.Read) (err error) {
			if limits, err = TierLimits(r); err != nil {
				return err
			}
			due, err = r.TiersDue(limits[0], limits[1], limits[2], r.Today().Add(-yearDays).Start(r.Zone()), tiersAtOnce)
			return err
		}); err != nil || len(due) == 0 {
			return fault.FromStore(err, "looking at tiers")
		}
		if err := b.Write(ctx, by, access.ClientTier, func(tx *store.Tx) error {
			for _, d := range due {
				if err := changeTier(tx, d, limits); err != nil {
					return err
				}
			}
			return nil
		}); err != nil || len(due) < tiersAtOnce {
			return err
		}
	}
}

// recount counts files anew at once, as a merge or its undoing leaves them; the night would do the same.
func recount(tx *store.Tx, clients ...term.ClientID) error {
	for _, id := range clients {
		if _, err := tx.Recount(scaleOf(tx.Read), id-1, id); err != nil {
			return err
		}
	}
	return nil
}

// raisedTo gives the file that stays the tier of what both paid together in the year, when that is higher
// than the chosen one.
func raisedTo(r *store.Read, into *store.Client, from term.ClientID) error {
	limits, err := TierLimits(r)
	if err != nil {
		return err
	}
	var year term.Fen
	for _, id := range []term.ClientID{into.ID, from} {
		f, err := r.FiguresOf(id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		year += f.YearSpent
	}
	for i, limit := range limits {
		if year >= limit && slices.Index(tiers, into.Tier) <= i {
			into.Tier = tiers[i+1]
		}
	}
	return nil
}

func changeTier(tx *store.Tx, d store.TierDue, limits [3]term.Fen) error {
	was, is := 0, 0
	for i, limit := range limits {
		if d.Year >= limit {
			is = i + 1
		}
		if d.Tier == tiers[i+1] {
			was = i + 1
		}
	}
	return tx.ChangeTier(&store.TierChange{
		Client: d.Client, Day: tx.Today(), From: tiers[was], To: tiers[is], YearFen: d.Year, LimitFen: limits[max(was, is)-1],
	})
}

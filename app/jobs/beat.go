package jobs

import (
	"context"
	"log/slog"
	"time"

	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

const (
	// beat is how often the timer wakes us.
	beat = time.Minute
	// again is how long a failed run of a day waits until it is tried again.
	again     = 30 * time.Minute
	timeOfDay = "15:04"
)

// Beat begins every job that is owed and does not run yet, in the background. It is called
// once a minute of real time; nothing depends on how much the clock moved meanwhile.
func (r *Runner) Beat() {
	r.mu.Lock()
	n := r.beats
	r.beats++
	r.mu.Unlock()
	for _, j := range r.list {
		if r.runs(j.Name) || j.Every > 0 && n%int64(j.Every/beat) != 0 {
			continue
		}
		if j.Every == 0 {
			if now, err := r.now(r.ctx, j); err != nil || !now {
				if err != nil {
					slog.Error("job not decided", "job", j.Name, "error", err)
				}
				continue
			}
		}
		r.wait.Go(func() { r.background(j) })
	}
}

// Day is the business day whose work is owed at a moment: today once its hour has come, else
// yesterday. local is in the clinic's zone.
func (j Job) Day(local time.Time) term.Day {
	if local.Format(timeOfDay) < j.At {
		local = local.AddDate(0, 0, -1)
	}
	return term.Day(local.Format(time.DateOnly))
}

// now says that a day's work is owed and was not tried just before.
func (r *Runner) now(ctx context.Context, j Job) (bool, error) {
	local := r.DB.Now().Time().In(r.DB.Zone())
	r.mu.Lock()
	done := r.done[j.Name] == j.Day(local)
	r.mu.Unlock()
	if done {
		return false, nil
	}
	_, owed, err := r.owed(ctx, j)
	return owed, err
}

// owed asks the ledger whether the work of the business day is still to be done, and not
// tried within the last half hour. A clinic that was not set up yet owes nothing.
func (r *Runner) owed(ctx context.Context, j Job) (day term.Day, owed bool, err error) {
	err = r.DB.Read(ctx, func(rd *store.Read) error {
		now := rd.Now()
		day = j.Day(now.Time().In(rd.Zone()))
		done, err := rd.JobDone(j.Name, day)
		if err != nil {
			return err
		}
		if done {
			r.mu.Lock()
			r.done[j.Name] = day
			r.mu.Unlock()
			return nil
		}
		last, ran, err := rd.LastRun(j.Name)
		if err != nil {
			return err
		}
		since := now.Sub(last.StartedAt)
		if ran && last.Day == day && since >= 0 && since < again {
			return nil
		}
		people, err := rd.StaffCount()
		owed = people > 0
		return err
	})
	return day, owed, fault.FromStore(err, "reading the ledger of jobs")
}

func (r *Runner) begin(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running[name] {
		return false
	}
	r.running[name] = true
	return true
}

func (r *Runner) runs(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.running[name]
}

func (r *Runner) end(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.running, name)
}

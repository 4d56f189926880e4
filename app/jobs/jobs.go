// Package jobs runs what the clinic does by the clock. A job is a deed with a clock for a
// hand: it runs as the system, through ordinary deeds. The timer only wakes us; whether a
// day's work is owed is decided by a ledger of business days, so that nights without power,
// sleep, summer time and clocks that jump neither lose a job nor do it twice (TR-17).
// Overlapping runs are skipped, and a panic ends one run and not the program.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// patience is how long Stop waits for running jobs.
const patience = 30 * time.Second

// ErrRunning says that the job runs already.
var ErrRunning = errors.New("jobs: runs already")

// Runner runs the list.
type Runner struct {
	deed.Doer
	list []Job
	cron *cron.Cron

	mu      sync.Mutex
	running map[string]bool
	done    map[string]term.Day // last business day known to be done, spares a query a beat
	beats   int64
	wait    sync.WaitGroup
	cancel  context.CancelFunc
	ctx     context.Context //nolint:containedctx // the life of the runner
}

// New checks the times and makes the runner; Start starts it.
func New(d deed.Doer, list []Job) (*Runner, error) {
	ctx, cancel := context.WithCancel(context.Background())
	r := &Runner{
		Doer: d, list: list, running: map[string]bool{}, done: map[string]term.Day{}, ctx: ctx, cancel: cancel,
		cron: cron.New(cron.WithLocation(d.DB.Zone())),
	}
	for _, j := range list {
		if _, err := time.Parse(timeOfDay, j.At); err != nil && (j.At != "" || j.Every < beat) {
			return nil, fmt.Errorf("jobs: time of %s: %w", j.Name, err)
		}
	}
	return r, nil
}

// Start marks runs that a crash cut off, does what is owed and starts the beat.
func (r *Runner) Start(ctx context.Context) error {
	if err := r.DB.WriteQuiet(ctx, (*store.Tx).BreakRuns); err != nil {
		return fault.FromStore(err, "closing broken runs")
	}
	r.Beat()
	r.cron.Schedule(cron.Every(beat), cron.FuncJob(r.Beat))
	r.cron.Start()
	return nil
}

// Stop stops the clock and waits for running jobs, 30 s at most.
func (r *Runner) Stop() {
	stopped := r.cron.Stop()
	r.cancel()
	done := make(chan struct{})
	go func() {
		<-stopped.Done()
		r.wait.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(patience):
		slog.Warn("jobs still running at shutdown")
	}
}

// Launch runs a job by hand in the background; how it goes is in its ledger.
func (r *Runner) Launch(by access.Actor, name string) error {
	if !by.May(access.JobRun) {
		return fault.Forbidden(string(access.JobRun))
	}
	for _, j := range r.list {
		if j.Name == name {
			if r.runs(name) {
				return fault.Clash("admin.job.running")
			}
			r.wait.Go(func() { r.background(j) })
			return nil
		}
	}
	return fault.NotFound("job")
}

// Wait waits for jobs that run in the background.
func (r *Runner) Wait() { r.wait.Wait() }

func (r *Runner) background(j Job) {
	_, err := r.run(r.ctx, j)
	if err != nil && !errors.Is(err, ErrRunning) {
		slog.Error("job failed", "job", j.Name, "error", err)
	}
}

// Run runs a job by hand now and says how many things it dealt with.
func (r *Runner) Run(ctx context.Context, by access.Actor, name string) (int, error) {
	if !by.May(access.JobRun) {
		return 0, fault.Forbidden(string(access.JobRun))
	}
	for _, j := range r.list {
		if j.Name == name {
			n, err := r.run(ctx, j)
			if errors.Is(err, ErrRunning) {
				return 0, fault.Clash("admin.job.running")
			}
			return n, err
		}
	}
	return 0, fault.NotFound("job")
}

func (r *Runner) run(ctx context.Context, j Job) (int, error) {
	if !r.begin(j.Name) {
		return 0, errors.Join(ErrRunning, r.note(&store.JobRun{Job: j.Name, Outcome: "skipped"}))
	}
	defer r.end(j.Name)
	if j.Every > 0 {
		return r.glance(ctx, j)
	}
	run := store.JobRun{Job: j.Name}
	day, owed, err := r.owed(ctx, j)
	if err != nil {
		return 0, err
	}
	if owed {
		run.Day = day
	}
	if err := r.note(&run); err != nil {
		return 0, err
	}
	n, err := guarded(ctx, j)
	run.Count, run.Outcome = n, "ok"
	if err != nil {
		run.Outcome, run.Error = "failed", err.Error()
	}
	return n, errors.Join(err, r.close(run))
}

// glance does work that is looked at again and again; it is in the ledger only when it found
// something to do, or failed.
func (r *Runner) glance(ctx context.Context, j Job) (int, error) {
	n, err := guarded(ctx, j)
	if n == 0 && err == nil {
		return 0, nil
	}
	run := store.JobRun{Job: j.Name}
	if noted := r.note(&run); noted != nil {
		return n, errors.Join(err, noted)
	}
	run.Count, run.Outcome = n, "ok"
	if err != nil {
		run.Outcome, run.Error = "failed", err.Error()
	}
	return n, errors.Join(err, r.close(run))
}

func (r *Runner) close(run store.JobRun) error {
	return r.DB.WriteQuiet(context.WithoutCancel(r.ctx), func(tx *store.Tx) error { return tx.EndJobRun(run) })
}

func (r *Runner) note(run *store.JobRun) error {
	return r.DB.WriteQuiet(context.WithoutCancel(r.ctx), func(tx *store.Tx) error { return tx.AddJobRun(run) })
}

func guarded(ctx context.Context, j Job) (n int, err error) {
	defer func() {
		if caught := recover(); caught != nil {
			err = fmt.Errorf("job %s panicked: %v", j.Name, caught)
		}
	}()
	return j.Run(ctx, access.System("job:"+j.Name))
}

// Line is a job with its last run, for the office.
type Line struct {
	Name, Plan, Outcome, Error string
	At                         term.Instant
	Count                      int
}

// Lines lists the jobs with their last runs.
func (r *Runner) Lines(ctx context.Context, by access.Actor) (lines []Line, err error) {
	err = r.Read(ctx, by, access.JobView, func(rd *store.Read) error {
		for _, j := range r.list {
			run, _, err := rd.LastRun(j.Name)
			if err != nil {
				return err
			}
			lines = append(lines, Line{j.Name, j.Plan(), run.Outcome, run.Error, run.StartedAt, run.Count})
		}
		return nil
	})
	return lines, err
}

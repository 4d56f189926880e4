// Package jobs runs what the clinic does by the clock. A job is a deed with a clock for a
// hand: it runs as the system, through ordinary deeds, and every run is kept in a ledger.
// Overlapping runs are skipped, missed ones are made up at start for jobs marked so, and a
// panic ends one run and not the program.
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
	wait    sync.WaitGroup
	cancel  context.CancelFunc
	ctx     context.Context //nolint:containedctx // the life of the runner
}

// New checks the schedules and makes the runner; Start starts it.
func New(d deed.Doer, list []Job) (*Runner, error) {
	ctx, cancel := context.WithCancel(context.Background())
	r := &Runner{
		Doer: d, list: list, running: map[string]bool{}, ctx: ctx, cancel: cancel,
		cron: cron.New(cron.WithLocation(d.DB.Zone())),
	}
	for _, j := range list {
		if _, err := r.cron.AddFunc(j.Spec, func() { r.background(j) }); err != nil {
			return nil, fmt.Errorf("jobs: schedule of %s: %w", j.Name, err)
		}
	}
	return r, nil
}

// Start marks runs that a crash cut off, makes up what was missed and starts the clock.
func (r *Runner) Start(ctx context.Context) error {
	if err := r.DB.WriteQuiet(ctx, (*store.Tx).BreakRuns); err != nil {
		return fault.FromStore(err, "closing broken runs")
	}
	for _, j := range r.list {
		missed, err := r.missed(ctx, j)
		if err != nil {
			return err
		}
		if missed {
			r.wait.Go(func() { r.background(j) })
		}
	}
	r.cron.Start()
	return nil
}

// missed says that a time of the schedule has passed since the last run. A job that never
// ran waits for its first time.
func (r *Runner) missed(ctx context.Context, j Job) (bool, error) {
	if !j.MakeUp {
		return false, nil
	}
	plan, err := cron.ParseStandard(j.Spec)
	if err != nil {
		return false, err
	}
	var last store.JobRun
	var ran bool
	var now term.Instant
	err = r.DB.Read(ctx, func(rd *store.Read) error {
		now = rd.Now()
		last, ran, err = rd.LastRun(j.Name)
		return err
	})
	if err != nil || !ran {
		return false, fault.FromStore(err, "reading runs")
	}
	return !plan.Next(last.StartedAt.Time().In(r.DB.Zone())).After(now.Time()), nil
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
	run := store.JobRun{Job: j.Name}
	if err := r.note(&run); err != nil {
		return 0, err
	}
	n, err := guarded(ctx, j)
	run.Count, run.Outcome = n, "ok"
	if err != nil {
		run.Outcome, run.Error = "failed", err.Error()
	}
	ledger := r.DB.WriteQuiet(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.EndJobRun(run) })
	return n, errors.Join(err, ledger)
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

// Line is a job with its last run, for the office.
type Line struct {
	Name, Spec, Outcome, Error string
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
			lines = append(lines, Line{j.Name, j.Spec, run.Outcome, run.Error, run.StartedAt, run.Count})
		}
		return nil
	})
	return lines, err
}

package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/ground"
	"meixu/app/keeping"
	"meixu/backup"
	"meixu/store"
	"meixu/store/seal"
	"meixu/store/term"
)

// prepare finishes a staged restore and saves the data before a migration changes them.
func prepare(ctx context.Context, o Options) error {
	facts, err := ground.Look(ctx, o.Dir)
	if err != nil {
		return err
	}
	if err := facts.Refusal(); err != nil {
		return err
	}
	if _, err := backup.Apply(o.Dir); err != nil {
		return err
	}
	pending, err := store.Pending(ctx, o.Dir)
	if err != nil || len(pending) == 0 {
		return err
	}
	keys, err := seal.Load(o.Dir)
	if err != nil {
		return err
	}
	from := backup.Source{Dir: o.Dir, Keys: keys, Now: term.At(o.Now()), Zone: keeping.Zone}
	if _, err = backup.Make(ctx, from, backup.Place{Address: keeping.Dir(o.Dir)}, backup.How{}); err != nil {
		return fmt.Errorf("backing up before %d migrations: %w", len(pending), err)
	}
	return nil
}

// Check looks through everything that must hold: pages and indexes of the database on a
// copy, the sealed chain of acts, the ledgers. The answer lists what is wrong.
func (a *App) Check(ctx context.Context) (wrong []string, err error) {
	dir, err := os.MkdirTemp("", "meixu-check-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file := filepath.Join(dir, store.File)
	if err := store.CopyTo(ctx, a.DB.Dir(), file); err != nil {
		return nil, fmt.Errorf("copying the database: %w", err)
	}
	if _, err := store.Inspect(ctx, file); err != nil {
		wrong = append(wrong, "database: "+err.Error())
	}
	if err := a.DB.VerifyChain(ctx); err != nil {
		wrong = append(wrong, "record: "+err.Error())
	}
	err = a.DB.Read(ctx, func(r *store.Read) error {
		faults, err := r.CheckLedger()
		for _, f := range faults {
			wrong = append(wrong, fmt.Sprintf("ledger: movement %d %s", f.Move, f.What))
		}
		return err
	})
	return wrong, err
}

// checkRecord and checkLedger are the nightly jobs over the same ground.
func (a *App) checkRecord(ctx context.Context, _ access.Actor) (int, error) {
	wrong, err := a.Check(ctx)
	if err == nil && len(wrong) > 0 {
		err = fmt.Errorf("check: %s", wrong[0])
	}
	return len(wrong), err
}

func (a *App) nightlyBackup(ctx context.Context, by access.Actor) (int, error) {
	report, err := a.Keeping.Backup(ctx, by, keeping.Place{}, nil)
	return report.Files, err
}

func (a *App) incrementBackup(ctx context.Context, by access.Actor) (int, error) {
	return 0, a.Keeping.Increment(ctx, by)
}

func (a *App) drillBackup(ctx context.Context, by access.Actor) (int, error) {
	drilled, err := a.Keeping.Drill(ctx, by)
	return drilled.Photos, err
}

// Trouble is the words key of an error that keeps the program from opening a data folder;
// "" when it is none of the known ones.
func Trouble(err error) string {
	var refused *ground.Refused
	switch {
	case errors.As(err, &refused):
		return refused.Key
	case errors.Is(err, store.ErrLocked):
		return "cli.locked"
	case errors.Is(err, store.ErrNewer):
		return "cli.newer"
	case errors.Is(err, store.ErrForeign):
		return "cli.foreign"
	case errors.Is(err, seal.ErrNoKeys):
		return "cli.nokeys"
	case errors.Is(err, syscall.ENOTDIR):
		return "cli.nofolder"
	case keeping.Known(err) != "":
		return keeping.Known(err)
	case fault.NoRoom(err):
		return "cli.full"
	case errors.Is(err, store.ErrDamaged):
		return "cli.broken"
	case errors.Is(err, store.ErrDenied), errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return "cli.denied"
	}
	return ""
}

// Exists says that a data folder holds a clinic.
func Exists(dataDir string) bool {
	_, err := os.Stat(filepath.Join(dataDir, store.File))
	return err == nil
}

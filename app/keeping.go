package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/backup"
	"meixu/store"
	"meixu/store/seal"
	"meixu/store/term"
)

// BackupDir is the folder for backups inside a data folder, used when no other is named.
func BackupDir(dataDir string) string { return filepath.Join(dataDir, "backups") }

// prepare finishes a staged restore and saves the data before a migration changes them.
func prepare(ctx context.Context, o Options) error {
	if _, err := backup.Apply(o.Dir); err != nil {
		return err
	}
	pending, err := store.Pending(ctx, o.Dir)
	if err != nil || len(pending) == 0 {
		return err
	}
	zone := time.FixedZone("Asia/Shanghai", 8*60*60)
	_, err = backup.MakeClosed(ctx, o.Dir, BackupDir(o.Dir), term.At(o.Now()), zone)
	if err != nil {
		return fmt.Errorf("backing up before %d migrations: %w", len(pending), err)
	}
	return nil
}

// Backup writes a verified backup now; an empty folder means the one in the data folder.
func (a *App) Backup(ctx context.Context, by access.Actor, to string) (backup.Report, error) {
	if !by.May(access.BackupMake) {
		return backup.Report{}, fault.Forbidden(string(access.BackupMake))
	}
	if to == "" {
		to = BackupDir(a.DB.Dir())
	}
	report, err := backup.Make(ctx, a.DB, to)
	if err != nil {
		return report, fmt.Errorf("backing up: %w", err)
	}
	err = a.Write(ctx, by, access.BackupMake, func(tx *store.Tx) error {
		return tx.SaveSetting(settingBackup, report.At.String())
	})
	return report, err
}

// settingBackup keeps when the last good backup was made.
const settingBackup = "backup.last"

// LastBackup is when the last good backup was made; zero when never.
func (a *App) LastBackup(ctx context.Context) (at term.Instant, err error) {
	err = a.DB.Read(ctx, func(r *store.Read) error {
		text, err := r.Setting(settingBackup)
		if err != nil {
			return err
		}
		at, err = term.ParseInstant(text)
		return err
	})
	return at, fault.FromStore(err, "reading the last backup")
}

// Restore checks a backup and prepares it for the next start; code is the recovery code,
// needed on a machine without the clinic's key. The program must not be running.
func Restore(ctx context.Context, dataDir, from, code string) (backup.Manifest, error) {
	if err := store.Alone(dataDir, func() error { return nil }); err != nil {
		return backup.Manifest{}, err
	}
	m, err := backup.Stage(ctx, dataDir, from, code)
	if err != nil {
		return m, err
	}
	_, err = backup.Apply(dataDir)
	return m, err
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
	report, err := a.Backup(ctx, by, "")
	return report.Files, err
}

// Trouble is the words key of an error that keeps the program from opening a data folder;
// "" when it is none of the known ones.
func Trouble(err error) string {
	switch {
	case errors.Is(err, store.ErrLocked):
		return "cli.locked"
	case errors.Is(err, store.ErrNewer):
		return "cli.newer"
	case errors.Is(err, store.ErrForeign):
		return "cli.foreign"
	case errors.Is(err, seal.ErrNoKeys), errors.Is(err, backup.ErrNeedsCode):
		return "cli.nokeys"
	case errors.Is(err, seal.ErrCode):
		return "cli.code"
	case errors.Is(err, syscall.ENOTDIR):
		return "cli.nofolder"
	case errors.Is(err, backup.ErrDamaged):
		return "cli.damaged"
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

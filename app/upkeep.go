package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/ground"
	"meixu/app/keeping"
	"meixu/backup"
	"meixu/store"
	"meixu/store/file"
	"meixu/store/seal"
	"meixu/store/term"
)

// prepare opens the keys (nil: there are none yet), finishes a staged restore and saves the data
// before a migration changes them. The keys come first: with a wrong passphrase nothing is done.
func prepare(ctx context.Context, o Options) (keys *seal.Keyring, err error) {
	facts, err := ground.Look(ctx, o.Dir)
	if err != nil {
		return nil, err
	}
	if err := facts.Refusal(); err != nil {
		return nil, err
	}
	keys, err = seal.Open(o.Dir, o.Passphrase)
	if err != nil && !errors.Is(err, seal.ErrNoKeys) {
		return nil, err
	}
	if _, err := backup.Apply(o.Dir, term.At(o.Now()), o.Passphrase); err != nil {
		return nil, err
	}
	return keys, saved(ctx, o, keys)
}

// saved makes a backup when the next start would migrate the data.
func saved(ctx context.Context, o Options, keys *seal.Keyring) error {
	pending, err := store.Pending(ctx, o.Dir)
	if err != nil || len(pending) == 0 {
		return err
	}
	if keys == nil {
		return seal.ErrNoKeys
	}
	from := backup.Source{Dir: o.Dir, Keys: keys, Now: term.At(o.Now()), Zone: keeping.Zone}
	if from.Owed, err = backup.OwedPhotos(o.Dir, keys, func() term.Instant { return term.At(o.Now()) }); err != nil && !errors.Is(err, backup.ErrDamaged) {
		return err
	}
	if _, err = backup.Make(ctx, from, backup.Place{Address: keeping.Dir(o.Dir)}, backup.How{}); err != nil {
		return fmt.Errorf("backing up before %d migrations: %w", len(pending), err)
	}
	return nil
}

// Checked is what a look through everything found.
type Checked struct {
	Wrong  []string // sentences for the log
	Broken *keeping.Break
	Seen   store.Verified
	Log    store.AnchorLog
	Away   []string // places that could not be asked for their anchors
	Full   bool     // the seals of all days were verified, by the recovery code
	Paper  *Paper
}

// Paper is the end of the trail as it was printed on some day, and whether it still fits.
type Paper struct {
	Act  term.ActID
	Code string
	Fits bool
}

// ParsePaper reads "1234=7K3QF-9M2XA"; ok is false when it is not of this form.
func ParsePaper(text string) (p Paper, ok bool) {
	act, code, cut := strings.Cut(strings.ReplaceAll(text, "＝", "="), "=")
	n, err := strconv.ParseInt(strings.TrimSpace(act), 10, 64)
	p.Act, p.Code = term.ActID(n), paperLetters.Replace(strings.ToUpper(code))
	return p, cut && err == nil && len(p.Code) == 10
}

// paperLetters forgives what is easily misread or left out.
var paperLetters = strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1")

// compare looks whether the trail still has the code at the act.
func (p *Paper) compare(r *store.Read) error {
	a, err := r.AnchorOf(p.Act)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	p.Fits = paperLetters.Replace(a.Code()) == p.Code
	return err
}

// Wish says what beside the usual is to be checked.
type Wish struct {
	Code  string // the printed recovery code: the seals of all days
	Paper *Paper // the code of a printed day closing
}

// Check looks through everything that must hold: pages and indexes of the database on a
// copy, the sealed chain of acts, the ledgers. The answer lists what is wrong.
func (a *App) Check(ctx context.Context) (wrong []string, err error) {
	found, err := a.CheckAll(ctx, Wish{})
	return found.Wrong, err
}

// CheckAll is Check with all that was seen. The printed recovery code verifies the seals of all
// days, also against somebody who has this machine with its keys.
func (a *App) CheckAll(ctx context.Context, w Wish) (c Checked, err error) {
	first, err := a.firstKey(ctx, w.Code)
	if err != nil {
		return c, err
	}
	if err := a.inspect(ctx, &c); err != nil {
		return c, err
	}
	var anchors []store.Anchor
	if anchors, c.Log, c.Away, err = a.Keeping.Anchors(ctx); err != nil {
		return c, err
	}
	if c.Log.Changed > 0 {
		c.Wrong = append(c.Wrong, fmt.Sprintf("anchors: line %d of %s was changed", c.Log.Changed, store.AnchorFile))
	}
	c.Full = first != nil
	c.Seen, err = a.DB.VerifyDays(ctx, first, anchors...)
	if c.Broken = a.Keeping.Verified(err); err != nil {
		c.Wrong = append(c.Wrong, "record: "+err.Error())
	}
	c.Paper = w.Paper
	err = a.DB.Read(ctx, func(r *store.Read) error {
		if c.Paper != nil {
			if err := c.Paper.compare(r); err != nil {
				return err
			}
		}
		faults, err := r.CheckLedger()
		for _, f := range faults {
			c.Wrong = append(c.Wrong, fmt.Sprintf("ledger: movement %d %s", f.Move, f.What))
		}
		return err
	})
	return c, err
}

// firstKey is where the seals of the days begin, by the printed code. When the key of the day was
// lost, or is still that of the sheet of before, the code takes them up again.
func (a *App) firstKey(ctx context.Context, code string) (*seal.DayKey, error) {
	if code == "" {
		return nil, nil //nolint:nilnil // no code, no key
	}
	sheet, err := seal.ReadRecovery(a.DB.Dir())
	if err != nil {
		return nil, err
	}
	first, err := sheet.FirstKey(code)
	if err != nil {
		return nil, err
	}
	return first, a.DB.BeginDays(ctx, first)
}

// inspect looks at every page and index on a copy.
func (a *App) inspect(ctx context.Context, c *Checked) (err error) {
	dir, err := os.MkdirTemp("", "meixu-check-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file := filepath.Join(dir, store.File)
	if err := store.CopyTo(ctx, a.DB.Dir(), file); err != nil {
		return fmt.Errorf("copying the database: %w", err)
	}
	if _, err := store.Inspect(ctx, file); err != nil {
		c.Wrong = append(c.Wrong, "database: "+err.Error())
	}
	return nil
}

// checkRecord and checkLedger are the nightly jobs over the same ground.
func (a *App) checkRecord(ctx context.Context, _ access.Actor) (int, error) {
	wrong, err := a.Check(ctx)
	if err == nil && len(wrong) > 0 {
		err = fmt.Errorf("check: %s", wrong[0])
	}
	return len(wrong), err
}

// anchorRecord notes every hour where the trail ends.
func (a *App) anchorRecord(ctx context.Context, by access.Actor) (int, error) {
	return 0, a.Keeping.Anchor(ctx, by)
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
	case keyTrouble(err) != "":
		return keyTrouble(err)
	case file.NotFolder(err):
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

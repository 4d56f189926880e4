package keeping

import (
	"context"
	"time"

	"meixu/backup"
	"meixu/backup/target"
	"meixu/store/term"
)

// What the command line needs of package backup.
type (
	// Place is where backups are kept.
	Place = backup.Place
	// Secrets are what an address must not carry.
	Secrets = target.Secrets
	// Wish says what is to be restored.
	Wish = backup.Wish
	// Found is a backup that can be restored, looked at but not brought in yet.
	Found = backup.Found
	// Staged is a restore that waits for the next start.
	Staged = backup.Staged
	// Head is what anybody may read of a backup.
	Head = backup.Head
	// Report says what a backup run did.
	Report = backup.Report
	// Meter is told how far a long deed is.
	Meter = backup.Progress
)

// ErrNeedsCode says that the machine has no key: the printed recovery code is needed.
var ErrNeedsCode = backup.ErrNeedsCode

// When spells an instant in the clinic's time, also where no database is open yet.
func When(at term.Instant) string { return at.Stamp(Zone) }

// Zone is the time zone of clinics.
var Zone = time.FixedZone("Asia/Shanghai", 8*60*60)

// Remote says that an address names another machine and no folder of this one.
func Remote(address string) bool { return target.Remote(address) }

// Waiting is a restore that takes effect at the next start.
type Waiting = backup.Waiting

// Waits tells of the restore that a data folder waits for; nil when there is none.
func Waits(dataDir string) (*Waiting, error) { return backup.Waits(dataDir) }

// List names the backups of a place, newest first; no key is needed.
func List(ctx context.Context, p Place) ([]Head, error) { return backup.List(ctx, p) }

// Look opens the backup that is wished for and says what would be lost; nothing changes.
func Look(ctx context.Context, dataDir string, w Wish) (Found, error) {
	return backup.Look(ctx, dataDir, w)
}

// Stage checks a backup and prepares it for the next start of the program.
func Stage(ctx context.Context, dataDir string, w Wish) (Staged, error) {
	return backup.Stage(ctx, dataDir, w)
}

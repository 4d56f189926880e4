package media

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/backup"
	"meixu/backup/target"
	"meixu/store"
)

// A restore brings the database first; pictures that are not here yet are owed. Whoever wants to
// see one has it fetched at once, and the rest comes by and by.

// SetOwed tells the shelf which pictures a restore still owes, or that none is owed (nil).
func (s *Shelf) SetOwed(o *backup.Owed) error { return s.owed.Swap(o).Close() }

// Owed are the pictures that a restore still owes; nil when none.
func (s *Shelf) Owed() *backup.Owed { return s.owed.Load() }

// Return fetches pictures that are owed: thumbnails first, which lists show, then the newest
// pictures, which people ask for. What the depot has, or no row speaks of, is owed no more.
func (s *Shelf) Return(ctx context.Context, room func() bool, told func()) (n int, err error) {
	owed := s.owed.Load()
	if owed == nil {
		return 0, nil
	}
	var newest []string
	if err := s.db.Read(ctx, func(r *store.Read) (err error) {
		newest, err = r.MediaNewest()
		return err
	}); err != nil {
		return 0, fault.FromStore(err, "listing pictures")
	}
	rank := make(map[string]int, len(newest))
	for i, name := range newest {
		rank[name] = i + 1
	}
	d := s.depot.Load()
	if d != nil {
		if _, err := d.open(ctx); err != nil {
			d = nil // it is away: the backup has what it has
		}
	}
	return owed.Pull(ctx, backup.Pull{
		Room: room, Told: told,
		Skip: func(name string) bool {
			return rank[rowOf(name)] == 0 || d != nil && !d.Leaving && d.holds(name)
		},
		Order: func(names []string) {
			slices.SortFunc(names, func(a, b string) int {
				if x, y := strings.HasSuffix(a, string(Thumb)), strings.HasSuffix(b, string(Thumb)); x != y {
					if x {
						return -1
					}
					return 1
				}
				return rank[rowOf(a)] - rank[rowOf(b)]
			})
		},
	})
}

// bring fetches a picture that is not in the folder from where it lies. Many who want the same one
// at once wait for one fetch; who comes late finds the file.
func (s *Shelf) bring(ctx context.Context, name string) error {
	_, err, _ := s.coming.Do(name, func() (any, error) {
		if _, err := os.Stat(filepath.Join(s.dir, filepath.FromSlash(name))); err == nil {
			return nil, nil
		}
		return nil, s.bringOne(context.WithoutCancel(ctx), name) // who leaves first takes it from no other
	})
	return err
}

func (s *Shelf) bringOne(ctx context.Context, name string) error {
	err := s.fetch(ctx, name)
	owed := s.owed.Load()
	if err == nil || !owed.Owes(name) {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, depotWait)
	defer cancel()
	err = owed.Fetch(ctx, name)
	switch state := owed.State(); {
	case errors.Is(err, target.ErrAway), errors.Is(err, context.DeadlineExceeded):
		return fault.Refuse("TR-11", "media.owed.away", state.Address).Ask(string(access.SysAdmin)).Because(err)
	case errors.Is(err, backup.ErrDamaged):
		return fault.Refuse("TR-11", "media.owed.bad", state.Address).Ask(string(access.SysAdmin)).Because(err)
	case errors.Is(err, fs.ErrNotExist): // it came meanwhile
		return nil
	}
	return err
}

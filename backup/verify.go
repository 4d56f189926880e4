package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"

	"meixu/store"
)

// check proves a backup before it gets its name: every new blob is read back from the
// target; unless it is quick, the database is put together from there and every page and
// index of it looked at.
func (v *vault) check(ctx context.Context, m Manifest, fresh []string, quick bool) error {
	if !quick {
		return v.rebuilt(ctx, m, func(string) error { return v.readBack(ctx, fresh) })
	}
	return v.readBack(ctx, fresh)
}

func (v *vault) readBack(ctx context.Context, ids []string) error {
	for _, id := range ids {
		if _, err := v.get(ctx, id); err != nil {
			return fmt.Errorf("reading back: %w", err)
		}
	}
	return nil
}

// rebuilt puts the database of a backup together in a folder of its own, compares it with
// the manifest, and gives the folder to fn. It is gone afterwards.
func (v *vault) rebuilt(ctx context.Context, m Manifest, fn func(dir string) error) (err error) {
	dir, err := os.MkdirTemp("", "meixu-verify-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file := filepath.Join(dir, store.File)
	if err := v.database(ctx, m, file); err != nil {
		return err
	}
	if err := inspect(ctx, m, file); err != nil {
		return err
	}
	return fn(dir)
}

// database writes the database of a backup into a new file, byte for byte as it was.
func (v *vault) database(ctx context.Context, m Manifest, file string) error {
	blobs, err := v.databaseBlobs(ctx, m)
	if err != nil {
		return err
	}
	hash := sha256.New()
	if err := v.assemble(ctx, blobs, m.Database.Size, file, hash); err != nil {
		return err
	}
	if hex.EncodeToString(hash.Sum(nil)) != m.Database.SHA256 {
		return fmt.Errorf("%w: the database is not the one of the manifest", ErrDamaged)
	}
	return nil
}

func (v *vault) databaseBlobs(ctx context.Context, m Manifest) (blobs []string, err error) {
	list, err := v.get(ctx, m.Database.List)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(list, &blobs); err != nil {
		return nil, fmt.Errorf("%w: the list of the database cannot be read", ErrDamaged)
	}
	return blobs, nil
}

// inspect looks at every page and index of a closed database, and compares its counts and
// the end of its trail with the manifest.
func inspect(ctx context.Context, m Manifest, file string) error {
	facts, err := store.Inspect(ctx, file)
	if err != nil {
		if errors.Is(err, store.ErrNewer) {
			return err
		}
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if facts.Schema != m.Schema || !maps.Equal(facts.Rows, m.Rows) || facts.Anchor.Act != m.Anchor.Act ||
		!bytes.Equal(facts.Anchor.MAC, m.Anchor.MAC) {
		return fmt.Errorf("%w: database and manifest tell different things", ErrDamaged)
	}
	return nil
}

// live lists every blob a backup stands on. lists remembers what lists name, for backups
// share them.
func (v *vault) live(ctx context.Context, m Manifest, lists map[string][]string) ([]string, error) {
	all := []string{m.Database.List}
	if _, ok := lists[m.Database.List]; !ok {
		blobs, err := v.databaseBlobs(ctx, m)
		if err != nil {
			return nil, err
		}
		lists[m.Database.List] = blobs
	}
	all = append(all, lists[m.Database.List]...)
	if m.AwaitedList != "" { // the list is here, what it names is not
		all = append(all, m.AwaitedList)
	}
	for list := range maps.Values(m.Media) {
		if _, ok := lists[list]; !ok {
			files, err := v.mediaIn(ctx, list)
			if err != nil {
				return nil, err
			}
			lists[list] = []string{}
			for _, f := range files {
				lists[list] = append(lists[list], f.Blobs...)
			}
		}
		all = append(append(all, list), lists[list]...)
	}
	return all, nil
}

// known is what the target holds according to its last backup. A whole backup believes
// only what is seen there, so that what was lost is sent again.
func (v *vault) known(ctx context.Context, last *Manifest, quick bool) (map[string]bool, error) {
	known := map[string]bool{}
	if last == nil {
		return known, nil
	}
	blobs, err := v.live(ctx, *last, map[string][]string{})
	if errors.Is(err, ErrDamaged) {
		return known, nil
	}
	if err != nil {
		return nil, err
	}
	for _, id := range blobs {
		known[id] = true
	}
	if quick {
		return known, nil
	}
	there, err := v.blobsThere(ctx)
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(known, func(id string, _ bool) bool { return !there[id] })
	return known, nil
}

// blobsThere lists the blobs that lie on the target.
func (v *vault) blobsThere(ctx context.Context) (map[string]bool, error) {
	files, err := v.at.List(ctx, blobFolder)
	if err != nil {
		return nil, err
	}
	there := make(map[string]bool, len(files))
	for _, f := range files {
		if f.Size > 0 {
			there[filepath.Base(filepath.FromSlash(f.Name))] = true
		}
	}
	return there, nil
}

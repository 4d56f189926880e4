package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"meixu/backup/target"
)

// mediaFile is one sealed media file of a backup.
type mediaFile struct {
	Name  string   `json:"name"` // under the media folder, with forward slashes
	Size  int64    `json:"size"`
	Blobs []string `json:"blobs"`
}

// mediaDir is the media of a clinic whose photos all lie in one folder.
type mediaDir string

func (s Source) media() Media {
	if s.Media != nil {
		return s.Media
	}
	return mediaDir(filepath.Join(s.Dir, mediaFolder))
}

// Files lists the folder; nothing in a clinic without photos yet.
func (d mediaDir) Files(ctx context.Context) (files []target.File, err error) {
	at, err := target.Read(ctx, string(d), target.Secrets{})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, at.Close()) }()
	return at.List(ctx, ".")
}

// File opens a file of the folder.
func (d mediaDir) File(_ context.Context, name string) (io.ReadCloser, error) {
	in, err := os.Open(filepath.Join(string(d), filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", target.ErrMissing, name)
	}
	return in, err
}

// sendMedia sends the sealed media files that the place does not have. They never change
// once written, and a file that disappears meanwhile was an orphan. Photos that a restore still
// owes are not forgotten: where the place holds their blobs they are in the backup all the same,
// else the backup names them as awaited.
func (v *vault) sendMedia(ctx context.Context, s Source, last *Manifest, to *sender, m *Manifest) error {
	owed := s.Owed.missing() // before the listing: what arrives in between is listed
	folders, err := mediaFolders(ctx, s.media(), owed)
	if err != nil {
		return fmt.Errorf("listing media: %w", err)
	}
	if err := v.recognise(ctx, owed, last, to); err != nil {
		return err
	}
	m.Media = map[string]string{}
	var awaited []mediaFile
	for folder, files := range folders {
		before, err := v.mediaBefore(ctx, last, folder)
		if err != nil {
			return err
		}
		var kept []mediaFile
		for _, f := range files {
			f, err := sendNew(ctx, s, f, before, to)
			switch {
			case errors.Is(err, errAwaited):
				awaited = append(awaited, f)
				continue
			case errors.Is(err, target.ErrMissing):
				continue
			case err != nil:
				return fmt.Errorf("copying media: %w", err)
			}
			to.passed(f.Size)
			kept = append(kept, f)
			m.Files++
			m.Bytes += f.Size
		}
		if len(kept) == 0 {
			continue
		}
		if m.Media[folder], err = to.sendList(kept); err != nil {
			return err
		}
	}
	return v.await(s, awaited, to, m)
}

// errAwaited says that a photo is neither here nor on the place.
var errAwaited = errors.New("backup: a photo that a restore still owes")

// sendNew sends a file unless the place has it. Only one that is owed knows its blobs already.
func sendNew(ctx context.Context, s Source, f mediaFile, before map[string]mediaFile, to *sender) (_ mediaFile, err error) {
	if had, ok := before[f.Name]; ok && had.Size == f.Size && to.has(had.Blobs) {
		return had, nil
	}
	if f.Blobs == nil {
		f.Blobs, err = sendFile(ctx, s.media(), f.Name, to)
	} else if !to.has(f.Blobs) {
		err = errAwaited
	}
	return f, err
}

// await names in the manifest what is neither here nor on this place yet.
func (v *vault) await(s Source, awaited []mediaFile, to *sender, m *Manifest) (err error) {
	if len(awaited) == 0 {
		return nil
	}
	m.Awaited, m.AwaitedFrom = len(awaited), s.Owed.State().Address
	m.AwaitedList, err = to.sendList(awaited)
	return err
}

// recognise looks which photos that are owed the place holds already. An increment does not look
// again when the backup before found none.
func (v *vault) recognise(ctx context.Context, owed map[string]mediaFile, last *Manifest, to *sender) error {
	unknown := map[string]bool{}
	for _, f := range owed {
		for _, id := range f.Blobs {
			if !to.has([]string{id}) {
				unknown[id] = true
			}
		}
	}
	if len(unknown) == 0 || last == nil || to.quick && last.Awaited > 0 {
		return nil
	}
	there, err := v.blobsThere(ctx)
	if err != nil {
		return err
	}
	to.mu.Lock()
	defer to.mu.Unlock()
	for id := range unknown {
		if there[id] {
			to.known[id] = true
		}
	}
	return nil
}

// has says that all blobs are on the target or on their way.
func (s *sender) has(ids []string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !slices.ContainsFunc(ids, func(id string) bool { return !s.known[id] })
}

// mediaFolders lists the media files by their folder, those that are owed too; owed keeps those
// that are not here.
func mediaFolders(ctx context.Context, from Media, owed map[string]mediaFile) (folders map[string][]mediaFile, err error) {
	files, err := from.Files(ctx)
	if err != nil {
		return nil, err
	}
	folders = map[string][]mediaFile{}
	for _, f := range files {
		in := path.Dir(f.Name)
		folders[in] = append(folders[in], mediaFile{Name: f.Name, Size: f.Size})
		delete(owed, f.Name)
	}
	for _, f := range owed {
		folders[path.Dir(f.Name)] = append(folders[path.Dir(f.Name)], f)
	}
	return folders, nil
}

// mediaBefore lists what the last backup held of a folder.
func (v *vault) mediaBefore(ctx context.Context, last *Manifest, folder string) (map[string]mediaFile, error) {
	if last == nil || last.Media[folder] == "" {
		return nil, nil
	}
	files, err := v.mediaIn(ctx, last.Media[folder])
	if errors.Is(err, ErrDamaged) {
		return nil, nil // it is sent anew
	}
	before := make(map[string]mediaFile, len(files))
	for _, f := range files {
		before[f.Name] = f
	}
	return before, err
}

// mediaIn reads the list of a folder.
func (v *vault) mediaIn(ctx context.Context, list string) (files []mediaFile, err error) {
	text, err := v.get(ctx, list)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &files); err != nil {
		return nil, fmt.Errorf("%w: a list of media cannot be read", ErrDamaged)
	}
	for _, f := range files {
		if !filepath.IsLocal(filepath.FromSlash(f.Name)) {
			return nil, fmt.Errorf("%w: a media file has a name that leads outside", ErrDamaged)
		}
	}
	return files, nil
}

// sendFile sends a file in pieces.
func sendFile(ctx context.Context, from Media, name string, to *sender) (ids []string, err error) {
	in, err := from.File(ctx, name)
	if err != nil {
		return nil, err
	}
	defer in.Close() //nolint:errcheck // only read
	for {
		piece := make([]byte, photoSize)
		n, err := io.ReadFull(in, piece)
		if n > 0 {
			id, err := to.send(piece[:n])
			if err != nil {
				return nil, err
			}
			ids = append(ids, id)
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return ids, nil
		case err != nil:
			return nil, err
		}
	}
}

// assemble writes blobs one after the other into a file and makes it durable; also reads
// along.
func (v *vault) assemble(ctx context.Context, blobs []string, size int64, file string, also io.Writer) (err error) {
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return ownDiskError{err}
	}
	defer func() {
		if closed := out.Close(); err == nil && closed != nil {
			err = ownDiskError{closed}
		}
	}()
	var written int64
	for _, id := range blobs {
		plain, err := v.get(ctx, id)
		if err != nil {
			return err
		}
		if _, err := io.MultiWriter(out, also).Write(plain); err != nil {
			return ownDiskError{err}
		}
		written += int64(len(plain))
	}
	if written != size {
		return fmt.Errorf("%w: %d of %d bytes", ErrDamaged, written, size)
	}
	if err := out.Sync(); err != nil {
		return ownDiskError{err}
	}
	return nil
}

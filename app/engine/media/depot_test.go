package media_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/stretchr/testify/require"

	"meixu/app/engine/media"
	"meixu/app/fault"
	"meixu/backup"
	"meixu/backup/target"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

// objects is a real S3-compatible server with one bucket.
func objects(t *testing.T) (address string, server *httptest.Server) {
	t.Helper()
	memory := s3mem.New()
	require.NoError(t, memory.CreateBucket("photos"))
	server = httptest.NewServer(gofakes3.New(memory).Server())
	t.Cleanup(server.Close)
	return "s3://photos/clinic?endpoint=" + server.URL, server
}

func (b *bench) depot(address string, cache int64, leaving bool) {
	b.t.Helper()
	require.NoError(b.t, b.shelf.SetDepot(&media.Depot{
		Open: func(ctx context.Context) (target.Target, error) {
			return target.Open(ctx, address, target.Secrets{Key: "key", Secret: "secret"})
		},
		Cache: cache, Leaving: leaving,
	}))
	b.t.Cleanup(func() { require.NoError(b.t, b.shelf.SetDepot(nil)) }) // Windows removes no open folder
}

func shot(t *testing.T, wide, tall int) []byte {
	t.Helper()
	return jpegOf(t, picture(wide, tall))
}

// rows are the pictures in the order in which they were kept.
func (b *bench) rows() (list []store.Media) {
	b.t.Helper()
	require.NoError(b.t, b.db.Read(context.Background(), func(r *store.Read) error {
		for id := term.MediaID(1); ; id++ {
			m, err := r.Media(id)
			if errors.Is(err, store.ErrNotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			list = append(list, m)
		}
	}))
	return list
}

// keyOf is the words key of a refusal.
func keyOf(err error) string {
	var refused *fault.Error
	if errors.As(err, &refused) {
		return refused.Key
	}
	return ""
}

func (b *bench) away() media.Moved {
	b.t.Helper()
	m, err := b.shelf.Away(context.Background())
	require.NoError(b.t, err)
	return m
}

func (b *bench) look(m int64, size media.Size) ([]byte, error) {
	row := b.rows()[m]
	in, _, err := b.shelf.Open(context.Background(), storetest.Act("media.view"), row.ID, size)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(in)
}

// TestPhotosLeaveTheDiskAndComeBack: what the depot has may leave the folder, is shown all the
// same, stands in the backup, and comes home when the clinic leaves the depot.
func TestPhotosLeaveTheDiskAndComeBack(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	address, server := objects(t)
	storetest.Sheet(t, b.db.Dir())
	for range 3 {
		b.keep(shot(t, 640, 480))
	}
	_, err := b.take(shot(t, 64, 48)) // without a row yet
	require.NoError(t, err)
	require.Equal(t, media.Moved{}, b.away(), "no depot, no work")
	require.Len(t, b.files(), 8)
	first, err := b.look(0, media.Full)
	require.NoError(t, err)

	b.depot(address, 1<<40, false)
	require.Equal(t, media.Moved{Sent: 6}, b.away(), "what has no row may be an orphan")
	require.Equal(t, media.Moved{}, b.away(), "sent once")
	b.depot(address, 0, false) // a new start of the program: it asks the depot what is there
	require.Equal(t, media.Moved{Dropped: 6}, b.away())
	require.Len(t, b.files(), 2, "the orphans")

	again, err := b.look(0, media.Full)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Len(t, b.files(), 3, "what was looked at is here again")
	b.clock.Forward(900 * 24 * 3600e9) // files carry the time of the real disk
	swept, err := b.shelf.Sweep(context.Background())
	require.NoError(t, err)
	require.Equal(t, 2, swept)

	files, err := b.shelf.Files(context.Background())
	require.NoError(t, err)
	require.Len(t, files, 6)
	s := backup.SourceOf(b.db)
	s.Media = b.shelf
	report, err := backup.Make(context.Background(), s, backup.Place{Address: t.TempDir()}, backup.How{})
	require.NoError(t, err)
	require.Equal(t, 6, report.Files, "the backup has what only the depot has")

	b.depot(address, 0, true)
	require.Equal(t, media.Moved{Fetched: 5, Home: true}, b.away())
	server.Close()
	for i := range b.rows() {
		_, err := b.look(int64(i), media.Full)
		require.NoError(t, err)
	}
}

// TestADepotThatIsAway: work goes on, what is not here is said to be elsewhere, nothing is lost.
func TestADepotThatIsAway(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	address, server := objects(t)
	b.keep(shot(t, 320, 240))
	b.depot(address, 0, false)
	require.Equal(t, media.Moved{Sent: 2, Dropped: 2}, b.away())
	server.Close()
	b.depot(address, 0, false)
	_, err := b.look(0, media.Full)
	require.Equal(t, "media.away", keyOf(err), "%v", err)
	b.keep(shot(t, 320, 240))
	_, err = b.look(1, media.Full)
	require.NoError(t, err)
	_, err = b.shelf.Away(context.Background())
	require.ErrorIs(t, err, target.ErrAway)
	require.Len(t, b.files(), 2, "nothing leaves the disk that has not arrived elsewhere")
}

// TestAnExchangedObjectIsRefused: the depot is somebody else's machine.
func TestAnExchangedObjectIsRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	far := t.TempDir()
	b.keep(shot(t, 320, 240))
	b.keep(shot(t, 321, 240))
	b.depot(far, 0, false)
	b.away()
	one, two := b.rows()[0].File, b.rows()[1].File
	raw, err := os.ReadFile(filepath.Join(far, one[:2], one+".bin"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(far, two[:2], two+".bin"), raw, 0o600))
	_, err = b.look(1, media.Full)
	require.Equal(t, "media.damaged", keyOf(err), "%v", err)
	require.NoError(t, os.WriteFile(filepath.Join(far, one[:2], one+".bin"), bytes.Replace(raw, raw[40:50], []byte("0123456789"), 1), 0o600))
	_, err = b.look(0, media.Full)
	require.Equal(t, "media.damaged", keyOf(err), "%v", err)
}

// TestManyWantOnePictureOfTheDepot at once.
func TestManyWantOnePictureOfTheDepot(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.keep(shot(t, 640, 480))
	b.depot(t.TempDir(), 0, false)
	b.away()
	var wg sync.WaitGroup
	failed := make([]error, 8)
	for i := range failed {
		wg.Go(func() { _, failed[i] = b.look(0, media.Full) })
	}
	wg.Wait()
	for _, err := range failed {
		require.NoError(t, err)
	}
	require.Len(t, b.files(), 1)
}

// TestADepotTakenAwayMeanwhile: the setting may change while photos are on their way; nothing
// panics, and a backup never takes a depot that is away for an empty one.
func TestADepotTakenAwayMeanwhile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	far := t.TempDir()
	for range 8 {
		b.keep(shot(t, 320, 240))
	}
	var wg sync.WaitGroup
	for range 4 {
		b.depot(far, 0, false)
		wg.Go(func() { _, _ = b.shelf.Away(context.Background()) }) // it may lose its connection
	}
	require.NoError(t, b.shelf.SetDepot(nil))
	wg.Wait()
	b.depot(far, 0, false)
	for range 2 { // what was sent by those is found, the rest is sent
		b.away()
	}
	files, err := b.shelf.Files(context.Background())
	require.NoError(t, err)
	require.Len(t, files, 16)
	for i := range b.rows() {
		_, err := b.look(int64(i), media.Full)
		require.NoError(t, err)
	}
}

// TestARunLooksAtWhatIsNew: a file that lies where an old row says is not looked at again until
// the whole folder is, after the sweep of the night; what is new is sent at once.
func TestARunLooksAtWhatIsNew(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for range 3 {
		b.keep(shot(t, 64, 48))
	}
	old := b.rows()[1].File
	path := filepath.Join(b.db.Dir(), media.Folder, old[:2], old+".bin")
	aside := filepath.Join(t.TempDir(), "aside")
	require.NoError(t, os.Rename(path, aside))
	b.depot(t.TempDir(), 1<<40, false)
	require.Equal(t, media.Moved{Sent: 5}, b.away(), "the first run looks at all")
	require.NoError(t, os.Rename(aside, path))
	require.Equal(t, media.Moved{}, b.away(), "no old file is looked at")
	b.keep(shot(t, 64, 48))
	require.Equal(t, media.Moved{Sent: 2}, b.away(), "what is new, and nothing else")
	_, err := b.shelf.Sweep(context.Background())
	require.NoError(t, err)
	require.Equal(t, media.Moved{Sent: 1}, b.away(), "once a night all is looked at")
}

// TestRoomIsMadeWhenTheCacheIsFull, also when it filled up after the whole folder was looked at.
func TestRoomIsMadeWhenTheCacheIsFull(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.keep(shot(t, 320, 240))
	var each int64
	for _, size := range []media.Size{media.Full, media.Thumb} {
		name := b.rows()[0].File
		info, err := os.Stat(filepath.Join(b.db.Dir(), media.Folder, name[:2], name+string(size)))
		require.NoError(t, err)
		each += info.Size()
	}
	b.depot(t.TempDir(), 2*each+each/2, false)
	require.Equal(t, media.Moved{Sent: 2}, b.away())
	b.keep(shot(t, 320, 240))
	require.Equal(t, media.Moved{Sent: 2}, b.away(), "it fits")
	b.keep(shot(t, 320, 240))
	full := b.away()
	require.Equal(t, 2, full.Sent)
	require.Positive(t, full.Dropped)
	require.Equal(t, media.Moved{}, b.away())
}

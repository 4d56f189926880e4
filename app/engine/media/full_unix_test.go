//go:build unix

package media_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/media"
	"meixu/store/storetest"
	"meixu/store/storetest/disk"
)

// TestTR05FullDiskForPictures is TR-05 for photos: where the disk is full after so many bytes a
// picture is refused, no half of one stands under its name, and with room again it is kept.
func TestTR05FullDiskForPictures(t *testing.T) {
	t.Parallel()
	if !disk.Alone(t) {
		return
	}
	b := newBench(t)
	raw := jpegOf(t, picture(800, 400))
	kept := b.keep(raw)
	had := b.files()
	longest := uint64(0)
	for _, path := range had {
		info, err := os.Stat(path)
		require.NoError(t, err)
		longest = max(longest, uint64(info.Size()))
	}
	const fills = 20
	for level := range uint64(fills) {
		var taken error
		require.NoError(t, disk.Narrow(level*longest/fills, func() { _, taken = b.take(raw) }))
		require.Error(t, taken, "there is room for %d of %d bytes only", level*longest/fills, longest)
		for _, path := range b.files() {
			require.False(t, strings.HasSuffix(path, ".bin") && path != had[0] && path != had[1], "%s was not refused", path)
		}
	}
	require.NotEqual(t, kept.File, b.keep(raw).File, "there is room again")
	_, _, err := b.shelf.Open(t.Context(), storetest.Act("media.view"), kept.ID, media.Full)
	require.NoError(t, err, "the picture from before")
	t.Logf("TR-05: photos: %d fill levels refused, no half picture, kept again at once", fills)
}

package seal

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// cutDisk is a file in memory whose power goes off after so many bytes written: a write that
// does not fit any more is done by half.
type cutDisk struct {
	data []byte
	left int // bytes and, one each, syncs; negative: the power stays on
}

var errPower = errors.New("power off")

func (d *cutDisk) ReadAt(p []byte, at int64) (int, error) {
	if at >= int64(len(d.data)) {
		return 0, io.EOF
	}
	n := copy(p, d.data[at:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (d *cutDisk) WriteAt(p []byte, at int64) (int, error) {
	n := len(p)
	if d.left >= 0 {
		n = min(n, d.left)
		d.left -= n
	}
	if end := int(at) + n; end > len(d.data) {
		d.data = append(d.data, make([]byte, end-len(d.data))...)
	}
	copy(d.data[at:], p[:n])
	if n < len(p) {
		return n, errPower
	}
	return n, nil
}

func (d *cutDisk) Sync() error {
	if d.left == 0 {
		return errPower
	}
	if d.left > 0 {
		d.left--
	}
	return nil
}

// TestTurnSurvivesAPowerCutAtEachPoint: whenever the power goes off while a key is turned, the
// old one or the new one is whole; once the turn is done the old one is nowhere in the file.
func TestTurnSurvivesAPowerCutAtEachPoint(t *testing.T) {
	t.Parallel()
	ring := Ephemeral()
	first := &DayKey{Sheet: "ab12cd34"}
	copy(first.raw[:], Random(KeySize))
	begin := &cutDisk{left: -1}
	require.NoError(t, ring.keepDay(begin, first))
	second := first.Turned()
	require.NoError(t, ring.keepDay(begin, second))
	third := second.Turned()
	old, points := 0, 0
	for cut := 0; cut <= 2*daySlot+2; cut += 7 {
		disk := &cutDisk{data: append([]byte(nil), begin.data...), left: cut}
		if ring.keepDay(disk, third) == nil {
			continue
		}
		points++
		key, _, err := ring.readDays(disk)
		require.NoError(t, err)
		require.NotNil(t, key, "a power cut after %d bytes leaves no key", cut)
		require.Contains(t, []DayKey{*second, *third}, *key)
		if key.Epoch == second.Epoch {
			old++
		}
		disk.left = -1
		require.NoError(t, ring.keepDay(disk, third), "the next turn mends it")
		requireOnly(t, ring, disk, third)
	}
	require.Greater(t, old, 10, "the old key stays until the new one is whole")
	require.Greater(t, points-old, 50, "and the new one counts before the old one is wiped")
	t.Logf("%d power cuts: %d left the old key, %d the new one, none nothing", points, old, points-old)
}

// requireOnly demands that one key stands in the file and no other.
func requireOnly(t *testing.T, ring *Keyring, disk *cutDisk, want *DayKey) {
	t.Helper()
	wrap, err := NewKey(kekID, ring.Derive("day key"))
	require.NoError(t, err)
	var found []DayKey
	for slot := range daySlots {
		if key := parseDay(wrap, disk.data[slot*daySlot:min(len(disk.data), (slot+1)*daySlot)]); key != nil {
			found = append(found, *key)
		}
	}
	require.Equal(t, []DayKey{*want}, found)
}

func TestDayKeyComesFromTheSheet(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ring, code, err := Create(dir)
	require.NoError(t, err)
	sheet, err := ReadRecovery(dir)
	require.NoError(t, err)
	first, err := sheet.FirstKey(code)
	require.NoError(t, err)
	kept, err := ring.DayKey(dir)
	require.NoError(t, err)
	require.Equal(t, first, kept)
	require.Nil(t, first.Turned().Forward(0), "nothing leads back")
	require.Equal(t, first.Turned().Turned(), first.Forward(2))
	require.Nil(t, first.Forward(epochMost+1))
	_, other, err := Create(t.TempDir())
	require.NoError(t, err)
	_, err = sheet.FirstKey(other)
	require.ErrorIs(t, err, ErrCode)

	require.NoError(t, ring.KeepDayKey(dir, first.Forward(5)))
	renewed, err := ring.Renew(dir)
	require.NoError(t, err)
	sheet, err = ReadRecovery(dir)
	require.NoError(t, err)
	second, err := sheet.FirstKey(renewed)
	require.NoError(t, err)
	require.NotEqual(t, first.Sheet, second.Sheet)
	kept, err = ring.DayKey(dir)
	require.NoError(t, err)
	require.Equal(t, second.Forward(6), kept, "a new sheet begins anew, the count of turns goes on")

	file := filepath.Join(dir, Folder, DayFile)
	require.NoError(t, os.WriteFile(file, []byte("rubbish"), 0o600))
	_, err = ring.DayKey(dir)
	require.ErrorIs(t, err, ErrNoDayKey)
	_, err = Ephemeral().DayKey(t.TempDir())
	require.ErrorIs(t, err, ErrNoDayKey)
}

package app

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/ground"
	"meixu/app/keeping"
	"meixu/app/lan"
	"meixu/app/words"
	"meixu/backup"
	"meixu/store/seal"
	"meixu/store/storetest"
	"meixu/store/term"
)

func TestFindings(t *testing.T) {
	t.Parallel()
	now := term.At(storetest.Start)
	old := term.At(storetest.Start.Add(-27 * time.Hour))
	for _, c := range []struct {
		found Finding
		tone  string
	}{
		{disk(ground.Facts{Free: 100 * gib, FileSystem: "ext4"})[0], Good},
		{disk(ground.Facts{Free: 4 * gib})[0], Warn},
		{disk(ground.Facts{Free: gib / 2})[0], Bad},
		{disk(ground.Facts{FileSystem: "ext4"})[1], Good},
		{disk(ground.Facts{FileSystem: "exfat"})[1], Bad},
		{disk(ground.Facts{Encrypted: ground.Yes})[2], Good},
		{disk(ground.Facts{Encrypted: ground.No})[2], Warn},
		{disk(ground.Facts{Encrypted: ground.Unknown})[2], Warn},
		{disk(ground.Facts{})[1], Warn},
		{disk(ground.Facts{Network: true})[1], Bad},
		{disk(ground.Facts{FileSystem: "ntfs"})[3], Good},
		{disk(ground.Facts{FileSystem: "ntfs", Sync: "OneDrive"})[3], Bad},
		{disk(ground.Facts{FileSystem: "ntfs", Sync: "OneDrive"})[1], Good},
		{firewallFinding(ground.Yes), Good},
		{firewallFinding(ground.No), Warn},
		{firewallFinding(ground.Unknown), Warn},
		{portsFinding(lan.Door{}), Good},
		{portsFinding(lan.Door{Port: 8443, Guest: "http://192.168.1.5:8480"}), Good},
		{certificateFinding(lan.Ages{}, now), Good},
		{certificateFinding(lan.Ages{Root: storetest.Start.Add(2 * rootSoon)}, now), Good},
		{certificateFinding(lan.Ages{Root: storetest.Start.Add(2 * rootSoon), Leaf: storetest.Start.Add(time.Hour)}, now), Good},
		{certificateFinding(lan.Ages{Root: storetest.Start.Add(rootSoon / 2)}, now), Warn},
		{certificateFinding(lan.Ages{Root: storetest.Start.Add(-time.Hour)}, now), Bad},
		{clockFinding(now, old), Good},
		{clockFinding(now, now.Add(time.Minute)), Good},
		{clockFinding(now, now.Add(time.Hour)), Bad},
		{clockFinding(term.At(time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC)), term.Instant{}), Bad},
		{wal(1 << 20), Good},
		{wal(100 << 20), Warn},
		{nightly("backup", now, now, time.UTC), Good},
		{sheetFinding(keeping.Sheet{Due: now}, time.UTC)[0], Good},
		{sheetFinding(keeping.Sheet{Due: now, Overdue: true}, time.UTC)[0], Warn},
		{policyFinding([]lan.Counted{{Violation: lan.Violation{Directive: "script-src-elem", Blocked: "inline", Page: "/board"}, Times: 3}})[0], Warn},
		{nightly("backup", old, now, time.UTC), Bad},
		{nightly("drill", term.Instant{}, now, time.UTC), Warn},
		{keysOf(t, t.TempDir()), Bad},
		{owedFinding(keeping.Owed{OwedState: backup.OwedState{All: 3, Here: 2, Address: "/media/usb"}})[0], Warn},
		{keysOf(t, keyed(t)), Good},
	} {
		require.Equal(t, c.tone, c.found.Tone, c.found.Name)
		for _, lang := range []words.Lang{words.ZH, words.EN} {
			line := c.found.Say(lang)
			require.NotContains(t, line, "%!", c.found.Name)
			require.NotContains(t, line, "⟦", c.found.Name)
			require.NotContains(t, line, "\n")
			require.NotRegexp(t, `[:：]\s*(?:[,，;；]|$)`, line, "nothing stands empty")
		}
	}
}

// TestNothingOwedIsNoLine: a clinic whose photos are all there hears nothing of them.
func TestNothingOwedIsNoLine(t *testing.T) {
	t.Parallel()
	require.Empty(t, owedFinding(keeping.Owed{}))
	require.Empty(t, owedFinding(keeping.Owed{OwedState: backup.OwedState{All: 3, Here: 3}}))
}

func keysOf(t *testing.T, dataDir string) Finding {
	t.Helper()
	f, err := keyFinding(dataDir)
	require.NoError(t, err)
	return f
}

// keyed is a data folder with a key file.
func keyed(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	_, _, err := seal.Create(dir)
	require.NoError(t, err)
	return dir
}

// TestThePortsThatAreOpenAreNamed: both doors of the network.
func TestThePortsThatAreOpenAreNamed(t *testing.T) {
	t.Parallel()
	require.Contains(t, portsFinding(lan.Door{Port: 8443, Guest: "http://192.168.1.5:8480"}).Say(words.ZH), "8443, 8480")
}

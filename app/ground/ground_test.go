package ground_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/ground"
)

func TestWhereNoClinicMayLive(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		facts ground.Facts
		why   string
	}{
		"a disk":            {ground.Facts{FileSystem: "ntfs"}, ""},
		"linux":             {ground.Facts{FileSystem: "ext4"}, ""},
		"nobody knows":      {ground.Facts{}, ""},
		"a share":           {ground.Facts{FileSystem: "cifs"}, ground.RefuseNetwork},
		"nfs":               {ground.Facts{FileSystem: "NFS4"}, ground.RefuseNetwork},
		"a drive letter":    {ground.Facts{FileSystem: "ntfs", Network: true}, ground.RefuseNetwork},
		"a USB stick":       {ground.Facts{FileSystem: "exFAT"}, ground.RefuseFAT},
		"an old stick":      {ground.Facts{FileSystem: "vfat"}, ground.RefuseFAT},
		"a folder of cloud": {ground.Facts{FileSystem: "ntfs", Sync: "OneDrive"}, ground.RefuseSync},
	} {
		err := c.facts.Refusal()
		var refused *ground.Refused
		if c.why == "" {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorAs(t, err, &refused, name)
		require.Equal(t, c.why, refused.Key, name)
	}
}

func TestSynced(t *testing.T) {
	t.Parallel()
	none := func(string) bool { return false }
	for dir, program := range map[string]string{
		"/home/amy/OneDrive - Klinik/meixu": "OneDrive", "/data/Dropbox/x/y": "Dropbox", "/d/我的坚果云/诊所": "坚果云",
		"/d/BaiduSyncdisk": "百度网盘", "/srv/meixu": "", "/srv/drop": "",
	} {
		require.Equal(t, program, ground.Synced(filepath.FromSlash(dir), none), dir)
	}
	marked := func(path string) bool { return path == filepath.FromSlash("/srv/.stfolder") }
	require.Equal(t, "Syncthing", ground.Synced(filepath.FromSlash("/srv/meixu/data"), marked))
	require.Empty(t, ground.Synced(filepath.FromSlash("/opt/meixu"), marked))
}

func TestLook(t *testing.T) {
	t.Parallel()
	facts, err := ground.Look(t.Context(), filepath.Join(t.TempDir(), "not", "yet"))
	require.NoError(t, err)
	require.Positive(t, facts.Total)
	require.LessOrEqual(t, facts.Free, facts.Total)
	require.Contains(t, []ground.Answer{ground.Yes, ground.No, ground.Unknown}, facts.Encrypted)
	require.NoError(t, facts.Refusal(), "the tests run on a disk: %+v", facts)
}

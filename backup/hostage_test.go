package backup_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pkg/sftp"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"

	"meixu/backup"
	"meixu/backup/target/targettest"
	"meixu/store/seal"
)

// TestTR12OneCopyStays is TR-12: an attacker with all that the service has, its files, its keys
// and the password of the second place, overwrites and removes whatever can be reached. A place
// that lets files only be added still gives every backup from before to who has the printed
// code. The control, a place with all rights, gives none.
func TestTR12OneCopyStays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		medium func(testing.TB, string) *targettest.Medium
		stays  bool
	}{"only adding": {targettest.Growing, true}, "control with all rights": {targettest.New, false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			house := newClinic(t)
			m := c.medium(t, t.TempDir())
			db := house.open(t)
			require.NoError(t, backup.Try(bg, backup.SourceOf(db), distant(m.Address)))
			require.NoError(t, backup.Try(bg, backup.SourceOf(db), distant(m.Address)), "also a second time")
			var last backup.Report
			for range 5 { // more than the rule keeps of one hour
				number(t, db)
				house.clock.Forward(time.Minute)
				var err error
				last, err = backup.Make(bg, backup.SourceOf(db), distant(m.Address), backup.How{})
				require.NoError(t, err, "where nothing may be removed all is kept, and that is no fault")
			}
			require.Equal(t, c.stays, len(last.Dropped) == 0, "%v", last.Dropped)
			require.NoError(t, db.Close())

			spoiled := attack(t, house, m)
			fresh, with := t.TempDir(), backup.Wish{Place: distant(m.Address), Name: last.Name, Code: house.code}
			_, err := backup.Stage(bg, fresh, with)
			if !c.stays {
				require.Error(t, err, "the harness does no harm")
				return
			}
			require.NoError(t, err)
			_, err = backup.Apply(fresh, now, nil)
			require.NoError(t, err)
			keys, err := seal.Load(fresh)
			require.NoError(t, err)
			restored := clinic{dir: fresh, keys: keys, clock: house.clock}.open(t)
			require.Equal(t, 5, acts(t, restored))
			require.NoError(t, restored.VerifyChain(bg))
			t.Logf("TR-12: %d files spoiled in the data folder, none of %d on the place that only grows; restored with the printed code", spoiled, len(tree(t, m.Dir)))
		})
	}
}

// attack does what a program that extorts money does, and gives how many files it spoiled in the
// data folder. On the medium it also leaves a backup of its own under the clinic's keys.
func attack(t *testing.T, house clinic, m *targettest.Medium) (spoiled int) {
	t.Helper()
	db := house.open(t)
	number(t, db)
	house.clock.Forward(time.Hour)
	_, err := backup.Make(bg, backup.SourceOf(db), distant(m.Address), backup.How{Quick: true})
	require.NoError(t, err, "it has the keys")
	require.NoError(t, db.Close())
	client := thief(t, m)
	require.NoError(t, filepath.WalkDir(m.Dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(m.Dir, path)
		if err != nil {
			return err
		}
		name = "/" + filepath.ToSlash(name)
		if f, err := client.Create(name); err == nil {
			_, _ = f.Write([]byte("pay"))
			_ = f.Close()
		}
		_ = client.Truncate(name, 0)
		_ = client.PosixRename(name, name+".gone")
		_ = client.Rename(name, name+".gone")
		_ = client.Remove(name)
		return nil
	}))
	require.NoError(t, filepath.WalkDir(house.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		spoiled++
		return os.WriteFile(path, []byte("pay"), 0o600)
	}))
	return spoiled
}

// thief is a connection of its own with the clinic's password.
func thief(t *testing.T, m *targettest.Medium) *sftp.Client {
	t.Helper()
	line, err := ssh.Dial("tcp", m.Server, &ssh.ClientConfig{
		User: "owner", Auth: []ssh.AuthMethod{ssh.Password(targettest.Password)}, HostKeyCallback: ssh.InsecureIgnoreHostKey(),
	})
	require.NoError(t, err)
	client, err := sftp.NewClient(line)
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = client.Close(), line.Close() })
	return client
}

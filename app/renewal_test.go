package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app"
	"meixu/app/access"
	"meixu/app/admin"
	"meixu/app/keeping"
	"meixu/app/words"
	"meixu/backup"
	"meixu/store"
	"meixu/store/file"
	"meixu/store/seal"
	"meixu/store/storetest"
)

// renewed puts a new recovery sheet in force, as its owner does, and gives the code on it.
func renewed(t *testing.T, a *app.App) (code string) {
	t.Helper()
	by := access.System("test")
	sheet, err := a.Keeping.DraftSheet(t.Context(), by)
	require.NoError(t, err)
	groups := strings.Split(sheet.Code, "-")
	require.NoError(t, a.Keeping.RenewSheet(t.Context(), by, groups[sheet.Groups[0]-1], groups[sheet.Groups[1]-1]))
	a.Jobs.Wait()
	return sheet.Code
}

// TestARenewalThatIsBrokenOffLeavesASheetThatOpens: the process ends at each stage of a renewal of
// the recovery sheet. What lies in the folder then opens with the old sheet or with the new one,
// never with none; the program starts, its record is whole, the next backup opens with that sheet,
// the seals of the days go on under it once its code was typed, and it can be renewed again.
func TestARenewalThatIsBrokenOffLeavesASheetThatOpens(t *testing.T) {
	t.Parallel()
	h := house{filepath.Join(t.TempDir(), "data"), storetest.NewClock()}
	a := h.open(t)
	old := a.RecoverySheet()
	_, _, err := a.Admin.AddStaff(t.Context(), access.System("test"), admin.NewStaff{
		Login: "owner", Name: "沈若兰", Password: "a long password", Roles: []access.Role{access.Owner}, Lang: words.ZH,
	})
	require.NoError(t, err)
	work(t, a, 2)
	require.NoError(t, a.Close())
	before, keys := t.TempDir(), filepath.Join(h.dir, seal.Folder)
	require.NoError(t, os.CopyFS(before, os.DirFS(h.dir)))
	sheet := filepath.Join(keys, seal.RecoveryFile)

	// A file that cannot be put in place saves no act: the file comes first.
	a = h.open(t)
	require.NoError(t, os.Mkdir(sheet+file.Partial, 0o700))
	by := access.System("test")
	draft, err := a.Keeping.DraftSheet(t.Context(), by)
	require.NoError(t, err)
	groups := strings.Split(draft.Code, "-")
	require.Error(t, a.Keeping.RenewSheet(t.Context(), by, groups[draft.Groups[0]-1], groups[draft.Groups[1]-1]))
	require.Zero(t, acts(t, a, access.RecoveryRenew))
	require.NoError(t, os.Remove(sheet+file.Partial))
	code := renewed(t, a)
	require.Equal(t, 1, acts(t, a, access.RecoveryRenew))
	require.NoError(t, a.Close())

	text, err := os.ReadFile(sheet)
	require.NoError(t, err)
	after := func(name string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			t.Helper()
			data, err := os.ReadFile(filepath.Join(h.dir, name))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
		}
	}
	beside := func(n int) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			t.Helper()
			require.NoError(t, os.WriteFile(filepath.Join(dir, seal.Folder, seal.RecoveryFile+file.Partial), text[:n], 0o600))
		}
	}
	inPlace, saved := after(filepath.Join(seal.Folder, seal.RecoveryFile)), after(store.File)
	for name, stage := range map[string]struct {
		done []func(*testing.T, string)
		want string
	}{
		"a part of the new file":           {[]func(*testing.T, string){beside(len(text) / 2)}, old},
		"the new file beside the old":      {[]func(*testing.T, string){beside(len(text))}, old},
		"in its place, the act unsaved":    {[]func(*testing.T, string){inPlace}, code},
		"the act saved, the key of before": {[]func(*testing.T, string){inPlace, saved}, code},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			left := house{filepath.Join(t.TempDir(), "data"), storetest.NewClock()}
			require.NoError(t, os.CopyFS(left.dir, os.DirFS(before)))
			for _, do := range stage.done {
				do(t, left.dir)
			}
			require.Equal(t, stage.want == old, seal.CheckCode(left.dir, old) == nil)
			require.Equal(t, stage.want == code, seal.CheckCode(left.dir, code) == nil)
			a := left.open(t)
			work(t, a, 1)
			if stage.want == code { // else nothing is another than it was
				left.goesOn(t, a, code)
			}
			require.NoError(t, a.Close())
		})
	}
}

// goesOn demands that a clinic lives on under the sheet of this code.
func (h house) goesOn(t *testing.T, a *app.App, code string) {
	t.Helper()
	_, err := a.CheckAll(t.Context(), app.Wish{Code: code}) // takes the seals of the days up where they stopped
	require.NoError(t, err)
	work(t, a, 1)
	checked, err := a.CheckAll(t.Context(), app.Wish{Code: code})
	require.NoError(t, err)
	require.Empty(t, checked.Wrong)
	require.Positive(t, checked.Seen.Days, "acts are sealed under the sheet that opens")
	medium := keeping.Place{Address: t.TempDir()}
	_, err = a.Keeping.Backup(t.Context(), access.System("test"), medium, nil)
	require.NoError(t, err)
	_, err = backup.Stage(t.Context(), t.TempDir(), backup.Wish{Place: medium, Code: code, PhotosNow: true})
	require.NoError(t, err, "a new machine with the medium and the sheet")
	next := renewed(t, a)
	require.NoError(t, seal.CheckCode(h.dir, next))
	require.ErrorIs(t, seal.CheckCode(h.dir, code), seal.ErrCode)
	require.NoError(t, a.DB.VerifyChain(t.Context()))
}

// acts counts the acts of a kind.
func acts(t *testing.T, a *app.App, action access.Permission) (n int) {
	t.Helper()
	require.NoError(t, a.DB.Read(t.Context(), func(r *store.Read) error {
		found, err := r.Acts(store.ActFilter{Action: string(action), Limit: 10})
		n = len(found)
		return err
	}))
	return n
}

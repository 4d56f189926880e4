package uitest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app"
	"meixu/app/admin"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/storetest"
)

// Loading the defaults takes longer than most tests, so a furnished clinic is made once a
// process, closed, and its file copied for each test.
var (
	emptyClinic   = sync.OnceValues(func() ([]byte, error) { return clinic(false) })
	staffedClinic = sync.OnceValues(func() ([]byte, error) { return clinic(true) })
)

// furnish puts a closed, furnished clinic into a folder that is not open.
func furnish(t testing.TB, dir string, staffed bool) {
	t.Helper()
	made := emptyClinic
	if staffed {
		made = staffedClinic
	}
	data, err := made()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, store.File), data, 0o600))
}

func clinic(staffed bool) (data []byte, err error) {
	dir, err := os.MkdirTemp("", "meixu-clinic-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	ctx, clock, hub := context.Background(), storetest.NewClock(), live.New()
	defer hub.Close()
	db, err := store.Open(ctx, store.Options{Dir: dir, Now: clock.Now, Keys: storetest.Keys(), Topics: hub.Send})
	if err != nil {
		return nil, err
	}
	a, err := app.New(ctx, db, hub, app.Options{Dir: dir, Now: clock.Now})
	if err == nil {
		a.Jobs.Stop()
		if staffed {
			err = hire(ctx, db)
		}
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, store.File))
}

// hire adds the people of a test clinic.
func hire(ctx context.Context, db *store.DB) error {
	password, pin := hashes()
	return db.Write(ctx, store.Act{Role: "system", Station: "test", Action: "staff.add"}, func(tx *store.Tx) error {
		for _, p := range people {
			who := store.Staff{
				Login: p.login, Name: "T-" + p.login, Lead: p.lead, OnShift: true,
				PasswordHash: password, PasswordAt: tx.Now(), PINHash: pin,
			}
			for _, r := range p.roles {
				who.Roles = append(who.Roles, string(r))
			}
			if err := tx.AddStaff(&who); err != nil {
				return err
			}
			if err := tx.AddWorkstation(&store.Workstation{
				Mark: stationOf(p.login), Name: "T-" + p.login, Kind: store.SessionDesk, EnrolledBy: who.ID,
			}); err != nil {
				return err
			}
		}
		return tx.SaveSetting(admin.SettingClinic, "T-clinic")
	})
}

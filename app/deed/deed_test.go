package deed_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/storetest"
)

func acts(t *testing.T, db *store.DB, f store.ActFilter) (list []store.ActRow) {
	t.Helper()
	require.NoError(t, db.Read(t.Context(), func(r *store.Read) (err error) {
		list, err = r.Acts(f)
		return err
	}))
	return list
}

func TestWrite(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	d := deed.Doer{DB: db, Hub: live.New()}
	owner := access.Actor{Staff: 7, Roles: []access.Role{access.Owner}, Station: "desk", Once: "k1", Reason: "why"}
	save := func(tx *store.Tx) error {
		tx.Result("staff", 7)
		return tx.SaveSetting("clinic.phone", "1")
	}

	require.NoError(t, d.Write(t.Context(), owner, access.SettingsSave, save))
	list := acts(t, db, store.ActFilter{Action: "settings.save"})
	require.Len(t, list, 1, "the action in the trail is the permission used")
	require.Equal(t, "owner", list[0].Act.Role)
	require.Equal(t, "why", list[0].Act.Reason)

	noun, id, again := fault.Replayed(d.Write(t.Context(), owner, access.SettingsSave, save))
	require.True(t, again, "a double click is carried out once")
	require.Equal(t, "staff", noun)
	require.EqualValues(t, 7, id)

	nurse := access.Actor{Staff: 8, Roles: []access.Role{access.Nurse}}
	require.Equal(t, fault.KindForbidden, fault.KindOf(d.Write(t.Context(), nurse, access.SettingsSave, save)))
	require.Len(t, acts(t, db, store.ActFilter{Action: "settings.save"}), 1)
}

func TestViewIsAnAct(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	d := deed.Doer{DB: db, Hub: live.New()}
	quality := access.Actor{Staff: 3, Roles: []access.Role{access.Quality}}
	seen := func(*store.Read) error { return nil }
	require.NoError(t, d.View(t.Context(), quality, access.TrailView, 42, seen))
	require.Eventually(t, func() bool {
		return len(acts(t, db, store.ActFilter{Subject: store.Subject{Noun: "client", ID: 42}})) == 1
	}, 5*time.Second, 10*time.Millisecond, "at most a second behind")
	nurse := access.Actor{Staff: 8, Roles: []access.Role{access.Nurse}}
	require.Equal(t, fault.KindForbidden, fault.KindOf(d.View(t.Context(), nurse, access.TrailView, 42, seen)))
}

package app_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app"
	"meixu/app/access"
	"meixu/app/admin"
	"meixu/app/words"
	"meixu/store/seal"
)

// TestTheRecoveryCodeIsShownAfterARestartToo: whoever starts the program, stops it, and sets
// the clinic up another day must still get a code that opens the keys.
func TestTheRecoveryCodeIsShownAfterARestartToo(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	open := func() *app.App {
		a, err := app.Open(t.Context(), app.Options{Dir: dir, Now: func() time.Time { return now }})
		require.NoError(t, err)
		return a
	}
	first := open()
	lost := first.RecoverySheet()
	require.NoError(t, first.Close())

	second := open()
	code := second.RecoverySheet()
	require.NotEqual(t, lost, code)
	require.NoError(t, seal.CheckCode(dir, code))
	require.ErrorIs(t, seal.CheckCode(dir, lost), seal.ErrCode)
	_, _, err := second.Admin.AddStaff(t.Context(), access.System("test"), admin.NewStaff{
		Login: "owner", Name: "沈若兰", Password: "a long password", Roles: []access.Role{access.Owner}, Lang: words.ZH,
	})
	require.NoError(t, err)
	require.NoError(t, second.Close())

	third := open()
	require.Empty(t, third.RecoverySheet(), "somebody has it on paper now")
	require.NoError(t, third.Close())
	require.NoError(t, seal.CheckCode(dir, code))
}

package cli

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app"
	"meixu/app/access"
	"meixu/app/admin"
	"meixu/app/words"
)

// TestAnOwnerIsResetWithTheRecoveryCode: the machine's console alone is not enough.
func TestAnOwnerIsResetWithTheRecoveryCode(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	now := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	open := func() *app.App {
		a, err := app.Open(t.Context(), app.Options{Dir: dir, Now: func() time.Time { return now }})
		require.NoError(t, err)
		return a
	}
	a := open()
	sheet := a.RecoverySheet()
	for login, role := range map[string]access.Role{"boss": access.Owner, "front": access.Reception} {
		_, _, err := a.Admin.AddStaff(t.Context(), access.System("test"), admin.NewStaff{
			Login: login, Name: "T-" + login, Password: "a long password", Roles: []access.Role{role}, Lang: words.EN,
		})
		require.NoError(t, err)
	}
	require.NoError(t, a.Close())

	reset := func(login, code string) (int, string) {
		out := &said{}
		root := newRoot(terminal{out: out, err: out, lang: words.EN, in: strings.NewReader(code + "\n")})
		root.SetArgs([]string{"staff", "reset-owner", login, "--data", dir})
		if err := root.ExecuteContext(t.Context()); err != nil {
			return 1, out.String() + sentence(words.EN, err)
		}
		return 0, out.String()
	}
	for _, wrong := range []string{"", "AAAA-BBBB", sheet[:len(sheet)-1]} {
		code, text := reset("boss", wrong)
		require.Equal(t, 1, code)
		require.Contains(t, text, "recovery code is wrong", wrong)
	}
	code, text := reset("front", sheet)
	require.Equal(t, 1, code)
	require.Contains(t, text, "no active owner")

	code, text = reset("boss", sheet)
	require.Zero(t, code, text)
	one := regexp.MustCompile(`: ([A-Z2-9]{10}) \(`).FindStringSubmatch(text)
	require.Len(t, one, 2, text)
	require.NotContains(t, text, sheet)
}

package admin

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/fault"
)

func TestAHashIsCheckedAtTheCostItNames(t *testing.T) {
	t.Parallel()
	light, err := practiceCost.hash(t.Context(), "258013")
	require.NoError(t, err)
	require.Contains(t, light, "m=64,t=1,p=1")
	for hash, want := range map[string]bool{
		light:                                   true,
		"":                                      false,
		strings.Replace(light, "t=1", "t=2", 1): false,
		strings.Replace(light, "t=1", "t=0", 1): false,
		strings.Replace(light, "m=64", "m=4000000000", 1):        false, // would eat the memory of the PC
		strings.Replace(light, "m=64", "m=-1", 1):                false,
		strings.Replace(light, "argon2id", "argon2i", 1):         false,
		strings.Replace(light, "$v=19$", "$v=16$", 1):            false,
		light[:len(light)-4]:                                     false,
		strings.Replace(light, "p=1$", "p=1$!not base64!", 1):    false,
		"$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL": false,
	} {
		good, err := practiceCost.check(t.Context(), hash, "258013")
		require.NoError(t, err)
		require.Equal(t, want, good, hash)
	}
	good, err := fullCost.check(t.Context(), light, "258013")
	require.NoError(t, err)
	require.True(t, good, "a clinic whose cost was raised still opens to its people")
	good, err = practiceCost.check(t.Context(), light, "2581")
	require.NoError(t, err)
	require.False(t, good)
}

// TestNewPINsHaveSixDigits: a shorter one of before fits still, but nobody sets one.
func TestNewPINsHaveSixDigits(t *testing.T) {
	t.Parallel()
	for pin, want := range map[string]string{
		"258013": "", "100101": "", "201988": "",
		"": "admin.pin.shape", "2580": "admin.pin.shape", "25801": "admin.pin.shape", "2580134": "admin.pin.shape",
		"25801a": "admin.pin.shape", "２５８０": "admin.pin.shape",
		"111111": "admin.pin.easy", "123456": "admin.pin.easy", "654321": "admin.pin.easy", "567890": "admin.pin.easy",
		"987654": "admin.pin.easy", "121212": "admin.pin.easy", "369369": "admin.pin.easy",
	} {
		var f fault.Fields
		checkPIN(&f, pin)
		got := ""
		if len(f) > 0 {
			got = f[0].Key
		}
		require.Equal(t, want, got, pin)
	}
	old, err := practiceCost.hash(t.Context(), "2580")
	require.NoError(t, err)
	good, err := practiceCost.check(t.Context(), old, "2580")
	require.NoError(t, err)
	require.True(t, good)
}

package defaults_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/defaults"
)

func TestDeviceRegistration(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"国械注准20233091001":   "国械注准20233091001",
		" 国械注进 20192091234": "国械注进20192091234",
		"浙械注准20212090345":   "浙械注准20212090345",
		"沪浦械备20200123号":     "沪浦械备20200123号",
	} {
		number, ok := defaults.DeviceRegistration(typed)
		require.True(t, ok, typed)
		require.Equal(t, want, number)
	}
	for _, typed := range []string{
		"", "20233091001", "国械注准2023309100", "国械注准202330910011", "国械注准20234091001", "国药准字20233091001", "国械注准20233091001x",
	} {
		_, ok := defaults.DeviceRegistration(typed)
		require.False(t, ok, typed)
	}
}

func TestRoomKinds(t *testing.T) {
	t.Parallel()
	kinds := defaults.RoomKinds()
	for _, i := range defaults.Items() {
		if i.RoomKind != "" {
			require.Contains(t, kinds, i.RoomKind)
		}
	}
	require.Contains(t, kinds, "面诊室")
}

package app

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCustomised(t *testing.T) {
	t.Parallel()
	require.False(t, customised(100000, 90000))
	require.True(t, customised(100000, 89999))
	require.True(t, customised(100000, 110001))
}

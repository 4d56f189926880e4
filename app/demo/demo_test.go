package demo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/demo"
)

func TestBuild(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 2, 30, 0, 0, time.UTC)
	sheet, err := demo.Build(t.Context(), t.TempDir(), now)
	require.NoError(t, err)
	require.NotEmpty(t, sheet)
}

package web_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/ui/uitest"
)

// TestABurstOfGuessesCountsLikeGuessesInARow: forty PINs sent at once are five tries and
// thirty-five refusals, not forty tries (TR-login).
func TestABurstOfGuessesCountsLikeGuessesInARow(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	by := site.StaffID("stock")
	var tried, refused atomic.Int64
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			err := site.App.Admin.ConfirmPIN(t.Context(), access.Actor{Station: site.Station("front")}, by, "9713")
			switch status(err) {
			case "TR-login":
				refused.Add(1)
			case "pin":
				tried.Add(1)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 5, tried.Load())
	require.EqualValues(t, 35, refused.Load())
}

// status is the rule that refused, or the field that was wrong.
func status(err error) string {
	var e *fault.Error
	if !errors.As(err, &e) {
		return ""
	}
	if e.Rule != "" || len(e.Fields) == 0 {
		return e.Rule
	}
	return e.Fields[0].Name
}

package fault_test

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
)

func TestFromStore(t *testing.T) {
	t.Parallel()
	for err, kind := range map[error]fault.Kind{
		store.ErrNotFound:                   fault.KindNotFound,
		store.ErrStale:                      fault.KindStale,
		store.ErrBusy:                       fault.KindBusy,
		store.ErrLarge:                      fault.KindInvalid,
		store.ErrStopped:                    fault.KindBusy,
		&store.ErrExists{Constraint: "a.b"}: fault.KindConflict,
		errors.New("disk on fire"):          fault.KindInternal,
	} {
		require.Equal(t, kind, fault.KindOf(fault.FromStore(fmt.Errorf("wrapped: %w", err), "testing")), err.Error())
	}
	require.NoError(t, fault.FromStore(nil, "testing"))
	noun, id, again := fault.Replayed(fault.FromStore(&store.Replayed{Result: "visit:42"}, "testing"))
	require.True(t, again)
	require.Equal(t, "visit", noun)
	require.EqualValues(t, 42, id)
}

func TestSay(t *testing.T) {
	t.Parallel()
	err := fault.Refuse("REG-CON-03", "fault.busy").Ask("physician")
	require.Contains(t, err.Say(words.ZH), "REG-CON-03")
	require.Contains(t, err.Say(words.ZH), "医师")
	require.Contains(t, err.Say(words.EN), "Physician")
	defect := fault.Defect("reading", errors.New("secret path"))
	require.NotContains(t, defect.Say(words.ZH), "secret path", "causes are never shown")
}

func TestFields(t *testing.T) {
	t.Parallel()
	var f fault.Fields
	require.NoError(t, f.Err())
	f.Add("name", "admin.required")
	f.Add("name", "admin.pin.shape")
	got, ok := fault.FieldsOf(f.Err())
	require.True(t, ok)
	require.Len(t, got, 1, "the first complaint about a field stays")
}

// The word of a permission is for the log; the reader hears whose deed it is.
func TestForbidden(t *testing.T) {
	t.Parallel()
	err := fault.Forbidden("contraindication.clear")
	require.Equal(t, fault.KindForbidden, fault.KindOf(err))
	require.Contains(t, err.Error(), "contraindication.clear")
	for lang, who := range map[words.Lang]string{words.ZH: "医师", words.EN: "Physician"} {
		require.Contains(t, err.Say(lang), who)
		require.NotContains(t, err.Say(lang), "contraindication.clear")
	}
	require.NotContains(t, fault.Forbidden("signed.in").Say(words.ZH), "%", "no holder, no blank")
}

// A sentence that ends openly is closed before the helper is named.
func TestSayStopsBeforeTheHelper(t *testing.T) {
	t.Parallel()
	err := fault.Refuse("S5-10", "procedure.refuse.observing", 12).Ask("nurse")
	require.NotContains(t, err.Say(words.ZH), "分钟请找")
	require.NotContains(t, err.Say(words.ZH), "。。")
	require.NotContains(t, fault.Refuse("X", "fault.busy").Ask("nurse").Say(words.ZH), "。。")
}

func TestAFullDiskIsSaidAndIsNoDefect(t *testing.T) {
	t.Parallel()
	for _, cause := range []error{
		fmt.Errorf("commit: %w", store.ErrFull),
		&os.PathError{Op: "write", Path: "x.partial", Err: syscall.ENOSPC},
	} {
		err := fault.FromStore(cause, "saving")
		require.Equal(t, fault.KindBusy, fault.KindOf(err))
		var e *fault.Error
		require.ErrorAs(t, err, &e)
		require.Contains(t, e.Say(words.ZH), "磁盘空间不足")
	}
}

// A regulation or a step of the SOP is named, a number of the house's own plan is not.
func TestTheBasisPeopleAreToldOf(t *testing.T) {
	t.Parallel()
	require.Contains(t, fault.Refuse("REG-CON-03", "fault.stop").Say(words.ZH), "REG-CON-03")
	require.Contains(t, fault.Refuse("S4-08", "fault.stop").Say(words.ZH), "S4-08")
	for _, own := range []string{"row:C7", "rulings-29"} {
		e := fault.Refuse(own, "fault.stop")
		require.NotContains(t, e.Say(words.ZH), own)
		require.Empty(t, e.Basis())
		require.Contains(t, e.Error(), own, "the log knows")
	}
}

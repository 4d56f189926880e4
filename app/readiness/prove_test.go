package readiness

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/sop"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

// TestProofs walks one treatment past the three live gates: nothing assigned, assigned but
// not stamped, stamped, begun.
func TestProofs(t *testing.T) {
	t.Parallel()
	db, clock := storetest.New(t)
	var treatment store.Treatment
	var room store.Room
	var device store.Device
	write := func(fn func(*store.Tx) error) {
		t.Helper()
		require.NoError(t, db.Write(t.Context(), storetest.Act("test.prepare"), fn))
	}
	write(func(tx *store.Tx) error {
		nurse := store.Staff{Login: "nurse", Name: "N"}
		require.NoError(t, tx.AddStaff(&nurse))
		room = store.Room{Name: "光电室", Kind: "光电治疗室", State: "open"}
		require.NoError(t, tx.AddRoom(&room))
		device = store.Device{Number: "D1", Name: "光子机", Kind: "laser", State: "in_use"}
		require.NoError(t, tx.AddDevice(&device))
		item := store.Item{
			Code: "IPL", Name: "光子", Category: "光电", Level: "none", Kind: "ipl", Operator: "physician", DeviceKind: "ipl",
			CareTemplate: "AC", FormCode: "F7", Depth: "L2", RiskTier: 3, Enabled: true,
		}
		require.NoError(t, tx.AddItem(&item))
		var err error
		treatment, err = storetest.Treat(tx, item.ID)
		return err
	})
	proofs := func() (keys [3]string) {
		t.Helper()
		require.NoError(t, db.Read(t.Context(), func(r *store.Read) error {
			for i, prove := range []sop.Prover{roomProof, deviceProof, kitProof} {
				p, err := prove(r, sop.Subject{Visit: treatment.Visit, Treatment: treatment.ID})
				require.NoError(t, err)
				require.Equal(t, p.Key == "", p.Done)
				keys[i] = p.Key
			}
			return nil
		}))
		return keys
	}
	require.Equal(t, [3]string{"readiness.gap.room.none", "readiness.gap.device.none", "readiness.gap.kit.never"}, proofs())
	save := func() { write(func(tx *store.Tx) error { return tx.SaveTreatment(&treatment) }) }
	treatment.Room, treatment.Device = room.ID, device.ID
	save()
	require.Equal(t, [3]string{"readiness.gap.room.never", "readiness.gap.device.other", "readiness.gap.kit.never"}, proofs())
	write(func(tx *store.Tx) error {
		device.Kind = "ipl"
		for _, c := range []store.Check{{Kind: KindRoom, Room: room.ID}, {Kind: KindDevice, Device: device.ID}, {Kind: KindKit}} {
			c.Ok, c.ValidUntil, c.Staff = true, tx.Now().Add(time.Hour), 1
			require.NoError(t, stamp(tx, &c, Body{}))
		}
		return tx.SaveDevice(&device)
	})
	require.Equal(t, [3]string{"", "", "readiness.gap.kit.hyal"}, proofs(), "the stamp alone does not prove the drug")
	clock.Forward(time.Minute)
	treatment.StartedAt = term.At(clock.Now())
	save()
	write(func(tx *store.Tx) error { return UseRoom(tx, room.ID) })
	clock.Forward(26 * time.Hour)
	require.Equal(t, [3]string{"", "", ""}, proofs(), "what held at the start stays proved")
	other := treatment
	other.ID, other.StartedAt, other.State = 0, term.Instant{}, term.TreatmentScheduled
	write(func(tx *store.Tx) error { return tx.AddTreatment(&other) })
	treatment = other
	require.Equal(t, [3]string{"readiness.gap.room.old", "readiness.gap.device.unchecked", "readiness.gap.kit.old"}, proofs())
}

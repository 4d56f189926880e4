package document_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/document"
	"meixu/store"
)

func TestViewShowsWhoSigned(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	made := d.issue(d.consent(), facts("眉间"))
	_, err := d.sign(made.ID, d.physician, document.Client)
	require.NoError(t, err)
	d.read(func(r *store.Read) error {
		v, err := document.Show(r, made.ID)
		require.NoError(t, err)
		require.Len(t, v.Signers, 2)
		require.True(t, v.Signers[0].Signed)
		require.True(t, strings.HasPrefix(v.Signers[0].Ink.Path, "M10 40L20 20"))
		require.Equal(t, "林清禾", v.Signers[0].Name)
		require.True(t, v.Waits(document.Physician))
		require.False(t, v.Waits(document.Client))
		return nil
	})
}

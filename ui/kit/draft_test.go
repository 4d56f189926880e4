package kit_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/ui/kit"
)

// TestLongFormsKeepWhatIsTyped: three fields or prose are kept under the form's address and the
// version it was drawn from; short forms and those with a password are not.
func TestLongFormsKeepWhatIsTyped(t *testing.T) {
	t.Parallel()
	of := func(kinds ...kit.Kind) kit.Edit {
		e := kit.Edit{Action: "/premises/room/7?from=list"}
		for _, k := range kinds {
			e.Fields = append(e.Fields, kit.Field{Name: "f", Kind: k})
		}
		return e
	}
	require.Equal(t, "premises/room/7", of(kit.Text, kit.Phone, kit.Day).Keeps())
	require.Equal(t, "premises/room/7", of(kit.Area).Keeps(), "prose is long by itself")
	require.Empty(t, of(kit.Text, kit.Phone).Keeps())
	require.Empty(t, of(kit.Text, kit.Phone, kit.PIN, kit.Hidden, kit.Static).Keeps(), "what nobody types does not count")
	require.Empty(t, of(kit.Text, kit.Phone, kit.Day, kit.Password).Keeps(), "no password is kept")
	versioned := of(kit.Text, kit.Phone, kit.Day)
	versioned.Fields = append(versioned.Fields, kit.Field{Name: "version", Kind: kit.Hidden, Value: "4"})
	require.Equal(t, "premises/room/7-v4", versioned.Keeps(), "what was typed over an older row is not put over a newer one")
	subject := func(client string) string {
		e := of(kit.Text, kit.Phone, kit.Day)
		e.Fields = append(e.Fields, kit.Field{Name: "client", Kind: kit.Hidden, Value: client}, kit.Field{Name: "lead", Kind: kit.Hidden})
		return e.Keeps()
	}
	require.Equal(t, "premises/room/7-client50", subject("50"))
	require.NotEqual(t, subject("50"), subject("49"), "what was typed for one client is not put into the form of another")
	require.Equal(t, "premises/room/7", subject("13800138000"), "a phone number is in no key")
	named := of(kit.Text)
	named.DraftKey = "lot.receive"
	require.Equal(t, "lot.receive", named.Keeps())
}

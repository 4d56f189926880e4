//go:build e2e

package people_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/people"
	"meixu/ui/uitest"
)

// TestScreens opens papers, rights and the answer to "who may" in a real browser.
func TestE2EScreens(t *testing.T) {
	s := uitest.New(t)
	for login, kind := range map[string]string{"doctor": people.PaperPhysician, "nurse": people.PaperNurse} {
		id, err := s.App.Rooms.People.AddLicence(t.Context(), s.Actor("manager"), people.PaperIn{
			Staff: s.StaffID(login), Kind: kind, Number: "110-" + login, Scope: "医疗美容", PlaceHere: true, From: "2021-05-01", Until: "2026-05-01",
		})
		require.NoError(t, err)
		if login == "doctor" {
			require.NoError(t, s.App.Rooms.People.CheckLicence(t.Context(), s.Actor("owner"), id))
		}
		require.NoError(t, s.App.Rooms.People.GrantRight(t.Context(), s.Actor("manager"), people.Grant{
			Staff: s.StaffID(login), ItemKind: "botulinum", Level: people.RightIndependent,
		}))
	}
	m := s.Screen("manager", uitest.PC)
	m.Open("/people").Axe().Shot("papers")
	m.Open("/people/rights").Axe().Shot("rights")
	m.Open("/people/who?item=1").Axe().Shot("who")
	m.Open("/people/licence/new").Axe().Shot("licence")
}

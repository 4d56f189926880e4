package store_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
)

// notHeld are the columns that name staff and hand nothing over: they say who did something, or
// belong to the person and end with the account.
var notHeld = strings.Fields(`
	answers.staff_id answers.signed_by case_views.staff_id cases.withdrawn_by checks.staff_id client_consents.withdrawn_by
	clients.id_checked_by client_merges.merged_by client_merges.undone_by contact_choices.chosen_by contra_rulings.physician_id contra_rulings.second_id appointments.overlap_by
	document_templates.reviewed_by drafts.staff_id events.opened_by events.closed_by exams.physician_id exports.staff_id
	exports.decided_by booking_imports.staff_id booking_imports.undone_by imports.staff_id imports.undone_by invoices.staff_id item_prices.staff_id items.described_by
	leads.first_reply_by leaves.staff_id leaves.answered_by licences.staff_id licences.checked_by lot_uses.taken_by
	lot_uses.second_id lot_uses.waste_second_id lots.received_by media.taken_by outbox.sent_by payments.cashier_id
	payments.approved_by phrase_hits.staff_id plan_items.approved_by plans.consultant_id plans.physician_id
	second_factors.staff_id segments.staff_id sessions.staff_id shift_weeks.staff_id shifts.staff_id shift_swaps.asker_id shift_swaps.other_id shift_swaps.answered_by signatures.staff_id sop_steps.staff_id
	staff.code_by staff_rights.staff_id staff_rights.granted_by staff_roles.staff_id stock_counts.counted_by
	stock_counts.decided_by tasks.done_by till_counts.staff_id treatment_notes.staff_id treatment_notes.second_id
	treatments.record_signed_by wait_breaches.staff_id workstations.enrolled_by`)

// Every column that names staff is either handed over or known to hand nothing over, so that a new
// table of things that wait for somebody cannot be forgotten (row:C7).
func TestEveryColumnThatNamesStaffIsHandedOverOrNot(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	source, err := os.ReadFile("holdings.go")
	require.NoError(t, err)
	var known, found []string
	for _, h := range store.Holdings {
		known = append(known, h.Column)
		require.Contains(t, string(source), "SELECT '"+h.Kind+"'", "the list of what somebody holds reads it")
	}
	conn, _ := db.Conns()
	rows, err := conn.QueryContext(t.Context(), `SELECT m.name || '.' || f."from" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f
		WHERE m.type = 'table' AND f."table" = 'staff'`)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var column string
		require.NoError(t, rows.Scan(&column))
		if !strings.HasSuffix(column, ".voided_by") {
			found = append(found, column)
		}
	}
	require.NoError(t, rows.Err())
	require.ElementsMatch(t, append(known, notHeld...), found, "say in store/holdings.go or here what becomes of it when the person leaves")
}

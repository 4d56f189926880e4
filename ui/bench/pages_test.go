//go:build bench

package bench_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// page is a page as one role sees it.
type page struct{ login, name, path string }

// mainPages are the pages people work on all day.
var mainPages = []string{
	"front /reception", "front /reception/queue", "front /reception/leads", "front /reception/appointments",
	"front /clients", "front /reception/visit/{visit}", "consultant /consultation", "consultant /consultation/{visit}",
	"consultant /plan/{plan}", "doctor /alerts", "doctor /visit/{visit}", "doctor /client/{client}", "nurse /procedure",
	"nurse /procedure/{treatment}", "nurse /ready", "cashier /till", "cashier /till/{order}", "cashier /till/day", "stock /stock",
	"aftercare /aftercare", "quality /feedback", "quality /feedback/adverse", "manager /board", "manager /people", "manager /tasks",
	"manager /catalog", "quality /client/{client}/trail", "owner /owner", "owner /admin",
}

// pages fills the list with rows of the clinic: those that have most to show.
func pages(t *testing.T, site *uitest.Site) (list []page) {
	t.Helper()
	ids := map[string]int64{}
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		treatments, err := r.TreatmentsToday(500)
		require.NoError(t, err)
		for _, x := range treatments {
			ids["treatment"], ids["visit"], ids["client"] = int64(x.ID), int64(x.Visit), int64(x.Client)
		}
		orders, err := r.OrdersIn(term.OrderPaid, 500)
		require.NoError(t, err)
		for _, x := range orders {
			ids["order"] = int64(x.ID)
		}
		plan, err := r.PlanOf(term.VisitID(ids["visit"]))
		require.NoError(t, err)
		ids["plan"] = int64(plan.ID)
		return nil
	}))
	for _, text := range mainPages {
		login, name, _ := strings.Cut(text, " ")
		path := name
		for noun, id := range ids {
			path = strings.ReplaceAll(path, "{"+noun+"}", fmt.Sprint(id))
		}
		require.NotContains(t, path, "{", "the practice clinic has none of it")
		list = append(list, page{login, name, path})
	}
	return list
}

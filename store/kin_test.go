package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

// TestKinUseIndexes: what a snapshot asks about many rows at once is found by an index.
func TestKinUseIndexes(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	conn, _ := db.Conns()
	checked := 0
	for _, q := range parseStore(t).queries(t) {
		head, where, _ := strings.Cut(q.sql, " WHERE ")
		many, ok := store.ManyKin(where)
		if !ok || !strings.HasPrefix(head, "SELECT ") {
			continue
		}
		rows, err := conn.QueryContext(bg, "EXPLAIN QUERY PLAN "+head+" WHERE "+many, "[1,2]")
		require.NoError(t, err, q.at)
		for rows.Next() {
			var id, parent, unused int
			var detail string
			require.NoError(t, rows.Scan(&id, &parent, &unused, &detail))
			if strings.HasPrefix(detail, "SCAN") && !strings.Contains(detail, "json_each") {
				t.Errorf("%s: %s\n%s", q.at, detail, many)
			}
		}
		require.NoError(t, rows.Err())
		require.NoError(t, rows.Close())
		checked++
	}
	require.Greater(t, checked, 40)
}

// visitsOf opens a visit for each of n clients.
func visitsOf(t *testing.T, n int) *store.DB {
	t.Helper()
	db, _ := storetest.New(t)
	require.NoError(t, db.Write(bg, storetest.Act("test.fill"), func(tx *store.Tx) error {
		for range n {
			c := store.Client{Name: "林清禾", Phone: "13800008817", Gender: "female", Birth: "1994-05-06", Source: "walk_in"}
			require.NoError(t, tx.AddClient(&c))
			v := store.Visit{
				Client: c.ID, State: term.VisitOpen, Stage: term.StageReception, Station: term.AtWaiting,
				StationAt: tx.Now(), ArrivedAt: tx.Now(),
			}
			require.NoError(t, tx.AddVisit(&v))
			ticket := store.Ticket{Visit: v.ID, Day: tx.Today(), Stream: "C", Number: fmt.Sprint(v.ID), State: term.TicketWaiting}
			require.NoError(t, tx.AddTicket(&ticket))
		}
		return nil
	}))
	return db
}

// page reads what a list would: each visit, its client, its ticket, its plan, twice.
func page(t *testing.T, db *store.DB, ctx context.Context) (names []string, asked int64) { //nolint:revive // the context is what is tested
	t.Helper()
	before := db.Queries()
	require.NoError(t, db.Read(ctx, func(r *store.Read) error {
		open, err := r.OpenVisits()
		require.NoError(t, err)
		for _, v := range open {
			for range 2 {
				c, err := r.Client(v.Client)
				require.NoError(t, err)
				e, err := r.TicketOf(v.ID)
				require.NoError(t, err)
				require.Equal(t, v.Client, c.ID)
				require.Equal(t, v.ID, e.Visit)
				again, err := r.Visit(v.ID)
				require.NoError(t, err)
				require.Equal(t, v, again)
				_, err = r.PlanOf(v.ID)
				require.ErrorIs(t, err, store.ErrNotFound)
				names = append(names, c.Name)
			}
		}
		return nil
	}))
	return names, db.Queries() - before
}

func TestNeighboursAreAskedTogether(t *testing.T) {
	t.Parallel()
	few, many := visitsOf(t, 3), visitsOf(t, 40)
	_, three := page(t, few, store.Remembering(bg))
	require.EqualValues(t, 4, three, "the list, the clients, the tickets, the plans")
	names, forty := page(t, many, store.Remembering(bg))
	require.EqualValues(t, 7, forty, "a handful first, then all")
	plain, one := page(t, many, bg)
	require.Equal(t, plain, names)
	require.EqualValues(t, 1+8*40, one)
}

func TestRowsOfAMemoryAreTheReadersOwn(t *testing.T) {
	t.Parallel()
	db := visitsOf(t, 3)
	require.NoError(t, db.Read(store.Remembering(bg), func(r *store.Read) error {
		first, err := r.OpenVisits()
		require.NoError(t, err)
		want := first[0]
		first[0] = store.Visit{}
		second, err := r.OpenVisits()
		require.NoError(t, err)
		require.Equal(t, want, second[0])
		return nil
	}))
}

// TestOnlyOneSnapshotRemembers: neither a second snapshot nor a write takes old answers.
func TestOnlyOneSnapshotRemembers(t *testing.T) {
	t.Parallel()
	db := visitsOf(t, 1)
	ctx := store.Remembering(bg)
	station := func(r *store.Read) term.Station {
		v, err := r.Visit(1)
		require.NoError(t, err)
		return v.Station
	}
	require.NoError(t, db.Read(ctx, func(r *store.Read) error {
		require.Equal(t, term.AtWaiting, station(r))
		return nil
	}))
	require.NoError(t, db.Write(ctx, storetest.Act("test.move"), func(tx *store.Tx) error {
		v, err := tx.Visit(1)
		require.NoError(t, err)
		v.Station = term.AtPlan
		require.NoError(t, tx.SaveVisit(&v))
		require.Equal(t, term.AtPlan, station(tx.Read))
		return nil
	}))
	require.NoError(t, db.Read(ctx, func(r *store.Read) error {
		require.Equal(t, term.AtPlan, station(r))
		return nil
	}))
}

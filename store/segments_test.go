package store_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
)

// TestSegmentsUseIndexes (row:C5): a segment is found by an index, and no order is sought among all files
// when few belong to it. Where nothing narrows it, only the narrow table of figures is gone through.
func TestSegmentsUseIndexes(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	conn, _ := db.Conns()
	for name, rule := range map[string]store.SegmentRule{
		"nothing": {}, "spent": {SpentMin: 1, Away: 90}, "stage": {Stages: []string{"new"}}, "within": {Within: 365, Marketing: true},
		"tier": {Tiers: []string{"gold", "diamond"}, SpentMin: 1}, "consultant": {Consultant: 1}, "scores": {RMax: 2, MMin: 4}, "gender": {Gender: "female"},
	} {
		for _, total := range []int{10, 100_000} {
			require.NoError(t, db.Read(bg, func(r *store.Read) error {
				queries, values, err := r.SegmentQueries(rule, store.SegmentPage{Limit: 50, Total: total})
				require.NoError(t, err)
				for i, query := range queries {
					rows, err := conn.QueryContext(bg, "EXPLAIN QUERY PLAN "+query, values[i]...)
					require.NoError(t, err, name)
					var plan []string
					for rows.Next() {
						var id, parent, unused int
						var detail string
						require.NoError(t, rows.Scan(&id, &parent, &unused, &detail))
						plan = append(plan, detail)
					}
					require.NoError(t, rows.Err())
					require.NoError(t, rows.Close())
					said := strings.Join(plan, "\n")
					require.NotContains(t, said, "SCAN c\n", "%s %d: all files are read", name, total)
					if total > 10 && i == 1 && rule.Consultant == 0 && len(rule.Tiers) == 0 {
						require.NotContains(t, said, "TEMP B-TREE", "%s %d: all are put in order", name, total)
					}
					if name != "nothing" && name != "gender" && total == 10 {
						require.Contains(t, plan[0]+strings.Join(plan[1:], ""), "USING", name)
						require.False(t, strings.HasPrefix(plan[0], "SCAN f"), "%s: %s", name, said)
					}
				}
				return nil
			}))
		}
	}
}

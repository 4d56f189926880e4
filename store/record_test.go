package store

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store/seal"
)

func TestRecordsMatchTheSchema(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keys, _, err := seal.Create(dir)
	require.NoError(t, err)
	db, err := Open(context.Background(), Options{Dir: dir, Keys: keys, Now: func() time.Time { return time.Unix(1_800_000_000, 0) }})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	require.NoError(t, db.Read(context.Background(), func(r *Read) error {
		for _, rec := range records {
			columns := strings.Split(strings.ReplaceAll(rec.columns(), " ", ""), ",")
			require.Len(t, rec.fields(r), len(columns), "%s: as many fields as columns", rec.table())
			require.Equal(t, []string{"id", "version", "created_at", "updated_at"}, columns[:4], rec.table())
			have, err := many(r, value[string], "SELECT name FROM pragma_table_info(?) WHERE name NOT LIKE '%_index' ORDER BY cid", rec.table())
			require.NoError(t, err)
			want := columns[:0:0]
			for _, c := range columns {
				if !strings.HasSuffix(c, "_index") {
					want = append(want, c)
				}
			}
			require.ElementsMatch(t, have, want, "%s: the record names every column of its table", rec.table())
		}
		return nil
	}))
}

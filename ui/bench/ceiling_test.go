//go:build bench

package bench_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite" // the raw engine, for the ceilings
)

// hello is the least that Echo does over HTTP on this machine.
func hello(t testing.TB) func() { return opening(t, greeter(t), nil) }

// greeter is the address of a server that says hello.
func greeter(t testing.TB) string {
	e := echo.New()
	e.GET("/", func(c echo.Context) error { return c.HTML(http.StatusOK, "<p>hello</p>") })
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	return server.URL + "/"
}

// rawDB opens SQLite with the same durability as the house and no more.
func rawDB(t testing.TB) *sql.DB {
	path := filepath.Join(t.TempDir(), "raw.db")
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(EXTRA)&_txlock=immediate")
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	_, err = db.Exec(`CREATE TABLE slots (id INTEGER PRIMARY KEY, staff INTEGER, room INTEGER, starts TEXT, ends TEXT, body TEXT);
		CREATE INDEX slots_staff ON slots(staff, starts);
		CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, phone TEXT);
		CREATE TABLE visits (id INTEGER PRIMARY KEY, person INTEGER, state TEXT, body TEXT)`)
	require.NoError(t, err)
	return db
}

// rawCommit is one durable booking with its conflict check and nothing else.
func rawCommit(t testing.TB) func() {
	db, ctx, n := rawDB(t), context.Background(), 0
	return func() {
		n++
		tx, err := db.BeginTx(ctx, nil)
		require.NoError(t, err)
		var taken int
		require.NoError(t, tx.QueryRowContext(ctx, "SELECT count(*) FROM slots WHERE staff = ? AND starts = ?", n%9, fmt.Sprint(n)).Scan(&taken))
		_, err = tx.ExecContext(ctx, "INSERT INTO slots(staff, room, starts, ends, body) VALUES(?,?,?,?,?)", n%9, n%7, fmt.Sprint(n), fmt.Sprint(n+1), "x")
		require.NoError(t, err)
		require.NoError(t, tx.Commit())
	}
}

// rawBoard reads 150 joined rows and nothing else.
func rawBoard(t testing.TB) func() {
	db, ctx := rawDB(t), context.Background()
	for i := range 150 {
		_, err := db.Exec("INSERT INTO people(name, phone) VALUES(?,?); INSERT INTO visits(person, state, body) VALUES(last_insert_rowid(),'open',?)",
			fmt.Sprintf("客户%d", i), fmt.Sprintf("138%08d", i), "waiting")
		require.NoError(t, err)
	}
	return func() {
		rows, err := db.QueryContext(ctx, "SELECT v.id, p.name, p.phone, v.state, v.body FROM visits v JOIN people p ON p.id = v.person WHERE v.state = 'open'")
		require.NoError(t, err)
		defer rows.Close()
		n := 0
		for rows.Next() {
			var id int
			var name, phone, state, body string
			require.NoError(t, rows.Scan(&id, &name, &phone, &state, &body))
			n++
		}
		require.NoError(t, rows.Err())
		require.Equal(t, 150, n)
	}
}

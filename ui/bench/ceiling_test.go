//go:build bench

package bench_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
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
		CREATE TABLE acts (id INTEGER PRIMARY KEY, slot INTEGER, who TEXT, what TEXT);
		CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, phone TEXT);
		CREATE TABLE visits (id INTEGER PRIMARY KEY, person INTEGER, state TEXT, body TEXT)`)
	require.NoError(t, err)
	return db
}

// rawCommit is one durable booking with its conflict check and nothing else.
func rawCommit(t testing.TB) func() {
	db, n := rawDB(t), 0
	return func() {
		n++
		tx, err := db.Begin()
		require.NoError(t, err)
		require.NoError(t, rawBook(tx, n))
		require.NoError(t, tx.Commit())
	}
}

// rawBook books the n-th slot after asking whether it is taken.
func rawBook(tx *sql.Tx, n int) error {
	var taken int
	if err := tx.QueryRow("SELECT count(*) FROM slots WHERE staff = ? AND starts = ?", n%9, fmt.Sprint(n)).Scan(&taken); err != nil {
		return err
	}
	_, err := tx.Exec("INSERT INTO slots(staff, room, starts, ends, body) VALUES(?,?,?,?,?)", n%9, n%7, fmt.Sprint(n), fmt.Sprint(n+1), "x")
	return err
}

// rawAudited is the least honest work of a booking: conflict check, slot and act, durable.
func rawAudited(db *sql.DB, n int) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	err = rawBook(tx, n)
	if err == nil {
		_, err = tx.Exec("INSERT INTO acts(slot, who, what) VALUES(last_insert_rowid(),?,?)", "front", "appointment.book")
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// leastProgram is the least program that books over HTTP: nobody signs in, nothing is sealed,
// nothing is drawn. It gives what one of so many clients does.
func leastProgram(t testing.TB, clients int) []func() {
	db, n := rawDB(t), atomic.Int64{}
	e := echo.New()
	e.POST("/", func(c echo.Context) error {
		if err := rawAudited(db, int(n.Add(1))); err != nil {
			return err
		}
		return c.Redirect(http.StatusSeeOther, "/")
	})
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	laps := make([]func(), clients)
	for i := range laps {
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		t.Cleanup(client.CloseIdleConnections)
		laps[i] = func() {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/", strings.NewReader("minutes=15"))
			require.NoError(t, err)
			send(t, client, req, nil, http.StatusSeeOther)
		}
	}
	return laps
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

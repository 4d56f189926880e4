package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"meixu/app"
	"meixu/app/keeping"
)

// addressFile lies in the data folder, for this account alone, and says where the running server
// takes orders: a socket on Unix, a named pipe on Windows. Who may open that may do what the owner
// of the machine may do.
const addressFile = "admin.at"

// absolute makes a folder mean the same to the running server.
func absolute(dir string) string {
	if dir == "" {
		return ""
	}
	full, err := filepath.Abs(dir)
	if err != nil {
		return dir
	}
	return full
}

// reply is one line of the answer: how far the deed is, and at the end what came of it.
type reply struct {
	Text  string `json:"text,omitempty"`
	Error string `json:"error,omitempty"`
	Done  int64  `json:"done,omitempty"` // bytes
	All   int64  `json:"all,omitempty"`
	End   bool   `json:"end,omitempty"`
}

// steps sends how far a deed is, once a percent.
func steps(w http.ResponseWriter, lines *json.Encoder) keeping.Meter {
	var mu sync.Mutex
	last := int64(-1)
	return func(done, all int64) {
		mu.Lock()
		defer mu.Unlock()
		if percent := (keeping.Progress{Done: done, All: all}).Percent(); all > 0 && percent != last {
			last = percent
			_ = lines.Encode(reply{Done: done, All: all}) // a client that left needs no answer
			_ = http.NewResponseController(w).Flush()
		}
	}
}

// openSocket answers orders of the command line while the server runs. The instance lock is
// held already, so an address that is still there was left by a crash.
func openSocket(ctx context.Context, a *app.App, dir string) (*http.Server, error) {
	listener, address, err := takeOrders(ctx, dir)
	if err != nil {
		return nil, fmt.Errorf("admin socket: %w", err)
	}
	file := filepath.Join(dir, addressFile)
	err = os.Remove(file) // its rights may be those of an older program
	if err == nil || errors.Is(err, os.ErrNotExist) {
		err = os.WriteFile(file, []byte(address), 0o600)
	}
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	server := &http.Server{Handler: orders(a), ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }() // ends with Close
	return server, nil
}

// reach connects to the server that runs on the data folder; an error says that none does.
func reach(ctx context.Context, dir string) (net.Conn, error) {
	file := filepath.Join(dir, addressFile)
	address, err := os.ReadFile(file)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: "admin", Err: err}
	}
	return giveOrders(ctx, file, string(address))
}

func orders(a *app.App) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /order", func(w http.ResponseWriter, r *http.Request) {
		var o order
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&o); err != nil {
			http.Error(w, "bad order", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/x-ndjson")
		lines := json.NewEncoder(w)
		text, err := perform(r.Context(), a, o, steps(w, lines))
		answer := reply{Text: text}
		if err != nil {
			answer = reply{Error: sentence(o.Lang, err)}
		}
		answer.End = true
		_ = lines.Encode(answer) // a client that left needs no answer
	})
	return mux
}

// askServer gives an order to the server that runs on the data folder; served is false when
// none does.
func askServer(ctx context.Context, dir string, o order, m keeping.Meter) (text string, served bool, err error) {
	client := &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return reach(ctx, dir) },
	}}
	defer client.CloseIdleConnections()
	body, err := json.Marshal(o)
	if err != nil {
		return "", false, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://meixu/order", bytes.NewReader(body))
	if err != nil {
		return "", false, err
	}
	resp, err := client.Do(req)
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return "", false, nil
	}
	if err != nil {
		return "", true, err
	}
	defer resp.Body.Close() //nolint:errcheck // read to the end below
	var answer reply
	for lines := json.NewDecoder(resp.Body); !answer.End; {
		answer = reply{}
		if err := lines.Decode(&answer); err != nil {
			return "", true, fmt.Errorf("reading the server's answer: %w", err)
		}
		if !answer.End && m != nil {
			m(answer.Done, answer.All)
		}
	}
	if answer.Error != "" {
		return "", true, &toldError{answer.Error}
	}
	return answer.Text, true, nil
}

package cli

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"meixu/app"
	"meixu/ui/assets"
	"meixu/ui/web"
)

// serveFlags are the flags of `meixu serve`.
type serveFlags struct {
	data, listen, guest, lan string
	hosts                    []string
	demo, dev                bool
}

func newServe(t terminal) *cobra.Command {
	cmd := &cobra.Command{Use: "serve", Short: t.lang.T("cli.serve"), Args: cobra.NoArgs}
	var f serveFlags
	cmd.Flags().StringVar(&f.data, "data", "data", t.lang.T("cli.flag.data"))
	cmd.Flags().StringVar(&f.listen, "listen", "127.0.0.1:8420", t.lang.T("cli.flag.listen"))
	cmd.Flags().StringVar(&f.lan, "lan", "", t.lang.T("cli.flag.lan"))
	cmd.Flags().StringVar(&f.guest, "guest", "", t.lang.T("cli.flag.guest"))
	cmd.Flags().StringSliceVar(&f.hosts, "host", nil, t.lang.T("cli.flag.host"))
	cmd.Flags().BoolVar(&f.demo, "demo", false, t.lang.T("cli.flag.demo"))
	cmd.Flags().BoolVar(&f.dev, "dev", false, t.lang.T("cli.flag.dev"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return t.serve(cmd.Context(), f) }
	return cmd
}

// serve opens the doors before the data: a taken port must not touch the clinic.
func (t terminal) serve(ctx context.Context, f serveFlags) (err error) {
	slog.SetDefault(slog.New(slog.NewTextHandler(t.err, &slog.HandlerOptions{Level: levelOf(f)})))
	doors, err := t.doors(ctx, f)
	defer closeQuietly(doors)
	if err != nil {
		return err
	}
	if f.demo {
		if err := t.fillDemo(ctx, f.data); err != nil {
			return err
		}
	}
	a, err := app.Open(ctx, app.Options{Dir: f.data, Now: web.Clock, Demo: f.demo, Passphrase: t.passphrase(ctx)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if err := a.BindKey(); err != nil {
		slog.Warn("the key file stays as it is", "cause", err)
	}
	fromDisk(f)
	socket, err := openSocket(ctx, a, f.data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, socket.Close()) }()
	if err := a.Jobs.Start(ctx); err != nil {
		return err
	}
	server := web.New(a, web.Options{Hosts: f.hosts, Dev: f.dev})
	if err := t.welcome(doors); err != nil {
		return err
	}
	if doors.LAN != nil {
		stop, err := t.onNetwork(ctx, a, f, &doors)
		if err != nil {
			return err
		}
		defer stop()
	}
	if err := t.logins(ctx, a, doors); err != nil {
		return err
	}
	return server.Serve(ctx, doors)
}

// guestPort is where the guests' door stands when a clinic opens to its network without
// saying so: devices learn there to trust the house.
const guestPort = ":8421"

// doors opens the addresses of the flags.
func (t terminal) doors(ctx context.Context, f serveFlags) (d web.Doors, err error) {
	if f.lan != "" && f.guest == "" {
		f.guest = guestPort
	}
	for _, door := range []struct {
		address string
		into    *net.Listener
	}{{f.listen, &d.Staff}, {f.guest, &d.Guest}, {f.lan, &d.LAN}} {
		if door.address == "" {
			continue
		}
		if *door.into, err = t.listen(ctx, door.address); err != nil {
			*door.into = nil
			return d, err
		}
	}
	return d, nil
}

func levelOf(f serveFlags) slog.Level {
	if f.dev {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

func closeQuietly(d web.Doors) {
	for _, l := range []net.Listener{d.Staff, d.Guest, d.LAN} {
		if l != nil {
			_ = l.Close() // the server has closed it already
		}
	}
}

// listen opens an address or says clearly that it is taken.
func (t terminal) listen(ctx context.Context, address string) (net.Listener, error) {
	l, err := web.Listen(ctx, address)
	if errors.Is(err, taken) {
		return nil, &toldError{t.lang.T("cli.port", address)}
	}
	if err != nil {
		return nil, &toldError{t.lang.T("cli.listen", address, err)}
	}
	return l, nil
}

// fromDisk reads assets from disk in developer mode.
func fromDisk(f serveFlags) {
	if dist := filepath.Join("ui", "assets", "dist"); f.dev && exists(dist) {
		assets.FromDisk(dist)
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"meixu/app"
	"meixu/ui/assets"
	"meixu/ui/kit"
	"meixu/ui/web"
)

// serveFlags are the flags of `meixu serve`.
type serveFlags struct {
	data, listen, guest string
	hosts               []string
	demo, dev           bool
}

func newServe(t terminal) *cobra.Command {
	cmd := &cobra.Command{Use: "serve", Short: t.lang.T("cli.serve"), Args: cobra.NoArgs}
	var f serveFlags
	cmd.Flags().StringVar(&f.data, "data", "data", t.lang.T("cli.flag.data"))
	cmd.Flags().StringVar(&f.listen, "listen", "127.0.0.1:8420", t.lang.T("cli.flag.listen"))
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
	staff, err := t.listen(ctx, f.listen)
	if err != nil {
		return err
	}
	defer closeQuietly(staff)
	var guest net.Listener
	if f.guest != "" {
		if guest, err = t.listen(ctx, f.guest); err != nil {
			return err
		}
		defer closeQuietly(guest)
	}
	if f.demo {
		if err := t.fillDemo(ctx, f.data); err != nil {
			return err
		}
	}
	a, err := app.Open(ctx, app.Options{Dir: f.data, Now: web.Clock, Demo: f.demo})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
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
	if err := t.welcome(ctx, a, staff, guest); err != nil {
		return err
	}
	return server.Serve(ctx, staff, guest)
}

func levelOf(f serveFlags) slog.Level {
	if f.dev {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

func closeQuietly(l net.Listener) { _ = l.Close() } // the server has closed it already

// listen opens an address or says clearly that it is taken.
func (t terminal) listen(ctx context.Context, address string) (net.Listener, error) {
	l, err := web.Listen(ctx, address)
	if errors.Is(err, syscall.EADDRINUSE) || err != nil && strings.Contains(err.Error(), "Only one usage of each socket address") {
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

// welcome prints where the clinic is found, and how to come in.
func (t terminal) welcome(ctx context.Context, a *app.App, staff, guest net.Listener) error {
	local, lan := web.URLs(staff)
	t.say("cli.url", local)
	for _, url := range lan {
		t.say("cli.lan", url)
	}
	if len(lan) > 0 {
		if err := printQR(t.out, lan[0]); err != nil {
			return err
		}
	}
	if guest != nil {
		url, lan := web.URLs(guest)
		kit.GuestURL = url
		if len(lan) > 0 {
			kit.GuestURL = lan[0] // phones are on the LAN, not on this machine
		}
		t.say("cli.guest", url)
	}
	empty, err := a.Admin.NeedsSetup(ctx)
	if err != nil {
		return err
	}
	if empty {
		t.say("cli.setup", local+"/setup", a.Admin.OpenSetup(a.RecoverySheet()))
		return nil
	}
	cards, err := a.Admin.Cards(ctx)
	if err != nil || len(cards) == 0 {
		return err
	}
	t.say("cli.demo.logins", cards[0].Password)
	for _, c := range cards {
		roles := make([]string, 0, len(c.Roles))
		for _, r := range c.Roles {
			roles = append(roles, t.lang.T(r.Key()))
		}
		_, _ = fmt.Fprintf(t.out, "  %-12s PIN %-6s %s  %s\n", c.Login, c.PIN, c.Name, strings.Join(roles, "/"))
	}
	return nil
}

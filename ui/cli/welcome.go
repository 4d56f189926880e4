package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"

	"meixu/app"
	"meixu/app/lan"
	"meixu/ui/kit"
	"meixu/ui/web"
)

// welcome prints where the clinic is found.
func (t terminal) welcome(d web.Doors) error {
	local, found := web.URLs(d.Staff)
	t.say("cli.url", local)
	for _, url := range found {
		t.say("cli.lan", url)
	}
	if len(found) > 0 && d.LAN == nil {
		if err := printQR(t.out, found[0]); err != nil {
			return err
		}
	}
	if d.Guest != nil {
		url, found := web.URLs(d.Guest)
		kit.GuestURL = url
		if len(found) > 0 {
			kit.GuestURL = found[0] // phones are on the LAN, not on this machine
		}
		t.say("cli.guest", kit.GuestURL)
	}
	return nil
}

// onNetwork lets the clinic's authority vouch for the door on the network, announces its name
// and prints how devices learn to trust it.
func (t terminal) onNetwork(ctx context.Context, a *app.App, f serveFlags, d *web.Doors) (stop func(), err error) {
	authority, err := a.OpenLAN(ctx, f.hosts)
	if errors.Is(err, lan.ErrName) {
		return nil, &toldError{t.lang.T("cli.lan.name", strings.Join(f.hosts, ", "))}
	}
	if err != nil {
		return nil, err
	}
	d.TLS = authority.TLS()
	port := 0
	if at, ok := d.LAN.Addr().(*net.TCPAddr); ok {
		port = at.Port
	}
	a.LAN.Stand(lan.Door{Port: port, Guest: kit.GuestURL})
	quiet, err := lan.Announce()
	if err != nil {
		t.say("cli.mdns", err)
		quiet = func() error { return nil }
	}
	for _, url := range a.LAN.URLs() {
		t.say("cli.tls", url)
	}
	t.say("cli.fingerprint", authority.Fingerprint())
	return func() {
		if err := quiet(); err != nil {
			slog.Warn("the name of the clinic is no longer announced", "cause", err)
		}
	}, t.connect(a.LAN.Connect())
}

// connect prints where devices learn to trust the house, or that none can get there.
func (t terminal) connect(link string) error {
	if !lan.Reached(link) {
		t.say("cli.unreached", link)
		return nil
	}
	t.say("cli.connect", link)
	return printQR(t.out, link)
}

// logins prints how to come in: the token of the first set-up, or the people of the demo.
func (t terminal) logins(ctx context.Context, a *app.App, d web.Doors) error {
	local, _ := web.URLs(d.Staff)
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

package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/mattn/go-isatty"
	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"meixu/app"
	"meixu/app/access"
	"meixu/app/keeping"
)

// backUp carries out the order of `meixu backup`.
func backUp(ctx context.Context, a *app.App, by access.Actor, o order, m keeping.Meter) (string, error) {
	to := keeping.Place{Address: o.Args["to"], Secrets: keeping.Secrets{Password: o.Args["password"], Key: o.Args["key"], Secret: o.Args["secret"]}}
	r, err := a.Keeping.Backup(ctx, by, to, m)
	if err != nil {
		return "", err
	}
	lines := []string{o.Lang.T("cli.backup.done", r.Name, r.Address, r.Files, r.Bytes, r.Sent)}
	if n := len(r.Dropped); n > 0 {
		lines = append(lines, o.Lang.T("cli.backup.dropped", n))
	}
	if r.Rolled {
		lines = append(lines, o.Lang.T("cli.backup.rolled"))
	}
	return strings.Join(lines, "\n"), nil
}

// secrets of a place come from the environment: what stands in a command line, everybody on
// the machine can read. MEIXU_BACKUP_KEY may name a file.
func secrets() (password, key, secret string) {
	key = os.Getenv("MEIXU_BACKUP_KEY")
	text, err := os.ReadFile(key) //nolint:gosec // the one who gives the order names the file
	if key != "" && err == nil {
		key = string(text)
	}
	return os.Getenv("MEIXU_BACKUP_PASSWORD"), key, os.Getenv("MEIXU_BACKUP_SECRET")
}

// placed makes a folder mean the same to the running server.
func placed(address string) string {
	if keeping.Remote(address) {
		return address
	}
	return absolute(address)
}

func newBackup(t terminal) *cobra.Command {
	cmd := &cobra.Command{Use: "backup", Short: t.lang.T("cli.backup"), Args: cobra.NoArgs}
	data, to := dataFlag(cmd, t), cmd.Flags().String("to", "", t.lang.T("cli.flag.to"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		password, key, secret := secrets()
		return t.ask(cmd.Context(), *data, order{Name: "backup", Args: map[string]string{
			"to": placed(*to), "password": password, "key": key, "secret": secret,
		}})
	}
	return cmd
}

// meter draws how far a backup is, on terminals only.
func (t terminal) meter(o order) keeping.Meter {
	file, ok := t.err.(*os.File)
	if o.Name != "backup" || !ok || !isatty.IsTerminal(file.Fd()) {
		return nil
	}
	return t.bar()
}

// bar draws bytes done of all.
func (t terminal) bar() keeping.Meter {
	bar := progressbar.NewOptions64(1, progressbar.OptionSetWriter(t.err), progressbar.OptionShowBytes(true),
		progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(40))
	return func(done, all int64) {
		bar.ChangeMax64(max(all, 1))
		_ = bar.Set64(min(done, max(all, 1))) // a bar that cannot be drawn is no fault of the backup
	}
}

// restoring is one `meixu restore`.
type restoring struct {
	terminal
	data string
	wish keeping.Wish
	yes  bool
	in   io.Reader
}

func newRestore(t terminal) *cobra.Command {
	cmd := &cobra.Command{Use: "restore", Short: t.lang.T("cli.restore"), Args: cobra.NoArgs}
	data, from := dataFlag(cmd, t), cmd.Flags().String("from", "", t.lang.T("cli.flag.from"))
	printed, at := newCodeFlags(cmd, t, "cli.flag.code"), cmd.Flags().String("at", "", t.lang.T("cli.flag.at"))
	yes := cmd.Flags().Bool("yes", false, t.lang.T("cli.flag.yes"))
	now := cmd.Flags().Bool("photos-now", false, t.lang.T("cli.flag.photos"))
	_ = cmd.MarkFlagRequired("from") // the flag exists: it was made above
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		code, err := printed.read(cmd.Context(), false)
		if err != nil {
			return err
		}
		password, key, secret := secrets()
		w := keeping.Wish{Name: *at, PhotosNow: *now, Code: code, Passphrase: t.passphrase(cmd.Context()), Place: keeping.Place{
			Address: placed(*from), Secrets: keeping.Secrets{Password: password, Key: key, Secret: secret},
		}}
		return restoring{t, *data, w, *yes, cmd.InOrStdin()}.run(cmd.Context())
	}
	return cmd
}

// run lists what is there, says what would be lost, asks, and prepares the next start.
func (r restoring) run(ctx context.Context) error {
	heads, err := keeping.List(ctx, r.wish.Place)
	if err != nil {
		return err
	}
	r.list(heads)
	found, err := keeping.Look(ctx, r.data, r.wish)
	if errors.Is(err, keeping.ErrNeedsCode) && r.interactive() {
		found, err = r.lookWithCode(ctx)
	}
	if err != nil {
		return err
	}
	r.say("cli.restore.chosen", found.Name)
	switch {
	case found.Loss.None:
		r.say("cli.restore.none")
	case found.Loss.Acts > 0:
		r.say("cli.restore.loss", found.Loss.Acts)
	default:
		r.say("cli.restore.even")
	}
	if !r.yes {
		if !r.interactive() {
			return &toldError{r.lang.T("cli.restore.yes")}
		}
		if !strings.EqualFold(r.prompt("cli.restore.ask"), "yes") {
			r.say("cli.restore.stopped")
			return nil
		}
	}
	r.wish.Name = found.Name
	if file, ok := r.err.(*os.File); ok && isatty.IsTerminal(file.Fd()) {
		r.wish.Progress = r.bar()
	}
	staged, err := keeping.Stage(ctx, r.data, r.wish)
	if err != nil {
		return err
	}
	r.say("cli.restore.done", keeping.When(staged.At))
	if staged.Owed > 0 {
		r.say("cli.restore.owed", staged.Owed, r.wish.Place.Address)
	}
	return nil
}

// mostListed is how many backups are listed.
const mostListed = 20

func (r restoring) list(heads []keeping.Head) {
	r.say("cli.restore.list", r.wish.Place.Address)
	for _, h := range heads[:min(mostListed, len(heads))] {
		_, _ = fmt.Fprintf(r.out, "  %s  %s\n", h.Name, keeping.When(h.At))
	}
	if more := len(heads) - mostListed; more > 0 {
		r.say("cli.restore.more", more)
	}
}

// interactive says that there is a person to ask.
func (r restoring) interactive() bool {
	file, ok := r.in.(*os.File)
	return !ok || isatty.IsTerminal(file.Fd())
}

// lookWithCode asks for the printed code, unseen.
func (r *restoring) lookWithCode(ctx context.Context) (found keeping.Found, err error) {
	code, err := r.secret(ctx, "cli.restore.code")
	if err != nil {
		return found, err
	}
	r.wish.Code = strings.TrimSpace(code)
	return keeping.Look(ctx, r.data, r.wish)
}

func (r restoring) prompt(key string) string {
	_, _ = fmt.Fprint(r.out, r.lang.T(key))
	lines := bufio.NewScanner(r.in)
	lines.Scan()
	return strings.TrimSpace(lines.Text())
}

package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"meixu/app"
	"meixu/app/access"
	"meixu/app/admin"
	"meixu/app/keeping"
	"meixu/app/words"
	"meixu/ui/web"
)

// order is one command for the clinic, given on the command line and carried out either by
// the running server or here.
type order struct {
	Name string            `json:"name"`
	Args map[string]string `json:"args"`
	Lang words.Lang        `json:"lang"`
}

// perform carries out an order and gives the text for the terminal.
func perform(ctx context.Context, a *app.App, o order, m keeping.Meter) (string, error) {
	by := access.System("cli")
	by.Lang = o.Lang
	switch o.Name {
	case "backup":
		return backUp(ctx, a, by, o, m)
	case "check":
		return examine(ctx, a, o)
	case "staff-add":
		return addStaff(ctx, a, by, o)
	case "staff-list":
		return listStaff(ctx, a, by, o)
	case "staff-reset":
		code, err := a.Admin.ResetPassword(ctx, by, o.Args["login"])
		return o.Lang.T("cli.staff.code", o.Args["login"], code), err
	case "owner-reset":
		code, err := a.ResetOwner(ctx, o.Args["login"], o.Args["code"])
		return o.Lang.T("cli.owner.code", o.Args["login"], code), err
	case "key-passphrase":
		return dressKey(ctx, a, by, o)
	case "job-run":
		n, err := a.Jobs.Run(ctx, by, o.Args["job"])
		return o.Lang.T("cli.job.done", n), err
	}
	return "", fmt.Errorf("unknown order %q", o.Name)
}

// examine carries out the order of `meixu check`: one line each, and exit code 1 when one of
// them is bad.
func examine(ctx context.Context, a *app.App, o order) (string, error) {
	w := app.Wish{Code: o.Args["code"]}
	if text := o.Args["paper"]; text != "" {
		paper, ok := app.ParsePaper(text)
		if !ok {
			return "", &toldError{o.Lang.T("cli.flag.paper")}
		}
		w.Paper = &paper
	}
	found, err := a.Examine(ctx, w)
	if err != nil {
		return "", err
	}
	var lines []string
	bad := 0
	for _, f := range found {
		lines = append(lines, f.Say(o.Lang))
		if f.Tone == app.Bad {
			bad++
		}
	}
	text := strings.Join(lines, "\n")
	if bad > 0 {
		return "", &toldError{o.Lang.T("cli.check.wrong", bad) + "\n" + text}
	}
	return text + "\n" + o.Lang.T("cli.check.good"), nil
}

func addStaff(ctx context.Context, a *app.App, by access.Actor, o order) (string, error) {
	in := admin.NewStaff{Login: o.Args["login"], Name: o.Args["name"], Title: o.Args["title"], Lang: o.Lang}
	in.Lead, _ = strconv.ParseBool(o.Args["lead"])
	for _, word := range strings.FieldsFunc(o.Args["roles"], func(r rune) bool { return r == ',' || r == ' ' }) {
		in.Roles = append(in.Roles, access.Role(word))
	}
	_, code, err := a.Admin.AddStaff(ctx, by, in)
	return o.Lang.T("cli.staff.code", in.Login, code), err
}

func listStaff(ctx context.Context, a *app.App, by access.Actor, o order) (string, error) {
	people, err := a.Admin.Staff(ctx, by)
	var b strings.Builder
	for _, p := range people {
		roles := make([]string, 0, len(p.Roles))
		for _, r := range p.Roles {
			roles = append(roles, o.Lang.T(r.Key()))
		}
		state := "admin.staff.active"
		if !p.Active {
			state = "admin.staff.disabled"
		}
		fmt.Fprintf(&b, "%-14s %s  %s  %s\n", p.Login, p.Name, strings.Join(roles, "/"), o.Lang.T(state))
	}
	return strings.TrimSuffix(b.String(), "\n"), err
}

// ask gives the order to the running server, or carries it out here when there is none.
func (t terminal) ask(ctx context.Context, data string, o order) error {
	o.Lang = t.lang
	m := t.meter(o)
	text, served, err := askServer(ctx, data, o, m)
	if !served && err == nil {
		text, err = t.here(ctx, data, o, m)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(t.out, text)
	return err
}

// here opens the data folder for one order; the instance lock keeps others out meanwhile.
func (t terminal) here(ctx context.Context, data string, o order, m keeping.Meter) (text string, err error) {
	if err := t.refuseHere(data, o); err != nil {
		return "", err
	}
	a, err := app.Open(ctx, app.Options{Dir: data, Now: web.Clock, Passphrase: t.passphrase(ctx)})
	if err != nil {
		return "", err
	}
	text, err = perform(ctx, a, o, m)
	if closed := a.Close(); err == nil {
		err = closed
	}
	return text, err
}

// refuseHere says why an order cannot be carried out on a folder that nobody serves: there is no
// clinic in it, or only one that a restore brings at the next start. A check leaves that restore
// alone: to open the data is to apply it.
func (t terminal) refuseHere(data string, o order) error {
	w, err := keeping.Waits(data)
	if err != nil {
		return err
	}
	there := app.Exists(data)
	switch {
	case w == nil && !there:
		return &toldError{t.lang.T("cli.nodata", data)}
	case w != nil && !there:
		return &toldError{t.lang.T("cli.pending.new", absolute(data), keeping.When(w.At), w.From)}
	case w != nil && o.Name == "check":
		return &toldError{t.lang.T("cli.pending", absolute(data), keeping.When(w.At), w.From, w.Before)}
	}
	return nil
}

func newCheck(t terminal) *cobra.Command {
	cmd := &cobra.Command{Use: "check", Short: t.lang.T("cli.check"), Args: cobra.NoArgs}
	data := dataFlag(cmd, t)
	paper := cmd.Flags().String("paper", "", t.lang.T("cli.flag.paper"))
	printed := newCodeFlags(cmd, t, "cli.flag.recovery")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		code, err := printed.read(cmd.Context(), false)
		if err != nil {
			return err
		}
		return t.ask(cmd.Context(), *data, order{Name: "check", Args: map[string]string{"code": code, "paper": *paper}})
	}
	return cmd
}

func newJob(t terminal) *cobra.Command {
	parent := &cobra.Command{Use: "job", Short: t.lang.T("cli.job")}
	cmd := &cobra.Command{Use: "run " + t.lang.T("cli.arg.job"), Short: t.lang.T("cli.job.run"), Args: cobra.ExactArgs(1)}
	data := dataFlag(cmd, t)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return t.ask(cmd.Context(), *data, order{Name: "job-run", Args: map[string]string{"job": args[0]}})
	}
	parent.AddCommand(cmd)
	return parent
}

func newStaff(t terminal) *cobra.Command {
	parent := &cobra.Command{Use: "staff", Short: t.lang.T("cli.staff")}
	list := &cobra.Command{Use: "list", Short: t.lang.T("cli.staff.list"), Args: cobra.NoArgs}
	listData := dataFlag(list, t)
	list.RunE = func(cmd *cobra.Command, _ []string) error {
		return t.ask(cmd.Context(), *listData, order{Name: "staff-list"})
	}
	reset := &cobra.Command{Use: "reset-password " + t.lang.T("cli.arg.login"), Short: t.lang.T("cli.staff.reset"), Args: cobra.ExactArgs(1)}
	resetData := dataFlag(reset, t)
	reset.RunE = func(cmd *cobra.Command, args []string) error {
		return t.ask(cmd.Context(), *resetData, order{Name: "staff-reset", Args: map[string]string{"login": args[0]}})
	}
	parent.AddCommand(newStaffAdd(t), list, reset, newResetOwner(t))
	return parent
}

// newResetOwner asks for the recovery code, so that it stands in no list of commands.
func newResetOwner(t terminal) *cobra.Command {
	cmd := &cobra.Command{Use: "reset-owner " + t.lang.T("cli.arg.login"), Short: t.lang.T("cli.owner.reset"), Args: cobra.ExactArgs(1)}
	data, printed := dataFlag(cmd, t), newCodeFlags(cmd, t, "cli.flag.code.needed")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		code, err := printed.read(cmd.Context(), true)
		if err != nil {
			return err
		}
		return t.ask(cmd.Context(), *data, order{Name: "owner-reset", Args: map[string]string{"login": args[0], "code": code}})
	}
	return cmd
}

func newStaffAdd(t terminal) *cobra.Command {
	cmd := &cobra.Command{Use: "add " + t.lang.T("cli.arg.login"), Short: t.lang.T("cli.staff.add"), Args: cobra.ExactArgs(1)}
	data := dataFlag(cmd, t)
	flags := map[string]*string{}
	for _, name := range []string{"name", "roles", "title"} {
		flags[name] = cmd.Flags().String(name, "", t.lang.T("cli.flag."+name))
	}
	lead := cmd.Flags().Bool("lead", false, t.lang.T("cli.flag.lead"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		o := order{Name: "staff-add", Args: map[string]string{"login": args[0], "lead": strconv.FormatBool(*lead)}}
		for name, v := range flags {
			o.Args[name] = *v
		}
		return t.ask(cmd.Context(), *data, o)
	}
	return cmd
}

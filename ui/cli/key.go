package cli

import (
	"context"

	"github.com/spf13/cobra"

	"meixu/app"
	"meixu/app/access"
)

// dressKey carries out the order of `meixu key passphrase`.
func dressKey(ctx context.Context, a *app.App, by access.Actor, o order) (string, error) {
	if err := a.SetPassphrase(ctx, by, o.Args["former"], o.Args["passphrase"]); err != nil {
		return "", err
	}
	if o.Args["passphrase"] == "" {
		return o.Lang.T("cli.key.cleared"), nil
	}
	return o.Lang.T("cli.key.set"), nil
}

func newKey(t terminal) *cobra.Command {
	parent := &cobra.Command{Use: "key", Short: t.lang.T("cli.key")}
	words := &cobra.Command{Use: "passphrase", Short: t.lang.T("cli.key.passphrase")}
	set := &cobra.Command{Use: "set", Short: t.lang.T("cli.key.set.short"), Args: cobra.NoArgs}
	setData := dataFlag(set, t)
	set.RunE = func(cmd *cobra.Command, _ []string) error { return t.setPassphrase(cmd.Context(), *setData) }
	drop := &cobra.Command{Use: "clear", Short: t.lang.T("cli.key.clear.short"), Args: cobra.NoArgs}
	dropData := dataFlag(drop, t)
	drop.RunE = func(cmd *cobra.Command, _ []string) error { return t.dress(cmd.Context(), *dropData, "") }
	words.AddCommand(set, drop)
	recovery := &cobra.Command{Use: "recover", Short: t.lang.T("cli.key.recover"), Args: cobra.NoArgs}
	recoveryData, printed := dataFlag(recovery, t), newCodeFlags(recovery, t, "cli.flag.code.needed")
	recovery.RunE = func(cmd *cobra.Command, _ []string) error { return t.recoverKey(cmd.Context(), *recoveryData, printed) }
	parent.AddCommand(words, recovery)
	return parent
}

// setPassphrase asks for the former passphrase, if there is one, and twice for the new one.
func (t terminal) setPassphrase(ctx context.Context, data string) error {
	t.words = t.passphrase(ctx)
	if has, err := hasPassphrase(t, data); err != nil {
		return err
	} else if has {
		if _, err := t.words(); err != nil {
			return err
		}
	}
	passphrase, err := t.secret(ctx, "cli.key.new")
	if err != nil {
		return err
	}
	again, err := t.secret(ctx, "cli.key.again")
	switch {
	case err != nil:
		return err
	case passphrase == "":
		return &toldError{t.lang.T("cli.key.none")}
	case passphrase != again:
		return &toldError{t.lang.T("cli.key.differ")}
	}
	return t.dress(ctx, data, passphrase)
}

// dress gives the order; the former passphrase proves that it comes from somebody who may.
func (t terminal) dress(ctx context.Context, data, passphrase string) error {
	t.words = t.passphrase(ctx)
	has, err := hasPassphrase(t, data)
	if err != nil {
		return err
	}
	o := order{Name: "key-passphrase", Args: map[string]string{"passphrase": passphrase}}
	switch {
	case has:
		if o.Args["former"], err = t.words(); err != nil {
			return err
		}
	case passphrase == "":
		return &toldError{t.lang.T("cli.key.bare")}
	}
	return t.ask(ctx, data, o)
}

func hasPassphrase(t terminal, data string) (bool, error) {
	if !app.Exists(data) {
		return false, &toldError{t.lang.T("cli.nodata", data)}
	}
	return app.HasPassphrase(data)
}

// recoverKey makes a plain key file by the printed code.
func (t terminal) recoverKey(ctx context.Context, data string, printed codeFlags) error {
	if !app.Exists(data) {
		return &toldError{t.lang.T("cli.nodata", data)}
	}
	code, err := printed.read(ctx, true)
	if err != nil {
		return err
	}
	if err := app.RecoverKey(ctx, data, code); err != nil {
		return err
	}
	t.say("cli.key.recovered")
	return nil
}

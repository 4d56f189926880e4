// Package cli is the command line of the house: it starts the server, and talks to a running
// one over a socket in the data folder. It opens the data itself only when nobody else has
// them open.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"meixu/app"
	"meixu/app/fault"
	"meixu/app/words"
)

// terminal is where a command talks to its person.
type terminal struct {
	out, err io.Writer
	in       io.Reader // nil: nobody is there
	lang     words.Lang
	env      func(string) string    // nil: that of the process
	words    func() (string, error) // the passphrase, once it was asked for
}

func (t terminal) say(key string, args ...any) { _, _ = fmt.Fprintln(t.out, t.lang.T(key, args...)) }

// Main runs the command line and gives the exit code: 0 done, 1 refused or failed.
func Main(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	t := terminal{out: os.Stdout, err: os.Stderr, in: os.Stdin, lang: terminalLanguage()}
	return run(ctx, t, args)
}

// run is Main with everything given, for tests.
func run(ctx context.Context, t terminal, args []string) int {
	root := newRoot(t)
	root.SetArgs(args)
	root.SetOut(t.out)
	root.SetErr(t.err)
	if err := root.ExecuteContext(ctx); err != nil {
		_, _ = fmt.Fprintln(t.err, "meixu: "+sentence(t.lang, err))
		return 1
	}
	return 0
}

// terminalLanguage is English for English terminals and Chinese for all others.
func terminalLanguage() words.Lang {
	for _, name := range []string{"MEIXU_LANG", "LC_ALL", "LANG"} {
		if v := os.Getenv(name); v != "" {
			if strings.HasPrefix(strings.ToLower(v), "en") {
				return words.EN
			}
			return words.ZH
		}
	}
	return words.ZH
}

// sentence is an error in words for the person at the terminal.
func sentence(lang words.Lang, err error) string {
	var e *fault.Error
	var told *toldError
	switch key := app.Trouble(err); {
	case errors.As(err, &told):
		return told.text
	case errors.As(err, &e) && e.Kind != fault.KindInternal:
		text := e.Say(lang)
		for _, f := range e.Fields {
			text += "\n  " + f.Name + ": " + f.Say(lang)
		}
		return text
	case key != "":
		return lang.T(key)
	}
	if said := misuse(lang, err); said != "" {
		return said
	}
	return err.Error()
}

// toldError is a sentence that was made ready elsewhere, as by the running server.
type toldError struct{ text string }

func (e *toldError) Error() string { return e.text }

func newRoot(t terminal) *cobra.Command {
	root := &cobra.Command{
		Use: "meixu", Short: t.lang.T("cli.short"), SilenceUsage: true, SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	if t.in != nil {
		root.SetIn(t.in)
	}
	helped(root, t)
	root.AddCommand(newServe(t), newBackup(t), newRestore(t), newCheck(t), newStaff(t), newJob(t), newKey(t), newVersion(t))
	return root
}

func newVersion(t terminal) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: t.lang.T("cli.version"), Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(t.out, "meixu "+app.Version)
			return err
		},
	}
}

// dataFlag adds --data, the folder that a command works on.
func dataFlag(cmd *cobra.Command, t terminal) *string {
	return cmd.Flags().String("data", "data", t.lang.T("cli.flag.data"))
}

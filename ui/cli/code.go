package cli

import (
	"context"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// codeFlags are how a command gets the printed recovery code: from a file, or from whoever types
// it unseen. On the command line everybody on the machine could read it, in the list of processes
// and in the history of commands; there it is refused.
type codeFlags struct {
	terminal
	cmd  *cobra.Command
	file *string
}

// shownFlags took the code itself once. They are known still, so that somebody who has them in
// the fingers or in a script is told what to do instead.
var shownFlags = []string{"code", "recovery-code"}

func newCodeFlags(cmd *cobra.Command, t terminal, key string) codeFlags {
	for _, name := range shownFlags {
		cmd.Flags().String(name, "", "")
		_ = cmd.Flags().MarkHidden(name) // it exists: it was made above
	}
	return codeFlags{t, cmd, cmd.Flags().String("code-file", "", t.lang.T(key))}
}

// read gives the code. Without --code-file nobody is asked, unless the command needs the code.
func (c codeFlags) read(ctx context.Context, needed bool) (string, error) {
	for _, name := range shownFlags {
		if c.cmd.Flags().Changed(name) {
			return "", &toldError{c.lang.T("cli.code.shown", "--"+name)}
		}
	}
	asked := c.cmd.Flags().Changed("code-file")
	if !asked && !needed {
		return "", nil
	}
	code, err := c.from(ctx)
	code = strings.TrimSpace(code)
	if err == nil && asked && code == "" {
		err = &toldError{c.lang.T("cli.code.none")}
	}
	return code, err
}

// from reads the named file; the standard input where "-" or nothing is named.
func (c codeFlags) from(ctx context.Context) (string, error) {
	if *c.file != "" && *c.file != "-" {
		return c.fromFile(*c.file, "cli.code.file")
	}
	if file, ok := c.in.(*os.File); ok && !isTerminal(file) {
		return line(file)
	}
	return c.secret(ctx, "cli.key.code")
}

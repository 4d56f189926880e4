package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/text/width"
)

// helped makes the help of all commands speak the language of the terminal: the library's own
// frames are English only.
func helped(root *cobra.Command, t terminal) {
	root.PersistentFlags().BoolP("help", "h", false, t.lang.T("cli.flag.help"))
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { t.help(cmd) })
	root.SetUsageFunc(func(cmd *cobra.Command) error {
		t.help(cmd)
		return nil
	})
	root.SetHelpCommand(&cobra.Command{
		Use: "help [" + t.lang.T("cli.arg.command") + "]", Short: t.lang.T("cli.help"),
		RunE: func(cmd *cobra.Command, args []string) error {
			about, left, err := cmd.Root().Find(args)
			if err == nil && len(left) > 0 {
				err = fmt.Errorf("unknown command %q for %q", left[0], about.CommandPath())
			}
			if err != nil {
				return err
			}
			return about.Help()
		},
	})
}

// help prints what a command does, how it is written, what is below it and its options.
func (t terminal) help(cmd *cobra.Command) {
	out := cmd.OutOrStdout()
	way := strings.TrimSuffix(cmd.CommandPath(), cmd.Name()) + cmd.Use
	switch {
	case !cmd.Runnable():
		way += " " + t.lang.T("cli.arg.command")
	case cmd.LocalNonPersistentFlags().HasAvailableFlags():
		way += " " + t.lang.T("cli.help.some")
	}
	_, _ = fmt.Fprintf(out, "%s\n\n%s\n  %s\n", cmd.Short, t.lang.T("cli.help.use"), way)
	var rows [][2]string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			rows = append(rows, [2]string{sub.Name(), sub.Short})
		}
	}
	t.table(out, "cli.help.commands", rows)
	more := len(rows) > 0
	rows = nil
	each := func(f *pflag.Flag) {
		if !f.Hidden {
			rows = append(rows, t.option(f))
		}
	}
	cmd.LocalFlags().VisitAll(each)
	cmd.InheritedFlags().VisitAll(each)
	t.table(out, "cli.help.options", rows)
	if more {
		_, _ = fmt.Fprintf(out, "\n%s\n", t.lang.T("cli.help.more", cmd.CommandPath()))
	}
}

// option is an option as it is written, and what it means.
func (t terminal) option(f *pflag.Flag) [2]string {
	value, means := pflag.UnquoteUsage(f)
	written := "    --" + f.Name
	if f.Shorthand != "" {
		written = "-" + f.Shorthand + ", --" + f.Name
	}
	switch {
	case f.Value.Type() == "bool":
	case strings.Contains(f.Usage, "`"):
		written += " " + value
	default:
		written += " …"
	}
	if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "[]" {
		means += t.lang.T("cli.help.default", f.DefValue)
	}
	return [2]string{written, means}
}

// table prints rows of two columns under a heading; nothing when there are none.
func (t terminal) table(out io.Writer, key string, rows [][2]string) {
	if len(rows) == 0 {
		return
	}
	wide := 0
	for _, row := range rows {
		wide = max(wide, cells(row[0]))
	}
	_, _ = fmt.Fprintf(out, "\n%s\n", t.lang.T(key))
	for _, row := range rows {
		_, _ = fmt.Fprintf(out, "  %s%s   %s\n", row[0], strings.Repeat(" ", wide-cells(row[0])), row[1])
	}
}

// cells is how many places a text takes on a terminal: a Chinese character two.
func cells(text string) (n int) {
	for _, r := range text {
		n++
		if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}

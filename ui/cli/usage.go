package cli

import (
	"regexp"

	"meixu/app/words"
)

// misuses are the errors of the command line itself, which its library tells in English, with what
// is said to people.
var misuses = []struct {
	shape *regexp.Regexp
	key   string
}{
	{regexp.MustCompile(`^unknown command "([^"]*)" for`), "cli.usage.command"},
	{regexp.MustCompile(`^unknown flag: (\S+)`), "cli.usage.flag"},
	{regexp.MustCompile(`^unknown shorthand flag: .* in (\S+)`), "cli.usage.flag"},
	{regexp.MustCompile(`^bad flag syntax: (\S+)`), "cli.usage.flag"},
	{regexp.MustCompile(`^required flag\(s\) (.+) not set`), "cli.usage.required"},
	{regexp.MustCompile(`^flag needs an argument: (.+)`), "cli.usage.value"},
	{regexp.MustCompile(`^invalid argument "(.*)" for "(.*)" flag`), "cli.usage.bad"},
	{regexp.MustCompile(`^accepts (\d+) arg\(s\), received (\d+)`), "cli.usage.count"},
}

// misuse is what an error of the command line says to people; "" when it is none.
func misuse(lang words.Lang, err error) string {
	for _, m := range misuses {
		found := m.shape.FindStringSubmatch(err.Error())
		if found == nil {
			continue
		}
		var args []any
		for _, part := range found[1:] {
			args = append(args, part)
		}
		return lang.T(m.key, args...)
	}
	return ""
}

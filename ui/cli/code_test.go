package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/words"
)

// TestTheRecoveryCodeIsNeverShown gives the printed code to every command that takes one: on the
// command line it is refused and not repeated, from a file, a pipe or a person it is taken.
func TestTheRecoveryCodeIsNeverShown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	before := h.sums(t)
	for _, args := range [][]string{
		{"check", "--recovery-code", h.sheet},
		{"check", "--recovery-code=" + h.sheet},
		{"check", "--code", h.sheet},
		{"restore", "--from", t.TempDir(), "--code", h.sheet, "--yes"},
		{"staff", "reset-owner", "boss", "--code=" + h.sheet},
		{"key", "recover", "--code", h.sheet},
	} {
		code, text := h.typed(t, nil, []string{h.sheet}, args...)
		require.Equal(t, 1, code, args)
		require.Contains(t, text, "恢复码写在命令行里")
		require.Contains(t, text, "--code-file -")
		require.NotContains(t, text, h.sheet)
	}
	for _, args := range [][]string{{"check", "--code-file", "-"}, {"check", "--code-file", filepath.Join(h.dir, "nothing")}, {"key", "recover", "--code-file="}} {
		code, text := h.typed(t, nil, []string{""}, args...)
		require.Equal(t, 1, code, args)
		require.Regexp(t, "没有读到恢复码|读不到恢复码文件", text)
	}
	require.Equal(t, before, h.sums(t), "nothing was done")

	file := filepath.Join(t.TempDir(), "code")
	require.NoError(t, os.WriteFile(file, []byte("\ufeff "+h.sheet+"\r\n"), 0o600))
	for _, given := range [][]string{{"--code-file", file}, {"--code-file", "-"}} {
		code, text := h.typed(t, nil, []string{h.sheet}, append([]string{"check"}, given...)...)
		require.Equal(t, 0, code, text)
		require.Contains(t, text, "从恢复码起，2 条全部核对", "the code opened the seals of all days")
	}
	code, text := h.typed(t, nil, nil, "check")
	require.Equal(t, 0, code, text)
	require.Contains(t, text, "核对全部请加 --code-file -")
	code, text = h.typed(t, nil, []string{newHouse(t).sheet}, "check", "--code-file", "-")
	require.Equal(t, 1, code)
	require.Contains(t, text, "恢复码不对")
}

// TestACodeComesThroughAPipe: what a script writes to the standard input is read, the code alone.
func TestACodeComesThroughAPipe(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	from, to, err := os.Pipe()
	require.NoError(t, err)
	_, err = to.WriteString(h.sheet + "\nyes\n")
	require.NoError(t, err)
	require.NoError(t, to.Close())
	out := &said{}
	require.Zero(t, run(t.Context(), terminal{out: out, err: out, in: from, lang: words.ZH}, []string{"key", "recover", "--data", h.dir}), out.String())
	left := make([]byte, 8)
	n, err := from.Read(left)
	require.NoError(t, err)
	require.Equal(t, "yes\n", string(left[:n]))
	require.NoError(t, from.Close())
}

// TestHelpSpeaksChinese asks every command for its help: nothing of the library's English frames
// is left, every option is explained, and English terminals get English.
func TestHelpSpeaksChinese(t *testing.T) {
	t.Parallel()
	foreign := regexp.MustCompile(`(?i)usage:|flags:|available|help for|\(default|\bstring\b|\bcommand\b|use "`)
	help := func(lang words.Lang, args ...string) string {
		out := &said{}
		require.Zero(t, run(t.Context(), terminal{out: out, err: out, lang: lang}, append([]string{}, args...)), out.String())
		return out.String()
	}
	all := help(words.ZH, "--help")
	require.Equal(t, all, help(words.ZH), "without a command")
	require.Equal(t, all, help(words.ZH, "help"))
	require.Contains(t, all, "命令：\n  backup    ")
	for _, line := range regexp.MustCompile(`(?m)^  ([a-z]+) `).FindAllStringSubmatch(all, -1) {
		if line[1] == "meixu" {
			continue
		}
		text := help(words.ZH, line[1], "--help")
		require.Equal(t, text, help(words.ZH, "help", line[1]))
		require.NotRegexp(t, foreign, text)
		require.Contains(t, text, "用法：\n  meixu "+line[1])
		for _, option := range strings.Split(text, "\n") {
			if strings.Contains(option, " --") && strings.HasPrefix(option, "  ") {
				require.Regexp(t, `   \p{Han}`, option, "an option without words")
			}
		}
	}
	require.Contains(t, help(words.ZH, "serve", "--help"), "--listen 地址   员工访问地址（默认 127.0.0.1:8420）")
	require.NotContains(t, help(words.ZH, "check", "-h"), "recovery-code")
	require.Contains(t, help(words.EN, "staff"), "Usage:\n  meixu staff COMMAND")
	out := &said{}
	require.Equal(t, 1, run(t.Context(), terminal{out: out, err: out, lang: words.ZH}, []string{"help", "nonsense"}))
	require.Contains(t, out.String(), "没有“nonsense”这个命令")
}

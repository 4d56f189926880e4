package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app"
	"meixu/app/access"
	"meixu/app/admin"
	"meixu/app/words"
)

// underWords is what the check says of a key file under a passphrase; on Windows the same line says
// whether it is bound to the account too.
var underWords = regexp.MustCompile("密钥文件：(.*[^没])?有口令")

// house is a data folder with an owner, closed.
type house struct{ dir, sheet string }

func newHouse(t *testing.T) house {
	t.Helper()
	h := house{dir: filepath.Join(t.TempDir(), "data")}
	now := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	a, err := app.Open(t.Context(), app.Options{Dir: h.dir, Now: func() time.Time { return now }})
	require.NoError(t, err)
	h.sheet = a.RecoverySheet()
	_, _, err = a.Admin.AddStaff(t.Context(), access.System("test"), admin.NewStaff{
		Login: "boss", Name: "沈若兰", Password: "a long password", Roles: []access.Role{access.Owner}, Lang: words.ZH,
	})
	require.NoError(t, err)
	require.NoError(t, a.Close())
	return h
}

// typed runs a command in Chinese for somebody who types lines; none: nobody is there.
func (h house) typed(t *testing.T, env map[string]string, lines []string, args ...string) (int, string) {
	t.Helper()
	out := &said{}
	at := terminal{out: out, err: out, lang: words.ZH, env: func(name string) string { return env[name] }}
	if lines != nil {
		at.in = strings.NewReader(strings.Join(lines, "\n") + "\n")
	}
	code := run(t.Context(), at, append(args, "--data", h.dir))
	return code, out.String()
}

// sums are the hashes of all files below the folder.
func (h house) sums(t *testing.T) map[string]string {
	t.Helper()
	sums := map[string]string{}
	require.NoError(t, filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		sum := sha256.Sum256(data)
		sums[path] = hex.EncodeToString(sum[:])
		return err
	}))
	return sums
}

const (
	firstWords  = "清禾门诊的第一把钥匙啊啊"
	secondWords = "清禾门诊的第二把钥匙啊啊"
)

// TestAKeyFileUnderAPassphrase walks a passphrase through a clinic's life: set, refused, given in
// each of the ways, forgotten.
func TestAKeyFileUnderAPassphrase(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, c := range []struct {
		lines []string
		says  string
	}{
		{nil, "没有输入新口令"},
		{[]string{""}, "没有输入新口令"},
		{[]string{"太短", "太短"}, "至少要 12 个字符"},
		{[]string{firstWords, secondWords}, "不一样"},
	} {
		code, text := h.typed(t, nil, c.lines, "key", "passphrase", "set")
		require.Equal(t, 1, code)
		require.Contains(t, text, c.says)
	}
	code, text := h.typed(t, nil, nil, "key", "passphrase", "clear")
	require.Equal(t, 1, code)
	require.Contains(t, text, "无需取消")
	code, text = h.typed(t, nil, []string{firstWords, firstWords}, "key", "passphrase", "set")
	require.Equal(t, 0, code, text)
	require.Contains(t, text, "密钥文件已加口令")

	secrets := t.TempDir()
	file := filepath.Join(secrets, credential)
	require.NoError(t, os.WriteFile(file, []byte(firstWords+"\r\n"), 0o600))
	byFile, bySystemd := map[string]string{passphraseFile: file}, map[string]string{credentialsFolder: secrets}
	before := h.sums(t)
	for _, c := range []struct {
		env   map[string]string
		lines []string
		says  string
	}{
		{nil, nil, "没有人输入"},
		{nil, []string{secondWords}, "密钥口令不对"},
		{map[string]string{passphraseFile: file + ".gone"}, []string{firstWords}, "读不到口令文件"},
		{map[string]string{credentialsFolder: t.TempDir()}, nil, "没有人输入"},
	} {
		code, text = h.typed(t, c.env, c.lines, "backup")
		require.Equal(t, 1, code, text)
		require.Contains(t, text, c.says)
		require.Len(t, strings.Split(strings.TrimSpace(text), "\n"), 1, "one sentence: %s", text)
		code, text = h.typed(t, c.env, c.lines, "serve", "--listen", "127.0.0.1:0")
		require.Equal(t, 1, code, text)
		require.Contains(t, text, c.says)
		require.Equal(t, before, h.sums(t), "nothing is changed: %s", c.says)
	}
	code, text = h.typed(t, nil, []string{firstWords}, "backup")
	require.Equal(t, 0, code, text)
	code, text = h.typed(t, byFile, nil, "check")
	require.Equal(t, 0, code, text)
	require.Regexp(t, underWords, text)
	h.servesWithoutAsking(t, bySystemd, firstWords)

	// Forgotten: the printed code, and only that of this clinic.
	_, text = h.typed(t, nil, []string{newHouse(t).sheet}, "key", "recover")
	require.Contains(t, text, "恢复码不对")
	code, text = h.typed(t, nil, []string{h.sheet}, "key", "recover")
	require.Equal(t, 0, code, text)
	code, text = h.typed(t, nil, nil, "check")
	require.Equal(t, 0, code, text)
	require.NotRegexp(t, underWords, text)
	require.NoError(t, os.Truncate(filepath.Join(h.dir, "keys", "kek"), 7))
	_, text = h.typed(t, nil, nil, "staff", "list")
	require.Contains(t, text, "密钥文件已损坏")
	code, text = h.typed(t, nil, []string{h.sheet}, "key", "recover")
	require.Equal(t, 0, code, text)
	code, text = h.typed(t, nil, nil, "staff", "list")
	require.Equal(t, 0, code, text)
}

// servesWithoutAsking starts a server that gets the passphrase from its environment; commands
// that go through it need none, and changing it needs the former one.
func (h house) servesWithoutAsking(t *testing.T, env map[string]string, present string) {
	t.Helper()
	out, ctx, done := &said{}, t.Context(), make(chan int, 1)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		at := terminal{out: out, err: out, lang: words.ZH, env: func(name string) string { return env[name] }}
		done <- run(ctx, at, []string{"serve", "--data", h.dir, "--listen", "127.0.0.1:0"})
	}()
	require.Eventually(t, func() bool { return strings.Contains(out.String(), "美序已启动") }, time.Minute, 20*time.Millisecond, "%s", out)
	earlyClient(t, h.dir)
	code, text := h.typed(t, nil, nil, "backup")
	require.Equal(t, 0, code, text)
	code, text = h.typed(t, nil, nil, "job", "run", "drafts-drop")
	require.Equal(t, 0, code, text)
	code, text = h.typed(t, nil, []string{"错的口令错的口令错的口令", secondWords, secondWords}, "key", "passphrase", "set")
	require.Equal(t, 1, code, text)
	require.Contains(t, text, "密钥口令不对")
	code, text = h.typed(t, nil, []string{present, secondWords, secondWords}, "key", "passphrase", "set")
	require.Equal(t, 0, code, text)
	code, text = h.typed(t, nil, []string{h.sheet}, "key", "recover")
	require.Equal(t, 1, code, text)
	require.Contains(t, text, "另一个美序正在使用")
	cancel()
	require.Equal(t, 0, <-done, "%s", out)
	require.NotContains(t, out.String(), present)
	code, text = h.typed(t, env, nil, "staff", "list")
	require.Equal(t, 1, code, text)
	require.Contains(t, text, "密钥口令不对")
	code, text = h.typed(t, nil, []string{secondWords}, "staff", "list")
	require.Equal(t, 0, code, text)
}

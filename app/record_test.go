package app_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app"
	"meixu/app/access"
	"meixu/app/admin"
	"meixu/app/keeping"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/storetest"
)

// house is a clinic of its own in a folder, opened and closed as the program does.
type house struct {
	dir   string
	clock *storetest.Clock
}

func (h house) open(t *testing.T) *app.App {
	t.Helper()
	a, err := app.Open(t.Context(), app.Options{Dir: h.dir, Now: h.clock.Now})
	require.NoError(t, err)
	t.Cleanup(func() { _ = a.Close() }) // most tests close it themselves
	return a
}

func (h house) database() string { return filepath.Join(h.dir, store.File) }

func work(t *testing.T, a *app.App, acts int) {
	t.Helper()
	for range acts {
		require.NoError(t, a.DB.Write(t.Context(), storetest.Act("visit.arrive"), func(tx *store.Tx) error {
			_, err := tx.Number("V")
			return err
		}))
	}
}

func lines(t *testing.T, a *app.App, w app.Wish) string {
	t.Helper()
	found, err := a.Examine(t.Context(), w)
	require.NoError(t, err)
	var text []string
	for _, f := range found {
		text = append(text, f.Say(words.ZH))
	}
	return strings.Join(text, "\n")
}

// TestTR20AnOlderFileIsFoundAtTheStart: somebody lays an older database file in place of the
// present one. The program starts, says which acts are missing, and goes on saying so until the
// newest backup was restored.
func TestTR20AnOlderFileIsFoundAtTheStart(t *testing.T) {
	t.Parallel()
	h := house{t.TempDir(), storetest.NewClock()}
	a := h.open(t)
	code := a.RecoverySheet()
	_, _, err := a.Admin.AddStaff(t.Context(), access.System("test"), admin.NewStaff{
		Login: "owner", Name: "沈若兰", Password: "a long password", Roles: []access.Role{access.Owner}, Lang: words.ZH,
	})
	require.NoError(t, err)
	work(t, a, 3)
	require.Nil(t, a.Keeping.Broken())
	first, err := a.DB.Anchor(t.Context())
	require.NoError(t, err)
	require.NoError(t, a.Close())
	older, err := os.ReadFile(h.database())
	require.NoError(t, err)

	h.clock.Forward(26 * time.Hour)
	a = h.open(t)
	require.Nil(t, a.Keeping.Broken())
	work(t, a, 5)
	by := access.System("test")
	_, err = a.Keeping.Backup(t.Context(), by, keeping.Place{}, nil)
	require.NoError(t, err)
	require.NoError(t, a.Keeping.Anchor(t.Context(), by))
	text := lines(t, a, app.Wish{Code: code})
	require.Contains(t, text, "从恢复码起")
	require.NotContains(t, text, "[问题]")
	end, err := a.DB.Anchor(t.Context())
	require.NoError(t, err)
	require.NoError(t, a.Close())

	require.NoError(t, os.WriteFile(h.database(), older, 0o600))
	a = h.open(t)
	broken := a.Keeping.Broken()
	require.NotNil(t, broken)
	require.Equal(t, keeping.Break{From: first.Act + 1, To: end.Act, Kind: store.TrailCut}, *broken)
	require.Contains(t, broken.Say(words.ZH), fmt.Sprintf("操作记录缺少第 %d 到 %d 号", first.Act+1, end.Act))
	work(t, a, 1)
	require.Contains(t, lines(t, a, app.Wish{}), fmt.Sprintf("缺少第 %d 到 ", first.Act+2))
	work(t, a, 20)
	require.NoError(t, a.Keeping.Anchor(t.Context(), by))
	require.Equal(t, store.TrailOther, a.Keeping.Broken().Kind, "nor is it hidden by new acts")
	require.NoError(t, a.Close())

	// Without the file of anchors the newest backup in the folder still tells.
	anchors := filepath.Join(h.dir, store.AnchorFile)
	kept, err := os.ReadFile(anchors)
	require.NoError(t, err)
	require.NoError(t, os.Remove(anchors))
	a = h.open(t)
	require.Nil(t, a.Keeping.Broken())
	require.Contains(t, lines(t, a, app.Wish{}), "不是当时的记录")
	require.NoError(t, a.Close())
	require.NoError(t, os.WriteFile(anchors, kept, 0o600))

	_, err = keeping.Stage(t.Context(), h.dir, keeping.Wish{Place: keeping.Place{Address: keeping.Dir(h.dir)}})
	require.NoError(t, err)
	a = h.open(t)
	require.Nil(t, a.Keeping.Broken(), "a restore is no loss that nobody knows of")
	work(t, a, 2)
	require.NotContains(t, lines(t, a, app.Wish{Code: code}), "[问题]")
	require.NoError(t, a.Close())
}

// TestAnEditIsNamed: `meixu check` names the first bad row; a code on paper shows it too.
func TestAnEditIsNamed(t *testing.T) {
	t.Parallel()
	h := house{t.TempDir(), storetest.NewClock()}
	a := h.open(t)
	work(t, a, 6)
	end, err := a.DB.Anchor(t.Context())
	require.NoError(t, err)
	code := strings.ToLower(strings.ReplaceAll(end.Code(), "-", " "))
	paper, ok := app.ParsePaper(fmt.Sprint(end.Act, "=", code))
	require.True(t, ok)
	require.Contains(t, lines(t, a, app.Wish{Paper: &paper}), "号与纸上的校验码相符")
	wrong, ok := app.ParsePaper(fmt.Sprint(end.Act-1, "=", code))
	require.True(t, ok)
	require.Contains(t, lines(t, a, app.Wish{Paper: &wrong}), "号与纸上的校验码不符")
	_, ok = app.ParsePaper("seven")
	require.False(t, ok)
	require.NoError(t, a.Close())

	storetest.Tamper(t, h.dir, `DROP TRIGGER acts_no_update`, `UPDATE acts SET staff_id = 9 WHERE id = 4`)
	a = h.open(t)
	text := lines(t, a, app.Wish{})
	require.Contains(t, text, "第 4 号被改动（表 acts 第 4 行")
	require.NotNil(t, a.Keeping.Broken())
	require.NoError(t, a.Keeping.Anchor(context.Background(), access.System("test")))
	require.NotNil(t, a.Keeping.Broken(), "the hourly look does not take back what the nightly one found")
	require.NoError(t, a.Close())
}

// TestTheSecondPlaceKeepsAnchors: there a day's lines lie in a file of their own, and a check
// reads them.
func TestTheSecondPlaceKeepsAnchors(t *testing.T) {
	t.Parallel()
	h := house{t.TempDir(), storetest.NewClock()}
	a := h.open(t)
	work(t, a, 2)
	by, to := access.System("test"), t.TempDir()
	require.NoError(t, a.Keeping.SavePlace(t.Context(), by, keeping.PlaceForm{Address: to}))
	require.NoError(t, a.Keeping.Anchor(t.Context(), by))
	text, err := os.ReadFile(filepath.Join(to, "anchors", "2026-03-02.jsonl"))
	require.NoError(t, err)
	own, err := os.ReadFile(filepath.Join(h.dir, store.AnchorFile))
	require.NoError(t, err)
	require.Equal(t, own, text)
	log, err := store.ParseAnchors(bytes.Replace(text, []byte(`"act":`), []byte(`"act":1`), 1), a.DB.Keys())
	require.NoError(t, err)
	require.Equal(t, 1, log.Changed, "a line that was changed is not believed")
	all, _, away, err := a.Keeping.Anchors(t.Context())
	require.NoError(t, err)
	require.Empty(t, away)
	require.Len(t, all, 2, "of the folder and of the second place")
	require.NoError(t, os.RemoveAll(to))
	require.NoError(t, a.Close())
}

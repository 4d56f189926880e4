package kit_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"meixu/app/defaults"
	"meixu/app/engine/form"
	"meixu/app/words"
	"meixu/ui/kit"
)

type formPage struct{ Form form.View }

var formSample = kit.New[formPage](fstest.MapFS{"form_sample.html": {Data: []byte(
	`{{define "main"}}{{template "form" $.With .V.Form}}{{end}}`)}}, "form_sample.html")

// drawn is the form as HTML.
func drawn(t *testing.T, lang words.Lang, v form.View) string {
	t.Helper()
	var out bytes.Buffer
	root := kit.Root[formPage]{Frame: &kit.Frame{Lang: lang}, V: formPage{v}}
	require.NoError(t, formSample.Template().ExecuteTemplate(&out, "main", root))
	return out.String()
}

func TestAClientIsNotAskedWhetherSheWasAsked(t *testing.T) {
	t.Parallel()
	for _, f := range defaults.Forms() {
		if f.Code != "F2" {
			continue
		}
		page := drawn(t, words.ZH, form.NewView(f, form.Answers{}, form.Options{Mode: form.ModeHandover}))
		require.Contains(t, page, "不清楚")
		require.NotContains(t, page, "未问")
		require.Contains(t, drawn(t, words.ZH, form.NewView(f, form.Answers{}, form.Options{Mode: form.ModeEdit})), "不清楚/未问")
	}
}

func TestEveryFormIsDrawnInEveryModeAndLanguage(t *testing.T) {
	t.Parallel()
	facts := form.Answers{}.Know("$gender", "female").Know("$depth", "L3").Know("$age", "16")
	for _, f := range defaults.Forms() {
		bad := form.Validate(f, facts, true)
		for _, lang := range []words.Lang{words.ZH, words.EN} {
			for _, mode := range []form.Mode{form.ModeEdit, form.ModeHandover, form.ModeRead, form.ModePrint} {
				page := drawn(t, lang, form.NewView(f, facts, form.Options{Mode: mode, Faults: bad, From: form.Shown{Row: 7, Version: 3}}))
				require.NotContains(t, page, "⟦", "%s %s %s: a words key is missing", f.Code, mode, lang)
				require.NotContains(t, page, "ZgotmplZ", f.Code)
				require.NotContains(t, page, "%!", f.Code)
				require.NotContains(t, page, " style=", f.Code)
				require.Contains(t, page, f.Groups[0].Title.In(lang), f.Code)
				if mode == form.ModeEdit || mode == form.ModeHandover {
					require.Contains(t, page, `name="_version" value="7.3"`, f.Code)
					for _, wrong := range bad {
						require.Contains(t, page, `#f-`+wrong.Name+`"`, f.Code) // on another screen of a tablet: ?step=2#f-…
						require.Contains(t, page, `id="f-`+wrong.Name+`"`, "%s: the link of a fault leads nowhere", f.Code)
					}
				}
			}
		}
	}
}

func TestRefusedFormShowsWhatWasTyped(t *testing.T) {
	t.Parallel()
	f2 := defaultForm(t, "F2-NURSE")
	a := form.Answers{}.Set("temperature", "三十七度").Set("corrections", "<b>x</b>")
	page := drawn(t, words.ZH, form.NewView(f2, a, form.Options{Faults: form.Validate(f2, a, false)}))
	require.Contains(t, page, `value="三十七度"`)
	require.Contains(t, page, `&lt;b&gt;x&lt;/b&gt;`)
	require.Contains(t, page, "这里要填数字")
}

func TestAmendedFormMarksWhatChanged(t *testing.T) {
	t.Parallel()
	f4 := defaultForm(t, "F4")
	old := form.Answers{}.Set("client_goal", "淡化法令纹").Set("decision", "think")
	now := form.Answers{}.Set("client_goal", "淡化法令纹").Set("decision", "go")
	page := drawn(t, words.ZH, form.NewView(f4, now, form.Options{Mode: form.ModeRead, Before: &old}))
	require.Equal(t, 1, strings.Count(page, "form-answer changed"))
	require.Contains(t, page, "再考虑")
}

func TestHandedOverFormShowsOneGroup(t *testing.T) {
	t.Parallel()
	f2 := defaultForm(t, "F2")
	page := drawn(t, words.ZH, form.NewView(f2, form.Answers{}.Know("$gender", "male"), form.Options{Mode: form.ModeHandover, Step: 2}))
	require.Equal(t, len(f2.Groups)-1, strings.Count(page, `data-step-hidden="1"`))
	require.Contains(t, page, `name="_step" value="3"`)
	require.Contains(t, page, `name="_step" value="1"`)
	require.NotContains(t, page, `value="done"`, "the last button stands on the last page only")
}

func defaultForm(t *testing.T, code string) form.Template {
	t.Helper()
	for _, f := range defaults.Forms() {
		if f.Code == code {
			return f
		}
	}
	require.Fail(t, "no such form", code)
	return form.Template{}
}

func TestReadFilling(t *testing.T) {
	t.Parallel()
	var got kit.Filling
	e := echo.New()
	e.POST("/f", func(c echo.Context) error { got = kit.ReadFilling(c); return c.NoContent(http.StatusNoContent) })
	ask(e, http.MethodPost, "/f", "q.name=a&q.pts.0.ml=1&_step=2&_version=5.7&_reason=r")
	require.Equal(t, kit.Filling{Step: 2, Shown: form.Shown{Row: 5, Version: 7}, Reason: "r", Answers: form.Answers{
		"name": {Values: []string{"a"}}, "pts": {Rows: []form.Row{{"ml": "1"}}},
	}}, got)
	ask(e, http.MethodPost, "/f", "_step=done")
	require.True(t, got.Done)
	for typed, want := range map[string]form.Shown{"": {}, "7": {Version: 7}, "x.7": {}, "5.x": {}, "-5.7": {}, "5.7.1": {}, "0.0": {}} {
		ask(e, http.MethodPost, "/f", "_version="+typed)
		require.Equal(t, want, got.Shown, typed)
	}
	require.Equal(t, -1, got.Step)
}

//go:build e2e

package e2e_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

// tablet is an iPad held across.
var tablet = [2]int64{1180, 820}

// soon is how long a change may take to the other screens.
const soon = 2 * time.Second

// walk is one client's day on the screens of the house. The day knows the rows and the usual
// answers; every step is done in a browser.
type walk struct {
	*day.Day
	t       *testing.T
	screens map[string]*uitest.Chromium // by login and size
	cases   []int64
}

// TestE2EWalk is the whole main line of the issue, stage by stage.
func TestE2EWalk(t *testing.T) {
	w := &walk{Day: day.New(t), t: t, screens: map[string]*uitest.Chromium{}}
	w.authoriseCases()
	for _, stage := range []struct {
		name string
		do   func(*walk)
	}{
		{"reception files the client and opens the visit", (*walk).reception},
		{"the client answers on the handed-over tablet", (*walk).questionnaire},
		{"the consultant listens and writes", (*walk).consultation},
		{"nurse and doctor examine", (*walk).examination},
		{"plan, quote, contract and consent", (*walk).plan},
		{"the till takes the money", (*walk).till},
		{"the gate turns green", (*walk).gate},
		{"time-out, procedure, sign-out", (*walk).procedure},
		{"observation, guide, leaving", (*walk).leaving},
		{"follow-up, red flag, rating", (*walk).aftercare},
		{"manager and owner look at it", (*walk).figures},
	} {
		took := uitest.Once(func() { stage.do(w) })
		t.Logf("%-50s %s", stage.name, took.Round(100*time.Millisecond))
	}
}

// pc is the login's window at a desk; it stays open through the walk.
func (w *walk) pc(login string) *uitest.Chromium { return w.screen(login, uitest.PC) }

// pad is the login's tablet.
func (w *walk) pad(login string) *uitest.Chromium { return w.screen(login, tablet) }

func (w *walk) screen(login string, size [2]int64) *uitest.Chromium {
	key := fmt.Sprint(login, size)
	if w.screens[key] == nil {
		w.screens[key] = w.Screen(login, size)
	}
	return w.screens[key]
}

// later lets time pass; after a while every screen is locked, and people begin anew.
func (w *walk) later(d time.Duration) {
	w.Clock.Forward(d)
	if d >= 3*time.Minute {
		w.screens = map[string]*uitest.Chromium{}
	}
}

// at is a path with the rows of the day.
func (w *walk) at(path string) string { return w.Fill(path) }

// fill answers the form on the screen in the usual way and signs it.
func (w *walk) fill(c *uitest.Chromium, code string, more ...string) *uitest.Chromium {
	w.t.Helper()
	pairs := append(w.Sheet(code), more...)
	for i := range pairs {
		pairs[i] = w.Fill(pairs[i])
	}
	return c.Answer(pairs...)
}

// send presses the form's main button.
const send = "main [data-submit]"

// authoriseCases puts three cases on the shelf whose clients agreed to be shown.
func (w *walk) authoriseCases() {
	w.Write(func(tx *store.Tx) error {
		willing := store.Client{Name: "案例甲", Phone: "13900000001", Gender: "female", Birth: "1988-01-02", Source: "walk_in"}
		if err := tx.AddClient(&willing); err != nil {
			return err
		}
		for range 3 {
			k, err := storetest.Case(tx, willing.ID, w.Item.Kind)
			if err != nil {
				return err
			}
			w.cases = append(w.cases, int64(k.ID))
		}
		return nil
	})
}

// reception: nobody is found under the number, the texts are signed, a double click files
// one person, the board hears of the arrival.
func (w *walk) reception() {
	board := w.pc("manager").Open("/board").Axe()
	c := w.pc("front").Open("/reception").Axe()
	c.Type("#finder", "13800008817").WaitText("新建客户").Click("#finding-new").WaitText("健康信息单独同意书").Axe()
	c.Type("[name=name]", "林清禾")
	form := w.Newcomer()
	var pairs []string
	for name, v := range form {
		if name != "name" && name != "phone" {
			pairs = append(pairs, name, v[0])
		}
	}
	c.Answer(pairs...).Shot("1-client")
	c.PressTwice(send).WaitText("登记到店").Axe()
	w.Read(func(r *store.Read) error {
		list, err := r.Findables(0, 1000, 100)
		list = slices.DeleteFunc(list, func(f store.Findable) bool { return f.Name != "林清禾" }) // beside whom the cases show
		require.Len(w.t, list, 1, "a double click files one person")
		w.Client = list[0].ID
		return err
	})
	c.Press(send).WaitText("分派顾问").WaitText("C01").Axe()
	board.Within(soon, "林清禾")
	w.Read(func(r *store.Read) error {
		open, err := r.OpenVisits()
		require.Len(w.t, open, 1)
		w.Visit = open[0].ID
		return err
	})
	c.WaitText("建议").Press("button[value=consultant]").WaitText("已分派").Shot("1-visit")
}

// questionnaire: the tablet is locked to the forms; only a PIN leads back.
func (w *walk) questionnaire() {
	c := w.pad("front").Open(w.at("/form/visit/{visit}")).Axe()
	c.Press(".tablet-give button").WaitText("您好").Axe().Shot("2-hello")
	c.Open("/reception").WaitText("您好") // there is no other way
	home := w.at("/form/handover/{visit}")
	for _, code := range []string{"F1", "F2"} {
		c.Press("main .button.primary").Axe()
		for range 20 {
			if !strings.HasPrefix(c.Path(), home+"/") {
				break
			}
			w.fill(c, code).Press(send)
		}
		require.Equal(w.t, home, c.Path(), code)
	}
	c.WaitText("填好了").Axe().Shot("2-thanks")
	c.Press(".tablet-leave a").Fill("[name=pin]", uitest.PIN).Press(send).WaitText("已签署").Shot("2-back")
}

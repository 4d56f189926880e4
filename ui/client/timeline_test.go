package client_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/engine/task"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// lived gives the client so many visits more, each with a row of every sort that needs no form.
func lived(t testing.TB, site *uitest.Site, x store.Treatment, from, to int) {
	t.Helper()
	require.NoError(t, site.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "test.fill"}, func(tx *store.Tx) error {
		for i := from; i < to; i++ {
			at := tx.Now().Add(-time.Duration(i+1) * 24 * time.Hour)
			v := store.Visit{Client: x.Client, State: term.VisitCompleted, Stage: "S6", Station: term.AtLeaving, StationAt: at, ArrivedAt: at, ClosedAt: at}
			if err := tx.AddVisit(&v); err != nil {
				return err
			}
			if err := livedVisit(tx, x, v, i); err != nil {
				return err
			}
		}
		return nil
	}))
}

func livedVisit(tx *store.Tx, x store.Treatment, v store.Visit, i int) error {
	o := store.Order{Client: x.Client, Visit: v.ID, TotalFen: 1000, State: term.OrderPaid}
	plan := store.Plan{Visit: v.ID, Client: x.Client, State: term.PlanOrdered}
	for _, add := range []func() error{
		func() error { return tx.AddOrder(&o) },
		func() error { return tx.AddPlan(&plan) },
		func() error {
			return tx.AddAppointment(&store.Appointment{Client: x.Client, Item: x.Item, StartsAt: v.ArrivedAt, EndsAt: v.ArrivedAt.Add(time.Hour), State: "arrived"})
		},
		func() error {
			return tx.AddMessage(&store.Message{Kind: "reminder", Channel: "person", Client: x.Client, Key: fmt.Sprint("lived", i), Text: "您好", State: "sent", SendAfter: v.ArrivedAt.String(), SentAt: v.ArrivedAt})
		},
		func() error {
			return tx.AddTreatment(&store.Treatment{Visit: v.ID, Client: x.Client, Line: x.Line, Item: x.Item, SessionNo: 1, State: term.TreatmentReleased, StartedAt: v.ArrivedAt})
		},
	} {
		if err := add(); err != nil {
			return err
		}
	}
	_, err := tx.Move(store.Account{Kind: "session", ID: int64(x.Line)}, 1, store.Subject{Noun: "treatment", ID: int64(x.ID)})
	return err
}

// TestTheTimelineAsksAFixedNumberOfQueries (row:C1): whatever the history, the first screen asks
// the same, and what is older comes on demand.
func TestTheTimelineAsksAFixedNumberOfQueries(t *testing.T) {
	t.Parallel()
	site, x, _ := treated(t)
	page := fmt.Sprintf("/client/%d", x.Client)
	asked := func() int64 { // the trail of the views is written meanwhile: the least of three
		least := int64(1 << 62)
		for range 3 {
			require.NoError(t, site.App.DB.Flush(t.Context()))
			before := site.App.DB.Queries()
			site.As("doctor").Get(page).Want(http.StatusOK)
			least = min(least, site.App.DB.Queries()-before)
		}
		return least
	}
	lived(t, site, x, 0, 10)
	few := asked()
	lived(t, site, x, 10, 60)
	require.Equal(t, few, asked())

	t.Run("older entries come on demand, none twice", func(*testing.T) {
		first := site.As("front").Get(page+"?show=visit").Want(http.StatusOK, `id="timeline-1"`, `hx-select="#timeline-2"`)
		second := site.As("front").Get(page+"?show=visit&page=2").Want(http.StatusOK, `id="timeline-2"`)
		numbers := regexp.MustCompile(`V\d{8}-\d+`)
		require.Len(t, append(numbers.FindAllString(first.Body, -1), numbers.FindAllString(second.Body, -1)...), 61)
		require.NotSubset(t, numbers.FindAllString(first.Body, -1), numbers.FindAllString(second.Body, -1))
	})
	t.Run("what is to come stands apart, soonest first", func(t *testing.T) { comes(t, site, x, page) })
	t.Run("one kind at a time", func(*testing.T) {
		site.As("front").Get(page+"?show=message").Want(http.StatusOK, "预约提醒", "已发").Not("到店就诊")
		site.As("front").Get(page+"?show=plan").Want(http.StatusOK, "收费单", "¥10.00")
		site.As("doctor").Get(page+"?show=treatment").Want(http.StatusOK, "退回 1 次")
	})
	t.Run("the desk is told nothing clinical", func(*testing.T) {
		site.As("front").Get(page).Want(http.StatusOK).Not("?show=talk", "?show=answer", "?show=media", "?show=event")
		for _, kind := range []string{"talk", "answer", "media", "event", "nonsense"} {
			site.As("front").Get(page+"?show="+kind).Want(http.StatusOK, "还没有")
		}
	})
}

// comes gives the client a course of two, a follow-up that is overdue and two unhappy ratings, one of
// them without a name.
func comes(t *testing.T, site *uitest.Site, x store.Treatment, page string) {
	t.Helper()
	part := func(body string) (ahead, was string) {
		_, body, _ = strings.Cut(body, `id="ahead"`)
		ahead, was, _ = strings.Cut(body, "全部经过")
		return ahead, was
	}
	require.NoError(t, site.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "test.fill"}, func(tx *store.Tx) error {
		first := store.Appointment{Client: x.Client, Item: x.Item, StartsAt: tx.Now().Add(48 * time.Hour), EndsAt: tx.Now().Add(49 * time.Hour), State: "confirmed"}
		require.NoError(t, tx.AddAppointment(&first))
		first.Series = first.ID
		require.NoError(t, tx.SaveAppointment(&first))
		require.NoError(t, tx.AddAppointment(&store.Appointment{Client: x.Client, Item: x.Item, StartsAt: tx.Now().Add(240 * time.Hour), EndsAt: tx.Now().Add(241 * time.Hour), State: "requested", Series: first.ID}))
		_, err := task.Open(tx, task.New{
			Kind: task.Followup, Subject: store.Subject{Noun: "treatment", ID: int64(x.ID)}, Key: "late", Client: x.Client,
			Role: access.Aftercare, Due: tx.Now().Add(-time.Hour), TitleKey: "task.title.followup", Args: []string{"7"}, Day: 7,
		})
		require.NoError(t, err)
		for _, anonymous := range []bool{false, true} {
			answer, err := form.Begin(tx, access.System("test"), "F9", form.Subject{Client: x.Client, Visit: x.Visit}, nil)
			require.NoError(t, err)
			visit := store.Visit{Client: x.Client, State: term.VisitCompleted, Stage: "S6", Station: term.AtLeaving, StationAt: tx.Now(), ArrivedAt: tx.Now(), ClosedAt: tx.Now()}
			require.NoError(t, tx.AddVisit(&visit))
			rating := store.Rating{Visit: visit.ID, Client: x.Client, Answer: answer.Row.ID, Score: 30, Anonymous: anonymous, At: tx.Now()}
			require.NoError(t, tx.AddRating(&rating))
			_, err = task.Open(tx, task.New{
				Kind: task.CallBack, Subject: store.Subject{Noun: "rating", ID: rating.ID}, Key: "unhappy", Client: x.Client, Visit: visit.ID,
				Role: access.Aftercare, Due: tx.Now().Add(24 * time.Hour), Day: task.NoDay, TitleKey: "feedback.task.unhappy",
			})
			require.NoError(t, err)
		}
		return nil
	}))
	ahead, was := part(site.As("manager").Get(page).Want(http.StatusOK).Body)
	at := -1
	for _, text := range []string{"术后第 7 天回访", "已过期", "客户不满意", "疗程 1/2", "疗程 2/2"} {
		next := strings.Index(ahead, text)
		require.Greater(t, next, at, text)
		at = next
	}
	require.Equal(t, 1, strings.Count(ahead, "客户不满意"), "who rates without a name is not named")
	for _, text := range []string{"疗程 ", "术后第 7 天回访", "客户不满意"} {
		require.NotContains(t, was, text)
	}

	ahead, was = part(site.As("front").Get(page).Want(http.StatusOK).Body)
	require.Contains(t, ahead, "疗程 1/2")
	require.NotContains(t, ahead+was, "客户不满意", "the desk does not read what clients think")
	site.As("manager").Get(page+"?show=event").Want(http.StatusOK, "客户不满意").Not("疗程 1/2")
	site.As("doctor").Get(page + "?show=visit&page=2").Want(http.StatusOK).Not(`id="ahead"`)
}

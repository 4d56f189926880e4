package demo

import (
	"fmt"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/aftercare"
	"meixu/app/engine/task"
	"meixu/app/feedback"
	"meixu/app/forms"
	"meixu/store"
	"meixu/store/term"
)

// later plans what follows a visit: the calls, and the rating on the next day.
func (s *stay) later() error {
	s.maker.plan(s.clock.Now().Add(20*time.Hour), "rating", s.rate)
	var tasks []store.Task
	if err := s.app.Read(s.ctx, s.by["aftercare"], access.AftercareView, func(r *store.Read) (err error) {
		tasks, err = r.TasksOfVisit(s.visit)
		return err
	}); err != nil {
		return err
	}
	for _, t := range tasks {
		if t.Kind != task.Followup || t.State != store.TaskOpen || s.noCalls && t.Day == 2 {
			continue
		}
		at := s.callAt(t)
		if term.At(at).Day(s.zone) == term.At(s.end).Day(s.zone) {
			continue // today's calls are today's work
		}
		s.maker.plan(at, fmt.Sprintf("client %d call D%d", s.n, t.Day), func() error { return s.ring(t) })
	}
	return nil
}

// callAt is when the call of a follow-up is made: in time, or a few hours after the 48 hours.
func (s *stay) callAt(t store.Task) time.Time {
	finished := s.clock.Now()
	d := finished.In(s.zone)
	day := time.Date(d.Year(), d.Month(), d.Day()+t.Day, 14, 10+s.n%40, 0, 0, s.zone)
	switch {
	case t.Day == 0:
		return finished.Add(3 * time.Hour)
	case t.Day == 2 && s.lateCall:
		return t.DueAt.Time().Add(7 * time.Hour)
	case t.Day == 2 && day.After(t.DueAt.Time().Add(-time.Hour)):
		return t.DueAt.Time().Add(-4 * time.Hour)
	}
	return day
}

// ring calls the client and writes down that all is well.
func (s *stay) ring(t store.Task) error {
	return s.talked(t, say{"assessment": "normal", "pain": "1", "look": "none", "come": "yes", "worry": "恢复正常，没有不适"})
}

// talked finishes a call with what was said.
func (m *maker) talked(t store.Task, said say) error {
	care := strings.TrimPrefix(t.FormCode, "F8-")
	a, err := m.answers(t.FormCode, said.with(say{"channel": "phone", "reached": "yes", "$day": fmt.Sprint(t.Day), "$care": care}))
	if err != nil {
		return err
	}
	_, err = m.app.Rooms.Care.Finish(m.ctx, m.by["aftercare"], aftercare.Said{Task: t.ID, Typed: forms.Typed{Answers: a}})
	return err
}

var praise = []struct{ best, improve string }{
	{"医生讲解很清楚，没有推销", ""}, {"环境安静，护士很细心", "等候时间可以再短一点"}, {"价格透明，单子上都写清楚了", ""}, {"效果自然", "停车不太方便"},
}

// rate sends the invitation and, of those who answer, keeps what they think.
func (s *stay) rate() error {
	letters, err := s.app.Rooms.Back.Letters(s.ctx, s.by["aftercare"])
	if err != nil {
		return err
	}
	for _, l := range letters {
		if l.Visit != s.visit {
			continue
		}
		if err := s.app.Rooms.Back.Sent(s.ctx, s.by["aftercare"], l.ID); err != nil {
			return err
		}
		if s.stars > 0 {
			return s.give(l)
		}
	}
	return nil
}

func (s *stay) give(l feedback.Letter) error {
	_, rest, ok := strings.Cut(l.Text, "/rate/")
	if !ok {
		return fmt.Errorf("the letter %d has no link", l.ID)
	}
	token, _, _ := strings.Cut(strings.Fields(rest)[0], "。")
	stars, words := fmt.Sprint(s.stars), praise[s.n%len(praise)]
	given := say{"s_overall": stars, "s_doctor": stars, "s_nurse": stars, "s_effect": stars, "nps": fmt.Sprint(min(10, s.stars*2)), "best": words.best, "call": "no", "again": "no"}
	if words.improve != "" {
		given["improve"] = words.improve
	}
	if s.stars < 3 {
		given = given.with(say{"best": "护士态度好", "improve": "等候近一小时，没人说明原因", "call": "yes", "again": "front"})
	}
	a, err := s.answers("F9", given)
	if err != nil {
		return err
	}
	if err := s.app.Rooms.Back.Rate(s.ctx, token, a); err != nil {
		return err
	}
	s.maker.plan(s.clock.Now().Add(5*time.Hour), "soothe", s.soothe)
	return nil
}

// soothe calls an unhappy client back, and closes the task.
func (s *stay) soothe() error {
	var open []store.Task
	if err := s.app.Read(s.ctx, s.by["aftercare"], access.AftercareView, func(r *store.Read) (err error) {
		open, err = r.TasksOfVisit(s.visit)
		return err
	}); err != nil {
		return err
	}
	for _, t := range open {
		if t.Kind != task.CallBack || t.State != store.TaskOpen {
			continue
		}
		if err := s.app.Rooms.Tasks.Done(s.ctx, s.by["aftercare"], t.ID, "done"); err != nil {
			return err
		}
	}
	return nil
}

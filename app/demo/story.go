package demo

import (
	"container/heap"
	"fmt"
	"time"
)

// scene is something that happens at a time.
type scene struct {
	at   time.Time
	seq  int // of two at the same time, the one that was planned first comes first
	name string
	do   func() error
}

// plot is what is still to happen, soonest first.
type plot []scene

func (p plot) Len() int { return len(p) }
func (p plot) Less(i, j int) bool {
	return p[i].at.Before(p[j].at) || p[i].at.Equal(p[j].at) && p[i].seq < p[j].seq
}
func (p plot) Swap(i, j int) { p[i], p[j] = p[j], p[i] }

// Push and Pop make it a heap.
func (p *plot) Push(x any) { *p = append(*p, x.(scene)) }

// Pop takes the last one.
func (p *plot) Pop() any {
	last := len(*p) - 1
	s := (*p)[last]
	*p = (*p)[:last]
	return s
}

// plan notes that something happens then. What lies after the end of the story never does.
func (m *maker) plan(at time.Time, name string, do func() error) {
	m.seq++
	heap.Push(&m.plot, scene{at, m.seq, name, do})
}

// play lets everything happen up to the end, in the order of the clock.
func (m *maker) play() error {
	for len(m.plot) > 0 {
		next := heap.Pop(&m.plot).(scene)
		if next.at.After(m.end) {
			continue
		}
		if next.at.After(m.clock.Now()) {
			m.clock.set(next.at)
		}
		if err := next.do(); err != nil {
			return fmt.Errorf("%s, %s: %w", m.clock.Now().In(m.zone).Format("01-02 15:04"), next.name, err)
		}
	}
	m.clock.set(m.end)
	return nil
}

// on is a clock time of the day that lies days before the last one.
func (m *maker) on(daysBefore int, hour, minute int) time.Time {
	d := m.end.In(m.zone)
	return time.Date(d.Year(), d.Month(), d.Day()-daysBefore, hour, minute, 0, 0, m.zone)
}

// ago is so many minutes before the end, drawn together when the day is too young for it:
// whoever starts the clinic at half past midnight sees a busy night.
func (m *maker) ago(minutes float64) time.Time {
	if m.young() {
		minutes *= m.end.Sub(m.on(0, 0, 0)).Minutes() / longest
	}
	return m.end.Add(-time.Duration(minutes * float64(time.Minute)))
}

// longest is how many minutes the last day takes.
const longest = 330

// young says that the day is too young for all that happens on it.
func (m *maker) young() bool { return m.end.Sub(m.on(0, 0, 0)).Minutes() < longest }

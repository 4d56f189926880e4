package jobs

import (
	"context"

	"meixu/app/access"
)

// Work is one piece of work for the clock; it says how many things it dealt with.
type Work func(ctx context.Context, by access.Actor) (int, error)

// House is what the jobs of the list need from the rooms; a nil piece leaves its job out.
type House struct {
	EscalateTasks Work
	DropDrafts    Work
	CheckRecord   Work
	CheckLedger   Work
	Backup        Work
	Increment     Work
	Drill         Work
	SweepMedia    Work
	NightlyRooms  Work
}

// Job is one line of the list. Its sentence is the words key `admin.job.<Name>`.
type Job struct {
	Name   string
	Spec   string // cron, in the clinic's zone
	MakeUp bool   // run at start when the PC was off at its time
	Run    Work
}

// List is the one table of everything that the clinic does by the clock.
func List(h House) []Job {
	all := []Job{
		{"tasks-escalate", "* * * * *", false, h.EscalateTasks},
		{"backup", "30 2 * * *", true, h.Backup},
		{"backup-increment", "*/5 * * * *", false, h.Increment},
		{"backup-drill", "0 4 * * *", true, h.Drill},
		{"record-check", "0 3 * * *", true, h.CheckRecord},
		{"ledger-check", "10 3 * * *", true, h.CheckLedger},
		{"media-sweep", "20 3 * * *", false, h.SweepMedia},
		{"drafts-drop", "40 3 * * *", true, h.DropDrafts},
		{"rooms-nightly", "5 0 * * *", true, h.NightlyRooms},
	}
	list := all[:0]
	for _, j := range all {
		if j.Run != nil {
			list = append(list, j)
		}
	}
	return list
}

package jobs

import (
	"context"
	"strconv"
	"time"

	"meixu/app/access"
)

// Work is one piece of work for the clock; it says how many things it dealt with.
type Work func(ctx context.Context, by access.Actor) (int, error)

// House is what the jobs of the list need from the rooms; a nil piece leaves its job out.
type House struct {
	EscalateTasks Work
	WatchLog      Work
	DropDrafts    Work
	CheckRecord   Work
	AnchorRecord  Work
	CheckLedger   Work
	Backup        Work
	Increment     Work
	Drill         Work
	SweepMedia    Work
	MovePhotos    Work
	ReturnPhotos  Work
	NightlyRooms  Work
	CountClients  Work
	Imports       Work
	PrepareMail   Work
	DeliverMail   Work
}

// Job is one line of the list. Its sentence is the words key `admin.job.<Name>`.
type Job struct {
	Name string
	// At is the time of day, in the clinic's zone, from which the work of a day is owed:
	// "02:30". A day's work is done once, also when the PC was off at that time.
	At string
	// Every is for work that is looked at again and again; with neither day nor ledger, but
	// for runs that found something to do or failed.
	Every time.Duration
	Run   Work
}

// Plan is when the job runs, for people.
func (j Job) Plan() string {
	if j.At != "" {
		return j.At
	}
	return "/ " + strconv.Itoa(int(j.Every/time.Minute)) + " min"
}

// List is the one table of everything that the clinic does by the clock.
func List(h House) []Job {
	all := []Job{
		{Name: "tasks-escalate", Every: time.Minute, Run: h.EscalateTasks},
		{Name: "imports", Every: time.Minute, Run: h.Imports},
		{Name: "messages-deliver", Every: time.Minute, Run: h.DeliverMail},
		{Name: "log-watch", Every: time.Minute, Run: h.WatchLog},
		{Name: "photos-return", Every: time.Minute, Run: h.ReturnPhotos},
		{Name: "backup-increment", Every: 5 * time.Minute, Run: h.Increment},
		{Name: "media-move", Every: 5 * time.Minute, Run: h.MovePhotos},
		{Name: "record-anchor", Every: time.Hour, Run: h.AnchorRecord},
		{Name: "rooms-nightly", At: "00:05", Run: h.NightlyRooms},
		{Name: "clients-count", At: "00:40", Run: h.CountClients},
		{Name: "backup", At: "02:30", Run: h.Backup},
		{Name: "record-check", At: "03:00", Run: h.CheckRecord},
		{Name: "ledger-check", At: "03:10", Run: h.CheckLedger},
		{Name: "media-sweep", At: "03:20", Run: h.SweepMedia},
		{Name: "drafts-drop", At: "03:40", Run: h.DropDrafts},
		{Name: "backup-drill", At: "04:00", Run: h.Drill},
		{Name: "messages-prepare", At: "18:00", Run: h.PrepareMail},
	}
	list := all[:0]
	for _, j := range all {
		if j.Run != nil {
			list = append(list, j)
		}
	}
	return list
}

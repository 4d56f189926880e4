package media

import (
	"context"
	"sync"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// What one person may keep on a day of the clinic, and what may be kept of one client: several
// times what a full day of photos needs, and too little to fill the disk with (ASVS 5.2.4).
const (
	// PersonFiles is how many pictures a person may keep a day.
	PersonFiles = 600
	// PersonBytes is how much a person may keep a day, in bytes of the clean pictures.
	PersonBytes = 3 << 30
	// ClientFiles is how many pictures of one client may be kept a day.
	ClientFiles = 200
)

// quota counts what was put on the shelf today: what the rows say when somebody is counted for
// the first time, and from then on each file, whether its row comes or not.
type quota struct {
	db      *store.DB
	mu      sync.Mutex
	day     term.Day
	people  map[term.StaffID]*store.MediaUse
	clients map[term.ClientID]*store.MediaUse
}

func newQuota(db *store.DB) *quota { return &quota{db: db} }

// claim is the place of one file that is being taken.
type claim struct {
	quota *quota
	uses  []*store.MediaUse
}

// claim keeps a place for one more file, or says why there is none. The clinic's own pictures
// (client 0) and deeds of the system count for nobody.
func (q *quota) claim(ctx context.Context, by access.Actor, client term.ClientID) (claim, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.read(ctx, by.Staff, client); err != nil {
		return claim{}, fault.FromStore(err, "counting pictures")
	}
	got := claim{quota: q}
	if use := q.people[by.Staff]; use != nil {
		if use.Files >= PersonFiles || use.Bytes >= PersonBytes {
			return claim{}, fault.Refuse("TR-24", "media.quota.person", PersonFiles, PersonBytes>>30).Ask(string(access.Manager))
		}
		got.uses = append(got.uses, use)
	}
	if use := q.clients[client]; use != nil {
		if use.Files >= ClientFiles {
			return claim{}, fault.Refuse("TR-24", "media.quota.client", ClientFiles).Ask(string(access.Manager))
		}
		got.uses = append(got.uses, use)
	}
	got.add(1, 0)
	return got, nil
}

// read counts the rows of those that are not counted yet today.
func (q *quota) read(ctx context.Context, person term.StaffID, client term.ClientID) error {
	return q.db.Read(ctx, func(r *store.Read) error {
		today := r.Today()
		if today != q.day {
			q.day, q.people, q.clients = today, map[term.StaffID]*store.MediaUse{}, map[term.ClientID]*store.MediaUse{}
		}
		from := today.Start(r.Zone())
		if person != 0 && q.people[person] == nil {
			use, err := r.MediaTakenBy(person, from)
			if err != nil {
				return err
			}
			q.people[person] = &use
		}
		if client != 0 && q.clients[client] == nil {
			use, err := r.MediaTakenOf(client, from)
			if err != nil {
				return err
			}
			q.clients[client] = &use
		}
		return nil
	})
}

// add is for who holds the lock.
func (c claim) add(files int, bytes int64) {
	for _, use := range c.uses {
		use.Files += files
		use.Bytes += bytes
	}
}

// kept counts the bytes of a file that was kept.
func (c claim) kept(bytes int64) {
	c.quota.mu.Lock()
	defer c.quota.mu.Unlock()
	c.add(0, bytes)
}

// giveBack ends the claim of a file that was not kept.
func (c claim) giveBack() {
	c.quota.mu.Lock()
	defer c.quota.mu.Unlock()
	c.add(-1, 0)
}

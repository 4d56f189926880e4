package tasks

import (
	"context"

	"meixu/app/access"
	"meixu/app/engine/task"
	"meixu/store"
)

// Counts are the numbers beside the work list: due today and overdue.
type Counts = store.TaskCounts

// Counts counts the person's tasks for rail and top bar.
func (l *List) Counts(ctx context.Context, by access.Actor) (n Counts, err error) {
	err = l.Read(ctx, by, access.SignedIn, func(r *store.Read) error {
		n, err = task.Badge(r, by)
		return err
	})
	return n, err
}

package aftercare

import "meixu/store"

// States of a follow-up that its page shows.
const (
	TaskOpen      = store.TaskOpen
	TaskCancelled = store.TaskCancelled
)

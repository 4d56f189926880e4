package access

// Deeds on one's own work list.
var (
	// TaskView opens one's own work list.
	TaskView = allow("task.view", everyone()...)
	// TaskDone closes a task of one's own with an outcome.
	TaskDone = allow("task.done", everyone()...)
	// TaskMove sets another due time, with a reason.
	TaskMove = allow("task.move", everyone()...)
)

package sop

// Stepper is the SOP of one visit as a line of stages, for boards, visits and tablets.
type Stepper struct{ Stages []StepperStage }

// StepperStage is one stage: where it stands, how long it took and what it still misses.
type StepperStage struct {
	// ID is the stage's number, such as S4.
	ID string
	// Title is the stage's name in the reader's language.
	Title string
	// State is todo, now, done, late, blocked, ended (the visit ended here, or the client
	// refused) or off (a visit that ended before never came to it).
	State string
	// Note says why a visit ended here, or which of several items lack how much.
	Note string
	// Minutes is the time spent in the stage so far.
	Minutes int
	// Missing counts the steps that still lack their evidence.
	Missing int
	// Who is the person or role that has the stage in hand.
	Who string
}

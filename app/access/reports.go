package access

// Views of the owner's page, and what may be done there.
var (
	// FiguresView opens the owner's figures and the rows behind them.
	FiguresView = allow("figures.view", Manager, Owner)
	// TrailVerify checks the whole chain of the record.
	TrailVerify = allow("trail.verify", Quality, Owner, AuditAdmin)
	// ClockRaise opens tasks for clocks of the SOP that ran out; the clock's own deed.
	ClockRaise = allow("clock.raise")
)

package kit

// Badge is a state as colour, icon and word together (screens.md section 2).
type Badge struct {
	Key   string
	Tone  string
	Icon  string
	State string
}

// look is the colour and icon of a state word, the same for every noun.
type look struct{ tone, icon string }

// Tones: orange not confirmed, blue confirmed, green here or good, purple being served,
// yellow to be paid, grey finished, struck given up, red something required is missing or
// dangerous.
const (
	orange = "orange"
	blue   = "blue"
	green  = "green"
	purple = "purple"
	yellow = "yellow"
	grey   = "grey"
	struck = "struck"
	red    = "red"
	plain  = "plain"
)

var looks = map[string]look{
	"draft": {plain, "pencil"}, "new": {orange, "sparkles"}, "open": {blue, "circle"},
	"requested": {orange, "help-circle"}, "unconfirmed": {orange, "help-circle"}, "pending": {orange, "hourglass"},
	"booked": {orange, "calendar"}, "proposed": {orange, "clipboard-list"}, "offered": {orange, "clipboard-list"},
	"confirmed": {blue, "circle-check"}, "accepted": {blue, "circle-check"}, "approved": {blue, "circle-check"},
	"quoted": {blue, "receipt-yuan"}, "planned": {blue, "clipboard-list"}, "qualified": {blue, "circle-check"},
	"ready": {green, "circle-check"}, "arrived": {green, "map-pin"}, "waiting": {green, "armchair"},
	"active": {green, "circle-check"}, "valid": {green, "circle-check"}, "paid": {green, "circle-check"},
	"signed": {green, "signature"}, "released": {green, "circle-check"}, "clean": {green, "circle-check"},
	"available": {green, "circle-check"}, "converted": {green, "circle-check"}, "given": {green, "circle-check"},
	"called": {purple, "speakerphone"}, "serving": {purple, "user-heart"}, "in_service": {purple, "user-heart"},
	"in_room": {purple, "door-enter"}, "consulting": {purple, "message-2-heart"}, "in_progress": {purple, "activity"},
	"running": {purple, "activity"}, "observing": {purple, "eye"}, "started": {purple, "activity"},
	"in_use": {purple, "activity"}, "treating": {purple, "user-heart"}, "now": {purple, "activity"},
	"to_pay": {yellow, "coin-yuan"}, "unpaid": {yellow, "coin-yuan"}, "partial": {yellow, "coin-yuan"},
	"due": {yellow, "clock"}, "expiring": {yellow, "clock"}, "held": {yellow, "hand-stop"}, "paying": {yellow, "coin-yuan"},
	"done": {grey, "check"}, "finished": {grey, "check"}, "closed": {grey, "check"}, "left": {grey, "door-exit"},
	"completed": {grey, "check"}, "complete": {grey, "check"}, "locked": {grey, "lock"}, "inactive": {grey, "circle-off"},
	"used": {grey, "check"}, "archived": {grey, "archive"}, "superseded": {grey, "archive"}, "todo": {grey, "circle"},
	"cancelled": {struck, "x"}, "no_show": {struck, "user-off"}, "void": {struck, "x"}, "voided": {struck, "x"},
	"refused": {struck, "hand-stop"}, "declined": {struck, "hand-stop"}, "lost": {struck, "x"}, "skipped": {struck, "player-skip-forward"},
	"withdrawn": {struck, "x"}, "refunded": {struck, "arrow-back-up"}, "stopped": {struck, "hand-stop"}, "abandoned": {struck, "door-exit"},
	"missing": {red, "alert-triangle"}, "overdue": {red, "clock-exclamation"}, "late": {red, "clock-exclamation"},
	"blocked": {red, "ban"}, "expired": {red, "calendar-x"}, "recalled": {red, "alert-triangle"},
	"quarantine": {red, "ban"}, "failed": {red, "alert-triangle"}, "danger": {red, "alert-triangle"},
}

// BadgeOf is the badge of a state, for pages that draw it themselves.
func BadgeOf(state any) Badge { return badgeOf(state) }

// badgeOf is the badge of a state; a Badge passes as it is.
func badgeOf(state any) Badge {
	switch s := state.(type) {
	case Badge:
		return s
	case nil:
		return Badge{}
	}
	word := stateWord(state)
	l, ok := looks[word]
	if !ok {
		l = look{plain, "circle"}
	}
	return Badge{Key: keyOf(state), Tone: l.tone, Icon: l.icon, State: word}
}

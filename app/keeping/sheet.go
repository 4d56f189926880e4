package keeping

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/seal"
	"meixu/store/term"
)

// SheetEvery is how often the owner is asked whether the printed recovery sheet is still at its
// place (trust.md 5): without it a lost computer is lost data, and nobody notices before.
const SheetEvery = 90 * 24 * time.Hour

// settingSheet keeps how the question was answered.
const settingSheet = "recovery.sheet"

// Sheet is how the question after the printed sheet stands.
type Sheet struct {
	Practice bool         // a practice clinic has none
	Good     term.Instant // last right answer; zero when never
	Tried    term.Instant // last answer, right or wrong
	Wrong    bool         // the last one was wrong
	Due      term.Instant // from when on it is asked
	Overdue  bool
	Groups   seal.Groups  // asked for; zero where the whole code is
	Number   string       // of the sheet that is in force
	Began    term.Instant // when that was renewed; zero for the sheet of the set-up
}

// ByGroups says that two groups are asked for, and not the whole code.
func (s Sheet) ByGroups() bool { return s.Groups != seal.Groups{} }

// answered is what is kept of the answers.
type answered struct {
	Good  term.Instant `json:"good"`
	Tried term.Instant `json:"tried"`
	Wrong bool         `json:"wrong,omitempty"`
	Turn  int          `json:"turn"`           // right answers: the questions come in turn
	Began term.Instant `json:"began,omitzero"` // when the sheet was renewed; zero for that of the set-up
	began term.Instant // when the clinic was set up
}

// Sheet reads how the question stands.
func (o *Office) Sheet(ctx context.Context) (s Sheet, err error) {
	err = o.DB.Read(ctx, func(r *store.Read) error {
		s, err = o.sheet(r)
		return err
	})
	return s, fault.FromStore(err, "reading how the recovery sheet was asked for")
}

func (o *Office) sheet(r *store.Read) (Sheet, error) {
	if o.Practice {
		return Sheet{Practice: true}, nil
	}
	was, err := o.answers(r)
	if err != nil {
		return Sheet{}, err
	}
	from := was.Good
	if from.IsZero() { // counted from the set-up, which shows the sheet
		from = was.began
	}
	s := Sheet{Good: was.Good, Tried: was.Tried, Wrong: was.Wrong, Due: from.Add(SheetEvery), Began: was.Began}
	s.Overdue = !r.Now().Before(s.Due)
	kept, err := seal.ReadRecovery(o.DB.Dir())
	if err == nil {
		s.Groups, _ = kept.Question(was.Turn)
		s.Number = kept.Number()
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return s, err
}

// answers are what is kept of the answers, read once: nothing but AnswerSheet changes them.
func (o *Office) answers(r *store.Read) (answered, error) {
	if known := o.asked.Load(); known != nil {
		return *known, nil
	}
	a, err := answersOf(r)
	if err == nil {
		a.began, err = began(r)
	}
	if err == nil {
		o.asked.CompareAndSwap(nil, &a) // an answer that came meanwhile is newer
	}
	return a, err
}

func answersOf(r *store.Read) (a answered, err error) {
	text, err := r.Setting(settingSheet)
	if err != nil || text == "" {
		return a, err
	}
	return a, json.Unmarshal([]byte(text), &a)
}

// began is when the clinic was set up: the time of its first act.
func began(r *store.Read) (term.Instant, error) {
	first, err := r.Act(1)
	if errors.Is(err, store.ErrNotFound) {
		return r.Now(), nil
	}
	return first.At, err
}

// SheetAnswer is what the owner read from the sheet: the two groups that were asked for, or the
// whole code where no groups are.
type SheetAnswer struct{ First, Second, Code string }

// AnswerSheet checks an answer against the recovery file. Right or wrong, it is an act.
func (o *Office) AnswerSheet(ctx context.Context, by access.Actor, in SheetAnswer) error {
	if !by.May(access.RecoveryAnswer) {
		return fault.Forbidden(string(access.RecoveryAnswer))
	}
	if o.Practice {
		return fault.Refuse("TR-sheet", "keeping.sheet.practice")
	}
	turn := 0
	err := o.DB.Read(ctx, func(r *store.Read) error {
		was, err := answersOf(r)
		turn = was.Turn
		return err
	})
	if err != nil {
		return fault.FromStore(err, "reading how the recovery sheet was asked for")
	}
	good, err := o.fits(ctx, "sheet:question", func() error { return o.answer(turn, in) }) // slow on purpose, before the write
	if err != nil {
		return err
	}
	if err := o.noteAnswer(ctx, by, good); err != nil || good {
		return err
	}
	return o.wrong(turn)
}

// wrong is what a wrong answer is told: of two groups nobody says which one is wrong.
func (o *Office) wrong(turn int) error {
	var f fault.Fields
	kept, err := seal.ReadRecovery(o.DB.Dir())
	if err != nil {
		return fault.Defect("reading the recovery file", err)
	}
	if _, asks := kept.Question(turn); !asks {
		f.Add("first", "keeping.sheet.wrong.code")
		return f.Err()
	}
	f.Add("first", "keeping.sheet.wrong")
	f.Add("second", "keeping.sheet.wrong")
	return f.Err()
}

// fits checks what somebody read from a sheet. Wrong tries are slowed as those of passwords: who
// tries out groups learns half of the code else.
func (o *Office) fits(ctx context.Context, name string, check func() error) (bool, error) {
	return o.Slowed(ctx, name, func() (bool, error) {
		said := check()
		if errors.Is(said, seal.ErrTyped) || errors.Is(said, seal.ErrCode) {
			return false, nil
		}
		if said != nil {
			return false, fmt.Errorf("checking the recovery sheet: %w", said)
		}
		return true, nil
	})
}

func (o *Office) answer(turn int, in SheetAnswer) error {
	kept, err := seal.ReadRecovery(o.DB.Dir())
	if err != nil {
		return err
	}
	if _, asks := kept.Question(turn); asks {
		return kept.Answer(turn, in.First, in.Second)
	}
	_, _, err = kept.Open(in.Code)
	return err
}

func (o *Office) noteAnswer(ctx context.Context, by access.Actor, good bool) error {
	return o.Write(ctx, by, access.RecoveryAnswer, func(tx *store.Tx) error {
		return o.keepAnswer(tx, func(a *answered) {
			if a.Wrong = !good; good {
				a.Good = tx.Now()
				a.Turn++
			}
		})
	})
}

// keepAnswer keeps how a question was answered.
func (o *Office) keepAnswer(tx *store.Tx, change func(*answered)) error {
	a, err := answersOf(tx.Read)
	if err != nil {
		return err
	}
	if a.began, err = began(tx.Read); err != nil {
		return err
	}
	a.Tried = tx.Now()
	change(&a)
	text, err := json.Marshal(a)
	if err != nil {
		return err
	}
	tx.Publish(Topic)
	tx.After(func() { o.asked.Store(&a) })
	return tx.SaveSetting(settingSheet, string(text))
}

package inventory

import (
	"context"
	"strconv"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// Hold takes a lot out of use: quarantine while in doubt, recalled for good.
type Hold struct {
	Lot    term.LotID
	State  string // StateQuarantine or StateRecalled
	Reason string
}

// Hold holds a lot from now on, whoever has it on a tray: a held lot cannot be taken. A
// recall cannot be undone and opens a task to find those whom the lot went to.
func (s *Shelf) Hold(ctx context.Context, by access.Actor, in Hold) error {
	by.Reason = strings.TrimSpace(in.Reason)
	return s.WriteOn(ctx, by, access.LotHold, lotSubject(in.Lot), func(tx *store.Tx) error {
		lot, err := tx.Lot(in.Lot)
		if err != nil {
			return err
		}
		if err := mayHold(lot, in.State, by.Reason); err != nil {
			return err
		}
		tx.Result("lot", int64(lot.ID))
		return hold(tx, &lot, in.State)
	})
}

func lotSubject(lot term.LotID) store.Subject { return store.Subject{Noun: "lot", ID: int64(lot)} }

// mayHold says which way a lot may go.
func mayHold(lot store.Lot, to, reason string) error {
	var f fault.Fields
	if to != StateQuarantine && to != StateRecalled {
		f.Add("state", "inventory.hold.state")
	}
	if reason == "" {
		f.Add("reason", "inventory.hold.reason")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if lot.State == StateRecalled || lot.State == to {
		return fault.Refuse("REG-DEV-05", "inventory.refuse.held_already", lot.Lot, fault.Word("inventory.lot."+lot.State))
	}
	return nil
}

// recallHours is how soon those who got a recalled lot are to be found (REG-EVT-03).
const recallHours = 12

func hold(tx *store.Tx, lot *store.Lot, state string) error {
	lot.State = state
	if err := tx.SaveLot(lot); err != nil {
		return err
	}
	tx.Publish(live.Stock)
	tx.Publish(live.Alerts)
	tx.Publish(live.Tasks)
	_, err := task.Open(tx, task.New{
		Kind: "lot_" + state, Subject: lotSubject(lot.ID), Key: strconv.FormatInt(int64(tx.ActID()), 10),
		Role: access.Quality, Due: tx.Now().Add(recallHours * time.Hour), TitleKey: "inventory.task." + state,
		Args: []string{lot.Lot}, Day: task.NoDay, Priority: task.HardDue,
		Escalate: []task.Rung{{After: 0, Role: access.Manager}},
	})
	return err
}

// Release lets a lot out of quarantine.
func (s *Shelf) Release(ctx context.Context, by access.Actor, id term.LotID, reason string) error {
	by.Reason = strings.TrimSpace(reason)
	return s.WriteOn(ctx, by, access.LotRelease, lotSubject(id), func(tx *store.Tx) error {
		lot, err := tx.Lot(id)
		if err != nil {
			return err
		}
		if by.Reason == "" {
			var f fault.Fields
			f.Add("reason", "inventory.hold.reason")
			return f.Err()
		}
		if lot.State != StateQuarantine {
			return fault.Refuse("REG-DEV-05", "inventory.refuse.release", lot.Lot, fault.Word("inventory.lot."+lot.State))
		}
		lot.State = StateOK
		tx.Publish(live.Stock)
		tx.Result("lot", int64(id))
		return tx.SaveLot(&lot)
	})
}

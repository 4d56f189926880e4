package inventory

import (
	"context"

	"meixu/app/access"
	"meixu/store"
	"meixu/store/term"
)

// Movement is one movement of a lot, to be read.
type Movement struct {
	At     term.Instant
	Amount term.Qty
	Kind   string // receipt, taken, returned, count
	Who    string
	Reason string
}

// Key is the words key of the kind.
func (m Movement) Key() string { return "inventory.move." + m.Kind }

// movesMost is how many movements of a lot go out as a file; its page shows the newest of them.
const (
	movesMost  = 1000
	movesShown = 200
)

// Moves are the movements of a lot, the newest first, as they go out as a file.
func (s *Shelf) Moves(ctx context.Context, by access.Actor, lot term.LotID) (list []Movement, err error) {
	err = s.Read(ctx, by, access.StockView, func(r *store.Read) error {
		names, err := r.StaffNames()
		if err != nil {
			return err
		}
		list, err = movementsOf(r, lot, names, movesMost)
		return err
	})
	return list, err
}

func movementsOf(r *store.Read, lot term.LotID, names map[term.StaffID]string, most int) ([]Movement, error) {
	moves, err := r.Movements(account(lot), most)
	if err != nil {
		return nil, err
	}
	list := make([]Movement, 0, len(moves))
	for _, m := range moves {
		act, err := r.Act(m.Act)
		if err != nil {
			return nil, err
		}
		list = append(list, Movement{
			At: m.At, Amount: term.Qty(m.Amount), Kind: kindOf(m), Who: names[act.Act.Staff], Reason: act.Act.Reason,
		})
	}
	return list, nil
}

func kindOf(m store.Move) string {
	switch {
	case m.Ref.Noun == "lot":
		return "receipt"
	case m.Ref.Noun == "stock_count":
		return "count"
	case m.Amount > 0:
		return "returned"
	}
	return "taken"
}

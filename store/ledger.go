package store

import (
	"errors"
	"fmt"
	"reflect"

	"meixu/store/term"
)

// MoveID names one movement of the ledger.
type MoveID int64

// Account names one account: money of an order, pieces of a lot, sessions of a package.
// The unit goes with the kind: fen, base units, pieces.
type Account struct {
	Kind string
	ID   int64
}

// Move is one movement; movements are added and never changed.
type Move struct {
	ID       MoveID
	At       term.Instant
	Act      term.ActID
	Account  Account
	Amount   int64
	Ref      Subject // what caused it
	Reverses MoveID  // the movement it undoes, 0 for none
}

const moveColumns = `id, at, act, kind, account_id, amount, ref_noun, ref_id, coalesce(reverses, 0)`

func scanMove(from row) (m Move, err error) {
	err = from.Scan(&m.ID, &m.At, &m.Act, &m.Account.Kind, &m.Account.ID, &m.Amount, &m.Ref.Noun, &m.Ref.ID, &m.Reverses)
	return m, err
}

// Move adds a movement to an account and gives its id. Whether the balance may become
// negative is a rule of the room that calls.
func (tx *Tx) Move(account Account, amount int64, ref Subject) (MoveID, error) {
	return tx.addMove(Move{Account: account, Amount: amount, Ref: ref})
}

// Reverse undoes a movement by its opposite; a second time is ErrReversed, and a reversal
// itself cannot be reversed.
func (tx *Tx) Reverse(id MoveID, ref Subject) (MoveID, error) {
	m, err := tx.Movement(id)
	if err != nil {
		return 0, err
	}
	if m.Reverses != 0 {
		return 0, ErrReversed
	}
	back, err := tx.addMove(Move{Account: m.Account, Amount: -m.Amount, Ref: ref, Reverses: id})
	var exists *ErrExists
	if errors.As(err, &exists) {
		return 0, ErrReversed
	}
	return back, err
}

func (tx *Tx) addMove(m Move) (MoveID, error) {
	if tx.act == 0 {
		return 0, ErrOutsideAct
	}
	var reverses any
	if m.Reverses != 0 {
		reverses = m.Reverses
	}
	m.ID = MoveID(tx.NextID("ledger"))
	_, err := tx.exec(`INSERT INTO ledger (id, created_at, updated_at, at, act, kind, account_id, amount, ref_noun, ref_id, reverses)
		VALUES (?1,?2,?2,?2,?3,?4,?5,?6,?7,?8,?9)`, m.ID, tx.now, tx.act, m.Account.Kind, m.Account.ID, m.Amount, m.Ref.Noun, m.Ref.ID, reverses)
	if err != nil {
		return 0, fmt.Errorf("store: moving %d on %s %d: %w", m.Amount, m.Account.Kind, m.Account.ID, err)
	}
	return m.ID, nil
}

// Movement reads one movement.
func (r *Read) Movement(id MoveID) (Move, error) {
	return one(r, scanMove, `SELECT `+moveColumns+` FROM ledger WHERE id = ?`, id)
}

// Balance is the sum of an account, 0 for one that never moved.
func (r *Read) Balance(kind string, id int64) (int64, error) {
	return together(r, balanceKey(kind), accountNouns[kind], id, func(ids []int64) (map[int64]int64, error) {
		return r.balances(kind, ids)
	})
}

// balanceKey is a kind of account in the memory of a snapshot.
type balanceKey string

// accountNouns tells whose ids the accounts of a kind have.
var accountNouns = map[string]reflect.Type{
	"money": reflect.TypeFor[term.OrderID](), "stock": reflect.TypeFor[term.LotID](), "session": reflect.TypeFor[term.OrderLineID](),
	"earned": reflect.TypeFor[term.OrderID](), "burned": reflect.TypeFor[term.OrderID](),
	"parted": reflect.TypeFor[term.OrderID](),
}

func (r *Read) balances(kind string, ids []int64) (map[int64]int64, error) {
	list, err := idList(ids)
	if err != nil {
		return nil, err
	}
	type sum struct{ id, amount int64 }
	rows, err := many(r, func(from row) (s sum, err error) {
		err = from.Scan(&s.id, &s.amount)
		return s, err
	}, `SELECT account_id, sum(amount) FROM ledger WHERE kind = ? AND account_id IN (SELECT value FROM json_each(?)) GROUP BY account_id`, kind, list)
	byID := make(map[int64]int64, len(rows))
	for _, s := range rows {
		byID[s.id] = s.amount
	}
	return byID, err
}

// Movements lists an account, newest first, at most n (100 when 0).
func (r *Read) Movements(account Account, n int) ([]Move, error) {
	return many(r, scanMove, `SELECT `+moveColumns+` FROM ledger WHERE kind = ? AND account_id = ? ORDER BY id DESC`+limit(n, 1000),
		account.Kind, account.ID)
}

// MovementsOf lists what one row caused, oldest first.
func (r *Read) MovementsOf(ref Subject) ([]Move, error) {
	return many(r, scanMove, `SELECT `+moveColumns+` FROM ledger WHERE ref_noun = ? AND ref_id = ? ORDER BY id LIMIT 1000`, ref.Noun, ref.ID)
}

// LedgerFault is a movement that cannot be.
type LedgerFault struct {
	Move MoveID
	What string
}

// CheckLedger finds movements that do not add up: a reversal that is not the exact opposite
// on the same account, a movement of no act, or one whose insert is not in the trail as it
// stands.
func (r *Read) CheckLedger() ([]LedgerFault, error) {
	return many(r, func(from row) (f LedgerFault, err error) {
		err = from.Scan(&f.Move, &f.What)
		return f, err
	}, `SELECT b.id, 'reversal is not the opposite' FROM ledger b JOIN ledger a ON a.id = b.reverses
			WHERE a.amount <> -b.amount OR a.kind <> b.kind OR a.account_id <> b.account_id OR a.reverses IS NOT NULL
		UNION ALL SELECT id, 'no such act' FROM ledger WHERE act NOT IN (SELECT id FROM acts)
		UNION ALL SELECT l.id, 'not in the trail as it stands' FROM ledger l WHERE NOT EXISTS (
			SELECT 1 FROM act_changes c WHERE c.tbl = 'ledger' AND c.row = l.id AND c.op = 'I' AND c.act = l.act
			AND json_extract(c.changes, '$.amount[1]') = l.amount AND json_extract(c.changes, '$.account_id[1]') = l.account_id
			AND json_extract(c.changes, '$.kind[1]') = l.kind)
		ORDER BY 1 LIMIT 100`)
}

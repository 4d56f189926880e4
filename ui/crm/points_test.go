package crm_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest/day"
)

// purse moves points as the till does: no bill burns more than its client has.
type purse struct {
	*day.Day
	t      *testing.T
	rand   *rand.Rand
	orders []term.OrderID
}

func (p *purse) have(of term.ClientID) (n int64) {
	p.Read(func(r *store.Read) (err error) { n, err = r.PointsOf(of); return err })
	return n
}

// step earns, burns, gives back what was burned, or takes back what was earned.
func (p *purse) step() {
	p.Write(func(tx *store.Tx) error {
		order := p.orders[p.rand.IntN(len(p.orders))]
		o, err := tx.Order(order)
		require.NoError(p.t, err)
		have, err := tx.PointsOf(o.Client)
		require.NoError(p.t, err)
		kind, n := "earned", 1+p.rand.Int64N(300)
		switch p.rand.IntN(8) {
		case 0, 1, 2, 3:
			if kind, n = "burned", -min(n*2, max(0, have)); n == 0 {
				return nil
			}
		case 4:
			kind = "burned"
			burned, err := tx.Balance(kind, int64(order))
			require.NoError(p.t, err)
			if n = min(n, -burned); n == 0 {
				return nil
			}
		case 5:
			earned, err := tx.Balance(kind, int64(order))
			require.NoError(p.t, err)
			if n = -min(n, earned); n == 0 {
				return nil
			}
		}
		_, err = tx.Move(store.Account{Kind: kind, ID: int64(order)}, n, store.Subject{Noun: "payment", ID: 1})
		return err
	})
}

// TestPartedFilesShareTheirPoints (row:C3, row:C6): whatever was earned, spent and given back before and
// while two files were joined, parting them makes and loses no point, lets nobody spend one twice, and
// leaves no file below zero that was not below before, unless neither has any.
func TestPartedFilesShareTheirPoints(t *testing.T) {
	t.Parallel()
	from := day.New(t).To(day.Filed)
	into := from.Beside("林婉秋", "13900008801").To(day.Filed)
	p := &purse{Day: from, t: t, rand: rand.New(rand.NewPCG(11, 7))}
	manager, moved := from.As("manager"), 0
	for round := range 25 {
		p.Write(func(tx *store.Tx) error {
			for _, id := range []term.ClientID{into.Client, from.Client} {
				v := store.Visit{Client: id, State: term.VisitCompleted, Stage: "S6", Station: term.AtLeaving, StationAt: tx.Now(), ArrivedAt: tx.Now(), ClosedAt: tx.Now()}
				require.NoError(t, tx.AddVisit(&v))
				o := store.Order{Client: id, Visit: v.ID, State: term.OrderPaid}
				require.NoError(t, tx.AddOrder(&o))
				p.orders = append(p.orders, o.ID)
			}
			return nil
		})
		for range 6 {
			p.step()
		}
		had, fromHad := p.have(into.Client), p.have(from.Client)
		manager.Post(fmt.Sprintf("/clients/%d/merge", into.Client), merging(from, into)...).Want(http.StatusOK)
		require.Equal(t, had+fromHad, p.have(into.Client), round)
		for range p.rand.IntN(12) {
			p.step()
		}
		joined := p.have(into.Client)
		var m store.Merge
		p.Read(func(r *store.Read) (err error) { m, err = r.MergeOf(from.Client); return err })
		require.Equal(t, []int64{had, fromHad}, []int64{m.Points, m.FromPoints})
		said := manager.Get(fmt.Sprintf("/clients/%d/merge", into.Client)).Want(http.StatusOK).Body
		manager.Post(fmt.Sprintf("/clients/%d/split/%d", into.Client, m.ID), fmt.Sprintf("split%d_reason", m.ID), "弄错了").Want(http.StatusOK)
		has, fromHas := p.have(into.Client), p.have(from.Client)
		require.Equal(t, joined, has+fromHas, "no point is made or lost")
		if has < min(0, had) {
			require.LessOrEqual(t, fromHas, int64(0), "round %d: %d and %d, with %d and %d before", round, has, fromHas, had, fromHad)
		}
		if fromHas < min(0, fromHad) {
			require.LessOrEqual(t, has, int64(0), "round %d: %d and %d, with %d and %d before", round, has, fromHas, had, fromHad)
		}
		if had >= 0 && fromHad >= 0 {
			require.Equal(t, max(0, joined), max(0, has)+max(0, fromHas), "nothing can be spent twice")
		}
		if has != 0 || fromHas != 0 {
			require.Contains(t, said, fmt.Sprintf("有 %d 分，%s 有 %d 分", has, client(from, from.Client).Number, fromHas), "the page said so")
		}
		p.Read(func(r *store.Read) error {
			for _, id := range []term.ClientID{into.Client, from.Client} {
				list, err := r.PointMoves(id, 1000)
				require.NoError(t, err)
				sum := int64(0)
				for _, x := range list {
					sum += x.Amount
					if x.Kind == "parted" {
						moved++
					}
				}
				require.Equal(t, map[term.ClientID]int64{into.Client: has, from.Client: fromHas}[id], sum, "every movement is listed")
			}
			return nil
		})
	}
	require.Positive(t, moved, "the steps never spent the other's points")
	from.As("manager").Get(fmt.Sprintf("/client/%d", into.Client)).Want(http.StatusOK, "撤回合并时找平")
}

package demo

import (
	"fmt"

	"meixu/app/access"
	"meixu/app/finance"
	"meixu/store"
	"meixu/store/term"
)

func (s *stay) place() (err error) {
	if err = s.decide(s.consultant, func(by access.Actor) (err error) {
		s.order, err = s.app.Rooms.Consult.PlaceOrder(s.ctx, by, s.plan)
		return err
	}); err != nil {
		return err
	}
	return s.app.Read(s.ctx, s.consultant, access.OrderView, func(r *store.Read) error {
		lines, err := r.OrderLines(s.order)
		s.orderLine = lines[0].ID
		return err
	})
}

func (s *stay) statement() error {
	_, err := s.app.Rooms.Till.IssueStatement(s.ctx, s.by["cashier"], s.order)
	return err
}

// pay takes the money in one way, or in two.
func (s *stay) pay() (err error) {
	var o store.Order
	if err := s.app.Read(s.ctx, s.by["cashier"], access.OrderView, func(r *store.Read) (err error) {
		o, err = r.Order(s.order)
		return err
	}); err != nil {
		return err
	}
	method := finance.Methods[(s.n+1)%len(finance.Methods)]
	legs := []finance.Leg{{Method: method, Amount: o.TotalFen, Reference: s.slip(method)}}
	if s.n%4 == 3 && o.TotalFen > 100000 {
		legs = []finance.Leg{
			{Method: term.Cash, Amount: 50000, Tendered: 60000},
			{Method: term.WeChat, Amount: o.TotalFen - 50000, Reference: s.slip(term.WeChat)},
		}
	}
	if s.payment, err = s.app.Rooms.Till.Take(s.ctx, s.by["cashier"], finance.Take{Order: s.order, Legs: legs}); err != nil {
		return err
	}
	return s.app.Rooms.Till.Print(s.ctx, s.by["cashier"], s.payment)
}

func (s *stay) slip(m term.PayMethod) string {
	if m == term.Cash {
		return ""
	}
	return fmt.Sprintf("4200%010d", s.rand.IntN(1_000_000_000))
}

func (s *stay) void() error {
	_, err := s.app.Rooms.Till.Void(s.ctx, s.by["cashier"], finance.VoidPayment{
		Payment: s.payment, Reason: "付款方式选错，当场重收", Approval: s.managers(),
	})
	return err
}

func (m *maker) managers() finance.Approval {
	return finance.Approval{Staff: m.by["manager"].Staff, PIN: m.pins["manager"]}
}

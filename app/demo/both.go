package demo

import "meixu/app/aftercare"

// and adds a second item to the visit.
func (s *stay) and(wishName string) {
	s.also = s.newStay(s.n, wishName)
	s.also.first = s
}

// afterwards are the steps of the second item from the gate on; what the visit is, the first told.
func (s *stay) afterwards(from float64) []beat {
	list := []beat{{from - 1, "second item", func() error {
		f := s.first
		s.client, s.visit, s.ticket, s.consultant, s.plan, s.order = f.client, f.visit, f.ticket, f.consultant, f.plan, f.order
		s.stars, s.noCalls = f.stars, f.noCalls
		return nil
	}}}
	for _, b := range s.treated(from) {
		b.name = "second " + b.name
		list = append(list, b)
	}
	return list
}

// close ends the visit when every item of it is over.
func (s *stay) close() error {
	if s.watched || s.first != nil && s.first.watched {
		return nil
	}
	if err := s.app.Rooms.Care.Close(s.ctx, s.by["front"], aftercare.Closing{Visit: s.visit, Base: base, Reason: "来店后直接面诊，未做的软性步骤本次不需要"}); err != nil {
		return err
	}
	return s.later()
}

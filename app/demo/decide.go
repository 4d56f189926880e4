package demo

import (
	"meixu/app/access"
	"meixu/app/consultation"
)

// decide does fn as who has read the plan as it stands.
func (s *stay) decide(by access.Actor, fn func(access.Actor) error) (err error) {
	if by.Seen, err = s.app.Rooms.Consult.Seen(s.ctx, by, s.plan); err != nil {
		return err
	}
	return fn(by)
}

// signs does fn as who has read what the page of the deed shows.
func (s *stay) signs(by access.Actor, deed access.Permission, fn func(access.Actor) error) (err error) {
	if by.Seen, err = s.suite().Seen(s.ctx, by, s.treatment, deed); err != nil {
		return err
	}
	return fn(by)
}

func (s *stay) approve() error {
	return s.decide(s.by["doctor"], func(by access.Actor) error { return s.app.Rooms.Consult.Approve(s.ctx, by, s.plan) })
}

func (s *stay) decline() error {
	return s.decide(s.consultant, s.thinks)
}

func (s *stay) thinks(by access.Actor) error {
	return s.app.Rooms.Consult.Decline(s.ctx, by, consultation.Decline{Plan: s.plan, Outcome: consultation.OutcomePending, Reason: "想和家人商量后再定"})
}

func (s *stay) refuseConsent() error {
	return s.decide(s.consultant, func(by access.Actor) error {
		return s.app.Rooms.Consult.RefuseConsent(s.ctx, by, consultation.RefuseConsent{
			Plan: s.plan, Line: s.line, Reason: "看到风险说明后决定暂不做", End: true,
		})
	})
}

func (s *stay) issue() error {
	return s.decide(s.consultant, func(by access.Actor) error { return s.app.Rooms.Consult.IssuePapers(s.ctx, by, s.plan) })
}

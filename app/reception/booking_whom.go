package reception

import (
	"time"

	"meixu/app/access"
	"meixu/app/engine/banner"
	"meixu/store"
	"meixu/store/term"
)

// calledFor is how long after a booking somebody may still call about it. On pages that open for any
// file, and on bookings of long ago, the number is masked: who went through their ids would carry the
// numbers of the house away, past the reason and the limit of client.reveal (ASVS 2.4.1).
const calledFor = 24 * time.Hour

// whom adds the person: the banner with debt and allergies before anything is booked, and
// the sessions that are left (row:A4, screens.md).
func (s *BookingSheet) whom(r *store.Read, by access.Actor, id term.ClientID, lead term.LeadID) error {
	if id == 0 && lead == 0 {
		return nil
	}
	if id == 0 {
		l, err := r.Lead(lead)
		if err != nil {
			return err
		}
		s.Name, s.Phone = l.Name, phoneFor(by, l.Phone)
		return nil
	}
	c, err := client(r, id)
	if err != nil {
		return err
	}
	s.Name, s.Phone, s.whole = c.Name, term.MaskPhone(c.Phone), phoneFor(by, c.Phone)
	if s.Banner, err = banner.Of(r, by, id); err != nil {
		return err
	}
	s.Sessions, err = spare(r, id)
	return err
}

func phoneFor(by access.Actor, phone string) string {
	if by.Sees(access.FieldPhone) && phone != "" {
		return phone
	}
	return term.MaskPhone(phone)
}

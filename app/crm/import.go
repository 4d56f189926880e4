package crm

import (
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Check names what is wrong with a file that comes from another system. It asks for less than the
// desk does: what the former system did not know is asked for when the client comes. Privacy and
// health consent are given by nobody but the client: until then every gate refuses (rulings 27).
func (b *Book) Check(c store.Client, today term.Day) (f fault.Fields) {
	if !goodName(c.Name) {
		f.Add("name", "crm.client.name.bad")
	}
	if !goodPhone(c.Phone) && (c.Phone != "" || c.NoPhone != term.NoPhoneFormer) {
		f.Add("phone", "crm.phone.bad")
	}
	if c.Birth == "" || today.Before(c.Birth) || c.Birth.Before("1900-01-01") {
		f.Add("birth", "crm.client.birth.bad")
	}
	in := NewClient{Name: c.Name, Birth: c.Birth, Guardian: c.Guardian}
	in.checkGuardian(&f, today)
	return f
}

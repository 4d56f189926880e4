// Package forms is the one way in which forms of the form engine are begun, filled, signed,
// amended and read, be it on a page of its own, in the deed of another room, or on a tablet
// in a client's hands. What a signature means to the clinic (evidence for the SOP, news, a
// hook) is registered per form code where the rooms meet.
package forms

import (
	"strings"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/engine/form"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/store"
)

// Hook is what a room does when a form was signed or amended, in the same transaction. It
// may run again for an amendment, so it must bear that.
type Hook func(tx *store.Tx, by access.Actor, f form.Filled) error

// Check lists what is wrong with a filling that is about to be signed.
type Check func(r *store.Read, f form.Filled) (fault.Fields, error)

// Rule says what a signature on a form means.
type Rule struct {
	// Proves are the kinds of evidence that it gives to the SOP (form.need).
	Proves []string
	// Topics are live topics beside the visit's own.
	Topics []string
	// Many lets a visit or treatment have several fillings.
	Many bool
	// Checks find what the form itself cannot know to be wrong, such as banned wording; their
	// faults are told together with those of the form.
	Checks []Check
	// Signed are hooks of the rooms.
	Signed []Hook
	// Own names the page of the room to which the form belongs: its gates stand there, and the
	// general pages refuse to begin, keep, sign or void it. Nil for a form of its own page.
	Own func(store.Answer) error
	// Corrected says that the general page amends the form although another page signs it.
	Corrected bool
}

// Cabinet holds the rules and the steps that deeds of any room share.
type Cabinet struct {
	flow  *sop.Engine
	rules map[string]Rule
}

// NewCabinet makes a cabinet without rules.
func NewCabinet(flow *sop.Engine) *Cabinet { return &Cabinet{flow: flow, rules: map[string]Rule{}} }

// Set adds to what a signature on a form of the code, or of its family (F7 counts for
// F7-BTX when that has no rule of its own), means; rules are added before the house opens.
func (c *Cabinet) Set(code string, more Rule) {
	r := c.rules[code]
	r.Proves, r.Topics = union(r.Proves, more.Proves), union(r.Topics, more.Topics)
	r.Many, r.Corrected = r.Many || more.Many, r.Corrected || more.Corrected
	if more.Own != nil {
		r.Own = more.Own
	}
	r.Checks, r.Signed = append(r.Checks, more.Checks...), append(r.Signed, more.Signed...)
	c.rules[code] = r
}

// rule is the rule of the longest code that names the form.
func (c *Cabinet) rule(code string) Rule {
	for name := code; name != ""; {
		if r, ok := c.rules[name]; ok {
			return r
		}
		cut := strings.LastIndexByte(name, '-')
		if cut < 0 {
			break
		}
		name = name[:cut]
	}
	return Rule{}
}

// elsewhere refuses what is done on the page of another room.
func (c *Cabinet) elsewhere(row store.Answer) error {
	if own := c.rule(row.FormCode).Own; own != nil {
		return own(row)
	}
	return nil
}

// Desk is the service behind the form pages.
type Desk struct {
	deed.Doer
	*Cabinet
}

// New makes the desk.
func New(d deed.Doer, c *Cabinet) *Desk { return &Desk{Doer: d, Cabinet: c} }

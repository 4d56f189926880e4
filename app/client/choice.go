package client

import (
	"context"
	"errors"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/engine/message"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Choice is which messages a client does not want, and the language of the rest.
type Choice struct {
	Client                 term.ClientID
	Version                int // 0 when nothing was chosen yet
	NoMarketing, NoService bool
	Lang                   string
}

// Choose keeps what the client does not want to get any more (contact.choose, REG-ADV-16); what
// waits and is refused now is dropped at once.
func (f *File) Choose(ctx context.Context, by access.Actor, in Choice) error {
	if lang := words.Lang(in.Lang); lang != words.ZH && lang != words.EN {
		var bad fault.Fields
		bad.Add("lang", "kit.bad.choice")
		return bad.Err()
	}
	return f.WriteOn(ctx, by, access.ContactChoose, subject(in.Client), func(tx *store.Tx) error {
		c, err := deed.Standing(tx.Read, in.Client)
		if err != nil {
			return err
		}
		tx.Result("client", int64(in.Client))
		return message.Choose(tx, store.ContactChoice{
			Version: in.Version, Client: in.Client, Phone: c.Phone, NoMarketing: in.NoMarketing, NoService: in.NoService,
			Lang: in.Lang, By: by.Staff,
		})
	})
}

// choice reads what the client chose.
func (v *View) choice(r *store.Read, by access.Actor) error {
	if !by.May(access.ContactChoose) {
		return nil
	}
	c, err := r.ContactChoice(v.Client.ID)
	if errors.Is(err, store.ErrNotFound) {
		v.Choice = Choice{Lang: string(words.ZH)}
		return nil
	}
	v.Choice = Choice{Client: c.Client, Version: c.Version, NoMarketing: c.NoMarketing, NoService: c.NoService, Lang: c.Lang}
	return err
}

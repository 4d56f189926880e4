package messages

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net"
	"net/mail"
	"net/url"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/message"
	"meixu/app/engine/message/gateway"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Gateways are the gateways in the order of the page.
var Gateways = []string{gateway.Aliyun, gateway.Tencent, gateway.WeCom, gateway.Mail, gateway.Webhook}

// ToClients and ToHouse are the gateways that may take messages to clients and to the house.
var (
	ToClients = []string{gateway.Aliyun, gateway.Tencent, gateway.Webhook}
	ToHouse   = []string{gateway.WeCom, gateway.Mail, gateway.Webhook}
)

// Text is a template as it stands, with a filled sample and the spelling that SMS companies want.
type Text struct {
	message.Text
	Sample, Aliyun, Tencent string
}

// Texts lists the templates.
func (o *Office) Texts(ctx context.Context, by access.Actor) (list []Text, err error) {
	err = o.Read(ctx, by, access.MessageTemplate, func(r *store.Read) error {
		all, err := message.Templates(r)
		if err != nil {
			return err
		}
		for _, t := range all {
			sample, _, err := message.Sample(r, t, by.Lang)
			if err != nil {
				return err
			}
			list = append(list, Text{t, sample, t.Registered(false), t.Registered(true)})
		}
		return nil
	})
	return list, err
}

// SaveText saves a template; by.Seen is what it said when the page was opened.
func (o *Office) SaveText(ctx context.Context, by access.Actor, t message.Text) error {
	return o.Write(ctx, by, access.MessageTemplate, func(tx *store.Tx) error {
		have, err := message.Template(tx.Read, t.Kind)
		if err != nil {
			return fault.NotFound("template").Because(err)
		}
		if by.Seen != SeenText(have) {
			return store.ErrStale
		}
		tx.Result("template", 0)
		return message.SaveTemplate(tx, t)
	})
}

// SeenText tells two states of a template apart.
func SeenText(t message.Text) string {
	said, err := json.Marshal(t)
	if err != nil {
		return ""
	}
	return mark(said)
}

// Setup is a gateway as people see it; its secret is never shown again.
type Setup struct {
	Name string
	gateway.Config
	Kept bool   // a secret is kept
	Seen string // fingerprint, for whoever saves it
	// Example is a post to an own interface, made as every other, for who writes the other side; its
	// key is ExampleKey.
	Example string
}

// ExampleKey signs the example of a post, so that its reader can check the arithmetic.
const ExampleKey = "meixu"

// Ways are which gateway takes what.
type Ways struct{ Clients, House string }

// Setups reads all gateways and the ways.
func (o *Office) Setups(ctx context.Context, by access.Actor) (list []Setup, w Ways, err error) {
	err = o.Read(ctx, by, access.MessageGateway, func(r *store.Read) error {
		for _, name := range Gateways {
			c, err := config(r, name)
			if err != nil {
				return err
			}
			s := Setup{Name: name, Config: c, Kept: c.Secret != "", Seen: seenConfig(c)}
			s.Secret = ""
			if name == gateway.WeCom && c.Address != "" {
				s.Address, s.Kept = "", true // its key stands in the address
			}
			if name == gateway.Webhook {
				if s.Example, err = example(r, by); err != nil {
					return err
				}
			}
			list = append(list, s)
		}
		if w.Clients, err = r.Setting(message.SettingClients); err == nil {
			w.House, err = r.Setting(message.SettingHouse)
		}
		return err
	})
	return list, w, err
}

func example(r *store.Read, by access.Actor) (string, error) {
	l, err := sampled(r, by, "example", "138****8000")
	if err != nil {
		return "", err
	}
	return gateway.Example(ExampleKey, r.Now().Time(), l)
}

// sampled is the reminder of an invented person.
func sampled(r *store.Read, by access.Actor, key, phone string) (gateway.Letter, error) {
	t, err := message.Template(r, message.Reminder)
	if err != nil {
		return gateway.Letter{}, err
	}
	text, facts, err := message.Sample(r, t, by.Lang)
	return letterOf(store.Message{Key: key, Kind: t.Kind, Text: text, Facts: facts, Address: phone}, by), err
}

func seenConfig(c gateway.Config) string {
	said, err := json.Marshal(c) //nolint:gosec // only its digest leaves this function
	if err != nil {
		return ""
	}
	return mark(said)
}

// SaveSetup keeps how a gateway is reached. A secret that is left empty stays, but goes to no other
// address than the one it was kept for.
func (o *Office) SaveSetup(ctx context.Context, by access.Actor, s Setup) error {
	if !slices.Contains(Gateways, s.Name) {
		return fault.NotFound("gateway")
	}
	if err := s.check(); err != nil {
		return err
	}
	return o.Write(ctx, by, access.MessageGateway, func(tx *store.Tx) error {
		had, err := config(tx.Read, s.Name)
		if err != nil {
			return err
		}
		if by.Seen != seenConfig(had) {
			return store.ErrStale
		}
		if s.Name == gateway.WeCom && s.Address == "" {
			s.Address = had.Address
		}
		if s.Secret == "" {
			if had.Secret != "" && had.Address != s.Address {
				var f fault.Fields
				f.Add("secret", "message.gateway.secret.again")
				return f.Err()
			}
			s.Secret = had.Secret
		}
		plain, err := json.Marshal(s.Config) //nolint:gosec // sealed before it is kept
		if err != nil {
			return err
		}
		tx.Result("gateway", 0)
		return tx.SaveSecret(settingGateway(s.Name), plain)
	})
}

// check: what has an address has a good one, over TLS.
func (s *Setup) check() error {
	var f fault.Fields
	switch s.Name {
	case gateway.WeCom, gateway.Webhook:
		at, err := url.Parse(s.Address)
		bad := err != nil || at.Scheme != "https" || at.Hostname() == "" || at.User != nil
		if s.Address != "" && bad {
			f.Add("address", "message.gateway.bad.https")
		}
	case gateway.Mail:
		if host, port, err := net.SplitHostPort(s.Address); s.Address != "" && (err != nil || host == "" || port == "") {
			f.Add("address", "message.gateway.bad.host")
		}
		for field, box := range map[string]string{"from": s.From, "to": s.To} {
			if _, err := mail.ParseAddress(box); box != "" && err != nil {
				f.Add(field, "message.gateway.bad.mail")
			}
		}
	}
	return f.Err()
}

// SaveWays says which gateway takes messages to clients and which those to the house.
func (o *Office) SaveWays(ctx context.Context, by access.Actor, w Ways) error {
	var f fault.Fields
	if w.Clients != "" && !slices.Contains(ToClients, w.Clients) {
		f.Add("clients", "kit.bad.choice")
	}
	if w.House != "" && !slices.Contains(ToHouse, w.House) {
		f.Add("house", "kit.bad.choice")
	}
	if err := f.Err(); err != nil {
		return err
	}
	return o.Write(ctx, by, access.MessageGateway, func(tx *store.Tx) error {
		tx.Result("gateway", 0)
		return errors.Join(tx.SaveSetting(message.SettingClients, w.Clients), tx.SaveSetting(message.SettingHouse, w.House))
	})
}

// Try sends a made-up reminder by a gateway at once, to a number of one's own. That it was tried is
// on record before it goes out; the number is not.
func (o *Office) Try(ctx context.Context, by access.Actor, name, phone string) error {
	if !slices.Contains(Gateways, name) {
		return fault.NotFound("gateway")
	}
	phone = term.NormalPhone(phone)
	if slices.Contains(ToClients, name) && !term.GoodPhone(phone) {
		var f fault.Fields
		f.Add("phone", "crm.phone.bad")
		return f.Err()
	}
	var l gateway.Letter
	var c gateway.Config
	err := o.Write(ctx, by, access.MessageGateway, func(tx *store.Tx) (err error) {
		if l, err = sampled(tx.Read, by, "try/"+rand.Text(), phone); err != nil {
			return err
		}
		tx.Result("gateway", 0)
		c, err = config(tx.Read, name)
		return err
	})
	if err != nil {
		return err
	}
	g, err := gateway.New(name, c, o.Outside)
	if err != nil {
		return err
	}
	return tried(g.Send(ctx, l))
}

// tried says to whoever tried what became of it.
func tried(err error) error {
	var no *gateway.Refused
	switch {
	case err == nil:
		return nil
	case errors.As(err, &no):
		key := "message.try." + reason(no)
		return fault.Clash(key, strings.TrimPrefix(no.Code, "setup:"))
	}
	return fault.Clash("message.try.lost")
}

// mark is a fingerprint of what a page shows.
func mark(said []byte) string {
	sum := sha256.Sum256(said)
	return hex.EncodeToString(sum[:16])
}

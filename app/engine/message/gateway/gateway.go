// Package gateway carries a message out of the house: by the SMS of Aliyun or Tencent Cloud, to a
// WeCom group, by mail, or to any address that takes signed JSON. The requests to the SMS companies
// are signed here by hand, under a hundred lines each, from their published rules: the official
// packages bring some ten thousand lines for one call. Everything goes over TLS, no redirect is followed,
// nothing is tried twice, and an address of the owner's leads into the house's own network only
// when the owner said so. What is told of a failure never holds the number or the text.
package gateway

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"time"
)

// Names of the gateways.
const (
	Aliyun  = "aliyun"
	Tencent = "tencent"
	WeCom   = "wecom"
	Mail    = "smtp"
	Webhook = "webhook"
)

// Letter is what is to be carried.
type Letter struct {
	Key   string // of the message; the same letter never has another
	Kind  string
	To    string // phone; "" goes to the gateway's own address
	Title string // of a mail
	Text  string
	Facts []Fact // what stands in the text, in its order
}

// Fact is one thing that stands in the text.
type Fact struct{ Name, Value string }

// Gateway carries one letter. A nil error says that it was taken. Refused says that it certainly
// was not; any other error leaves it open.
type Gateway interface {
	Send(ctx context.Context, l Letter) error
}

// Refused says that a letter was certainly not delivered.
type Refused struct {
	Code  string // of the answer, or what went wrong: no personal data
	Again bool   // it may be tried later
	Setup bool   // it is the gateway's set-up that is wrong
}

// Error names the code.
func (r *Refused) Error() string { return "gateway: refused: " + r.Code }

// ErrLost says that the answer never came: nobody knows whether the letter was delivered.
var ErrLost = errors.New("gateway: the answer was lost")

// Outside is the world as the gateways see it; tests set their own servers.
type Outside struct {
	Now      func() time.Time
	Roots    *x509.CertPool    // nil: those of the machine
	Endpoint map[string]string // another address of a company's gateway
	Inside   bool              // addresses of the house's own network are taken by all gateways
	Wait     time.Duration     // for an answer; 0: 15 s
}

func (o Outside) wait() time.Duration {
	if o.Wait > 0 {
		return o.Wait
	}
	return 15 * time.Second
}

func (o Outside) endpoint(name, usual string) string {
	if other := o.Endpoint[name]; other != "" {
		return other
	}
	return usual
}

// ErrInside says that an address leads into the house's own network.
var ErrInside = errors.New("gateway: the address lies in the house's own network")

// dialer refuses addresses that no gateway has: those of the machine and of its network, unless
// inside allows them, and always those that only neighbours on the wire have (where clouds keep
// the secrets of their machines).
func dialer(inside bool) *net.Dialer {
	return &net.Dialer{Timeout: 10 * time.Second, ControlContext: func(_ context.Context, _, address string, _ control) error {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return err
		}
		ip := net.ParseIP(host)
		switch {
		case ip == nil, ip.IsUnspecified(), ip.IsMulticast(), ip.IsLinkLocalUnicast(), ip.Equal(net.IPv4bcast):
			return ErrInside
		case inside:
			return nil
		case ip.IsPrivate(), ip.IsLoopback(), shared.Contains(ip):
			return ErrInside
		}
		return nil
	}}
}

// shared are the addresses behind a provider's own translation (RFC 6598).
var shared = &net.IPNet{IP: net.IPv4(100, 64, 0, 0).To4(), Mask: net.CIDRMask(10, 32)}

// Config is how one gateway is set up. It is kept sealed as a whole.
type Config struct {
	ID      string            `json:"id,omitempty"`      // access key, secret id, user of a mailbox
	Secret  string            `json:"secret,omitempty"`  // access key secret, password, key of the HMAC
	App     string            `json:"app,omitempty"`     // SdkAppId of Tencent
	Sign    string            `json:"sign,omitempty"`    // the registered signature of SMS
	Codes   map[string]string `json:"codes,omitempty"`   // kind -> registered template
	Address string            `json:"address,omitempty"` // URL, or host:port of a mail server
	From    string            `json:"from,omitempty"`    // sender of mails
	To      string            `json:"to,omitempty"`      // mailbox of the house
	Implied bool              `json:"implied,omitempty"` // mail: TLS from the first byte (port 465), else STARTTLS
	Inside  bool              `json:"inside,omitempty"`  // the address may lie in the house's own network
}

// New makes a gateway of its set-up.
func New(name string, c Config, o Outside) (Gateway, error) {
	switch name {
	case Aliyun:
		return aliyun{c, o}, nil
	case Tencent:
		return tencent{c, o}, nil
	case WeCom:
		return wecom{c, o}, nil
	case Webhook:
		return webhook{c, o}, nil
	case Mail:
		return mailbox{c, o}, nil
	}
	return nil, fmt.Errorf("gateway: unknown gateway %q", name)
}

// Channel is the kind of way that a gateway is, as the outbox notes it.
func Channel(name string) string {
	switch name {
	case Aliyun, Tencent:
		return "sms"
	case WeCom:
		return "wecom"
	case Mail:
		return "mail"
	}
	return "webhook"
}

// setup refuses for want of something that the owner has to fill in.
func setup(what string) error { return &Refused{Code: "setup:" + what, Setup: true} }

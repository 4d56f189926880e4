package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/textproto"
	"strconv"

	"github.com/wneessen/go-mail"
)

// mailbox is a mail server with TLS, from the first byte or by STARTTLS; without it nothing is sent.
type mailbox struct {
	Config
	out Outside
}

// Send sends one mail to the house's mailbox.
func (g mailbox) Send(ctx context.Context, l Letter) error {
	host, port, err := net.SplitHostPort(g.Address)
	if err != nil || g.From == "" || g.To == "" {
		return setup("address")
	}
	client, err := g.client(host, port)
	if err != nil {
		return setup("address")
	}
	m := mail.NewMsg()
	if errors.Join(m.From(g.From), m.To(g.To)) != nil {
		return setup("mailbox")
	}
	m.Subject(l.Title)
	m.SetMessageIDWithValue(short(l.Key) + "@" + host)
	m.SetDateWithValue(g.out.Now())
	m.SetBodyString(mail.TypeTextPlain, l.Text)
	ctx, cancel := context.WithTimeout(ctx, g.out.wait())
	defer cancel()
	if err := client.DialWithContext(ctx); err != nil {
		if errors.Is(err, ErrInside) {
			return setup("inside")
		}
		var said *textproto.Error
		if errors.As(err, &said) { // the door is there and does not open: user and password
			return &Refused{Code: "smtp:" + strconv.Itoa(said.Code), Again: said.Code < 500, Setup: true}
		}
		return &Refused{Code: "reach", Again: true}
	}
	err = client.Send(m)
	_ = client.Close() // the mail was taken or not; a cold good-bye changes nothing
	if m.IsDelivered() {
		return nil
	}
	return mailVerdict(err)
}

// mailVerdict: before the last point of the mail it certainly was not taken, nor when the server
// said so; what came instead of its answer leaves it open.
func mailVerdict(err error) error {
	var said *mail.SendError
	if !errors.As(err, &said) {
		return ErrLost
	}
	after := said.Reason == mail.ErrSMTPDataClose || said.Reason == mail.ErrWriteContent || said.Reason == mail.ErrAmbiguous
	if said.ErrorCode() == 0 && after {
		return ErrLost
	}
	return &Refused{Code: "smtp:" + strconv.Itoa(said.ErrorCode()), Again: said.IsTemp() || said.ErrorCode() == 0, Setup: !said.IsTemp()}
}

func (g mailbox) client(host, port string) (*mail.Client, error) {
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	safe := &tls.Config{ServerName: host, RootCAs: g.out.Roots, MinVersion: tls.VersionTLS12}
	plain, policy, how := dialer(g.Inside || g.out.Inside), mail.TLSMandatory, mail.SMTPAuthAutoDiscover
	dial := plain.DialContext
	if g.Implied {
		// the package cannot see that our dialer speaks TLS, so it is told how to log in
		how, policy, dial = mail.SMTPAuthPlain, mail.NoTLS, (&tls.Dialer{NetDialer: plain, Config: safe}).DialContext
	}
	options := []mail.Option{
		mail.WithPort(n), mail.WithTLSConfig(safe), mail.WithTLSPolicy(policy), mail.WithTimeout(g.out.wait()),
		mail.WithDialContextFunc(dial), mail.WithHELO("meixu.local"), mail.WithoutNoop(),
	}
	if g.ID != "" {
		options = append(options, mail.WithSMTPAuth(how), mail.WithUsername(g.ID), mail.WithPassword(g.Secret))
	}
	return mail.NewClient(host, options...)
}

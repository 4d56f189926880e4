package gateway

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// wecom is the robot of a WeCom group: the house's own people, so no client's name goes there.
type wecom struct {
	Config
	out Outside
}

// wecomHost is the only host that such a robot has.
const wecomHost = "qyapi.weixin.qq.com"

// Send puts the text into the group.
func (g wecom) Send(ctx context.Context, l Letter) error {
	at, err := url.Parse(g.Address)
	if err != nil || at.Host != g.out.endpoint(WeCom, wecomHost) || at.Query().Get("key") == "" {
		return setup("address")
	}
	body, err := json.Marshal(map[string]any{"msgtype": "text", "text": map[string]string{"content": l.Text}})
	if err != nil {
		return err
	}
	status, answer, err := g.out.post(ctx, call{url: g.Address, header: http.Header{"Content-Type": {"application/json"}}, body: body})
	if err != nil {
		return err
	}
	var said struct {
		Errcode *int `json:"errcode"`
	}
	if err := json.Unmarshal(answer, &said); err != nil || said.Errcode == nil {
		if err := verdict(status); err != nil {
			return err
		}
		return ErrLost
	}
	switch n := *said.Errcode; n {
	case 0:
		return nil
	case -1, 45009: // busy, too many in a minute
		return &Refused{Code: "errcode:" + strconv.Itoa(n), Again: true}
	default:
		return &Refused{Code: "errcode:" + strconv.Itoa(n), Setup: true}
	}
}

// webhook is any address that takes JSON. The clinic's key signs time and body, so that the other
// side can tell who speaks and that nobody plays it again.
type webhook struct {
	Config
	out Outside
}

// Headers of a webhook: the signature is `sha256=` and the hex HMAC-SHA-256 of "<time>.<body>".
const (
	HeaderTime      = "X-Meixu-Timestamp"
	HeaderSignature = "X-Meixu-Signature"
)

// posted is the body of a webhook.
type posted struct {
	ID    string            `json:"id"`   // of the letter: who got it already has it again after a lost answer
	Kind  string            `json:"kind"` // reminder, confirm, change, cancelled, …
	To    string            `json:"to"`   // phone; "" for the house's own people
	Text  string            `json:"text"`
	Facts map[string]string `json:"facts"` // what stands in the text
}

// Send posts the letter.
func (g webhook) Send(ctx context.Context, l Letter) error {
	if g.Secret == "" {
		return setup("secret")
	}
	header, body, err := sign(g.Secret, g.out.Now(), l)
	if err != nil {
		return err
	}
	status, _, err := g.out.post(ctx, call{url: g.Address, inside: g.Inside, body: body, header: header})
	if err != nil {
		return err
	}
	return verdict(status)
}

// sign makes the post of a letter.
func sign(secret string, at time.Time, l Letter) (http.Header, []byte, error) {
	p := posted{ID: short(l.Key), Kind: l.Kind, To: l.To, Text: l.Text, Facts: map[string]string{}}
	for _, f := range l.Facts {
		p.Facts[f.Name] = f.Value
	}
	body, err := json.Marshal(p)
	if err != nil {
		return nil, nil, err
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "."))
	mac.Write(body)
	return http.Header{
		"Content-Type": {"application/json; charset=utf-8"}, HeaderTime: {stamp},
		HeaderSignature: {"sha256=" + hex.EncodeToString(mac.Sum(nil))},
	}, body, nil
}

// Example is a webhook's post of a letter as it stands on the wire, for who writes the other side.
func Example(secret string, at time.Time, l Letter) (string, error) {
	header, body, err := sign(secret, at, l)
	lines := []string{"POST / HTTP/1.1"}
	for _, name := range []string{"Content-Type", HeaderTime, HeaderSignature} {
		lines = append(lines, name+": "+header.Get(name))
	}
	return strings.Join(lines, "\n") + "\n\n" + string(body), err
}

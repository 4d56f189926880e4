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

// Send posts the letter.
func (g webhook) Send(ctx context.Context, l Letter) error {
	if g.Secret == "" {
		return setup("secret")
	}
	facts := map[string]string{}
	for _, f := range l.Facts {
		facts[f.Name] = f.Value
	}
	body, err := json.Marshal(map[string]any{"id": short(l.Key), "kind": l.Kind, "to": l.To, "text": l.Text, "facts": facts})
	if err != nil {
		return err
	}
	stamp := strconv.FormatInt(g.out.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(g.Secret))
	mac.Write([]byte(stamp + "."))
	mac.Write(body)
	status, _, err := g.out.post(ctx, call{url: g.Address, inside: g.Inside, body: body, header: http.Header{
		"Content-Type": {"application/json; charset=utf-8"}, HeaderTime: {stamp},
		HeaderSignature: {"sha256=" + hex.EncodeToString(mac.Sum(nil))},
	}})
	if err != nil {
		return err
	}
	return verdict(status)
}

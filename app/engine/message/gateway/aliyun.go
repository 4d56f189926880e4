package gateway

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// aliyun is SendSms of Aliyun, signed with ACS3-HMAC-SHA256.
type aliyun struct {
	Config
	out Outside
}

const (
	aliyunURL    = "https://dysmsapi.aliyuncs.com/"
	aliyunMethod = "ACS3-HMAC-SHA256"
)

// Send sends one SMS.
func (g aliyun) Send(ctx context.Context, l Letter) error {
	code := g.Codes[l.Kind]
	if code == "" || g.ID == "" || g.Secret == "" || g.Sign == "" {
		return setup("template")
	}
	params := map[string]string{}
	for _, f := range l.Facts {
		params[f.Name] = f.Value
	}
	filled, err := json.Marshal(params)
	if err != nil {
		return err
	}
	query := url.Values{
		"PhoneNumbers": {l.To}, "SignName": {g.Sign}, "TemplateCode": {code}, "TemplateParam": {string(filled)}, "OutId": {short(l.Key)},
	}
	c, err := g.signed(query)
	if err != nil {
		return err
	}
	status, answer, err := g.out.post(ctx, c)
	if err != nil {
		return err
	}
	var said struct{ Code string }
	if err := json.Unmarshal(answer, &said); err != nil || said.Code == "" {
		if err := verdict(status); err != nil {
			return err
		}
		return ErrLost // it answered something that it never answers
	}
	return g.verdict(said.Code)
}

// verdict reads the code of the answer.
func (aliyun) verdict(code string) error {
	switch {
	case code == "OK":
		return nil
	case code == "isv.BUSINESS_LIMIT_CONTROL", strings.HasPrefix(code, "Throttling"):
		return &Refused{Code: clean(code), Again: true}
	case strings.HasPrefix(code, "isp."), strings.HasPrefix(code, "Service"), strings.HasPrefix(code, "Internal"):
		return fmt.Errorf("%w (%s)", ErrLost, clean(code)) // theirs: it may have gone out all the same
	case strings.HasPrefix(code, "isv.MOBILE"):
		return &Refused{Code: clean(code)}
	}
	return &Refused{Code: clean(code), Setup: true}
}

// signed makes the request of a query. The parameters of SendSms stand in the query, which TLS hides.
func (g aliyun) signed(query url.Values) (call, error) {
	at, err := url.Parse(g.out.endpoint(Aliyun, aliyunURL))
	if err != nil {
		return call{}, err
	}
	at.RawQuery = strings.ReplaceAll(query.Encode(), "+", "%20")
	empty := sha256.Sum256(nil)
	hash := hex.EncodeToString(empty[:])
	head := map[string]string{
		"host": at.Host, "x-acs-action": "SendSms", "x-acs-content-sha256": hash,
		"x-acs-date": g.out.Now().UTC().Format(time.RFC3339), "x-acs-signature-nonce": rand.Text(), "x-acs-version": "2017-05-25",
	}
	names := make([]string, 0, len(head))
	for name := range head {
		names = append(names, name)
	}
	slices.Sort(names)
	header, lines := http.Header{}, ""
	for _, name := range names {
		lines += name + ":" + head[name] + "\n"
		if name != "host" {
			header.Set(name, head[name])
		}
	}
	list := strings.Join(names, ";")
	canonical := sha256.Sum256([]byte(strings.Join([]string{http.MethodPost, "/", at.RawQuery, lines, list, hash}, "\n")))
	mac := hmac.New(sha256.New, []byte(g.Secret))
	mac.Write([]byte(aliyunMethod + "\n" + hex.EncodeToString(canonical[:])))
	header.Set("Authorization", fmt.Sprintf("%s Credential=%s,SignedHeaders=%s,Signature=%x", aliyunMethod, g.ID, list, mac.Sum(nil)))
	return call{url: at.String(), header: header}, nil
}

// short is a mark of a message by which the company's lists name it; it tells nothing.
func short(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:8])
}

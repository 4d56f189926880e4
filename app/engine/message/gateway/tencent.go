package gateway

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// tencent is SendSms of Tencent Cloud, signed with TC3-HMAC-SHA256.
type tencent struct {
	Config
	out Outside
}

const (
	tencentURL    = "https://sms.tencentcloudapi.com/"
	tencentMethod = "TC3-HMAC-SHA256"
	tencentType   = "application/json; charset=utf-8"
)

// Send sends one SMS. The template takes what stands in the text by number.
func (g tencent) Send(ctx context.Context, l Letter) error {
	code := g.Codes[l.Kind]
	if code == "" || g.ID == "" || g.Secret == "" || g.App == "" || g.Sign == "" {
		return setup("template")
	}
	params := []string{}
	for _, f := range l.Facts {
		params = append(params, f.Value)
	}
	to := l.To
	if !strings.HasPrefix(to, "+") {
		to = "+86" + to
	}
	body, err := json.Marshal(map[string]any{
		"PhoneNumberSet": []string{to}, "SmsSdkAppId": g.App, "SignName": g.Sign, "TemplateId": code,
		"TemplateParamSet": params, "SessionContext": short(l.Key),
	})
	if err != nil {
		return err
	}
	c, err := g.signed(body)
	if err != nil {
		return err
	}
	status, answer, err := g.out.post(ctx, c)
	if err != nil {
		return err
	}
	var said struct {
		Response struct {
			SendStatusSet []struct{ Code string }
			Error         struct{ Code string }
		}
	}
	err = json.Unmarshal(answer, &said)
	switch r := said.Response; {
	case err == nil && r.Error.Code != "":
		return g.verdict(r.Error.Code)
	case err == nil && len(r.SendStatusSet) == 1:
		return g.verdict(r.SendStatusSet[0].Code)
	}
	if err := verdict(status); err != nil {
		return err
	}
	return ErrLost
}

func (tencent) verdict(code string) error {
	switch {
	case code == "Ok":
		return nil
	case strings.HasPrefix(code, "LimitExceeded"), strings.HasPrefix(code, "RequestLimitExceeded"):
		return &Refused{Code: clean(code), Again: true}
	case strings.HasPrefix(code, "InternalError"):
		return fmt.Errorf("%w (%s)", ErrLost, clean(code))
	case strings.HasPrefix(code, "FailedOperation.PhoneNumber"), strings.HasPrefix(code, "InvalidParameterValue.IncorrectPhoneNumber"):
		return &Refused{Code: clean(code)}
	}
	return &Refused{Code: clean(code), Setup: true}
}

func (g tencent) signed(body []byte) (call, error) {
	at, err := url.Parse(g.out.endpoint(Tencent, tencentURL))
	if err != nil {
		return call{}, err
	}
	now := g.out.Now().UTC()
	stamp, day := strconv.FormatInt(now.Unix(), 10), now.Format(time.DateOnly)
	const names = "content-type;host;x-tc-action"
	canonical := strings.Join([]string{
		http.MethodPost, "/", "", "content-type:" + tencentType, "host:" + at.Host, "x-tc-action:sendsms", "", names, hashOf(body),
	}, "\n")
	scope := day + "/sms/tc3_request"
	said := strings.Join([]string{tencentMethod, stamp, scope, hashOf([]byte(canonical))}, "\n")
	key := []byte("TC3" + g.Secret)
	for _, part := range []string{day, "sms", "tc3_request", said} {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(part))
		key = mac.Sum(nil)
	}
	header := http.Header{
		"Content-Type": {tencentType}, "X-Tc-Action": {"SendSms"}, "X-Tc-Version": {"2021-01-11"},
		"X-Tc-Region": {"ap-guangzhou"}, "X-Tc-Timestamp": {stamp},
		"Authorization": {fmt.Sprintf("%s Credential=%s/%s, SignedHeaders=%s, Signature=%x", tencentMethod, g.ID, scope, names, key)},
	}
	return call{url: at.String(), header: header, body: body}, nil
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

package gateway_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"meixu/app/engine/message/gateway"
)

var (
	noon   = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)
	letter = gateway.Letter{
		Key: "reminder/appointment:1/x", Kind: "reminder", To: "13800008817", Title: "通知", Text: "林女士您好，明天14:00",
		Facts: []gateway.Fact{{"name", "林女士"}, {"time", "14:00"}, {"clinic", "美序 + 诊所"}},
	}
	set = gateway.Config{
		ID: "key-id", Secret: "key-secret", App: "1400", Sign: "美序", Codes: map[string]string{"reminder": "SMS_1"},
	}
)

// door is a TLS server that speaks one protocol.
func door(t *testing.T, h http.HandlerFunc) (*httptest.Server, gateway.Outside) {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.EnableHTTP2 = true
	s.Config.ErrorLog = nil
	s.StartTLS()
	t.Cleanup(s.Close)
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return s, gateway.Outside{Now: func() time.Time { return noon }, Roots: pool, Inside: true, Wait: 5 * time.Second}
}

func send(t *testing.T, name string, c gateway.Config, o gateway.Outside) error {
	t.Helper()
	g, err := gateway.New(name, c, o)
	require.NoError(t, err)
	return g.Send(t.Context(), letter)
}

func code(err error) string {
	var no *gateway.Refused
	if errors.As(err, &no) {
		return fmt.Sprintf("%s again=%t setup=%t", no.Code, no.Again, no.Setup)
	}
	return fmt.Sprint(err)
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// aliyunDoor answers as the SMS of Aliyun does, and reckons the signature from its published rules.
func aliyunDoor(w http.ResponseWriter, r *http.Request, answer string) {
	head, list, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "ACS3-HMAC-SHA256 "), ",SignedHeaders=")
	names, signature, _ := strings.Cut(list, ",Signature=")
	canonical := "POST\n/\n" + r.URL.RawQuery + "\n"
	for _, name := range strings.Split(names, ";") {
		value := r.Header.Get(name)
		if name == "host" {
			value = r.Host
		}
		canonical += name + ":" + value + "\n"
	}
	body, _ := io.ReadAll(r.Body)
	canonical += "\n" + names + "\n" + hash(string(body))
	want := hex.EncodeToString(mac([]byte("key-secret"), "ACS3-HMAC-SHA256\n"+hash(canonical)))
	at, err := time.Parse(time.RFC3339, r.Header.Get("x-acs-date"))
	var params map[string]string
	switch {
	case head != "Credential=key-id" || !hmac.Equal([]byte(want), []byte(signature)) || r.Header.Get("x-acs-content-sha256") != hash(string(body)):
		w.WriteHeader(http.StatusBadRequest)
		answer = `{"Code":"SignatureDoesNotMatch","Message":"no"}`
	case err != nil || !at.Equal(noon) || r.Header.Get("x-acs-signature-nonce") == "" || r.Header.Get("x-acs-action") != "SendSms" || r.Header.Get("x-acs-version") != "2017-05-25":
		answer = `{"Code":"InvalidTimeStamp.Expired"}`
	case json.Unmarshal([]byte(r.FormValue("TemplateParam")), &params) != nil || params["clinic"] != "美序 + 诊所" || r.FormValue("PhoneNumbers") != letter.To || r.FormValue("TemplateCode") != "SMS_1" || r.FormValue("SignName") != "美序":
		answer = `{"Code":"isv.TEMPLATE_PARAMS_ILLEGAL"}`
	}
	_, _ = io.WriteString(w, answer)
}

func TestAliyun(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		`{"Code":"OK","BizId":"1","Message":"OK","RequestId":"r"}`: "<nil>",
		`{"Code":"isv.BUSINESS_LIMIT_CONTROL"}`:                    "isv.BUSINESS_LIMIT_CONTROL again=true setup=false",
		`{"Code":"isv.MOBILE_NUMBER_ILLEGAL"}`:                     "isv.MOBILE_NUMBER_ILLEGAL again=false setup=false",
		`{"Code":"isv.AMOUNT_NOT_ENOUGH"}`:                         "isv.AMOUNT_NOT_ENOUGH again=false setup=true",
		`{"Code":"isp.SYSTEM_ERROR"}`:                              "gateway: the answer was lost (isp.SYSTEM_ERROR)",
		`<html>`:                                                   "gateway: the answer was lost",
	} {
		s, o := door(t, func(w http.ResponseWriter, r *http.Request) { aliyunDoor(w, r, answer) })
		o.Endpoint = map[string]string{gateway.Aliyun: s.URL + "/"}
		require.Equal(t, want, code(send(t, gateway.Aliyun, set, o)))
		if want == "<nil>" {
			wrong := set
			wrong.Secret = "other"
			require.Equal(t, "SignatureDoesNotMatch again=false setup=true", code(send(t, gateway.Aliyun, wrong, o)))
			wrong.Codes = nil
			require.Equal(t, "setup:template again=false setup=true", code(send(t, gateway.Aliyun, wrong, o)))
		}
	}
}

// tencentDoor answers as the SMS of Tencent Cloud does.
func tencentDoor(w http.ResponseWriter, r *http.Request, answer string) {
	body, _ := io.ReadAll(r.Body)
	day := noon.Format(time.DateOnly)
	stamp, _ := strconv.ParseInt(r.Header.Get("X-TC-Timestamp"), 10, 64)
	canonical := "POST\n/\n\ncontent-type:" + r.Header.Get("Content-Type") + "\nhost:" + r.Host + "\nx-tc-action:" +
		strings.ToLower(r.Header.Get("X-TC-Action")) + "\n\ncontent-type;host;x-tc-action\n" + hash(string(body))
	said := "TC3-HMAC-SHA256\n" + strconv.FormatInt(stamp, 10) + "\n" + day + "/sms/tc3_request\n" + hash(canonical)
	key := mac(mac(mac([]byte("TC3key-secret"), day), "sms"), "tc3_request")
	want := "TC3-HMAC-SHA256 Credential=key-id/" + day + "/sms/tc3_request, SignedHeaders=content-type;host;x-tc-action, Signature=" +
		hex.EncodeToString(mac(key, said))
	var in struct {
		PhoneNumberSet, TemplateParamSet  []string
		SmsSdkAppId, SignName, TemplateId string //nolint:revive // as the company spells it
	}
	switch {
	case r.Header.Get("Authorization") != want || stamp != noon.Unix():
		answer = `{"Response":{"Error":{"Code":"AuthFailure.SignatureFailure","Message":"no"},"RequestId":"r"}}`
	case json.Unmarshal(body, &in) != nil || !slices.Equal(in.PhoneNumberSet, []string{"+8613800008817"}) || in.TemplateParamSet[1] != "14:00" || in.TemplateId != "SMS_1" || in.SmsSdkAppId != "1400" || in.SignName != "美序":
		answer = `{"Response":{"Error":{"Code":"InvalidParameter"}}}`
	}
	_, _ = io.WriteString(w, answer)
}

func TestTencent(t *testing.T) {
	t.Parallel()
	status := func(code string) string {
		return `{"Response":{"SendStatusSet":[{"SerialNo":"1","PhoneNumber":"+86","Fee":1,"Code":"` + code + `"}],"RequestId":"r"}}`
	}
	for answer, want := range map[string]string{
		status("Ok"): "<nil>",
		status("LimitExceeded.PhoneNumberDailyLimit"):             "LimitExceeded.PhoneNumberDailyLimit again=true setup=false",
		status("FailedOperation.PhoneNumberInBlacklist"):          "FailedOperation.PhoneNumberInBlacklist again=false setup=false",
		status("FailedOperation.SignatureIncorrectOrUnapproved"):  "FailedOperation.SignatureIncorrectOrUnapproved again=false setup=true",
		`{"Response":{"Error":{"Code":"InternalError.Timeout"}}}`: "gateway: the answer was lost (InternalError.Timeout)",
	} {
		s, o := door(t, func(w http.ResponseWriter, r *http.Request) { tencentDoor(w, r, answer) })
		o.Endpoint = map[string]string{gateway.Tencent: s.URL + "/"}
		require.Equal(t, want, code(send(t, gateway.Tencent, set, o)))
		if want == "<nil>" {
			wrong := set
			wrong.Secret = "other"
			require.Equal(t, "AuthFailure.SignatureFailure again=false setup=true", code(send(t, gateway.Tencent, wrong, o)))
		}
	}
}

func TestWeCom(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		`{"errcode":0,"errmsg":"ok"}`:                  "<nil>",
		`{"errcode":45009,"errmsg":"api freq"}`:        "errcode:45009 again=true setup=false",
		`{"errcode":93000,"errmsg":"invalid webhook"}`: "errcode:93000 again=false setup=true",
		`oops`: "gateway: the answer was lost",
	} {
		s, o := door(t, func(w http.ResponseWriter, r *http.Request) {
			var in struct {
				Msgtype string
				Text    struct{ Content string }
			}
			if r.URL.Query().Get("key") != "k" || json.NewDecoder(r.Body).Decode(&in) != nil || in.Msgtype != "text" || in.Text.Content != letter.Text {
				answer = `{"errcode":93000}`
			}
			_, _ = io.WriteString(w, answer)
		})
		o.Endpoint = map[string]string{gateway.WeCom: strings.TrimPrefix(s.URL, "https://")}
		require.Equal(t, want, code(send(t, gateway.WeCom, gateway.Config{Address: s.URL + "/cgi-bin/webhook/send?key=k"}, o)))
		o.Endpoint = nil
		require.Equal(t, "setup:address again=false setup=true", code(send(t, gateway.WeCom, gateway.Config{Address: s.URL + "?key=k"}, o)), "no other host")
	}
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	status, asked := http.StatusNoContent, 0
	s, o := door(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		body, _ := io.ReadAll(r.Body)
		want := "sha256=" + hex.EncodeToString(mac([]byte("s3"), r.Header.Get(gateway.HeaderTime)+"."+string(body)))
		if r.Header.Get(gateway.HeaderSignature) != want || r.Header.Get(gateway.HeaderTime) != strconv.FormatInt(noon.Unix(), 10) || !strings.Contains(string(body), letter.To) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if status == http.StatusFound {
			http.Redirect(w, r, "/elsewhere", status)
			return
		}
		w.WriteHeader(status)
	})
	c := gateway.Config{Address: s.URL, Secret: "s3"}
	for _, one := range []struct {
		status int
		want   string
	}{
		{204, "<nil>"},
		{422, "http:422 again=false setup=false"},
		{429, "http:429 again=true setup=false"},
		{302, "http:302 again=false setup=true"},
		{500, "gateway: the answer was lost (http:500)"},
	} {
		status = one.status
		require.Equal(t, one.want, code(send(t, gateway.Webhook, c, o)))
	}
	require.Equal(t, 5, asked, "each letter is posted once, and no redirect is followed")
	c.Secret = "other"
	require.Equal(t, "http:401 again=false setup=true", code(send(t, gateway.Webhook, c, o)))
	c.Address = "http" + strings.TrimPrefix(s.URL, "https")
	require.Equal(t, "setup:address again=false setup=true", code(send(t, gateway.Webhook, c, o)), "https only")
}

// TestLostAndUnreached: what never left may go again, what may have been read may not.
// Who writes the other side is shown a post that is signed as every other.
func TestTheExampleOfAWebhookIsAPost(t *testing.T) {
	t.Parallel()
	text, err := gateway.Example("s3", noon, letter)
	require.NoError(t, err)
	s, o := door(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		for _, want := range []string{"\n\n" + string(body), gateway.HeaderTime + ": " + r.Header.Get(gateway.HeaderTime), gateway.HeaderSignature + ": " + r.Header.Get(gateway.HeaderSignature)} {
			if !strings.Contains(text, want) {
				w.WriteHeader(http.StatusTeapot)
			}
		}
	})
	require.Equal(t, "<nil>", code(send(t, gateway.Webhook, gateway.Config{Address: s.URL, Secret: "s3"}, o)))
}

func TestLostAndUnreached(t *testing.T) {
	t.Parallel()
	c := gateway.Config{Secret: "s3", Inside: true}
	o := gateway.Outside{Now: func() time.Time { return noon }, Wait: 300 * time.Millisecond}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	c.Address = "https://" + free.Addr().String()
	require.NoError(t, free.Close())
	require.Equal(t, "reach again=true setup=false", code(send(t, gateway.Webhook, c, o)), "nobody there")

	s, safe := door(t, func(http.ResponseWriter, *http.Request) {})
	c.Address = s.URL
	require.Equal(t, "reach again=true setup=false", code(send(t, gateway.Webhook, c, o)), "a stranger's certificate")

	hang, wide := door(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	})
	wide.Wait, c.Address = 300*time.Millisecond, hang.URL
	err = send(t, gateway.Webhook, c, wide)
	require.ErrorIs(t, err, gateway.ErrLost, "read, and never answered")
	require.NotContains(t, err.Error(), letter.To)

	c.Inside, safe.Inside, c.Address = false, false, s.URL
	require.Equal(t, "setup:inside again=false setup=true", code(send(t, gateway.Webhook, c, safe)), "not into the own network")
	c.Inside, c.Address = true, "https://169.254.169.254/"
	require.Equal(t, "setup:inside again=false setup=true", code(send(t, gateway.Webhook, c, safe)), "never where clouds keep secrets")
	_, err = gateway.New("fax", c, safe)
	require.Error(t, err)
}

// postOffice is a real mail server that keeps what it got.
type postOffice struct {
	got    []string
	refuse error
	cut    net.Conn
}

type post struct{ *postOffice }

func (p *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) {
	if p.cut != nil {
		p.cut = c.Conn()
	}
	return post{p}, nil
}
func (post) AuthMechanisms() []string { return []string{sasl.Plain} }
func (post) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "house" || password != "pw" {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}
func (post) Mail(string, *smtp.MailOptions) error { return nil }
func (post) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (post) Reset()                               {}
func (post) Logout() error                        { return nil }
func (p post) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	p.got = append(p.got, string(text))
	if p.cut != nil {
		return errors.Join(p.cut.Close(), io.ErrClosedPipe)
	}
	return p.refuse
}

func TestMail(t *testing.T) {
	t.Parallel()
	s, o := door(t, func(http.ResponseWriter, *http.Request) {})
	o.Wait = 3 * time.Second
	for _, implied := range []bool{false, true} {
		office := &postOffice{}
		server := smtp.NewServer(office)
		server.TLSConfig, server.Domain = &tls.Config{Certificates: s.TLS.Certificates, MinVersion: tls.VersionTLS12}, "127.0.0.1"
		at, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		if implied {
			at = tls.NewListener(at, server.TLSConfig)
		}
		go func() { _ = server.Serve(at) }()
		t.Cleanup(func() { _ = server.Close() })
		c := gateway.Config{Address: at.Addr().String(), Implied: implied, ID: "house", Secret: "pw", From: "a@meixu.example", To: "b@meixu.example"}
		require.NoError(t, send(t, gateway.Mail, c, o))
		require.Len(t, office.got, 1)
		require.Contains(t, office.got[0], "b@meixu.example")
		wrong := c
		wrong.Secret = "x"
		require.Equal(t, "smtp:535 again=false setup=true", code(send(t, gateway.Mail, wrong, o)))
		office.refuse = &smtp.SMTPError{Code: 554, Message: "no"}
		require.Equal(t, "smtp:554 again=false setup=true", code(send(t, gateway.Mail, c, o)))
		office.refuse = &smtp.SMTPError{Code: 451, Message: "later"}
		require.Equal(t, "smtp:451 again=true setup=false", code(send(t, gateway.Mail, c, o)))
		office.refuse, office.cut = nil, &net.TCPConn{}
		require.ErrorIs(t, send(t, gateway.Mail, c, o), gateway.ErrLost, "the line was cut after the mail")
	}
	plain := smtp.NewServer(&postOffice{})
	at, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go func() { _ = plain.Serve(at) }()
	t.Cleanup(func() { _ = plain.Close() })
	c := gateway.Config{Address: at.Addr().String(), From: "a@meixu.example", To: "b@meixu.example"}
	require.Equal(t, "reach again=true setup=false", code(send(t, gateway.Mail, c, o)), "never without TLS")
}

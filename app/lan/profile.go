package lan

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"strings"
	"text/template"
)

// profile is Apple's configuration profile with one certificate (com.apple.security.root): an
// iPad installs it with two taps where it only shows a bare certificate.
var profile = template.Must(template.New("profile").Parse(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>PayloadType</key><string>Configuration</string>
<key>PayloadVersion</key><integer>1</integer>
<key>PayloadIdentifier</key><string>local.meixu.trust.{{.ID}}</string>
<key>PayloadUUID</key><string>{{.Outer}}</string>
<key>PayloadDisplayName</key><string>{{.Name}}</string>
<key>PayloadContent</key><array><dict>
<key>PayloadType</key><string>com.apple.security.root</string>
<key>PayloadVersion</key><integer>1</integer>
<key>PayloadIdentifier</key><string>local.meixu.trust.{{.ID}}.root</string>
<key>PayloadUUID</key><string>{{.Inner}}</string>
<key>PayloadDisplayName</key><string>{{.Name}}</string>
<key>PayloadContent</key><data>{{.Cert}}</data>
</dict></array>
</dict></plist>
`))

// Profile is the root as a configuration profile for iPads. The same root gives the same
// profile, which replaces itself when it is installed again.
func (a *Authority) Profile() ([]byte, error) {
	sum := sha256.Sum256(a.root.Raw)
	var out bytes.Buffer
	err := profile.Execute(&out, struct{ ID, Outer, Inner, Name, Cert string }{
		ID: fmt.Sprintf("%x", sum[:4]), Outer: uuid(sum[:16]), Inner: uuid(sum[16:]),
		Name: escaped(a.root.Subject.CommonName), Cert: base64.StdEncoding.EncodeToString(a.root.Raw),
	})
	return out.Bytes(), err
}

func uuid(b []byte) string {
	return strings.ToUpper(fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16]))
}

func escaped(text string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(text)) // a strings.Builder never fails
	return out.String()
}

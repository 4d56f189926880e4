//go:build e2e

package documents_test

import (
	"fmt"
	"testing"

	"meixu/store"
	"meixu/ui/uitest/day"
)

// shown says that the element takes room on the page.
func shown(selector string) string {
	return "document.querySelector('" + selector + "').offsetParent !== null"
}

// fingers wants every target of the pad to be as large as a finger (44 px).
const fingers = `[...document.querySelectorAll("#sign-client :is(input:not([type=radio]):not([type=hidden]), .chip, button)")]
	.filter((e) => e.offsetParent).every((e) => e.getBoundingClientRect().height >= 44)`

// strokes is what the pad of the client's place would post.
const strokes = `document.querySelector("#sign-client [data-strokes]").value`

// TestE2ESigningForTheClient: on the tablet the name stands fast for the client's own hand; who
// signs for the client opens three fields by choosing so, and the paper says it.
func TestE2ESigningForTheClient(t *testing.T) {
	d := day.New(t).To(day.Papered)
	c := d.Screen("consultant", [2]int64{1180, 820}).Open(d.Fill("/plan/{plan}"))
	c.Click(d.Fill(`form[action="/papers/{plan}/handover"] button`)).Click(".tablet-hello a.primary").WaitText("第 1 份")
	c.WaitThat(shown("[name=name]")).WaitThat("!(" + shown("[name=signer]") + ")").WaitThat(fingers).Axe().Shot("own")
	c.WaitThat(`document.querySelector("[name=name]").readOnly && document.querySelector("[name=name]").value === "林清禾"`)
	c.Sign("#sign-client canvas").WaitThat(strokes + `.includes('"whose":"own"')`)
	c.Click("#sign-client .chip:nth-child(2)").WaitThat(shown("[name=signer]")).WaitThat("!(" + shown("[name=name]") + ")")
	c.WaitText("签署身份已更改").WaitThat(strokes + ` === ""`).Shot("anew")
	c.Sign("#sign-client canvas").Gone(".sign-anew")
	c.Click("#sign-client [data-submit]").WaitFor("#f-client-signer-fault").Axe().Shot("lacking")
	c.WaitThat(shown("[name=signer]")).WaitThat(fingers)
	c.Fill("[name=signer]", "王丽").Fill("[name=relation]", "母亲").Fill("[name=reason]", "客户右手骨折，委托书原件存病历袋")
	c.Click("#sign-client [data-submit]").WaitText("第 2 份")
	paper := d.Screen("doctor", [2]int64{1180, 820})
	p := signedPaper(d)
	paper.Open(p).WaitText("监护人 王丽（与客户关系：母亲）").WaitThat("!(" + shown(".onprint") + ")").Shot("screen")
	paper.Open(p + "/print").WaitText("代签依据：客户右手骨折").Shot("print")
}

// signedPaper is the path of the paper that bears a signature.
func signedPaper(d *day.Day) (path string) {
	d.T.Helper()
	d.Read(func(r *store.Read) error {
		list, err := r.Documents(store.DocumentFilter{Plan: d.Plan, State: store.DocumentOpen})
		for _, p := range list {
			signed, _ := r.Signatures(p)
			if len(signed) > 0 {
				path = fmt.Sprintf("/doc/%d", p.ID)
			}
		}
		return err
	})
	return path
}

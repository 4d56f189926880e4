package consultation_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest/day"
)

var (
	primary = regexp.MustCompile(`<(?:button|a) class="button[^"]* primary[^"]*"[^>]*>(?s:.*?)</(?:button|a)>`)
	folded  = regexp.MustCompile(`<details>(?s:.*?)</details>`)
	markup  = regexp.MustCompile(`<[^>]*>`)
)

// stands are the words of the primary actions of a page.
func stands(d *day.Day, login, path string) (list []string) {
	d.T.Helper()
	seen := folded.ReplaceAllString(d.As(login).Get(d.Fill(path)).Want(200).Body, "") // what is folded away is not seen
	for _, b := range primary.FindAllString(seen, -1) {
		list = append(list, markup.ReplaceAllString(b, ""))
	}
	return list
}

// TestOnePrimaryActionIsTheNextStep walks the consultation: on each page the one action that
// stands out is what the reader can do next, and none does while others are to act.
func TestOnePrimaryActionIsTheNextStep(t *testing.T) {
	t.Parallel()
	d := day.New(t)
	const visit, plan = "/consultation/{visit}", "/plan/{plan}"
	for _, at := range []struct {
		after       day.Step
		login, page string
		want        []string
	}{
		{day.Arrived, "front", "/reception/visit/{visit}", []string{"分派"}},
		{day.Asked, "consultant", visit, []string{"接待"}},
		{day.Received, "consultant", visit, []string{"填写"}},
		{day.Talked, "consultant", visit, nil},
		{day.Talked, "nurse", visit, []string{"填写"}},
		{day.Skin, "doctor", visit, []string{"填写"}},
		{day.Examined, "consultant", visit, []string{"开方案"}},
		{day.Planned, "doctor", plan, []string{"批准并签署方案"}},
		{day.Planned, "consultant", plan, nil},
		{day.Shown, "consultant", plan, []string{"生成或更新文件"}},
		{day.Signed, "consultant", plan, []string{"开单，送收银"}},
	} {
		d.To(at.after)
		require.Equal(t, at.want, stands(d, at.login, at.page), "%s for %s at %s", at.after, at.login, at.page)
	}
}

// TestNobodyIsReceivedTwice: the button goes when the client was taken in.
func TestNobodyIsReceivedTwice(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Asked)
	d.As("consultant").Get(d.Fill("/consultation/{visit}")).Want(200, `/receive"`)
	d.To(day.Received)
	d.As("consultant").Get(d.Fill("/consultation/{visit}")).Want(200).Not(`/receive"`)
}

// TestAnOrderSaysWhatIsMissingBeforeItIsPressed: with gaps the button is dead and counts
// them, and the server refuses the same.
func TestAnOrderSaysWhatIsMissingBeforeItIsPressed(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Approved)
	page := d.As("consultant").Get(d.Fill("/plan/{plan}")).Want(200, "补齐后才能开单", "disabled")
	require.Equal(t, 1, strings.Count(page.Body, "项目名、拼音首字母或编码"), "the hint of the search box is said once")
	require.NotContains(t, page.Body, d.Fill(`action="/plan/{plan}/order"`))
	d.Post("consultant", "/plan/{plan}/order").Want(409)
	d.To(day.Signed)
	d.As("consultant").Get(d.Fill("/plan/{plan}")).Want(200, d.Fill(`action="/plan/{plan}/order"`)).Not("补齐后才能开单")
}

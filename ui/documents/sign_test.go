package documents_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

// waiting is a paper of the plan that waits for the client.
func waiting(d *day.Day) (p store.Document) {
	d.T.Helper()
	d.Read(func(r *store.Read) error {
		list, err := r.Documents(store.DocumentFilter{Plan: d.Plan, State: store.DocumentOpen, Kind: "consent"})
		p = list[0]
		return err
	})
	return p
}

// signing is the day on which the papers wait, and a way to post a signature of the client's
// place: on the staff's screen, on a tablet handed over with one paper and with all of them.
func signing(t *testing.T) (d *day.Day, p store.Document, routes map[string]func(...string) *uitest.Answer) {
	t.Helper()
	d = day.New(t).To(day.Papered)
	p = waiting(d)
	one, all := fmt.Sprintf("/doc/%d", p.ID), d.Fill("/papers/{plan}")
	tablet, stack := d.OnTablet("consultant"), d.OnTablet("consultant")
	tablet.Post(one + "/handover").Want(http.StatusOK).At(one)
	stack.Post(all + "/handover").Want(http.StatusOK).At(all)
	post := func(b *uitest.Browser, path string) func(...string) *uitest.Answer {
		return func(pairs ...string) *uitest.Answer {
			pen := day.Pen
			if i := slices.Index(pairs, "capacity"); i >= 0 && !slices.Contains(pairs, "strokes") {
				pen = strings.Replace(pen, "own", pairs[i+1], 1)
			}
			return b.Post(path, append(pairs, "role", "client", "strokes", pen, "_seen", p.SHA256)...)
		}
	}
	return d, p, map[string]func(...string) *uitest.Answer{
		"staff": post(d.As("consultant"), one+"/sign"), "one paper": post(tablet, one+"/sign"),
		"all papers": post(stack, fmt.Sprintf("%s/%d/sign", all, p.ID)),
	}
}

// TestNoRouteTakesAnotherName posts straight to every route that signs.
func TestNoRouteTakesAnotherName(t *testing.T) {
	t.Parallel()
	d, p, routes := signing(t)
	d.As("doctor").Get(d.Fill("/plan/{plan}")).Want(200, "/alerts/bar")
	d.As("doctor").Get(fmt.Sprintf("/doc/%d", p.ID)).Want(200).Not("/alerts/bar") // the client reads along
	for route, post := range routes {
		require.Contains(t, post("name", "李四").Want(422, "姓名与客户档案不一致").Body, `id="f-client-name-fault"`, route)
		post("name", "李四", "capacity", "own").Want(422, "姓名与客户档案不一致")
		post("name", "林清禾", "capacity", "friend").Want(422, "请选择签名身份", `id="f-client-capacity"`)
		a := post("name", "林清禾", "capacity", "agent", "signer", "王　", "relation", "", "reason", "托")
		a.Want(422, `id="f-client-signer-fault"`, `id="f-client-relation-fault"`, `id="f-client-reason-fault"`, `value="王"`, `value="托"`)
		require.NotContains(t, a.Body, `id="f-client-name-fault"`, route)
		require.Contains(t, a.Body, `value="agent" checked`, "%s: what was chosen stays", route)
		require.Contains(t, a.Body, "[[", "%s: what was drawn stays", route)
		a = post("capacity", "agent", "signer", "王丽", "relation", "母亲", "reason", "委托书", "strokes", day.Pen)
		a.Want(422, "另一种身份", `id="f-client-strokes-fault"`).Not("[[")
		bare := day.Pen[strings.Index(day.Pen, "[[[") : len(day.Pen)-1]
		for _, pen := range []string{bare, `{"strokes":` + bare + `}`} { // whose hand it was is not noted
			post("capacity", "agent", "signer", "王丽", "relation", "母亲", "reason", "委托书", "strokes", pen).Want(422, "另一种身份")
			post("name", "林清禾", "strokes", pen).Want(422, "另一种身份")
		}
		post("capacity", "guardian", "signer", "林清禾", "relation", "本人", "reason", "没有原因").Want(422, "代签人自己的姓名")
	}
	d.Read(func(r *store.Read) error {
		signed, err := r.Signatures(p)
		require.Empty(t, signed)
		return err
	})
}

// TestTheNameIsTheClientsAndStandsFast: on the tablet as at the desk the name is that of the
// file and cannot be typed over; who signs for the client has fields of his own.
func TestTheNameIsTheClientsAndStandsFast(t *testing.T) {
	t.Parallel()
	d, p, _ := signing(t)
	one := d.OnTablet("consultant")
	one.Post(fmt.Sprintf("/doc/%d/handover", p.ID)).Want(http.StatusOK)
	all := d.OnTablet("consultant")
	all.Post(d.Fill("/papers/{plan}/handover")).Want(http.StatusOK)
	for at, b := range map[string]*uitest.Browser{
		fmt.Sprintf("/doc/%d", p.ID): one, d.Fill("/papers/{plan}/") + fmt.Sprint(p.ID): all, fmt.Sprintf("/doc/%d?", p.ID): d.As("consultant"),
	} {
		page := b.Get(at).Want(http.StatusOK, `value="own" checked`, `name="signer" value=""`, `name="relation"`, `name="reason"`).Body
		_, field, found := strings.Cut(page, `<input id="f-client-name" name="name" value="林清禾"`)
		require.True(t, found, at)
		field, _, _ = strings.Cut(field, ">")
		require.Contains(t, field, `readonly=""`, at)
	}
}

// TestThePaperSaysWhoSignedForTheClient: on screen and in print, in the language of the paper.
func TestThePaperSaysWhoSignedForTheClient(t *testing.T) {
	t.Parallel()
	for route, capacity := range map[string]string{"staff": "guardian", "one paper": "agent", "all papers": "guardian"} {
		d, p, routes := signing(t)
		routes[route]("capacity", capacity, "signer", "王丽", "relation", "母亲", "reason", "委托书原件存病历袋").Want(http.StatusOK)
		want := map[string]string{"guardian": "监护人", "agent": "委托代理人"}[capacity] + " 王丽（与客户关系：母亲）"
		path := fmt.Sprintf("/doc/%d", p.ID)
		d.As("nurse").Get(path).Want(http.StatusOK, want, "代签依据：委托书原件存病历袋")
		d.As("nurse").Get(path+"/print").Want(http.StatusOK, want, "代签依据：委托书原件存病历袋")
		d.As("nurse").Post("/lang", "lang", "en", "back", path)
		d.As("nurse").Get(path+"/print").Want(http.StatusOK, want)
	}
}

// TestStaffSignUnderTheirOwnName: what a member of staff types as the name counts for nothing.
func TestStaffSignUnderTheirOwnName(t *testing.T) {
	t.Parallel()
	d, p, _ := signing(t)
	d.As("doctor").Post(fmt.Sprintf("/doc/%d/sign", p.ID), "role", "physician", "name", "林清禾", "strokes", day.Pen, "_seen", p.SHA256).Want(http.StatusOK)
	d.Read(func(r *store.Read) error {
		signed, err := r.Signatures(p)
		require.Len(t, signed, 1)
		require.Equal(t, "T-doctor", signed[0].Name)
		return err
	})
}

// TestAPaperIsNoPlaceToGuessPINs: a PIN is tried only for somebody whose signature the paper
// waits for, and only at a browser that the house knows.
func TestAPaperIsNoPlaceToGuessPINs(t *testing.T) {
	t.Parallel()
	d, p, _ := signing(t)
	doctor := fmt.Sprint(d.StaffID("doctor"))
	physician := func(b *uitest.Browser, id any, pin string) *uitest.Answer {
		return b.Post(fmt.Sprintf("/doc/%v/sign", id), "role", "physician", "staff", doctor, "pin", pin, "strokes", day.Pen, "_seen", p.SHA256)
	}
	foreign := d.Stranger()
	foreign.Post("/login", "login", "consultant", "password", uitest.Password).Want(http.StatusOK)
	physician(foreign, p.ID, uitest.PIN).Want(http.StatusUnprocessableEntity, "这台设备没有登记")

	own := d.As("consultant")
	for range 6 {
		own.Post(fmt.Sprintf("/doc/%d/sign", p.ID), "role", "cashier", "staff", doctor, "pin", "971300", "strokes", day.Pen, "_seen", p.SHA256).
			Want(http.StatusConflict)
	}
	physician(own, p.ID, uitest.PIN).Want(http.StatusOK)
}

// TestNobodyVisibleSignsNothing: a stand-in of whom one sees nothing is none, nor are a relation
// and a reason of what shows nothing.
func TestNobodyVisibleSignsNothing(t *testing.T) {
	t.Parallel()
	d, p, routes := signing(t)
	for _, z := range []string{"\u200d", "\u3164", "\u115f", "\u1160", "\uffa0", "\u2800", "\ufe0f", "\U000e0100", "·", " \u034f"} {
		twice := z + z
		for route, post := range routes {
			a := post("capacity", "agent", "signer", twice, "relation", twice, "reason", twice)
			require.Equal(t, 422, a.Status, "%s %q", route, z)
			a.Want(422, `id="f-client-signer-fault"`, `id="f-client-relation-fault"`, `id="f-client-reason-fault"`)
		}
	}
	routes["staff"]("capacity", "agent", "signer", "王\u200d丽\u3164", "relation", "母\u2060亲", "reason", "委托书原件存病历袋").Want(http.StatusOK)
	d.Read(func(r *store.Read) error {
		signed, err := r.Signatures(p)
		require.Len(t, signed, 1)
		require.Equal(t, []string{"王丽", "母亲"}, []string{signed[0].Name, signed[0].Relation})
		return err
	})
}

// TestNobodyOfTheHouseSignsForTheClient: whoever works here stands on the other side.
func TestNobodyOfTheHouseSignsForTheClient(t *testing.T) {
	t.Parallel()
	d, p, routes := signing(t)
	for route, post := range routes {
		for _, name := range []string{"T-consultant", "Ｔ－Nurse", "t doctor\u3164"} {
			require.Contains(t, post("capacity", "agent", "signer", name, "relation", "朋友", "reason", "客户口头委托").Want(422).Body, "诊所工作人员不能代客户签名", route)
		}
	}
	routes["staff"]("capacity", "guardian", "signer", "T-consultant", "relation", "母亲", "reason", "客户口头委托").Want(422, "诊所工作人员不能代客户签名")
	d.Read(func(r *store.Read) error {
		signed, err := r.Signatures(p)
		require.Empty(t, signed)
		return err
	})
}

// TestAMinorsGuardianIsTheFiles: in the client's place signs the guardian of the file and nobody
// else; a file without one says where it is to be mended (REG-CON-04).
func TestAMinorsGuardianIsTheFiles(t *testing.T) {
	t.Parallel()
	d, p, routes := signing(t)
	become := func(guardian store.Contact) {
		d.Write(func(tx *store.Tx) error {
			c, err := tx.Client(p.Client)
			if err != nil {
				return err
			}
			c.Birth, c.Guardian = "2010-01-02", guardian
			return tx.SaveClient(&c)
		})
	}
	for _, nobody := range []store.Contact{{}, {Name: "\u3164\u3164", Relation: "父亲"}} {
		become(nobody)
		for _, post := range routes {
			post("capacity", "guardian", "signer", "路人甲", "relation", "父亲", "reason", "客户未满 18 周岁").Want(409, "REG-CON-04", "档案")
		}
		routes["staff"]("capacity", "guardian", "signer", "路人甲", "relation", "父亲", "reason", "客户未满 18 周岁").
			Want(409, fmt.Sprintf(`href="/client/%d"`, p.Client))
	}
	become(store.Contact{Name: "林建国", Relation: "父亲", Phone: "13900139000"})
	for _, post := range routes {
		post("capacity", "guardian", "signer", "路人甲", "relation", "父亲", "reason", "客户未满 18 周岁").Want(422, "姓名与档案中的监护人不一致")
		post("capacity", "guardian", "signer", "林清禾", "relation", "本人", "reason", "客户未满 18 周岁").Want(422, "代签人自己的姓名")
	}
	routes["one paper"]("capacity", "guardian", "signer", "林 建国", "relation", "父亲", "reason", "客户未满 18 周岁").Want(http.StatusOK)
}

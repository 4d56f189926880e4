package consultation_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/papers"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// issued brings a plan of the items to the point where its papers wait for signatures.
func (c *clinic) issued(codes ...string) store.Plan {
	c.T.Helper()
	c.examined()
	p, _ := c.planned(codes[0], "purpose", "改善动态纹")
	for _, code := range codes[1:] {
		i := c.item(code)
		c.As("consultant").Post(planPath(p, "/line"), "item", fmt.Sprint(i.ID), "area", "前额", "sessions", "1", "dose", dose, "purpose", "改善"+i.Name, "price", i.PriceFen.Plain()).Want(200)
	}
	c.As("doctor").Post(planPath(p, "/approve")).Want(200)
	c.As("consultant").Post(planPath(p, "/papers")).Want(200)
	return p
}

// openPapers lists the papers of the plan that wait, oldest first.
func (c *clinic) openPapers(p store.Plan) (docs []store.Document) {
	c.T.Helper()
	c.read(func(r *store.Read) (err error) {
		docs, err = r.Documents(store.DocumentFilter{Plan: p.ID, State: store.DocumentOpen})
		return err
	})
	for i, j := 0, len(docs)-1; i < j; i, j = i+1, j-1 {
		docs[i], docs[j] = docs[j], docs[i]
	}
	return docs
}

// signOn signs what lies on the tablet as the client.
func signOn(tablet *uitest.Browser, p store.Plan, d store.Document) *uitest.Answer {
	return tablet.Post(papers.HandPaperPath(p.ID, d.ID)+"/sign", "role", "client", "name", "林清禾", "strokes", pen, "_seen", d.SHA256)
}

func byKind(docs []store.Document) (first, quote, contract store.Document) {
	for _, d := range docs {
		switch d.Kind {
		case "quote":
			quote = d
		case "contract":
			contract = d
		default:
			if first.ID == 0 {
				first = d
			}
		}
	}
	return first, quote, contract
}

// TestClientSignsAllPapersOneAfterTheOther: one hand-over, the next paper opens by itself,
// thanks in the end, the PIN leads back to the plan.
func TestClientSignsAllPapersOneAfterTheOther(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.issued(toxin)
	consent, quote, contract := byKind(c.openPapers(p))
	tablet := c.As("consultant")
	tablet.Get(planPath(p, "")).Want(200, "全部文件交客户签署 (3)")
	hand := papers.HandPath(p.ID)
	tablet.Post(hand+"/handover").Want(200, "林清禾，您好", "共 3 份").At(hand)
	tablet.Get(papers.HandPaperPath(p.ID, consent.ID)).Want(200, "第 1 份，共 3 份")
	tablet.Post(papers.HandPaperPath(p.ID, consent.ID)+"/sign", "role", "client", "name", "林清禾", "strokes", "", "_seen", consent.SHA256).
		Want(422, "请在签名框内手写完整姓名", "第 1 份，共 3 份")
	signOn(tablet, p, consent).Want(200, "第 2 份，共 3 份").At(papers.HandPaperPath(p.ID, quote.ID))
	signOn(tablet, p, quote).Want(200, "第 3 份，共 3 份").At(papers.HandPaperPath(p.ID, contract.ID))
	tablet.Get(papers.HandPaperPath(p.ID, quote.ID)).Want(200, "第 3 份，共 3 份").At(papers.HandPaperPath(p.ID, contract.ID))
	signOn(tablet, p, contract).Want(200, "全部签好了", "工作人员凭 PIN 收回平板").At(hand)
	tablet.Post("/reclaim", "pin", uitest.PIN, "next", planPath(p, "")).Want(200).At(planPath(p, ""))
	for _, d := range c.openPapers(p) {
		c.read(func(r *store.Read) error {
			signed, err := r.Signatures(d)
			require.Len(t, signed, 1)
			require.Equal(t, "client", signed[0].Role, "what is left waits for the house")
			return err
		})
	}
	c.As("consultant").Post(hand+"/handover").Want(409, "S3-02", "没有等客户签名的文件")
}

// TestTabletOfAPlanShowsNothingElse posts straight to what lies outside the hand-over.
func TestTabletOfAPlanShowsNothingElse(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.issued(toxin)
	docs := c.openPapers(p)
	mine, _, _ := byKind(docs)
	other := c.anotherPlan()
	foreign := c.openPapers(other)[0]
	hand := papers.HandPath(p.ID)
	tablet := c.As("consultant")
	tablet.Post(hand + "/handover").Want(200)
	for _, path := range []string{
		"/", "/consultation", planPath(p, ""), c.page(""), fmt.Sprintf("/doc/%d", mine.ID), fmt.Sprintf("/doc/%d/print", mine.ID),
		papers.HandPath(other.ID), papers.HandPaperPath(other.ID, foreign.ID), fmt.Sprintf("/client/%d", c.client.ID), "/admin/staff",
	} {
		tablet.Get(path).Want(200).At(hand)
	}
	tablet.Get(papers.HandPaperPath(p.ID, foreign.ID)).Want(200).At(papers.HandPaperPath(p.ID, mine.ID))
	sign := []string{"role", "client", "name", "林清禾", "strokes", pen, "_seen", foreign.SHA256}
	tablet.Post(papers.HandPaperPath(p.ID, foreign.ID)+"/sign", sign...).Want(403)
	tablet.Post(papers.HandPaperPath(other.ID, foreign.ID)+"/sign", sign...).Want(403)
	tablet.Post(papers.HandPaperPath(p.ID, foreign.ID)+"/refuse", "reason", "不想做").Want(403)
	for _, path := range []string{
		planPath(p, "/order"), planPath(p, "/decline"), fmt.Sprintf("/doc/%d/sign", mine.ID), fmt.Sprintf("/doc/%d/printed", mine.ID),
		papers.HandPath(other.ID) + "/handover", hand + "/handover", "/handover",
	} {
		tablet.Post(path, sign...).Want(403)
	}
	tablet.Post(papers.HandPaperPath(p.ID, mine.ID)+"/sign", "role", "physician", "name", "陈医生", "strokes", pen, "_seen", mine.SHA256).Want(422)
	require.Len(t, c.openPapers(other), len(docs), "nothing was signed")
}

// TestClientRefusesOnePaper: the reason is kept, the line goes, quote and contract are drawn
// anew, and what was said to the other lines stands.
func TestClientRefusesOnePaper(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.issued(toxin, toxin)
	docs := c.openPapers(p)
	require.Len(t, docs, 4)
	first, quote, contract := byKind(docs)
	var second store.Document
	for _, d := range docs {
		if d.Kind == "consent" && d.ID != first.ID {
			second = d
		}
	}
	tablet := c.As("consultant")
	tablet.Post(papers.HandPath(p.ID) + "/handover").Want(200)
	signOn(tablet, p, first).Want(200, "第 2 份，共 4 份", "我不同意这一份")
	refuse := papers.HandPaperPath(p.ID, second.ID) + "/refuse"
	tablet.Post(refuse, "reason", " ").Want(422, "请写明不同意的原因")
	tablet.Post(papers.HandPaperPath(p.ID, contract.ID)+"/refuse", "reason", "太贵了").Want(409, "REG-CON-03")
	tablet.Post(refuse, "reason", "想再考虑前额").Want(200, "已记下您的意见", "您的决定已记下").At(papers.HandPath(p.ID))
	c.read(func(r *store.Read) error {
		for _, id := range []term.DocumentID{second.ID, quote.ID, contract.ID} {
			d, err := r.Document(id)
			require.NoError(t, err)
			require.Equal(t, store.DocumentVoid, d.State)
		}
		d, err := r.Document(second.ID)
		require.Equal(t, "想再考虑前额", d.VoidReason)
		require.NoError(t, err)
		d, err = r.Document(first.ID)
		require.NoError(t, err)
		require.Equal(t, store.DocumentOpen, d.State, "the client's signature on the other consent stands")
		signed, err := r.Signatures(d)
		require.Len(t, signed, 1)
		require.NoError(t, err)
		lines, err := r.PlanItems(p.ID)
		require.Len(t, lines, 1)
		return err
	})
	c.As("consultant").Post(planPath(p, "/papers")).Want(200, "全部文件交客户签署 (2)")
	kept, _, _ := byKind(c.openPapers(p))
	require.Equal(t, first.ID, kept.ID, "nobody signs twice")
	require.Contains(t, c.acts(), "consent.refuse")
}

// TestStaffAreLedToTheirNextPaper: after one signature the next paper is one tap away.
func TestStaffAreLedToTheirNextPaper(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.issued(toxin, toxin)
	var mine []store.Document
	for _, d := range c.openPapers(p) {
		for _, role := range d.Signers {
			if role == "physician" {
				mine = append(mine, d)
			}
		}
	}
	require.Len(t, mine, 2)
	doctor := c.As("doctor")
	doctor.Get(planPath(p, "")).Want(200, "签我的文件（2 份）", fmt.Sprintf(`href="/doc/%d"`, mine[0].ID))
	path := fmt.Sprintf("/doc/%d", mine[0].ID)
	doctor.Post(path+"/sign", "role", "physician", "name", "陈医生", "strokes", pen, "_seen", mine[0].SHA256).
		Want(200, "本次还有 1 份等您签名", fmt.Sprintf(`href="/doc/%d"`, mine[1].ID)).At(path)
	path = fmt.Sprintf("/doc/%d", mine[1].ID)
	last := doctor.Post(path+"/sign", "role", "physician", "name", "陈医生", "strokes", pen, "_seen", mine[1].SHA256).Want(200).At(path)
	require.NotContains(t, last.Body, "等您签名")
	nurse := c.As("nurse").Get(path).Want(200)
	require.NotContains(t, nurse.Body, "等您签名", "who signs nothing is led nowhere")
}

// anotherPlan is the plan of another client with papers that wait.
func (c *clinic) anotherPlan() (p store.Plan) {
	c.T.Helper()
	client, visit := c.client, c.visit
	c.arrived(store.Client{Name: "周若水", Phone: "13900139000", Gender: "female", Birth: "1990-01-02", IDNumber: "Y"})
	p = c.issued(toxin)
	c.client, c.visit = client, visit
	return p
}

// TestNobodyHandsOverWhatHeMayNotSee: the tablet shows a paper by its scope alone, so whoever
// hands it over must be one who may open it, and it must wait for the client.
func TestNobodyHandsOverWhatHeMayNotSee(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.issued(toxin)
	for _, d := range c.openPapers(p) {
		path := fmt.Sprintf("/doc/%d", d.ID)
		for _, login := range []string{"stock", "aftercare", "quality"} {
			tablet := c.OnTablet(login)
			tablet.Post(path + "/handover").Want(403)
			tablet.Post("/handover", "path", path).Want(404)
			require.NotContains(t, tablet.Get("/home").Want(200).Path, "/doc/", "the tablet is still staff's")
		}
		if d.Kind == "consent" {
			c.OnTablet("cashier").Post(path + "/handover").Want(403)
			c.OnTablet("front").Post(path + "/handover").Want(403)
		}
	}
	signed := c.openPapers(p)[0]
	path := fmt.Sprintf("/doc/%d", signed.ID)
	c.OnTablet("consultant").Post(path+"/sign", "role", "client", "name", "林清禾", "strokes", pen, "_seen", signed.SHA256).Want(200)
	c.OnTablet("consultant").Post(path+"/handover").Want(409, "S3-02", "没有等客户签名的地方")
}

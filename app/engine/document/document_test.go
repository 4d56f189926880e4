package document_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/engine/document"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

const pen = `[[[10,40,0],[20,20,8],[30,44,16],[44,18,24],[60,50,32],[70,22,40],[84,46,48],[96,20,56],[110,44,64]]]`

// otherPen is another hand.
const otherPen = `[[[12,40,0],[22,22,8],[32,44,16],[46,18,24],[60,52,32],[70,22,40],[86,46,48],[96,22,56],[112,44,64]]]`

// desk is a clinic with the default templates, one client, a physician and a consultant.
type desk struct {
	t                     *testing.T
	db                    *store.DB
	clock                 *storetest.Clock
	client                term.ClientID
	physician, consultant access.Actor
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t}
	d.db, d.clock = storetest.New(t)
	roles := map[string][]string{"doctor": {"physician"}, "consultant": {"consultant"}}
	d.write(func(tx *store.Tx) error {
		for _, name := range []string{"doctor", "consultant"} {
			if err := tx.AddStaff(&store.Staff{Name: name, Login: name, Roles: roles[name]}); err != nil {
				return err
			}
		}
		c := store.Client{Name: "林清禾", Phone: "13800138000", Gender: "female", Birth: "1994-05-06"}
		if err := tx.AddClient(&c); err != nil {
			return err
		}
		d.client = c.ID
		return document.Seed(tx, defaults.Documents())
	})
	d.physician = access.Actor{Staff: 1, Name: "doctor", Roles: []access.Role{access.Physician}, Lang: words.ZH}
	d.consultant = access.Actor{Staff: 2, Name: "consultant", Roles: []access.Role{access.Consultant}, Lang: words.ZH}
	return d
}

func (d *desk) try(fn func(tx *store.Tx) error) error {
	return d.db.Write(context.Background(), storetest.Act("document.test"), fn)
}

func (d *desk) write(fn func(tx *store.Tx) error) {
	d.t.Helper()
	require.NoError(d.t, d.try(fn))
}

func (d *desk) read(fn func(r *store.Read) error) {
	d.t.Helper()
	require.NoError(d.t, d.db.Read(context.Background(), fn))
}

func (d *desk) consent() document.For {
	return document.For{Code: "consent.botulinum", Client: d.client}
}

func (d *desk) issue(about document.For, facts document.Facts) (made store.Document) {
	d.t.Helper()
	d.write(func(tx *store.Tx) (err error) {
		made, err = document.Issue(tx, d.physician, about, facts)
		return err
	})
	return made
}

func (d *desk) sign(id term.DocumentID, by access.Actor, role document.Role) (made store.Document, err error) {
	return d.put(id, by, document.Signature{Role: role, Name: "林清禾", Strokes: pen, Pad: document.Own, Device: "tablet-1", Seen: d.hash(id)})
}

func (d *desk) put(id term.DocumentID, by access.Actor, in document.Signature) (made store.Document, err error) {
	err = d.try(func(tx *store.Tx) (err error) {
		made, err = document.Sign(tx, by, id, in)
		return err
	})
	return made, err
}

// hash is the hash of what stands on the screen.
func (d *desk) hash(id term.DocumentID) (seen string) {
	d.t.Helper()
	d.read(func(r *store.Read) error {
		kept, err := r.Document(id)
		seen = kept.SHA256
		return err
	})
	return seen
}

func (d *desk) stands(about document.For) (s document.Standing) {
	d.t.Helper()
	d.read(func(r *store.Read) (err error) {
		s, err = document.Stands(r, about)
		return err
	})
	return s
}

func facts(area string) document.Facts {
	return document.Facts{
		Text: map[string]string{
			"clinic.name": "美序诊所", "client.name": "林清禾", "client.number": "C20260302-001", "item.name": "肉毒毒素注射·眉间纹",
			"area": area, "physician.name": "沈知远", "purpose": "减轻皱眉纹", "contract.number": "HT20260302-001",
		},
		Tables: map[string][][]string{"contraindications": {{"妊娠或哺乳", "否"}, {"神经肌肉疾病", "否"}}},
	}
}

func TestIssueFreezesExactlyWhatIsHashed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	made := d.issue(d.consent(), facts("眉间"))
	require.Equal(t, "TY20260302-001", made.Number)
	require.Equal(t, store.DocumentOpen, made.State)
	require.Equal(t, []string{"client", "physician"}, made.Signers, "no guardian where there is none")
	require.Equal(t, term.Day("2026-08-29"), made.ValidUntil)
	d.read(func(r *store.Read) error {
		kept, err := r.Document(made.ID)
		require.NoError(t, err)
		require.Equal(t, document.Hash([]byte(kept.Body)), kept.SHA256)
		frozen, err := document.Thaw([]byte(kept.Body))
		require.NoError(t, err)
		again, err := frozen.Canonical()
		require.NoError(t, err)
		require.Equal(t, kept.Body, string(again), "the canonical form is one")
		require.Contains(t, kept.Body, "眉间")
		require.False(t, frozen.Reviewed, "defaults wait for the clinic's physician")
		return document.Verify(r, kept)
	})
}

func TestIssueRefusesMissingFacts(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	bare := facts("")
	delete(bare.Text, "purpose")
	err := d.try(func(tx *store.Tx) error {
		_, err := document.Issue(tx, d.physician, d.consent(), bare)
		return err
	})
	wrong, ok := fault.FieldsOf(err)
	require.True(t, ok, "%v", err)
	require.Len(t, wrong, 2)
	for _, field := range wrong {
		require.Contains(t, []string{"area", "purpose"}, field.Name)
		require.NotContains(t, field.Say(words.ZH), "⟦")
	}
	err = d.try(func(tx *store.Tx) error {
		_, err := document.Issue(tx, d.physician, document.For{Code: "consent.nothing"}, bare)
		return err
	})
	require.Equal(t, fault.KindRefused, fault.KindOf(err))
}

func TestSigningCompletesAndChangedContentVoids(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	first := d.issue(d.consent(), facts("眉间"))
	require.Equal(t, first.ID, d.issue(d.consent(), facts("眉间")).ID, "equal content is not issued twice")
	_, err := d.sign(first.ID, d.physician, document.Client)
	require.NoError(t, err)
	require.Equal(t, []document.Role{document.Physician}, d.stands(d.consent()).Unsigned)
	done, err := d.sign(first.ID, d.physician, document.Physician)
	require.NoError(t, err)
	require.Equal(t, store.DocumentComplete, done.State)
	require.True(t, d.stands(d.consent()).OK)

	second := d.issue(d.consent(), facts("眉间与额部"))
	require.NotEqual(t, first.ID, second.ID)
	require.False(t, d.stands(d.consent()).OK, "the content has changed: signed again or not at all")
	third := d.issue(d.consent(), facts("额部"))
	d.read(func(r *store.Read) error {
		old, err := r.Document(second.ID)
		require.NoError(t, err)
		require.Equal(t, store.DocumentVoid, old.State, "an unsigned out-of-date consent is void")
		require.NotEmpty(t, old.VoidReason)
		return nil
	})
	_, err = d.sign(third.ID, d.physician, document.Client)
	require.NoError(t, err)
	_, err = d.sign(third.ID, d.physician, document.Physician)
	require.NoError(t, err)
	require.True(t, d.stands(d.consent()).OK)
	d.read(func(r *store.Read) error {
		old, err := r.Document(first.ID)
		require.NoError(t, err)
		require.Equal(t, store.DocumentVoid, old.State, "the signed one gives way when the new one is signed")
		return nil
	})
	_, err = d.sign(second.ID, d.physician, document.Client)
	require.Equal(t, fault.KindRefused, fault.KindOf(err), "a void document cannot be signed")
}

func TestAConsentRunsOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	made := d.issue(d.consent(), facts("眉间"))
	for _, role := range []document.Role{document.Client, document.Physician} {
		_, err := d.sign(made.ID, d.physician, role)
		require.NoError(t, err)
	}
	d.clock.Forward(180 * 24 * time.Hour)
	require.True(t, d.stands(d.consent()).OK, "the last day counts")
	d.clock.Forward(24 * time.Hour)
	s := d.stands(d.consent())
	require.True(t, s.Expired && !s.OK)
	require.NotEqual(t, made.ID, d.issue(d.consent(), facts("眉间")).ID, "an expired one is not given back")
}

func TestSignRefusals(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	made := d.issue(d.consent(), facts("眉间"))
	for name, in := range map[string]document.Signature{
		"no strokes":       {Role: document.Client, Name: "林清禾", Strokes: "[]"},
		"a dot":            {Role: document.Client, Name: "林清禾", Strokes: "[[[1,1,0]]]"},
		"not JSON":         {Role: document.Client, Name: "林清禾", Strokes: "x"},
		"no name":          {Role: document.Client, Name: " ", Strokes: pen},
		"foreign capacity": {Role: document.Cashier, Name: "林清禾", Strokes: pen},
	} {
		in.Seen = made.SHA256
		_, err := d.put(made.ID, d.physician, in)
		require.Equal(t, fault.KindInvalid, fault.KindOf(err), name)
	}
	_, err := d.sign(made.ID, d.consultant, document.Physician)
	require.Equal(t, fault.KindInvalid, fault.KindOf(err), "a consultant cannot sign as physician (REG-STF-09)")
	for staff, allowed := range map[term.StaffID]bool{2: false, 99: false} {
		_, err = d.put(made.ID, d.consultant, document.Signature{
			Role: document.Physician, Name: "沈知远", Strokes: pen, Staff: staff, Seen: made.SHA256,
		})
		require.Equal(t, allowed, err == nil, "staff %d holds no such duty: %v", staff, err)
	}
	_, err = d.sign(made.ID, d.physician, document.Client)
	require.NoError(t, err)
	_, err = d.sign(made.ID, d.physician, document.Client)
	require.Equal(t, fault.KindInvalid, fault.KindOf(err), "nobody signs twice")
	for _, seen := range []string{"", "00"} {
		_, err = d.put(made.ID, d.physician, document.Signature{Role: document.Physician, Strokes: pen, Seen: seen})
		require.ErrorIs(t, err, store.ErrStale, "what was on screen was another document, or none (REG-SIG-02)")
	}
}

func TestTamperingIsSeen(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	made := d.issue(d.consent(), facts("眉间"))
	for name, change := range map[string]func(*store.Document){
		"body":   func(x *store.Document) { x.Body = strings.Replace(x.Body, "眉间", "额部", 1) },
		"hash":   func(x *store.Document) { x.SHA256 = document.Hash([]byte("x")) },
		"number": func(x *store.Document) { x.Number += "1" },
		"space":  func(x *store.Document) { x.Body += " "; x.SHA256 = document.Hash([]byte(x.Body)) },
	} {
		changed := made
		change(&changed)
		d.read(func(r *store.Read) error {
			err := document.Verify(r, changed)
			var refused *fault.Error
			require.ErrorAs(t, err, &refused, name)
			require.Equal(t, "REG-SIG-02", refused.Rule, name)
			return document.Verify(r, made)
		})
	}
}

func TestVoidNeedsAReason(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	made := d.issue(d.consent(), facts("眉间"))
	require.Error(t, d.try(func(tx *store.Tx) error { return document.Void(tx, d.physician, made.ID, " ") }))
	d.write(func(tx *store.Tx) error { return document.Void(tx, d.physician, made.ID, "客户撤回") })
	require.Zero(t, d.stands(d.consent()).Document.ID)
	d.read(func(r *store.Read) error {
		v, err := document.Show(r, made.ID)
		require.NoError(t, err, "it stays readable")
		require.True(t, v.Void())
		require.Equal(t, "客户撤回", v.VoidReason)
		return nil
	})
}

func TestGuardianMustSignWhereThereIsOne(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	young := facts("眉间")
	young.Text["guardian.name"], young.Text["guardian.relation"] = "林母", "母亲"
	require.Equal(t, []string{"client", "physician", "guardian"}, d.issue(d.consent(), young).Signers, "REG-CON-04")
}

func TestReceiptsStandEachForItself(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	about := document.For{Code: "receipt", Client: d.client}
	paid := document.Facts{
		Text: map[string]string{
			"client.name": "林清禾", "client.number": "C1", "order.number": "O1", "time": "2026-03-02 09:00", "payable": "¥1,200.00",
			"paid": "¥1,200.00", "paid.capital": document.Capital(120000), "cashier.name": "周收", "clinic.name": "美序诊所", "clinic.phone": "0571-1",
		},
		Tables: map[string][][]string{"items": {{"眉间纹", "1", "¥1,200.00"}}, "payments": {{"微信", "¥1,200.00"}}},
	}
	a, b := d.issue(about, paid), d.issue(about, paid)
	require.NotEqual(t, a.ID, b.ID, "two equal payments are two receipts")
	require.Equal(t, store.DocumentComplete, a.State, "a receipt needs no signature")
	d.read(func(r *store.Read) error {
		v, err := document.Show(r, a.ID)
		require.NoError(t, err)
		require.Equal(t, document.Slip80, v.Paper)
		return nil
	})
}

func TestValuesCannotBringSlots(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	sly := facts("{{client.number}}<script>")
	made := d.issue(d.consent(), sly)
	require.Contains(t, made.Body, "{{client.number}}<script>", "a value is text and is not read again")
}

func TestPublishKeepsEditions(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	before := d.issue(d.consent(), facts("眉间"))
	d.write(func(tx *store.Tx) error {
		row, err := tx.DocumentTemplate("consent.botulinum")
		require.NoError(t, err)
		tpl, err := document.Parse([]byte(row.Body))
		require.NoError(t, err)
		same, err := document.Publish(tx, tpl)
		require.NoError(t, err)
		require.Equal(t, 1, same.Edition, "an equal text is no new edition")
		tpl.Title.ZH += "（2026）"
		next, err := document.Publish(tx, tpl)
		require.NoError(t, err)
		require.Equal(t, 2, next.Edition)
		return document.Seed(tx, defaults.Documents())
	})
	after := d.issue(d.consent(), facts("眉间"))
	require.NotEqual(t, before.ID, after.ID)
	d.read(func(r *store.Read) error {
		v, err := document.Show(r, before.ID)
		require.NoError(t, err)
		require.Equal(t, 1, v.Edition)
		require.NotContains(t, v.Title, "2026")
		return nil
	})
}

func TestAVerifiedColleagueSignsAtAnotherScreen(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	made := d.issue(d.consent(), facts("眉间"))
	_, err := d.put(made.ID, d.consultant, document.Signature{
		Role: document.Physician, Name: "沈知远", Strokes: pen, Staff: d.physician.Staff, Seen: made.SHA256,
	})
	require.NoError(t, err)
	d.read(func(r *store.Read) error {
		signed, err := r.Signatures(made)
		require.NoError(t, err)
		require.Len(t, signed, 1)
		require.Equal(t, d.physician.Staff, signed[0].Staff)
		require.Equal(t, "doctor", signed[0].Name, "staff sign under the name of their own file, whatever was typed")
		return nil
	})
}

func TestReviewMarksLaterCopiesAndVoidsNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	made := d.issue(d.consent(), facts("眉间"))
	d.write(func(tx *store.Tx) error { return document.Review(tx, d.physician, "consent.botulinum") })
	require.Equal(t, made.ID, d.issue(d.consent(), facts("眉间")).ID, "the text is the same")
	other := d.issue(d.consent(), facts("额部"))
	d.read(func(r *store.Read) error {
		v, err := document.Show(r, other.ID)
		require.NoError(t, err)
		require.True(t, v.Reviewed)
		return nil
	})
}

package document_test

import (
	"cmp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/document"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// become changes the file of the client.
func (d *desk) become(change func(c *store.Client)) {
	d.t.Helper()
	d.write(func(tx *store.Tx) error {
		c, err := tx.Client(d.client)
		if err != nil {
			return err
		}
		change(&c)
		return tx.SaveClient(&c)
	})
}

// wrongIn signs and gives the fields that were wrong, nil when it was signed.
func (d *desk) wrongIn(id term.DocumentID, in document.Signature) (names []string) {
	d.t.Helper()
	in.Role, in.Strokes, in.Seen = document.Client, pen, d.hash(id)
	if in.Capacity == "" && in.Name == "" {
		in.Name = "林清禾"
	}
	in.Pad = cmp.Or(in.Capacity, document.Own)
	_, err := d.put(id, d.physician, in)
	if err == nil {
		return nil
	}
	wrong, ok := fault.FieldsOf(err)
	require.True(d.t, ok, "%v", err)
	for _, f := range wrong {
		require.NotContains(d.t, f.Say(words.ZH)+f.Say(words.EN), "⟦")
		names = append(names, f.Name)
	}
	return names
}

func guardianSigns(change ...func(*document.Signature)) document.Signature {
	in := document.Signature{Capacity: document.ForMinor, Name: "王丽", Relation: "母亲", Reason: "户口本复印件存病历袋"}
	for _, c := range change {
		c(&in)
	}
	return in
}

// TestNobodySignsUnderAnotherName: the client's place bears the name of the file, or that of
// somebody who says for whom he signs and why.
func TestNobodySignsUnderAnotherName(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	made := d.issue(d.consent(), facts("眉间"))
	for about, c := range map[string]struct {
		in    document.Signature
		wrong []string
	}{
		"another's name":    {document.Signature{Name: "李四"}, []string{"name"}},
		"a part of it":      {document.Signature{Name: "林清"}, []string{"name"}},
		"dots only":         {document.Signature{Name: "··"}, []string{"name"}},
		"no capacity known": {document.Signature{Capacity: "friend", Name: "林清禾"}, []string{"capacity"}},
		"nothing stated":    {document.Signature{Capacity: document.ByMandate}, []string{"name", "relation", "reason"}},
		"the client as her own guardian": {
			guardianSigns(func(s *document.Signature) { s.Name = "林 清禾" }), []string{"name"},
		},
		"no relation": {guardianSigns(func(s *document.Signature) { s.Relation = " " }), []string{"relation"}},
		"no reason":   {guardianSigns(func(s *document.Signature) { s.Reason = "x" }), []string{"reason"}},
		"a story": {guardianSigns(func(s *document.Signature) {
			s.Name, s.Relation, s.Reason = strings.Repeat("王", 61), strings.Repeat("母", 21), strings.Repeat("理", 201)
		}), []string{"name", "relation", "reason"}},
	} {
		require.Equal(t, c.wrong, d.wrongIn(made.ID, c.in), about)
	}
	require.Len(t, d.stands(d.consent()).Unsigned, 2, "nothing was signed")
	require.Nil(t, d.wrongIn(made.ID, document.Signature{Name: " 林　清禾 "}))
}

// TestAnotherSignsForTheClient: capacity, relation and reason are kept with the name and shown.
func TestAnotherSignsForTheClient(t *testing.T) {
	t.Parallel()
	for _, capacity := range []document.Capacity{document.ForMinor, document.ByMandate} {
		d := newDesk(t)
		made := d.issue(d.consent(), facts("眉间"))
		require.Nil(t, d.wrongIn(made.ID, guardianSigns(func(s *document.Signature) { s.Capacity = capacity })))
		d.read(func(r *store.Read) error {
			v, err := document.Show(r, made.ID)
			require.NoError(t, err)
			s := v.Signers[0]
			require.True(t, s.Signed && s.Capacity.StandIn())
			require.Equal(t, []string{string(capacity), "王丽", "母亲", "户口本复印件存病历袋"}, []string{string(s.Capacity), s.Name, s.Relation, s.Reason})
			return nil
		})
	}
}

// TestWhatTheClientNeedsNotIsNotKept: who signs with the own hand has no relation to himself.
func TestWhatTheClientNeedsNotIsNotKept(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	made := d.issue(d.consent(), facts("眉间"))
	require.Nil(t, d.wrongIn(made.ID, document.Signature{Name: "林清禾", Relation: "母亲", Reason: "无"}))
	d.read(func(r *store.Read) error {
		signed, err := r.Signatures(made)
		require.NoError(t, err)
		require.Equal(t, "own", signed[0].Capacity)
		require.Empty(t, signed[0].Relation+signed[0].Reason)
		return nil
	})
}

// TestAMinorDoesNotSignAlone (REG-CON-04): a paper that the guardian does not sign as well is
// signed by the guardian; nobody under eight signs anything; a minor sends no agent.
func TestAMinorDoesNotSignAlone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.become(func(c *store.Client) {
		c.Birth, c.Guardian = "2008-03-03", store.Contact{Name: "林建国", Relation: "父亲", Phone: "13900139000"}
	})
	alone := d.issue(d.consent(), facts("眉间"))
	require.Equal(t, []string{"capacity"}, d.wrongIn(alone.ID, document.Signature{}), "the day before her birthday")
	require.Equal(t, []string{"capacity"}, d.wrongIn(alone.ID, guardianSigns(func(s *document.Signature) { s.Capacity = document.ByMandate })))
	require.Equal(t, []string{"name"}, d.wrongIn(alone.ID, guardianSigns()), "any name is no guardian: the file says who is")
	require.Nil(t, d.wrongIn(alone.ID, guardianSigns(func(s *document.Signature) { s.Name = "林 建国" })))

	together := facts("额部")
	together.Text["guardian.name"], together.Text["guardian.relation"] = "林建国", "父亲"
	both := d.issue(d.consent(), together)
	d.become(func(c *store.Client) { c.Birth = "2018-03-03" })
	require.Equal(t, []string{"capacity"}, d.wrongIn(both.ID, document.Signature{}), "under eight")
	d.become(func(c *store.Client) { c.Birth = "2018-03-02" })
	require.Nil(t, d.wrongIn(both.ID, document.Signature{}), "eight today, and the guardian signs as well")

	father := document.Signature{Role: document.Guardian, Name: "王丽", Strokes: pen, Seen: both.SHA256}
	_, err := d.put(both.ID, d.physician, father)
	wrong, _ := fault.FieldsOf(err)
	_, named := wrong.Of("name")
	require.True(t, named, "the guardian's place wants the guardian of the file: %v", err)
	father.Name = "林 建国"
	_, err = d.put(both.ID, d.physician, father)
	wrong, _ = fault.FieldsOf(err)
	_, copied := wrong.Of("strokes")
	require.True(t, copied, "the client's very strokes: %v", err)
	father.Strokes = otherPen
	_, err = d.put(both.ID, d.physician, father)
	require.NoError(t, err)
	d.read(func(r *store.Read) error {
		v, err := document.Show(r, both.ID)
		require.NoError(t, err)
		require.Equal(t, "父亲", v.Signers[2].Relation)
		return nil
	})

	d.become(func(c *store.Client) { c.Birth = "2008-03-02" })
	grown := d.issue(d.consent(), facts("鱼尾纹"))
	require.Nil(t, d.wrongIn(grown.ID, document.Signature{}), "eighteen today")
}

func TestSameName(t *testing.T) {
	t.Parallel()
	for _, x := range [][2]string{
		{"阿依古丽·买买提", "阿依古丽•买买提"},
		{"阿依古丽·买买提", "阿依古丽・买买提"},
		{"阿依古丽·买买提", "阿依古丽买买提"},
		{"阿依古丽．买买提", "阿依古丽.买买提"},
		{"ＡＮＮＡ　Ｌｉ", "anna li"},
		{"Anne-Marie O’Neil", "ANNE MARIE O'NEIL"},
		{"林清禾", " 林\u3000清\u00a0禾 "},
		{"ｱﾝﾅ", "アンナ"},
		{"武〇", "武〇"},
	} {
		require.True(t, document.SameName(x[0], x[1]), "%q %q", x[0], x[1])
	}
	for _, x := range [][2]string{{"林清禾", "林青禾"}, {"", ""}, {"·", "•"}, {"武〇", "武"}, {"王\ue000", "王"}, {"林清禾", ""}} {
		require.False(t, document.SameName(x[0], x[1]), "%q %q", x[0], x[1])
	}
}

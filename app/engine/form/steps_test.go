package form_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/engine/form"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

// clinic is a database with one nurse, one client and the sample form.
type clinic struct {
	t      *testing.T
	db     *store.DB
	clock  *storetest.Clock
	nurse  access.Actor
	client term.ClientID
	dir    string
}

func open(t *testing.T) *clinic {
	t.Helper()
	c := &clinic{t: t, clock: storetest.NewClock(), dir: t.TempDir()}
	storetest.Fill(t, c.dir)
	c.db = storetest.Open(t, store.Options{Dir: c.dir, Now: c.clock.Now})
	c.do(func(tx *store.Tx) error {
		nurse := store.Staff{Login: "nurse", Name: "李护士"}
		if err := tx.AddStaff(&nurse); err != nil {
			return err
		}
		client := store.Client{Name: "王芳", Phone: "13800000001", Gender: "female", Birth: "1990-05-01"}
		if err := tx.AddClient(&client); err != nil {
			return err
		}
		c.nurse, c.client = access.Actor{Staff: nurse.ID, Name: nurse.Name, Roles: []access.Role{access.Nurse}}, client.ID
		_, err := form.LoadDefaults(tx, []form.Template{parsed(t)})
		return err
	})
	return c
}

func (c *clinic) write(fn func(*store.Tx) error) error {
	return c.db.Write(context.Background(), storetest.Act("form.test"), fn)
}

func (c *clinic) do(fn func(*store.Tx) error) {
	c.t.Helper()
	require.NoError(c.t, c.write(fn))
}

func (c *clinic) read(fn func(*store.Read)) {
	c.t.Helper()
	require.NoError(c.t, c.db.Read(context.Background(), func(r *store.Read) error { fn(r); return nil }))
}

// begin starts a filling and saves the answers.
func (c *clinic) begin(a form.Answers) (id term.AnswerID) {
	c.t.Helper()
	c.do(func(tx *store.Tx) error {
		f, err := form.Begin(tx, c.nurse, "F1", form.Subject{Client: c.client}, map[string]string{"$gender": "female"})
		if err != nil {
			return err
		}
		id = f.Row.ID
		_, err = form.Save(tx, c.nurse, id, f.Row.Version, a)
		return err
	})
	return id
}

func (c *clinic) sign(id term.AnswerID) error {
	return c.write(func(tx *store.Tx) error { _, err := form.Sign(tx, c.nurse, id); return err })
}

func (c *clinic) open(id term.AnswerID) (f form.Filled) {
	c.t.Helper()
	c.read(func(r *store.Read) {
		var err error
		f, err = form.Open(r, id)
		require.NoError(c.t, err)
	})
	return f
}

func refused(t *testing.T, err error, rule, key string) {
	t.Helper()
	var bad *fault.Error
	require.ErrorAs(t, err, &bad)
	require.Equal(t, fault.KindRefused, bad.Kind)
	require.Equal(t, rule, bad.Rule)
	require.Equal(t, key, bad.Key)
}

func TestSaveAndSign(t *testing.T) {
	t.Parallel()
	c := open(t)
	id := c.begin(form.Answers{}.Set("name", "王芳").Set("drug", "x"))
	f := c.open(id)
	require.Equal(t, store.AnswerDraft, f.Row.State)
	require.Equal(t, "王芳", f.Answers.Value("name"))
	require.Equal(t, "female", f.Answers.Value("$gender"), "facts stay")
	require.NotContains(t, f.Answers, "drug", "what was not asked is not kept")

	fields, ok := fault.FieldsOf(c.sign(id))
	require.True(t, ok, "an incomplete record is not signed")
	require.Len(t, fields, 3)

	c.do(func(tx *store.Tx) error {
		_, err := form.Save(tx, c.nurse, id, c.open(id).Row.Version, good())
		return err
	})
	c.clock.Forward(time.Hour)
	require.NoError(t, c.sign(id))
	f = c.open(id)
	require.Equal(t, store.AnswerSigned, f.Row.State)
	require.Equal(t, c.nurse.Staff, f.Row.SignedBy)
	require.Equal(t, "2026-03-02T02:00:00.000Z", f.Row.SignedAt.String())
	require.Len(t, f.Row.SHA256, 64)
	require.Equal(t, 1, f.Template.Version)
	require.Equal(t, "1.25", f.Answers.Value("sum"))
}

func TestSaveRefuses(t *testing.T) {
	t.Parallel()
	c := open(t)
	id := c.begin(good())
	save := func(version int, a form.Answers) error {
		return c.write(func(tx *store.Tx) error { _, err := form.Save(tx, c.nurse, id, version, a); return err })
	}
	read := c.open(id).Row.Version
	fields, ok := fault.FieldsOf(save(read, good().Set("units", "12a")))
	require.True(t, ok)
	require.Equal(t, "q.units", fields[0].Name)
	require.ErrorIs(t, save(read-1, good().Set("name", "别人")), store.ErrStale, "somebody saved meanwhile")
	require.ErrorIs(t, save(0, good().Set("name", "别人")), store.ErrStale, "who has not read it does not write over it")
	require.Equal(t, "王芳", c.open(id).Answers.Value("name"))

	require.NoError(t, c.sign(id))
	refused(t, save(0, good().Set("name", "别人")), "REG-EMR-01", "form.refuse.locked.signed")
	refused(t, c.sign(id), "REG-EMR-01", "form.refuse.locked.signed")
	require.Equal(t, "王芳", c.open(id).Answers.Value("name"))
}

func TestAmend(t *testing.T) {
	t.Parallel()
	c := open(t)
	id := c.begin(good())
	amend := func(id term.AnswerID, a form.Answers, reason string) (f form.Filled, err error) {
		err = c.write(func(tx *store.Tx) (err error) { f, err = form.Amend(tx, c.nurse, id, a, reason); return err })
		return f, err
	}
	_, err := amend(id, good(), "笔误")
	refused(t, err, "REG-EMR-09", "form.refuse.amend.draft")
	require.NoError(t, c.sign(id))

	_, err = amend(id, good().Set("name", "王方"), "  ")
	refused(t, err, "REG-EMR-01", "form.refuse.reason")
	_, err = amend(id, good(), "笔误")
	refused(t, err, "REG-EMR-01", "form.refuse.same")
	_, err = amend(id, form.Answers{}, "笔误")
	_, ok := fault.FieldsOf(err)
	require.True(t, ok, "an amendment must be complete")

	before := c.open(id)
	now, err := amend(id, good().Set("name", "王方"), "笔误")
	require.NoError(t, err)
	require.NotEqual(t, id, now.Row.ID)
	after := c.open(id)
	require.Equal(t, store.AnswerAmended, after.Row.State)
	require.Equal(t, before.Row.Body, after.Row.Body, "the original stays as it was")
	require.Equal(t, before.Row.SHA256, after.Row.SHA256)
	require.Equal(t, before.Row.SignedAt, after.Row.SignedAt)

	next := c.open(now.Row.ID)
	require.Equal(t, store.AnswerSigned, next.Row.State)
	require.Equal(t, id, next.Row.Supersedes)
	require.Equal(t, "笔误", next.Row.Reason)
	require.NotEqual(t, before.Row.SHA256, next.Row.SHA256)
	c.read(func(r *store.Read) {
		old, has, err := form.Before(r, next)
		require.NoError(t, err)
		require.True(t, has)
		require.Len(t, form.Diff(next.Template, old.Answers, next.Answers), 1)
		latest, err := r.LatestAnswer(c.client, "F1")
		require.NoError(t, err)
		require.Equal(t, next.Row.ID, latest.ID)
	})
	_, err = amend(id, good().Set("name", "王房"), "又改")
	refused(t, err, "REG-EMR-09", "form.refuse.amend.amended")
}

func TestVoid(t *testing.T) {
	t.Parallel()
	c := open(t)
	id := c.begin(good())
	require.NoError(t, c.sign(id))
	void := func(reason string) error {
		return c.write(func(tx *store.Tx) error { return form.Void(tx, c.nurse, id, reason) })
	}
	refused(t, void(""), "REG-EMR-01", "form.refuse.reason")
	require.NoError(t, void("填错人"))
	f := c.open(id)
	require.Equal(t, "填错人", f.Row.VoidReason)
	require.Equal(t, "王芳", f.Answers.Value("name"), "void stays readable")
	refused(t, void("再来"), "REG-EMR-09", "form.refuse.locked.void")
	c.read(func(r *store.Read) {
		_, err := r.LatestAnswer(c.client, "F1")
		require.ErrorIs(t, err, store.ErrNotFound)
	})
}

func TestFindingsAreKeptWithTheRow(t *testing.T) {
	t.Parallel()
	c := open(t)
	a := good()
	a["ill"] = form.Answer{Values: []string{form.Yes}, Detail: "哮喘"}
	f := c.open(c.begin(a.Set("pain", "10")))
	require.True(t, f.Row.Red)
	found, err := form.FindingsOf(f.Row)
	require.NoError(t, err)
	require.Equal(t, []form.StoredHit{{LinkID: "ill", Code: "illness", Level: form.Hard, Detail: "哮喘"}}, found.Hits)
	require.Len(t, found.Flags, 2)
}

func TestAnswersAreSealedAtRest(t *testing.T) {
	t.Parallel()
	c := open(t)
	a := good().Set("name", "欧阳测")
	a["ill"] = form.Answer{Values: []string{form.Yes}, Detail: "feline-asthma-哮喘"}
	c.begin(a)
	names, err := filepath.Glob(filepath.Join(c.dir, "*"))
	require.NoError(t, err)
	seen := 0
	for _, name := range names {
		raw, err := os.ReadFile(name)
		require.NoError(t, err)
		seen += bytes.Count(raw, []byte("exclusive"))
		require.NotContains(t, string(raw), "feline-asthma", name)
		require.NotContains(t, string(raw), "欧阳测", name)
	}
	require.Positive(t, seen, "the test reads the files that hold the templates")
}

func TestEditions(t *testing.T) {
	t.Parallel()
	c := open(t)
	id := c.begin(good())
	load := func(tpl form.Template) (n int) {
		c.do(func(tx *store.Tx) (err error) { n, err = form.LoadDefaults(tx, []form.Template{tpl}); return err })
		return n
	}
	tpl := parsed(t)
	require.Zero(t, load(tpl), "the same text is no new edition")
	tpl.Title.ZH = "新表"
	require.Equal(t, 1, load(tpl))
	c.read(func(r *store.Read) {
		latest, err := form.Latest(r, "F1")
		require.NoError(t, err)
		require.Equal(t, 2, latest.Version)
	})
	require.Equal(t, "表", c.open(id).Template.Title.ZH, "a filling keeps its edition")

	tpl.Title.ZH = "本店的表"
	c.do(func(tx *store.Tx) error { return form.Publish(tx, tpl) })
	tpl.Title.ZH = "更新的默认表"
	require.Zero(t, load(tpl), "what the clinic wrote is not overwritten")
}

func TestDefaultFormsLoadOnce(t *testing.T) {
	t.Parallel()
	c := open(t)
	var first, second int
	c.do(func(tx *store.Tx) (err error) { first, err = form.LoadDefaults(tx, defaults.Forms()); return err })
	c.do(func(tx *store.Tx) (err error) { second, err = form.LoadDefaults(tx, defaults.Forms()); return err })
	require.Len(t, defaults.Forms(), first)
	require.Zero(t, second)
	c.read(func(r *store.Read) {
		all, err := r.LatestForms()
		require.NoError(t, err)
		require.Len(t, all, first)
	})
}

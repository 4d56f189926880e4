package people_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/app/people"
	"meixu/store"
	"meixu/store/storetest"
)

type house struct {
	t                             *testing.T
	db                            *store.DB
	office                        *people.Office
	manager, owner, doctor, front access.Actor
	item                          store.Item
	topics                        *[]string
}

func open(t *testing.T) *house {
	t.Helper()
	clock, topics := storetest.NewClock(), []string{}
	db := storetest.Open(t, store.Options{Now: clock.Now, Topics: func(list []string) { topics = append(topics, list...) }})
	h := &house{t: t, db: db, office: people.New(deed.Doer{DB: db, Hub: live.New()}), topics: &topics}
	require.NoError(t, db.Write(t.Context(), storetest.Act("test.prepare"), func(tx *store.Tx) error {
		h.manager, h.owner = h.hire(tx, access.Manager), h.hire(tx, access.Owner)
		h.doctor, h.front = h.hire(tx, access.Physician), h.hire(tx, access.Reception)
		h.item = store.Item{
			Code: "INJ", Name: "注射", Category: "注射", Level: "1", Kind: "botulinum", Operator: "lead_physician",
			CareTemplate: "AC", FormCode: "F7", Depth: "L2", RiskTier: 3, Enabled: true,
		}
		return tx.AddItem(&h.item)
	}))
	return h
}

func (h *house) hire(tx *store.Tx, role access.Role) access.Actor {
	s := store.Staff{Login: string(role), Name: "T-" + string(role), Roles: []string{string(role)}, Lead: true, OnShift: true}
	require.NoError(h.t, tx.AddStaff(&s))
	return access.Actor{Staff: s.ID, Name: s.Name, Roles: []access.Role{role}}
}

func (h *house) operate() (err error) {
	require.NoError(h.t, h.db.Read(h.t.Context(), func(r *store.Read) error {
		err = people.CheckOperator(r, h.doctor.Staff, h.item)
		return nil
	}))
	return err
}

func ruleOf(err error) string {
	var e *fault.Error
	if errors.As(err, &e) {
		return e.Rule
	}
	return ""
}

func TestLicence(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := open(t)
	paper := people.PaperIn{Staff: h.doctor.Staff, Kind: people.PaperPhysician, Number: "110", PlaceHere: true, From: "2020-01-01"}
	require.Equal(t, "REG-STF-10", ruleOf(h.operate()))
	require.Equal(t, "REG-STF-10", ruleOf(h.office.GrantRight(ctx, h.manager, people.Grant{Staff: h.doctor.Staff, ItemKind: "botulinum", Level: people.RightIndependent})))
	id, err := h.office.AddLicence(ctx, h.manager, paper)
	require.NoError(t, err)
	require.Contains(t, *h.topics, live.Staff)
	require.Equal(t, "REG-STF-04", ruleOf(h.operate()), "not checked yet")
	require.Equal(t, "REG-STF-04", ruleOf(h.office.CheckLicence(ctx, h.manager, id)), "who entered it cannot check it")
	require.NoError(t, h.office.CheckLicence(ctx, h.owner, id))
	require.Equal(t, fault.KindConflict, fault.KindOf(h.office.CheckLicence(ctx, h.owner, id)))

	grant := people.Grant{Staff: h.doctor.Staff, ItemKind: "botulinum", Level: people.RightIndependent}
	require.Equal(t, "REG-STF-04", ruleOf(h.operate()), "no right yet")
	require.NoError(t, h.office.GrantRight(ctx, h.manager, grant))
	require.NoError(t, h.operate())
	require.NoError(t, h.office.GrantRight(ctx, h.manager, people.Grant{Staff: h.doctor.Staff, ItemKind: "botulinum", Level: people.RightLearning}))
	require.Equal(t, "REG-STF-04", ruleOf(h.operate()))
	require.NoError(t, h.office.GrantRight(ctx, h.manager, grant))

	require.Error(t, h.office.SuspendLicence(ctx, h.owner, id, true, " "))
	require.NoError(t, h.office.SuspendLicence(ctx, h.owner, id, true, "定期考核不合格"))
	require.Equal(t, "REG-STF-04", ruleOf(h.operate()))
	require.Equal(t, fault.KindConflict, fault.KindOf(h.office.SuspendLicence(ctx, h.owner, id, true, "x")))
	require.NoError(t, h.db.Read(ctx, func(r *store.Read) error {
		acts, err := r.History("licences", id)
		require.Equal(t, []string{"licence.add", "licence.check", "licence.suspend"},
			[]string{acts[0].Act.Action, acts[1].Act.Action, acts[2].Act.Action})
		require.Equal(t, "定期考核不合格", acts[2].Act.Reason)
		return err
	}))
	v, err := h.office.Look(ctx, h.manager)
	require.NoError(t, err)
	require.Equal(t, 1, v.Bad)
	require.Len(t, v.Medical(), 1)
	require.True(t, v.Papers[0].Own)
	list, _, err := h.office.Verdicts(ctx, h.manager, h.item.ID)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.False(t, list[0].May())
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := open(t)
	_, err := h.office.AddLicence(ctx, h.manager, people.PaperIn{})
	fields, _ := fault.FieldsOf(err)
	require.Len(t, fields, 4)
	_, err = h.office.AddLicence(ctx, h.manager, people.PaperIn{Staff: h.doctor.Staff, Kind: people.PaperNurse, Number: "1", From: "2026-01-01"})
	fields, _ = fault.FieldsOf(err)
	require.Equal(t, "until", fields[0].Name, "REG-STF-07: a nurse's paper ends")
	_, err = h.office.AddLicence(ctx, h.front, people.PaperIn{})
	require.Equal(t, fault.KindForbidden, fault.KindOf(err))
	err = h.office.GrantRight(ctx, h.manager, people.Grant{Staff: h.doctor.Staff, ItemKind: "magic", Level: "boss", Until: "2026-01-01"})
	fields, _ = fault.FieldsOf(err)
	require.Len(t, fields, 3)
	require.Equal(t, "REG-STF-04", ruleOf(h.office.GrantRight(ctx, h.manager, people.Grant{Staff: h.manager.Staff, ItemKind: "botulinum", Level: people.RightNone})))
	require.Equal(t, fault.KindNotFound, fault.KindOf(h.office.CheckLicence(ctx, h.owner, 99)))
}

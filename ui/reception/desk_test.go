package reception_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/crm"
	"meixu/app/people"
	"meixu/app/reception"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// pen is a signature: a list of points as the pad posts it.
const pen = `{"width":300,"height":120,"strokes":[[[10,10,0],[20,30,10],[40,12,20],[60,40,30],[80,20,40],[100,44,50],[120,22,60],[140,50,70],[160,30,80]]]}`

// person is a good form of a new client; pairs replace or add fields.
func person(pairs ...string) url.Values {
	form := url.Values{
		"name": {"林晚秋"}, "phone": {"138 0000 8817"}, "gender": {"female"}, "birth": {"1994-05-06"}, "source": {"walk_in"},
		"id_kind": {"id_card"}, "id_checked": {"on"}, "sign_privacy": {pen}, "sign_health": {pen}, "photo": {"on"},
		"seen_privacy": {uitest.Edition("privacy")}, "seen_health": {uitest.Edition("health_consent")},
	}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// filed makes a client through the deed.
func filed(t *testing.T, s *uitest.Site, name, phone string) term.ClientID {
	t.Helper()
	id, err := s.App.Rooms.Book.CreateClient(t.Context(), s.Actor("front"), crm.NewClient{
		Name: name, Phone: phone, Gender: "female", Birth: "1990-01-02", Source: "walk_in",
		Strokes: crm.Strokes{
			Privacy: pen, Health: pen, PrivacySeen: uitest.Edition("privacy"), HealthSeen: uitest.Edition("health_consent"),
		},
	})
	require.NoError(t, err)
	return id
}

// arrived opens a visit through the deed.
func arrived(t *testing.T, s *uitest.Site, client term.ClientID) term.VisitID {
	t.Helper()
	id, err := s.App.Rooms.Desk.Arrive(t.Context(), s.Actor("front"), reception.Arrive{Client: client})
	require.NoError(t, err)
	return id
}

// read looks into the database.
func read(t *testing.T, s *uitest.Site, fn func(*store.Read) error) {
	t.Helper()
	require.NoError(t, s.App.DB.Read(t.Context(), fn))
}

func clients(t *testing.T, s *uitest.Site) (list []store.Findable) {
	t.Helper()
	read(t, s, func(r *store.Read) (err error) {
		list, err = r.Findables(0, 1000, 100)
		return err
	})
	return list
}

func TestTheDeskFromUnknownPhoneToAssignment(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	front := site.As("front")

	front.Post("/find", "q", "13800008817").Want(http.StatusOK, "没有找到", `data-key="Alt+N"`)
	page := front.Post("/reception/clients/fresh", "typed", "13800008817").Want(http.StatusOK, `value="13800008817"`, "个人信息处理告知书", "健康信息单独同意书")
	require.Regexp(t, `^/reception/clients/new\?found=[A-Z0-9]{12}$`, page.Path, "nothing personal stands in the address")
	front.Get(page.Path).Want(http.StatusOK, `value="13800008817"`) // a reload
	front.Get(page.Path + "X").Want(http.StatusOK).Not("13800008817")
	site.As("manager").Get(page.Path).Not("13800008817") // what one typed is no other's
	front.Get("/reception/clients/new").Want(http.StatusOK).Not("13800008817")
	front.PostForm("/reception/clients/new", person()).At("/reception/arrive?client=1").Want(http.StatusOK, "林晚秋", "138****8817")
	front.Post("/reception/arrive", "client", "1").At("/reception/visit/1").Want(http.StatusOK, "C01", "T-consultant", "建议")
	consultant := fmt.Sprint(site.StaffID("consultant"))
	front.Post("/reception/visit/1/assign", "to", "consultant", "consultant", consultant).At("/reception/visit/1").Want(http.StatusOK, "已分派")

	read(t, site, func(r *store.Read) error {
		c, err := r.Client(1)
		require.NoError(t, err)
		require.Equal(t, "13800008817", c.Phone)
		require.Equal(t, site.StaffID("consultant"), c.Consultant)
		consents, err := r.Consents(1)
		require.NoError(t, err)
		require.Contains(t, consents, term.ForPrivacy)
		require.Contains(t, consents, term.ForHealth)
		require.Contains(t, consents, term.ForPhotoRecord)
		require.NotContains(t, consents, term.ForMarketing)
		d, err := r.Document(consents[term.ForHealth].Document)
		require.NoError(t, err)
		require.Equal(t, store.DocumentComplete, d.State)
		stamps, err := r.SOPStamps(1)
		require.NoError(t, err)
		done := map[string]bool{}
		for _, s := range stamps {
			done[s.Step] = done[s.Step] || s.State == store.StampDone
		}
		for _, step := range []string{"S1-03", "S1-05", "S1-06", "S1-07", "S1-08"} {
			require.True(t, done[step], step)
		}
		require.False(t, done["S1-04"], "nobody was called yet")
		return nil
	})
	front.Post("/find", "q", "linwanqiu").Want(http.StatusOK, "林晚秋", "1994 年生", "138****8817", "在院").Not("13800008817")
	front.Post("/find", "q", "C01").Want(http.StatusOK, "/reception/visit/1")
	front.Get("/clients").Want(http.StatusOK, "林晚秋", "138****8817").Not("13800008817")
}

func TestNewClient(t *testing.T) {
	t.Parallel()
	t.Run("without a signed privacy notice there is no file and nothing is kept", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		for _, form := range []url.Values{person("sign_privacy", ""), person("sign_health", ""), person("sign_privacy", "[]")} {
			site.As("front").PostForm("/reception/clients/new", form).
				Want(http.StatusConflict, "REG-PII-01", "没有保存", `value="林晚秋"`, `value="138 0000 8817"`)
		}
		require.Empty(t, clients(t, site))
	})
	t.Run("every wrong field is marked and what was typed comes back", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		form := person("name", "林", "phone", "123", "birth", "2030-01-01", "gender", "", "id_number", "110101199405060011")
		site.As("front").PostForm("/reception/clients/new", form).Want(http.StatusUnprocessableEntity,
			`id="f-name-fault"`, `id="f-phone-fault"`, `id="f-birth-fault"`, `id="f-id_number-fault"`, "请选择性别",
			`value="123"`, `value="2030-01-01"`, `value="110101199405060011"`)
		require.Empty(t, clients(t, site))
	})
	t.Run("a twin is shown before anything is saved, and a reason opens a second file", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		filed(t, site, "林晚秋", "13800008817")
		front := site.As("front")
		front.Post("/reception/clients/twins", "phone", "138 0000 8817", "other", "母女").Want(http.StatusOK, "打开已有档案", "138****8817", `value="母女"`).Not("<html")
		front.Post("/reception/clients/twins", "phone", "139", "name", "林晚秋", "birth", "1990-01-02").Want(http.StatusOK, "打开已有档案")
		front.Post("/reception/clients/twins", "phone", "13900001111", "name", "林晚秋", "birth", "1991-01-02").Want(http.StatusOK).Not("打开已有档案")
		site.As("nurse").Post("/reception/clients/twins", "phone", "13800008817").Want(http.StatusForbidden)
		front.PostForm("/reception/clients/new", person()).
			Want(http.StatusConflict, "REG-EMR-06", "打开已有档案", "/reception/arrive?client=1", "138****8817")
		same := person("phone", "13900001111", "birth", "1990-01-02")
		front.PostForm("/reception/clients/new", same).Want(http.StatusConflict, "REG-EMR-06")
		require.Len(t, clients(t, site), 1)
		front.PostForm("/reception/clients/new", person("other", "母女共用手机")).At("/reception/arrive?client=2")
		require.Len(t, clients(t, site), 2)
		front.Get("/client/1").Want(http.StatusOK, "另有 1 份档案用同一个手机号")
		front.Get("/client/2").Want(http.StatusOK).Not("用同一个手机号") // somebody looked
	})
	t.Run("a minor needs a guardian who signs too", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		front := site.As("front")
		front.PostForm("/reception/clients/new", person("birth", "2010-01-02")).
			Want(http.StatusUnprocessableEntity, `id="f-guardian_name-fault"`)
		guarded := person("birth", "2010-01-02", "guardian_name", "林父", "guardian_relation", "父亲", "guardian_phone", "13900001111")
		front.PostForm("/reception/clients/new", guarded).Want(http.StatusConflict, "REG-CON-04")
		guarded.Set("sign_guardian_privacy", pen)
		guarded.Set("sign_guardian_health", pen)
		front.PostForm("/reception/clients/new", guarded).Want(http.StatusConflict, "REG-CON-04", "各自亲手签名")
		guarded.Set("sign_guardian_privacy", strings.ReplaceAll(pen, "60,40,30", "60,44,30"))
		guarded.Set("sign_guardian_health", strings.ReplaceAll(pen, "60,40,30", "60,44,30"))
		own := maps.Clone(guarded)
		own.Set("guardian_name", own.Get("name"))
		front.PostForm("/reception/clients/new", own).Want(http.StatusUnprocessableEntity, "监护人不能是客户本人")
		unseen := maps.Clone(guarded)
		unseen.Set("guardian_name", "\u3164\uffa0")
		unseen.Set("guardian_relation", "\u200d")
		front.PostForm("/reception/clients/new", unseen).
			Want(http.StatusUnprocessableEntity, `id="f-guardian_name-fault"`, `id="f-guardian_relation-fault"`)
		front.PostForm("/reception/clients/new", guarded).At("/reception/arrive?client=1")
	})
	t.Run("under eight the guardian signs alone", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		front := site.As("front")
		form := person("birth", "2018-03-03", "guardian_name", "林父", "guardian_relation", "父亲", "guardian_phone", "13900001111",
			"id_kind", "", "id_number", "", "id_checked", "", "sign_privacy", "", "sign_health", "", "name", "林小满")
		front.PostForm("/reception/clients/new", form).Want(http.StatusConflict, "REG-CON-04")
		form.Set("sign_guardian_privacy", pen)
		form.Set("sign_guardian_health", pen)
		front.PostForm("/reception/clients/new", form).At("/reception/arrive?client=1")
		front.Get("/doc/1").Want(http.StatusOK, "监护人 林父（与客户关系：父亲）", "未满 8 周岁")
		front.Get("/reception/clients/1/consent").Want(http.StatusOK, `name="sign_guardian_privacy"`).Not(`name="sign_privacy"`, `name="sign_health"`)
	})
	t.Run("the second post of the same form does not open a second file", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		form := person("_once", "once-1")
		site.As("front").PostForm("/reception/clients/new", form).At("/reception/arrive?client=1")
		site.As("front").PostForm("/reception/clients/new", form).At("/reception/arrive?client=1")
		require.Len(t, clients(t, site), 1)
	})
	t.Run("a text that was replaced meanwhile is not signed", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		site.As("front").PostForm("/reception/clients/new", person("seen_privacy", "another")).Want(http.StatusConflict)
		require.Empty(t, clients(t, site))
	})
	t.Run("a text that no screen has shown is not signed", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		for _, name := range []string{"seen_privacy", "seen_health"} {
			site.As("front").PostForm("/reception/clients/new", person(name, "")).Want(http.StatusConflict)
		}
		require.Empty(t, clients(t, site))
	})
	t.Run("who refuses to sign leaves a lost lead and no file", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		front := site.As("front")
		front.PostForm("/reception/clients/decline", person("reason", "")).
			Want(http.StatusUnprocessableEntity, `id="f-reason-fault"`, `value="林晚秋"`, `value="1994-05-06"`)
		front.PostForm("/reception/clients/decline", person("reason", "不愿留证件")).At("/reception")
		require.Empty(t, clients(t, site))
		front.Get("/reception/leads?state=closed").Want(http.StatusOK, "林晚秋", "不愿留证件", "未成交")
	})
	t.Run("another role is refused", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		for _, login := range []string{"nurse", "doctor", "cashier", "consultant"} {
			site.As(login).PostForm("/reception/clients/new", person()).Want(http.StatusForbidden)
		}
		require.Empty(t, clients(t, site))
	})
}

func TestArrival(t *testing.T) {
	t.Parallel()
	t.Run("a client with an open visit is refused", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		c := filed(t, site, "林晚秋", "13800008817")
		arrived(t, site, c)
		front := site.As("front")
		front.Post("/reception/arrive", "client", "1").Want(http.StatusConflict, "V20260302-001")
		front.Get("/reception/arrive?client=1").Want(http.StatusOK, "/reception/visit/1")
	})
	t.Run("a session that was not paid is refused", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		filed(t, site, "林晚秋", "13800008817")
		site.As("front").Post("/reception/arrive", "client", "1", "line", "77").Want(http.StatusConflict, "REG-FEE-08")
		site.As("front").Get("/reception/visit/1").Want(http.StatusNotFound)
	})
	t.Run("an arrival by mistake is undone the same day with a reason", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		arrived(t, site, filed(t, site, "林晚秋", "13800008817"))
		front := site.As("front")
		front.Post("/reception/visit/1/undo").Want(http.StatusUnprocessableEntity, `id="f-reason-fault"`)
		front.Post("/reception/visit/1/undo", "reason", "点错人").At("/reception/visit/1").Want(http.StatusOK, "点错人")
		front.Post("/reception/arrive", "client", "1").At("/reception/visit/2").Want(http.StatusOK, "C02")
	})
	t.Run("a forgotten visit of yesterday cannot be undone", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		arrived(t, site, filed(t, site, "林晚秋", "13800008817"))
		site.Clock.Forward(24 * 60 * 60 * 1e9)
		err := site.App.Rooms.Desk.Undo(t.Context(), site.Actor("front"), 1, "昨天的")
		require.ErrorContains(t, err, "S1-03")
	})
	t.Run("a missing client is not found, another role is refused", func(t *testing.T) {
		t.Parallel()
		site := uitest.New(t)
		site.As("front").Post("/reception/arrive", "client", "9").Want(http.StatusNotFound)
		site.As("nurse").Post("/reception/arrive", "client", "9").Want(http.StatusForbidden)
	})
}

func TestAssign(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	second := addConsultant(t, site)
	first := site.StaffID("consultant")
	front := site.As("front")
	registered(t, site, "doctor")
	one := arrived(t, site, filed(t, site, "林晚秋", "13800008817"))
	two := arrived(t, site, filed(t, site, "周清和", "13800008818"))
	path := func(v term.VisitID) string { return fmt.Sprintf("/reception/visit/%d/assign", v) }

	front.Post(path(one), "to", "consultant").Want(http.StatusUnprocessableEntity, "请选择顾问或医师")
	front.Post(path(one), "to", "consultant", "consultant", fmt.Sprint(second)).
		Want(http.StatusUnprocessableEntity, `id="f-reason-fault"`, "T-consultant")
	front.Post(path(one), "to", "consultant", "consultant", fmt.Sprint(second), "reason", "客户指定").
		Want(http.StatusOK, "建议 T-consultant，改派 李二：客户指定")
	front.Post(path(two), "to", "consultant", "consultant", fmt.Sprint(first)).At(fmt.Sprintf("/reception/visit/%d", two))
	front.Post(path(two), "to", "consultant", "consultant", "999").Want(http.StatusUnprocessableEntity, "不当班")
	straight := []string{"to", "physician", "physician", fmt.Sprint(site.StaffID("doctor"))}
	front.Post(path(two), straight...).Want(http.StatusUnprocessableEntity, `id="f-reason-fault"`, "T-consultant")
	read(t, site, func(r *store.Read) error {
		v, err := r.Visit(two)
		require.Equal(t, first, v.Consultant, "she does not lose the client silently")
		return err
	})
	front.Post(path(two), append(straight, "reason", "客户只找医师复诊")...).Want(http.StatusOK, "T-doctor")
	front.Post(path(two), "to", "physician", "physician", fmt.Sprint(first)).Want(http.StatusUnprocessableEntity, "不当班")
	site.As("consultant").Post(path(two), "to", "consultant", "consultant", fmt.Sprint(first)).Want(http.StatusForbidden)
}

// registered gives a physician a checked practice paper without end (REG-STF-05).
func registered(t *testing.T, s *uitest.Site, login string) {
	t.Helper()
	require.NoError(t, s.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "licence.add"}, func(tx *store.Tx) error {
		return tx.AddLicence(&store.Licence{
			Staff: s.StaffID(login), Kind: people.PaperPhysician, Number: "110330100002103", PlaceHere: true,
			ValidFrom: tx.Today().Add(-900), CheckedAt: tx.Now(), CheckedBy: s.StaffID("quality"),
		})
	}))
}

func addConsultant(t *testing.T, s *uitest.Site) (id term.StaffID) {
	t.Helper()
	err := s.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "staff.add"}, func(tx *store.Tx) error {
		who := store.Staff{Login: "second", Name: "李二", OnShift: true, Roles: []string{"consultant"}}
		err := tx.AddStaff(&who)
		id = who.ID
		return err
	})
	require.NoError(t, err)
	return id
}

func TestQueue(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	arrived(t, site, filed(t, site, "林晚秋", "13800008817"))
	arrived(t, site, filed(t, site, "周清和", "13800008818"))
	front := site.As("front")
	front.Get("/reception/queue").Want(http.StatusOK, "C01", "C02", "林晚秋", `data-key="F6"`)
	front.Post("/reception/queue/1", "deed", "back", "_reason", "客户暂时离开").Want(http.StatusConflict, "不能这样操作")
	for _, room := range []string{"99", "x", "-1"} {
		front.Post("/reception/queue/1", "deed", "call", "room", room).Want(http.StatusUnprocessableEntity, `id="room-fault-1"`, "<h1>").Not("已叫")
	}
	front.Post("/reception/queue/1", "deed", "call").At("/reception/queue").Want(http.StatusOK, "已叫 1 次")
	front.Post("/reception/queue/1", "deed", "call").Want(http.StatusOK, "已叫 2 次")
	front.Post("/reception/queue/1", "deed", "skip", "_reason", "叫号未应答").Want(http.StatusOK, "过号")
	front.Post("/reception/queue/1", "deed", "call").Want(http.StatusOK, "已叫 3 次")
	front.Post("/reception/queue/1", "deed", "serve", "from", "today").At("/reception")
	front.Post("/reception/queue/2", "deed", "call", "room", "99").Want(http.StatusUnprocessableEntity)
	front.Post("/reception/queue/9", "deed", "call").Want(http.StatusNotFound)
	site.As("stock").Post("/reception/queue/2", "deed", "call").Want(http.StatusForbidden)
	read(t, site, func(r *store.Read) error {
		stamps, err := r.SOPStamps(1)
		require.NoError(t, err)
		done := 0
		for _, s := range stamps {
			if s.Step == "S1-04" && s.State == store.StampDone {
				done++
			}
		}
		require.Equal(t, 1, done)
		return nil
	})
}

func TestTheFirstPageOfTheDesk(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	site.As("front").Get("/reception").Want(http.StatusOK, "没有人等候", "新建客户")
	arrived(t, site, filed(t, site, "林晚秋", "13800008817"))
	site.As("front").Get("/reception").Want(http.StatusOK, "C01", "林晚秋")
	site.As("front").Get("/reception/rows").Want(http.StatusOK, "C01").Not("<html")
	site.As("stock").Get("/reception").Want(http.StatusForbidden)
}

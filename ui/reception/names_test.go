package reception_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"html"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest"
)

// kind is one sort of person who comes to a clinic, or what somebody types for one.
type kind struct {
	why, name, phone, birth string
	kept, number, born      string   // as the house keeps them; kept "" for what no form takes
	wrong                   []string // the fields that are marked: name, phone, birth
}

var kinds = []kind{
	{why: "a minority's name", name: "阿依古丽•买买提", phone: "13811110001", birth: "1990-05-06", kept: "阿依古丽·买买提", number: "13811110001", born: "1990-05-06"},
	{why: "a foreigner", name: "Müller-Lüdenscheidt  Anna Maria O'Neil", phone: "+49 (151) 2345-6789", birth: "1988/2/29", kept: "Müller-Lüdenscheidt Anna Maria O'Neil", number: "+4915123456789", born: "1988-02-29"},
	{why: "a full-width keyboard", name: "王　小花", phone: "１３８１１１１０００３", birth: "２０００－０２－２９", kept: "王 小花", number: "13811110003", born: "2000-02-29"},
	{why: "country code and blanks", name: "𠮷田结衣", phone: "+86 138 1111 0004", birth: "2004年12月31日", kept: "𠮷田结衣", number: "13811110004", born: "2004-12-31"},
	{why: "a landline", name: "李奶奶", phone: "0571-88886666", birth: "19370101", kept: "李奶奶", number: "057188886666", born: "1937-01-01"},
	{why: "a formula", name: `=HYPERLINK("http://x","点这里")`, phone: "13811110006", birth: "1990-05-06", wrong: []string{"name"}},
	{why: "a full-width formula", name: "＝1+1", phone: "13811110006", birth: "1990-05-06", wrong: []string{"name"}},
	{why: "pictures alone", name: "🌸🌸", phone: "13811110006", birth: "1990-05-06", wrong: []string{"name"}},
	{why: "a phone as a name", name: "13811110006", phone: "13811110006", birth: "1990-05-06", wrong: []string{"name"}},
	{why: "no phone", name: "李静", phone: "", birth: "1990-05-06", wrong: []string{"phone"}},
	{why: "a digit too few", name: "李静", phone: "1381111000", birth: "1990-05-06", wrong: []string{"phone"}},
	{why: "no leap year", name: "李静", phone: "13811110006", birth: "2023-02-29", wrong: []string{"birth"}},
	{why: "a month's 31st", name: "李静", phone: "13811110006", birth: "1990-04-31", wrong: []string{"birth"}},
	{why: "tomorrow", name: "李静", phone: "13811110006", birth: "2026-03-03", wrong: []string{"birth"}},
	{why: "all at once", name: "<b>", phone: "abc", birth: "三月", wrong: []string{"name", "phone", "birth"}},
}

// marked requires that exactly these fields of the form are wrong and that what was typed is there.
func (k kind) marked(t *testing.T, a *uitest.Answer, fields ...string) {
	t.Helper()
	a.Want(http.StatusUnprocessableEntity)
	for _, f := range fields {
		says, is := strings.Contains(a.Body, `id="f-`+f+`-fault"`), slices.Contains(k.wrong, f)
		require.Equal(t, is, says, "%s: %s is marked", k.why, f)
	}
	for name, typed := range map[string]string{"name": k.name, "phone": k.phone} {
		if slices.Contains(fields, name) {
			a.Want(http.StatusUnprocessableEntity, strings.ReplaceAll(html.EscapeString(strings.TrimSpace(typed)), "+", "&#43;"))
		}
	}
	if slices.Contains(fields, "birth") && slices.Contains(k.wrong, "birth") {
		a.Want(http.StatusUnprocessableEntity, k.birth)
	}
}

// TestEverySortOfPerson types every sort of name, phone and birthday into the forms that take them.
func TestEverySortOfPerson(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	front, guest, owner := l.As("front"), l.AsGuest(), l.As("owner")
	l.imports(t)
	for n, k := range kinds {
		l.Clock.Forward(time.Minute) // the guests' door answers so many a minute
		good := len(k.wrong) == 0
		told, _ := telling(t, guest, "/hello", "name", k.name, "phone", k.phone, "birth", k.birth)
		if good {
			told.Want(http.StatusOK, "请到前台")
		} else {
			k.marked(t, told, "name", "phone", "birth")
		}
		if good || !slices.Equal(k.wrong, []string{"birth"}) { // they ask for no birthday
			wish := []string{"secret", wishing(t, guest, l.item.ID), "item", fmt.Sprint(l.item.ID), "name", k.name, "phone", k.phone}
			asked := guest.Post("/book", append(wish, "at", "2026-03-03@0")...)
			lead := front.Post("/reception/leads", "name", k.name, "phone", k.phone, "channel", "phone")
			if good {
				asked.Want(http.StatusOK, "已收到")
				lead.Want(http.StatusOK)
			} else {
				k.marked(t, asked, "name", "phone")
				k.marked(t, lead, "name", "phone")
			}
		}
		client := front.PostForm("/reception/clients/new", person("name", k.name, "phone", k.phone, "birth", k.birth, "id_kind", "", "id_checked", ""))
		if good {
			client.Want(http.StatusOK, "到店")
		} else {
			k.marked(t, client, "name", "phone", "birth")
		}
		staff := owner.Post("/admin/staff/new", "name", k.name, "login", fmt.Sprintf("p%02d", n), "roles", "reception")
		if slices.Contains(k.wrong, "name") {
			k.marked(t, staff, "name")
		}
	}
	files := map[string]store.Client{}
	require.NoError(t, l.App.DB.Read(t.Context(), func(r *store.Read) error {
		last, err := r.LastClient()
		for id := last; id > 0 && err == nil; id-- {
			var c store.Client
			c, err = r.Client(id)
			files[c.Name] = c
		}
		return err
	}))
	for _, k := range kinds {
		if k.kept == "" {
			continue
		}
		c := files[k.kept]
		require.Equal(t, []string{k.kept, k.number, k.born}, []string{c.Name, c.Phone, string(c.Birth)}, k.why)
	}
}

// imports brings all kinds as one table: the good rows would come in, the others are told apart.
func (l laser) imports(t *testing.T) {
	t.Helper()
	var table bytes.Buffer
	sheet := csv.NewWriter(&table)
	require.NoError(t, sheet.Write([]string{"姓名", "手机", "生日"}))
	good := 0
	for _, k := range kinds {
		require.NoError(t, sheet.Write([]string{k.name, k.phone, k.birth}))
		if len(k.wrong) == 0 {
			good++
		}
	}
	sheet.Flush()
	page := l.As("manager").PostFile("/exchange/imports", "file", table.Bytes()).Want(http.StatusOK, fmt.Sprintf("确认导入 %d 位", good))
	for n, k := range kinds {
		for _, f := range k.wrong {
			page.Want(http.StatusOK, fmt.Sprintf(`class="wrong" id="cell-%s%d"`, map[string]string{"name": "A", "phone": "B", "birth": "C"}[f], n+2))
		}
	}
}

// TestTwinsWithOnePhone: the desk is shown the file of that number and opens a second one with a
// reason; nothing typed is lost.
func TestTwinsWithOnePhone(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	front := l.As("front")
	twin := func(name string, more ...string) *uitest.Answer {
		return front.PostForm("/reception/clients/new", person(append([]string{"name", name, "phone", "１３８ 1111 0007", "birth", "2000-02-29", "id_kind", "", "id_checked", ""}, more...)...))
	}
	twin("陈一诺").Want(http.StatusOK)
	twin("陈一言").Want(http.StatusConflict, "陈一诺", `value="陈一言"`, `value="2000-02-29"`, `name="other"`)
	twin("陈一言", "other", "双胞胎，同一个号码").Want(http.StatusOK)
}

// TestTheEdgesOfTheCalendar: a day that does not exist is named, what else was typed stays.
func TestTheEdgesOfTheCalendar(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	booked, err := l.book(t, l.want(withFile(t, l.Site, "李静", "13800008817"), march(l.Site, 3, 10, 0)))
	require.NoError(t, err)
	front, path := l.As("front"), fmt.Sprintf("/reception/appointments/%d/move", booked.ID)
	for _, typed := range []string{"2026-02-29T10:00", "2026-04-31T10:00", "2026-03-31T24:01", "明天", "2026-03-31"} {
		front.Post(path, "start", typed, "note", "靠窗").Want(http.StatusUnprocessableEntity, "“"+typed+"”不是日历上的日期和时间", `value="靠窗"`)
	}
	front.Post(path, "start", "2026-03-31T23:59", "note", "靠窗").Want(http.StatusUnprocessableEntity, `value="2026-03-31T23:59"`, `value="靠窗"`)
	front.Post(path, "start", "２０２６－０３－０４T１０：３０", "minutes", "３０", "staff", fmt.Sprint(booked.Staff), "room", fmt.Sprint(booked.Room), "device", fmt.Sprint(booked.Device), "note", "靠窗").Want(http.StatusOK, "2026-03-04")
}

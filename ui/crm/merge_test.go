package crm_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest/day"
)

// apart are tables that a merge and its undoing may leave their own mark in: the trail, the
// records of the merge, counters that never go back, and figures, which are counted anew at once.
var apart = []string{"act_now", "acts", "act_changes", "act_seals", "client_merges", "client_moves", "counters", "sessions", "drafts", "login_attempts", "job_runs", "client_figures"}

// dump is every row of every other table, as SQL writes it.
func dump(d *day.Day) map[string][]string {
	d.T.Helper()
	require.NoError(d.T, d.App.DB.Flush(d.T.Context()))
	path := filepath.Join(d.T.TempDir(), "copy.db")
	out, err := os.Create(path)
	require.NoError(d.T, err)
	_, err = store.Dump(d.T.Context(), d.App.Options.Dir, out)
	require.NoError(d.T, err)
	require.NoError(d.T, out.Close())
	db, err := sql.Open("sqlite", path)
	require.NoError(d.T, err)
	defer func() { require.NoError(d.T, db.Close()) }()
	all := map[string][]string{}
	for _, table := range lines(d, db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'") {
		if slices.Contains(apart, table) {
			continue
		}
		columns := lines(d, db, "SELECT 'quote(' || name || ')' FROM pragma_table_info('"+table+"')")
		all[table] = lines(d, db, "SELECT "+strings.Join(columns, " || ',' || ")+" FROM "+table+" ORDER BY rowid")
	}
	return all
}

func lines(d *day.Day, db *sql.DB, query string) (list []string) {
	d.T.Helper()
	rows, err := db.QueryContext(d.T.Context(), query)
	require.NoError(d.T, err)
	defer func() { require.NoError(d.T, rows.Close()) }()
	for rows.Next() {
		var text string
		require.NoError(d.T, rows.Scan(&text))
		list = append(list, text)
	}
	require.NoError(d.T, rows.Err())
	return list
}

// twoFiles is a clinic where one person has two files: from was treated up to the payment, into
// was only opened, with a red word of its own and a no to messages in both.
func twoFiles(t *testing.T) (from, into *day.Day) {
	t.Helper()
	from = day.New(t).To(day.Paid)
	into = from.Beside("林婉秋", "13900008801").To(day.Filed)
	from.Write(func(tx *store.Tx) error {
		c, err := tx.Client(into.Client)
		require.NoError(t, err)
		c.Allergies, c.Address = []string{"利多卡因"}, ""
		require.NoError(t, tx.SaveClient(&c))
		c, err = tx.Client(from.Client)
		require.NoError(t, err)
		c.Allergies, c.Address = []string{"青霉素"}, "示例路 8 号"
		require.NoError(t, tx.SaveClient(&c))
		tag := store.Tag{Name: "怕疼"}
		require.NoError(t, tx.AddTag(&tag))
		require.NoError(t, tx.TagClient(from.Client, tag.ID, true))
		require.NoError(t, tx.TagClient(into.Client, tag.ID, true)) // nobody has a tag twice
		require.NoError(t, tx.AddContactChoice(&store.ContactChoice{Client: into.Client, Phone: "13900008801", Lang: "zh"}))
		require.NoError(t, tx.AddContactChoice(&store.ContactChoice{Client: from.Client, Phone: c.Phone, NoMarketing: true, Lang: "zh"}))
		other := store.Client{Name: "王小禾", Phone: "13700006601", Gender: "female", Birth: "1990-01-01", Source: "referral", Referrer: from.Client}
		return tx.AddClient(&other)
	})
	return from, into
}

func client(d *day.Day, id term.ClientID) (c store.Client) {
	d.T.Helper()
	d.Read(func(r *store.Read) (err error) { c, err = r.Client(id); return err })
	return c
}

// merging are the fields of the page that joins from into into.
func merging(from, into *day.Day, more ...string) []string {
	return append([]string{
		"from", fmt.Sprint(from.Client), "from_version", fmt.Sprint(client(from, from.Client).Version),
		"into_version", fmt.Sprint(client(from, into.Client).Version), "merge_reason", "同一人，换了手机号",
	}, more...)
}

func TestAMergeMovesEverythingAndIsTakenBackExactly(t *testing.T) {
	t.Parallel()
	from, into := twoFiles(t)
	page := fmt.Sprintf("/clients/%d/merge", into.Client)
	manager := from.As("manager")

	t.Run("only a manager, with a reason, on files as they stand", func(*testing.T) {
		from.As("front").Post(page, merging(from, into)...).Want(http.StatusForbidden)
		silent := merging(from, into, "take_address", "from")
		silent[7] = " "
		manager.Post(page, silent...).Want(http.StatusUnprocessableEntity, "请写明理由", `name="take_address" value="from" checked`)
		stale := merging(from, into)
		stale[3] = "77"
		manager.Post(page, stale...).Want(http.StatusConflict)
		manager.Post(page, "from", fmt.Sprint(into.Client), "into_version", "2", "from_version", "2", "merge_reason", "x").Want(http.StatusConflict, "同一份档案")
	})
	t.Run("two files side by side", func(*testing.T) {
		manager.Get(page+"?number=C19990101-001").Want(http.StatusOK, "没有会员号为")
		manager.Get(page+"?number="+client(from, from.Client).Number).Want(http.StatusOK, "林清禾", "林婉秋", "示例路 8 号", "订单").Not("13900008801")
	})
	before := dump(from)
	counted := store.Figures{R: 5, Stage: store.StageNew}
	from.Read(func(r *store.Read) error {
		was, err := r.FiguresOf(from.Client)
		counted.Spent = was.Spent
		counted.Visits = was.Visits
		into, err2 := r.FiguresOf(into.Client)
		require.NoError(t, err2)
		counted.Visits += into.Visits
		return err
	})
	require.Positive(t, counted.Spent)
	manager.Post(page, merging(from, into, "take_address", "from", "take_phone", "from")...).Want(http.StatusOK).At(fmt.Sprintf("/client/%d", into.Client))

	t.Run("nothing names the former file any more, but what both may have once", func(t *testing.T) {
		var left map[string]int
		from.Read(func(r *store.Read) (err error) { left, err = r.Standing(from.Client, term.Instant{}); return err })
		require.Equal(t, map[string]int{"client_consents": 3, "client_tags": 1, "contact_choices": 1}, left)
	})
	t.Run("points, visits, money and stage are counted at once, not by the night", func(t *testing.T) {
		from.Read(func(r *store.Read) error {
			figures, err := r.FiguresOf(into.Client)
			require.NoError(t, err)
			is := store.Figures{Visits: figures.Visits, Spent: figures.Spent, R: figures.R, Stage: figures.Stage}
			require.Equal(t, counted, is)
			gone, err := r.FiguresOf(from.Client)
			require.Zero(t, gone.Visits)
			have, err2 := r.PointsOf(into.Client)
			require.NoError(t, err2)
			require.EqualValues(t, counted.Spent/100, have)
			return err
		})
	})
	t.Run("red words are the union, data as chosen, a no to messages holds", func(t *testing.T) {
		c := client(from, into.Client)
		require.Equal(t, []string{"利多卡因", "青霉素"}, c.Allergies)
		require.Equal(t, "林婉秋", c.Name)
		require.Equal(t, "示例路 8 号", c.Address)
		from.Read(func(r *store.Read) error {
			choice, err := r.ContactChoice(into.Client)
			require.True(t, choice.NoMarketing)
			return err
		})
	})
	t.Run("visits, money, photos and papers open at the file that stayed", func(*testing.T) {
		file := fmt.Sprintf("/client/%d", into.Client)
		from.As("doctor").Get(file).Want(http.StatusOK, "利多卡因", "青霉素", "健康问卷", "照片")
		from.As("doctor").Get(file+"?show=talk").Want(http.StatusOK, "咨询记录", "面诊")
		from.As("cashier").Get(fmt.Sprintf("/till/%d", from.Order)).Want(http.StatusOK, "林婉秋")
		from.Read(func(r *store.Read) error {
			list, err := r.MediaList(store.MediaFilter{Client: into.Client})
			require.NotEmpty(from.T, list)
			from.As("doctor").Get(fmt.Sprintf("/media/%d/thumb", list[0].ID)).Want(http.StatusOK)
			return err
		})
	})
	t.Run("old links and the finder lead there", func(t *testing.T) {
		from.As("front").Get(fmt.Sprintf("/client/%d", from.Client)).Want(http.StatusOK).At(fmt.Sprintf("/client/%d", into.Client))
		from.As("front").Get(fmt.Sprintf("/reception/appointments/new?client=%d", from.Client)).Want(http.StatusOK, "林婉秋")
		for _, typed := range []string{"林清禾", client(from, from.Client).Number, "林婉秋"} {
			people := from.App.Engines.Find.Search(typed, 5)
			require.Len(t, people, 1, typed)
			require.Equal(t, into.Client, people[0].ID)
		}
	})
	var merge store.Merge
	from.Read(func(r *store.Read) (err error) { merge, err = r.MergeOf(from.Client); return err })
	path, reason := fmt.Sprintf("/clients/%d/split/%d", into.Client, merge.ID), fmt.Sprintf("split%d_reason", merge.ID)
	from.Clock.Forward(30*24*time.Hour - from.App.Now().Time().Sub(merge.At.Time()))
	t.Run("at the last moment of 30 days both files are as they were, to the byte", func(t *testing.T) {
		from.As("front").Post(path, reason, "弄错了").Want(http.StatusForbidden)
		from.As("manager").Post(path, reason, "").Want(http.StatusUnprocessableEntity, "请写明理由")
		for _, other := range []term.ClientID{from.Client, into.Client + 1, 0} { // a merge is undone from its own file
			from.As("manager").Post(fmt.Sprintf("/clients/%d/split/%d", other, merge.ID), reason, "弄错了").Want(http.StatusNotFound)
		}
		from.As("manager").Post(path, reason, "弄错了").Want(http.StatusOK)
		after := dump(from)
		for table, rows := range before {
			require.Equal(t, rows, after[table], table)
		}
		from.Read(func(r *store.Read) error {
			figures, err := r.FiguresOf(from.Client)
			require.Equal(t, counted.Spent, figures.Spent)
			return err
		})
		require.Len(t, from.App.Engines.Find.Search("林清禾", 5), 1)
		require.Equal(t, from.Client, from.App.Engines.Find.Search("林清禾", 5)[0].ID)
	})
	t.Run("once", func(*testing.T) {
		from.As("manager").Post(path, reason, "再来").Want(http.StatusConflict, "已经撤回")
	})
}

// TestWhatIsWrittenAfterAMerge stays with the file that stayed; what was changed goes back and is
// closed with its own keys again.
func TestWhatIsWrittenAfterAMerge(t *testing.T) {
	t.Parallel()
	from, into := twoFiles(t)
	from.As("manager").Post(fmt.Sprintf("/clients/%d/merge", into.Client), merging(from, into)...).Want(http.StatusOK)
	var bill store.Order
	from.Clock.Forward(time.Minute)
	from.As("manager").Get(fmt.Sprintf("/clients/%d/merge", into.Client)).Want(http.StatusOK, "没有新增和修改")
	from.Write(func(tx *store.Tx) error {
		v, err := tx.Visit(from.Visit)
		require.NoError(t, err)
		require.Equal(t, into.Client, v.Client)
		v.CloseReason = "先回家"
		require.NoError(t, tx.SaveVisit(&v))
		late := store.Lead{Name: "林婉秋", Phone: "13900008801", Channel: "phone", State: "open", Client: from.Client}
		require.NoError(t, tx.AddLead(&late))
		bill = store.Order{Client: into.Client, Visit: from.Visit, TotalFen: 100, State: term.OrderOpen}
		require.NoError(t, tx.AddOrder(&bill))
		wish := store.Message{Kind: "reminder", Channel: "person", Client: into.Client, Visit: from.Visit, Key: "since", Text: "请评价", State: "ready", SendAfter: tx.Now().String()}
		require.NoError(t, tx.AddMessage(&wish))
		require.Equal(t, into.Client, late.Client, "a page of before the merge writes into the file that stayed")
		c, err := tx.Client(into.Client)
		require.NoError(t, err)
		c.Allergies = append(c.Allergies, "花生")
		return tx.SaveClient(&c)
	})
	var merge store.Merge
	from.Read(func(r *store.Read) (err error) { merge, err = r.MergeOf(from.Client); return err })
	path, reason := fmt.Sprintf("/clients/%d/split/%d", into.Client, merge.ID), fmt.Sprintf("split%d_reason", merge.ID)
	from.As("manager").Get(fmt.Sprintf("/clients/%d/merge", into.Client)).Want(http.StatusOK, "并入后新增，留在", "线索 1", "并入后改过的资料", "过敏", "并入后改过，照改后", "就诊 1", "同一人，换了手机号")
	from.As("manager").Post(path, reason, "弄错了").Want(http.StatusOK)
	require.Equal(t, []string{"利多卡因", "青霉素", "花生"}, client(from, into.Client).Allergies, "what somebody wrote since is not lost")
	require.Equal(t, []string{"青霉素", "花生"}, client(from, from.Client).Allergies, "nobody knows any more of whom it was said")
	from.Read(func(r *store.Read) error {
		o, err := r.Order(bill.ID)
		require.Equal(t, from.Client, o.Client, "a bill is of the person whose visit it is")
		require.NoError(t, err)
		have, err := r.Standing(into.Client, merge.At.Add(time.Millisecond))
		require.Equal(t, map[string]int{"leads": 1}, have)
		return err
	})
	from.Write(func(tx *store.Tx) error {
		v, err := tx.Visit(from.Visit)
		require.NoError(t, err)
		require.Equal(t, "先回家", v.CloseReason)
		require.Equal(t, from.Client, v.Client)
		return tx.EraseKeys(into.Client)
	})
	from.Read(func(r *store.Read) error {
		v, err := r.Visit(from.Visit)
		list, failed := r.WaitingFor(from.Client)
		require.NoError(t, failed)
		require.Equal(t, "请评价", list[0].Text)
		require.Equal(t, "先回家", v.CloseReason, "each person is erased with her own keys")
		return err
	})
}

func TestAMergeIsRefused(t *testing.T) {
	t.Parallel()
	from, into := twoFiles(t)
	third := from.Beside("林三秋", "13900008803").To(day.Filed)
	manager := from.As("manager")
	t.Run("while both are in the house", func(*testing.T) {
		inside := from.Beside("林四秋", "13900008804").To(day.Arrived)
		manager.Post(fmt.Sprintf("/clients/%d/merge", inside.Client), merging(from, inside)...).Want(http.StatusConflict, "未结束的就诊", "REG-EMR-06")
	})
	manager.Post(fmt.Sprintf("/clients/%d/merge", into.Client), merging(from, into)...).Want(http.StatusOK)
	manager.Post(fmt.Sprintf("/clients/%d/merge", third.Client), merging(into, third)...).Want(http.StatusOK)
	var first, second store.Merge
	from.Read(func(r *store.Read) (err error) {
		if first, err = r.MergeOf(from.Client); err != nil {
			return err
		}
		second, err = r.MergeOf(into.Client)
		return err
	})
	split := func(m store.Merge) (string, string, string) {
		return fmt.Sprintf("/clients/%d/split/%d", m.Client, m.ID), fmt.Sprintf("split%d_reason", m.ID), "弄错了"
	}
	t.Run("the last is taken back first", func(*testing.T) {
		path, field, reason := split(first)
		manager.Post(path, field, reason).Want(http.StatusConflict, "撤回最后一次")
		from.As("front").Get(fmt.Sprintf("/client/%d", from.Client)).Want(http.StatusOK).At(fmt.Sprintf("/client/%d", third.Client))
	})
	t.Run("a moment after 30 days not at all", func(*testing.T) {
		path, field, reason := split(second)
		from.Clock.Forward(30*24*time.Hour + time.Millisecond)
		from.As("manager").Post(path, field, reason).Want(http.StatusConflict, "超过 30 天", "REG-EMR-06")
	})
}

package find_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/find"
	"meixu/store/term"
)

func sample() *find.Index {
	x := find.New()
	x.Fill([]find.Person{
		{ID: 1, Name: "张小敏", Phone: "13800138817", Number: "C20260301-001", Birth: "1990-01-01"},
		{ID: 2, Name: "单雄信", Phone: "13912345678", Number: "C20260301-002"},
		{ID: 3, Name: "张敏", Phone: "13700001111", Number: "C20260302-017"},
		{ID: 4, Name: "欧阳晓敏", Phone: "15800008817", Number: "C20260302-018"},
		{ID: 5, Name: "Anna Smith", Phone: "13611112222", Number: "C20260303-001"},
		{ID: 6, Name: "阿依古丽·买买提", Phone: "13899990002", Number: "C20260303-002", Former: "VIP-00765"},
		{ID: 8, Name: "Seán O'Brien-Müller", Phone: "13611113333", Number: "C20260303-011"},
		{ID: 7, Name: "林合并", Phone: "13899990003", Number: "C20260303-009", Into: 3},
	})
	return x
}

func ids(people []find.Person) (list []term.ClientID) {
	for _, p := range people {
		list = append(list, p.ID)
	}
	return list
}

func TestSearch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		says  string
		typed string
		want  []term.ClientID
	}{
		{"initials", "zxm", []term.ClientID{1}},
		{"initials in capitals and full width", "ＺＸＭ", []term.ClientID{1}},
		{"whole pinyin, unfinished", "zhangm", []term.ClientID{3}},
		{"a surname by its own reading", "shanxiong", []term.ClientID{2}},
		{"the same surname by the usual reading", "dxx", []term.ClientID{2}},
		{"phone tail finds both, newer file first", "8817", []term.ClientID{4, 1}},
		{"phone head", "1391", []term.ClientID{2}},
		{"two characters", "晓敏", []term.ClientID{4}},
		{"one character, beginnings before pieces", "张", []term.ClientID{3, 1}},
		{"whole name before longer ones", "张敏", []term.ClientID{3}},
		{"member number tail", "017", []term.ClientID{3}},
		{"member number with its letter", "C20260302-018", []term.ClientID{4}},
		{"a foreign name", "anna", []term.ClientID{5}},
		{"its family name", "smith", []term.ClientID{5}},
		{"its initials, as a doctor writes them", "AS", []term.ClientID{5}},
		{"without its accents", "sean", []term.ClientID{8}},
		{"with them", "Seán O’B", []term.ClientID{8}},
		{"a name behind an apostrophe", "obrien", []term.ClientID{8}},
		{"the last of several", "muller", []term.ClientID{8}},
		{"initials of three", "som", []term.ClientID{8}},
		{"a name with a point, without it", "阿依古丽", []term.ClientID{6}},
		{"the second part of such a name", "买买提", []term.ClientID{6}},
		{"its initials", "aygl", []term.ClientID{6}},
		{"the number of the system before", "vip-00765", []term.ClientID{6}},
		{"its digits", "00765", []term.ClientID{6}},
		{"a merged file by its name, number and phone leads to the one that stayed", "林合并", []term.ClientID{3}},
		{"by its number", "C20260303-009", []term.ClientID{3}},
		{"by its phone", "9990003", []term.ClientID{3}},
		{"nothing typed", "  ", nil},
		{"nobody", "qqq", nil},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, ids(sample().Search(c.typed, 10)))
		})
	}
}

func TestPutReplacesAndTakeRemoves(t *testing.T) {
	t.Parallel()
	x := sample()
	x.Put(find.Person{ID: 1, Name: "李小敏", Phone: "13800139999", Number: "C20260301-001"})
	require.Empty(t, x.Search("zxm", 10))
	require.Equal(t, []term.ClientID{1}, ids(x.Search("lxm", 10)))
	require.Equal(t, []term.ClientID{1}, ids(x.Search("9999", 10)))
	require.Equal(t, []term.ClientID{4}, ids(x.Search("8817", 10)))
	x.Take(1)
	require.Empty(t, x.Search("lxm", 10))
	require.Equal(t, 7, x.Len())
}

// TestWhoIsHereIsFoundInACrowd: after the files of an older system came in, whoever sits in the waiting
// room stands first among people who match equally well, and newer files come before older ones.
func TestWhoIsHereIsFoundInACrowd(t *testing.T) {
	t.Parallel()
	x := find.New()
	people := []find.Person{{ID: 1, Name: "周小曼", Phone: "13800138817"}}
	for i := range 500 {
		people = append(people, find.Person{ID: term.ClientID(i + 2), Name: "张欣明", Phone: fmt.Sprintf("1390000%04d", i), Number: fmt.Sprintf("C20261124-%d", i)})
	}
	x.Fill(people)
	require.Equal(t, []term.ClientID{501, 500}, ids(x.Search("zxm", 2)))
	require.Equal(t, []term.ClientID{1, 501}, ids(x.Search("zxm", 2, 1, 999)))
	require.Equal(t, term.ClientID(1), x.Search("z", 2, 1)[0].ID)
	require.Equal(t, []term.ClientID{7, 501}, ids(x.Search("张欣", 2, 1, 7)))
	for _, c := range []struct {
		typed string
		one   term.ClientID
	}{{"zhouxiao", 1}, {"8817", 1}, {"138", 1}, {"小曼", 1}, {"C20261124-6", 8}} {
		require.Equal(t, c.one, x.Search(c.typed, 2, 8, 1)[0].ID, c.typed)
	}
}

// crowd makes people with Chinese names, many of them alike.
func crowd(n int) []find.Person {
	const family, given = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗", "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂"
	f, g := []rune(family), []rune(given)
	people := make([]find.Person, n)
	for i := range people {
		people[i] = find.Person{
			ID:    term.ClientID(i + 1),
			Name:  string([]rune{f[i%len(f)], g[i/7%len(g)], g[i/131%len(g)]}),
			Phone: fmt.Sprintf("138%08d", i*7919%100_000_000), Number: fmt.Sprintf("C2026%04d-%03d", i/900, i%900),
		}
	}
	return people
}

// BenchmarkSearch looks among 200,000 people by the three kinds of key (speed.md).
func BenchmarkSearch(b *testing.B) {
	x := find.New()
	x.Fill(crowd(200_000))
	for _, typed := range []string{"敏静", "zxm", "8817", "张"} {
		b.Run(typed, func(b *testing.B) {
			for b.Loop() {
				x.Search(typed, 10)
			}
		})
	}
}

func BenchmarkFill(b *testing.B) {
	people := crowd(200_000)
	for b.Loop() {
		find.New().Fill(people)
	}
}

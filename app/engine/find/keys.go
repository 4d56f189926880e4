package find

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"

	"meixu/store/term"
)

// surnames are those whose reading as a surname differs from the usual one; both are filed,
// because staff type either.
var surnames = map[string]string{
	"单": "shan", "仇": "qiu", "解": "xie", "曾": "zeng", "任": "ren", "区": "ou", "查": "zha", "朴": "piao",
	"盖": "ge", "尉迟": "yuchi", "万俟": "moqi", "华": "hua", "黑": "he", "缪": "miao", "员": "yun", "折": "she",
	"乐": "yue", "翟": "zhai", "覃": "qin", "洗": "xian", "种": "chong", "召": "shao", "繁": "po", "秘": "bi",
	"长孙": "zhangsun", "令狐": "linghu", "澹台": "tantai",
}

// fold brings typed text and stored text to one form: lower case, half width, no blanks.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			r -= 0xFEE0
		case r == '　' || unicode.IsSpace(r) || r == '-' || r == '·' || r == '\'':
			return -1
		}
		return unicode.ToLower(r)
	}, text)
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

func hasDigit(text string) bool { return strings.IndexFunc(text, unicode.IsDigit) >= 0 }

func reverse(text string) string {
	b := []byte(text)
	slices.Reverse(b)
	return string(b)
}

func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// readings are the ways a name is typed in letters: whole pinyin and initials, for the usual
// reading and for the surname's own.
func readings(name string) []string {
	folded := fold(name)
	if strings.IndexFunc(folded, isHan) < 0 {
		return []string{folded}
	}
	args := pinyin.NewArgs()
	args.Fallback = func(r rune, _ pinyin.Args) []string { return []string{string(r)} }
	var syllables []string
	for _, s := range pinyin.Pinyin(folded, args) {
		if len(s) > 0 {
			syllables = append(syllables, s[0])
		}
	}
	all := spell(syllables)
	for surname, reading := range surnames {
		if rest, ok := strings.CutPrefix(folded, surname); ok && rest != "" {
			n := len([]rune(surname))
			if n <= len(syllables) {
				all = append(all, spell(append([]string{reading}, syllables[n:]...))...)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// spell gives the whole spelling and the initials of syllables.
func spell(syllables []string) []string {
	var whole, initials strings.Builder
	for _, s := range syllables {
		whole.WriteString(s)
		if s != "" {
			initials.WriteByte(s[0])
		}
	}
	return []string{whole.String(), initials.String()}
}

func keysOf(p Person) keys {
	k := keys{name: fold(p.Name), pinyin: readings(p.Name)}
	if phone := digitsOf(p.Phone); phone != "" {
		k.tail, k.head = []string{reverse(phone)}, []string{phone}
	}
	if number := digitsOf(p.Number); number != "" {
		k.number = []string{reverse(number)}
	}
	return k
}

// sorted is a list of (key, person) in the order of keys, searched by beginnings.
type sorted struct{ list []entry }

type entry struct {
	key string
	id  term.ClientID
}

func compare(a, b entry) int {
	if c := strings.Compare(a.key, b.key); c != 0 {
		return c
	}
	return int(a.id - b.id)
}

func (s *sorted) append(id term.ClientID, keys []string) {
	for _, k := range keys {
		s.list = append(s.list, entry{k, id})
	}
}

func (s *sorted) sort() { slices.SortFunc(s.list, compare) }

func (s *sorted) insert(id term.ClientID, keys []string) {
	for _, k := range keys {
		e := entry{k, id}
		at, there := slices.BinarySearchFunc(s.list, e, compare)
		if !there {
			s.list = slices.Insert(s.list, at, e)
		}
	}
}

func (s *sorted) remove(id term.ClientID, keys []string) {
	for _, k := range keys {
		if at, there := slices.BinarySearchFunc(s.list, entry{k, id}, compare); there {
			s.list = slices.Delete(s.list, at, at+1)
		}
	}
}

// prefix lists the people of the first limit keys that begin with q.
func (s *sorted) prefix(q string, limit int) []term.ClientID {
	if q == "" {
		return nil
	}
	at, _ := slices.BinarySearchFunc(s.list, entry{key: q}, compare)
	var ids []term.ClientID
	for ; at < len(s.list) && len(ids) < limit && strings.HasPrefix(s.list[at].key, q); at++ {
		ids = append(ids, s.list[at].id)
	}
	return ids
}

// Spelt says that a name is written, in letters, with what was typed at its beginning or
// inside its initials; for small lists such as the catalogue.
func Spelt(name, typed string) bool {
	q := fold(typed)
	if q == "" {
		return true
	}
	for _, spelt := range readings(name) {
		if strings.Contains(spelt, q) {
			return true
		}
	}
	return false
}

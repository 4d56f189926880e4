package find

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"

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
		case r == '　' || unicode.IsSpace(r) || strings.ContainsRune(joints, r):
			return -1
		case r >= 'À' && r < 'ɐ' || r >= 'Ḁ' && r <= 'ỿ':
			r = unaccented(r)
		}
		return unicode.ToLower(r)
	}, text)
}

// joints stand between the parts of a name, and nobody types them.
const joints = "-·•・‧.'’"

// unaccented is the letter below the accents: Müller and Seán are typed as muller and sean.
func unaccented(r rune) rune {
	if plain, ok := barred[r]; ok {
		return plain
	}
	if d := norm.NFD.PropertiesString(string(r)).Decomposition(); len(d) > 0 && d[0] < utf8.RuneSelf {
		return rune(d[0])
	}
	return r
}

// barred are letters that are no letter with an accent to Unicode, but are typed like one.
var barred = map[rune]rune{'Ø': 'o', 'ø': 'o', 'Ł': 'l', 'ł': 'l', 'Đ': 'd', 'đ': 'd', 'ß': 's', 'Æ': 'a', 'æ': 'a', 'ı': 'i'}

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
		return latin(name, folded)
	}
	runes := []rune(folded)
	spelt := make([]string, len(runes))
	for i, r := range runes {
		spelt[i] = syllable(r)
	}
	all := spell(spelt)
	for n := 1; n <= 2 && n < len(runes); n++ {
		if reading, ok := surnames[string(runes[:n])]; ok {
			all = append(all, spell(append([]string{reading}, spelt[n:]...))...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// latin are the ways a name in letters is typed: whole, from each of its words on, and by initials,
// because nobody at a desk knows which part of a foreign name is the family's.
func latin(name, folded string) []string {
	words := strings.FieldsFunc(name, func(r rune) bool {
		return unicode.IsSpace(r) || r != '\'' && r != '’' && strings.ContainsRune(joints, r)
	})
	if len(words) < 2 {
		return some(folded)
	}
	keys, initials := []string{folded}, ""
	for i, word := range words {
		if word = fold(word); word != "" {
			keys, initials = append(keys, fold(strings.Join(words[i:], ""))), initials+word[:1]
		}
	}
	keys = append(keys, initials)
	slices.Sort(keys)
	return slices.Compact(keys)
}

// syllable is the usual reading of a character; other signs stand for themselves. Names use
// a few hundred characters, and asking the dictionary is slow: each is asked once.
func syllable(r rune) string {
	if known, ok := syllables.Load(r); ok {
		return known.(string)
	}
	reading := string(r)
	if list := pinyin.SinglePinyin(r, spelling); len(list) > 0 {
		reading = list[0]
	}
	syllables.Store(r, reading)
	return reading
}

var (
	spelling  = pinyin.NewArgs()
	syllables sync.Map // rune -> string, at most one entry a character of the script
)

// spell gives the whole spelling and the initials of syllables.
func spell(parts []string) []string {
	initials := make([]byte, 0, len(parts))
	for _, s := range parts {
		initials = append(initials, s[0])
	}
	return []string{strings.Join(parts, ""), string(initials)}
}

// some is the list of one key, or of none when it is empty.
func some(key string) []string {
	if key == "" {
		return nil
	}
	return []string{key}
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

// headed is an entry beside the first eight bytes of its key as a number of the same order: most
// comparisons of a sort need no look at the text, which lies elsewhere in memory.
type headed struct {
	head uint64
	entry
}

func head(key string) uint64 {
	var first [8]byte
	copy(first[:], key)
	return binary.BigEndian.Uint64(first[:])
}

func compareHeaded(a, b headed) int {
	if c := cmp.Compare(a.head, b.head); c != 0 {
		return c
	}
	return compare(a.entry, b.entry)
}

// fill adds many people at once.
func (s *sorted) fill(people []Person, keys func(Person) []string) {
	list := make([]headed, 0, len(s.list)+2*len(people)) // most names have two readings, most numbers one
	for _, e := range s.list {
		list = append(list, headed{head(e.key), e})
	}
	for _, p := range people {
		for _, key := range keys(p) {
			list = append(list, headed{head(key), entry{key, p.ID}})
		}
	}
	slices.SortFunc(list, compareHeaded)
	s.list = slices.Grow(s.list[:0], len(list))
	for _, e := range list {
		s.list = append(s.list, e.entry)
	}
}

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

// prefix lists the people of the first limit keys that begin with q, whole matches first.
func (s *sorted) prefix(q string, limit int) []hit {
	if q == "" {
		return nil
	}
	at, _ := slices.BinarySearchFunc(s.list, entry{key: q}, compare)
	if end, _ := slices.BinarySearchFunc(s.list, entry{key: q + "\x00"}, compare); end-at > limit {
		at = end - limit // of a crowd with one key the newest files
	}
	var hits []hit
	for ; at < len(s.list) && len(hits) < limit && strings.HasPrefix(s.list[at].key, q); at++ {
		hits = append(hits, hit{s.list[at].id, match(s.list[at].key, q)})
	}
	return hits
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

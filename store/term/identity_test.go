package term_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store/term"
)

func TestPhones(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"138 0000 8817": "13800008817", "138-0000-8817": "13800008817", "+86 13800008817": "13800008817", "0086 138 0000 8817": "13800008817",
		"\uff11\uff13\uff18\uff10\uff10\uff10\uff10\uff18\uff18\uff11\uff17": "13800008817",
		"+1 (415) 555-0100": "+14155550100", "0571-88886666": "057188886666", "010 6552 9988": "01065529988",
	} {
		require.Equal(t, want, term.NormalPhone(typed), typed)
		require.True(t, term.GoodPhone(want), typed)
	}
	for _, bad := range []string{
		"", "123", "23800008817", "1380000881", "138000088171", "88886666", "138000O8817", "my phone 13800008817", "12800008817", "+12",
	} {
		require.False(t, term.GoodPhone(term.NormalPhone(bad)), bad)
	}
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	const born, woman = term.Day("1990-05-06"), "110101199005060028"
	for _, c := range []struct {
		why, kind, typed, sex string
		birth                 term.Day
		want                  term.IdentityFault
	}{
		{"a card of hers", term.DocumentIDCard, "110101 19900506 0028", "female", born, ""},
		{"sex not stated", term.DocumentIDCard, woman, "unstated", born, ""},
		{"nothing to compare with", term.DocumentIDCard, "11010519491231002x", "", "", ""},
		{"a wrong check digit", term.DocumentIDCard, "110101199005060029", "female", born, term.IdentityBad},
		{"15 places of old", term.DocumentIDCard, "110101900506002", "female", born, term.IdentityBad},
		{"a month 13", term.DocumentIDCard, "11010519491331002X", "", "", term.IdentityBad},
		{"another birth day", term.DocumentIDCard, woman, "female", "1990-05-07", term.IdentityBirth},
		{"a man's card", term.DocumentIDCard, "110101199005060036", "female", born, term.IdentitySex},
		{"a woman's card", term.DocumentIDCard, woman, "male", born, term.IdentitySex},
		{"a passport", term.DocumentPassport, "e12345678", "female", born, ""},
		{"no passport", term.DocumentPassport, "E1#", "female", born, term.IdentityBad},
		{"a permit of Hong Kong", term.DocumentHKMT, "H12345678", "female", born, ""},
		{"a permit with its count of issues", term.DocumentHKMT, "M1234567801", "female", born, ""},
		{"a permit of Taiwan", term.DocumentHKMT, "12345678", "female", born, ""},
		{"no permit", term.DocumentHKMT, "X12345678", "female", born, term.IdentityBad},
		{"a residence permit", term.DocumentHKMT, "810000199005060021", "female", born, ""},
		{"a residence permit of another birth day", term.DocumentHKMT, "810000199005060021", "female", "1990-05-07", term.IdentityBirth},
		{"a mainland card as a permit", term.DocumentHKMT, woman, "female", born, term.IdentityBad},
		{"a foreign resident's card of old", term.DocumentForeign, "USA123456789012", "female", born, ""},
		{"a foreign resident's card", term.DocumentForeign, "941101199005060023", "female", born, ""},
		{"no foreign resident's card", term.DocumentForeign, woman, "female", born, term.IdentityBad},
		{"a document of unknown kind", "", "E12345678", "", "", ""},
		{"a wrong card of unknown kind", "", "110101199005060029", "", "", term.IdentityBad},
		{"nonsense", "", "?", "", "", term.IdentityBad},
	} {
		require.Equal(t, c.want, term.CheckDocument(c.kind, term.NormalDocument(c.typed), c.birth, c.sex), c.why)
	}
}

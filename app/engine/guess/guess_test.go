package guess_test

import (
	_ "embed"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/guess"
)

//go:embed testdata/known.txt
var knownText string

//go:embed testdata/sensible.txt
var sensibleText string

// house is whose passwords these are.
var house = guess.Own{Clinic: "美序医疗美容诊所", Login: "linchen", Name: "陈静怡"}

// TestKnownPasswordsAreRefused: passwords that stand in lists of what was really used, written down
// without looking at the stems.
func TestKnownPasswordsAreRefused(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSpace(knownText), "\n")
	require.Greater(t, len(lines), 150)
	var passed []string
	for _, line := range lines {
		if guess.Why(line, guess.Own{}) == guess.Fine {
			passed = append(passed, line)
		}
	}
	require.Empty(t, passed)
}

// variants are how people make a password of a word.
func variants(stem string) (all []string) {
	leet := strings.NewReplacer("a", "@", "o", "0", "e", "3", "i", "1", "s", "$")
	for _, word := range []string{stem, strings.ToUpper(stem[:1]) + stem[1:], strings.ToUpper(stem), leet.Replace(stem), stem + stem} {
		for _, tail := range []string{"", "1", "!", "123", "123456", "2024", "2026!", "520", "1314", "888", "@123", "#2025", "19900101", "13800138000"} {
			all = append(all, word+tail, tail+word)
		}
		all = append(all, "1"+word+"1", "..."+word+"...")
	}
	return append(all, "abc"+stem, "abc123"+stem, stem+"abc", stem+"123abc")
}

// TestMoreThanThreeThousandCommonPasswordsAreRefused is what ASVS 6.2.4 asks: of the stems alone
// come many times three thousand passwords of ten and more characters, and none of them passes.
func TestMoreThanThreeThousandCommonPasswordsAreRefused(t *testing.T) {
	t.Parallel()
	refused, kinds := map[string]bool{}, map[guess.Kind]int{}
	for n, stem := range guess.Stems() {
		if n%6 != 0 {
			continue // all of them take two seconds more
		}
		for _, password := range variants(stem) {
			if utf8.RuneCountInString(password) < 10 || refused[password] {
				continue
			}
			kind := guess.Why(password, guess.Own{})
			require.NotEqual(t, guess.Fine, kind, password)
			refused[password] = true
			kinds[kind]++
		}
	}
	require.Greater(t, len(refused), 3000)
	t.Logf("%d stems, %d passwords of ten and more characters refused: %v", len(guess.Stems()), len(refused), kinds)
}

// TestSensiblePassphrasesPass: whoever takes words that have nothing to do with each other is let
// in, in either language; and so are passwords of a machine.
func TestSensiblePassphrasesPass(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSpace(sensibleText), "\n")
	require.GreaterOrEqual(t, len(lines), 50)
	for _, line := range lines {
		require.GreaterOrEqual(t, utf8.RuneCountInString(line), 10, line)
		require.Equal(t, guess.Fine, guess.Why(line, house), line)
	}
}

func TestWhy(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]guess.Kind{
		"P@ssw0rd2024": guess.Common, "Woaini!1314520": guess.Common, "zhangweili88": guess.Common, "5unsh1ne!!!!": guess.Common,
		"meixu20242024": guess.Clinic, "美序诊所2024!!!": guess.Clinic, "MeiXu@888888": guess.Clinic, "meixuyiyuan1": guess.Clinic,
		"linchen12345": guess.Login, "!!LinChen!!!": guess.Login, "xlinchen99ab": guess.Login,
		"chenjingyi88": guess.Name, "jingyi_chen1": guess.Name, "陈静怡陈静怡123456": guess.Name, "ChenJingYi!!": guess.Name,
		"qwertyuiop[]": guess.Walk, "][poiuytrewq": guess.Walk, "1qaz@WSX3edc": guess.Walk, "asdfghjkl2024": guess.Walk, "qqwweerrttyy": guess.Walk,
		"1234567890": guess.Digits, "9876543210": guess.Digits, "11223344556": guess.Digits, "a1234567890": guess.Digits, "5201314520": guess.Digits,
		"1990-03-07": guess.Date, "19900307ly": guess.Date, "1990年3月7日!!": guess.Fine, "07/03/1990": guess.Date,
		"13812345679": guess.Number, "qq13812345679": guess.Number, "110101199003071234": guess.Number, "021-62345678": guess.Number,
		"abcdabcdabcd": guess.Repeat, "xk9xk9xk9xk9": guess.Repeat, "zzzzzzzzzzzz": guess.Repeat, "春天春天春天春天春天": guess.Repeat,
		"8305927164":         guess.Fine, // ten digits without any order
		"k7#mQx92pLv!":       guess.Fine,
		"chenjing likes tea": guess.Fine,
	} {
		require.Equal(t, want, guess.Why(password, house), password)
	}
}

package guess

import "strings"

// keyRows are the keys of a keyboard from left to right, and how far each row stands to the
// right, in keys.
var keyRows = []struct {
	keys  string
	shift float64
}{{"1234567890-=", 0}, {`qwertyuiop[]\`, 0.5}, {"asdfghjkl;'", 0.75}, {"zxcvbnm,./", 1.25}}

// unshifted are the signs that the keys give together with shift.
var unshifted = strings.NewReplacer(
	"!", "1", "@", "2", "#", "3", "$", "4", "%", "5", "^", "6", "&", "7", "*", "8", "(", "9", ")", "0", "_", "-", "+", "=",
	"{", "[", "}", "]", "|", `\`, ":", ";", `"`, "'", "<", ",", ">", ".", "?", "/",
)

type key struct{ row, x float64 }

// keys are where each key lies.
var keys = func() map[byte]key {
	at := map[byte]key{}
	for row, line := range keyRows {
		for i := range len(line.keys) {
			at[line.keys[i]] = key{float64(row), float64(i) + line.shift}
		}
	}
	return at
}()

// stepShortest is how many keys beside one another are a walk and no accident.
const stepShortest = 3

// walks says that a text of four and more signs is nothing but walks from key to key: qwertyuiop,
// 1qaz2wsx, poiuy, asdasdasd. Keys hit more than once count once.
func walks(text string) bool {
	text = single(unshifted.Replace(text))
	if len(text) < 4 {
		return false
	}
	steps := 1
	for i := 1; i <= len(text); i++ {
		if i < len(text) && beside(text[i-1], text[i]) {
			steps++
			continue
		}
		if steps < stepShortest {
			return false
		}
		steps = 1
	}
	return true
}

func beside(a, b byte) bool {
	from, ok := keys[a]
	to, known := keys[b]
	if !ok || !known {
		return false
	}
	rows, far := from.row-to.row, from.x-to.x
	if rows == 0 {
		return far == 1 || far == -1
	}
	return rows >= -1 && rows <= 1 && far <= 1 && far >= -1
}

package seal

import (
	"crypto/rand"
	"crypto/subtle"
	"math/big"
	"strings"

	"golang.org/x/crypto/argon2"
)

// The questions after the printed sheet: two of its nine groups each, never the last one, which
// holds the check characters. Whoever breaks both by trying knows half of the 160 bits: what is
// left, behind the slow key of the whole code, nobody tries out.
const (
	questions    = 2
	questionCost = 4 * 1024 // KiB; the groups are worth trying out to nobody
	groupsAsked  = 8
	groupSize    = 4
)

// Groups are two groups of the printed code, counted from 1.
type Groups [2]int

type question struct {
	Groups Groups `json:"groups"`
	Salt   []byte `json:"salt"`
	Hash   []byte `json:"hash"`
}

// ask makes the questions of a code.
func ask(code string) (all []question) {
	groups := strings.Split(code, "-")
	left := make([]int, groupsAsked)
	for i := range left {
		left[i] = i
	}
	for range questions {
		var q question
		for i := range q.Groups {
			n, err := rand.Int(rand.Reader, big.NewInt(int64(len(left))))
			if err != nil {
				panic("seal: no randomness") // crypto/rand never fails
			}
			at := int(n.Int64())
			q.Groups[i] = left[at] + 1
			left = append(left[:at], left[at+1:]...)
		}
		if q.Groups[0] > q.Groups[1] {
			q.Groups[0], q.Groups[1] = q.Groups[1], q.Groups[0]
		}
		q.Salt = Random(16)
		q.Hash = q.hash(groups[q.Groups[0]-1], groups[q.Groups[1]-1])
		all = append(all, q)
	}
	return all
}

func (q question) hash(first, second string) []byte {
	return argon2.IDKey([]byte(first+"-"+second), q.Salt, 1, questionCost, 1, KeySize)
}

// Question is the n-th question after the printed sheet; they come in turn. ok is false for a
// recovery file of before, which asks none.
func (r Recovery) Question(n int) (groups Groups, ok bool) {
	if len(r.Questions) == 0 {
		return Groups{}, false
	}
	return r.Questions[n%len(r.Questions)].Groups, true
}

// Answer checks the two groups of the n-th question: ErrTyped when they are none, ErrCode when
// they are not those of the sheet.
func (r Recovery) Answer(n int, first, second string) error {
	if len(r.Questions) == 0 {
		return ErrCode
	}
	first, second = typed(first), typed(second)
	if len(first) != groupSize || len(second) != groupSize {
		return ErrTyped
	}
	q := r.Questions[n%len(r.Questions)]
	if subtle.ConstantTimeCompare(q.hash(first, second), q.Hash) != 1 {
		return ErrCode
	}
	return nil
}

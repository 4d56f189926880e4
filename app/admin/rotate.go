package admin

import (
	"bytes"
	"errors"
	"maps"
	"time"

	"meixu/store"
	"meixu/store/term"
)

// tokenGrace is how long a token opens after the browser came with the one in its place: for what
// was under way meanwhile in another tab.
const tokenGrace = 10 * time.Second

// turnedMost bounds how many turned tokens are remembered.
const turnedMost = 1000

// turned says which token took the place of another one. Until a browser came with the new one the
// old one opens, because the answer that carried it may have been lost on the way.
type turned struct {
	to   string       // hash of the token in its place
	dies term.Instant // zero until somebody came with that
}

// sessionOf reads the living session of a token, also of one whose place was taken just now.
func (o *Office) sessionOf(r *store.Read, token string) (store.Session, error) {
	hash := hashToken(token)
	s, err := r.SessionByToken(hash)
	if err == nil {
		o.arrived(hash, r.Now())
		return s, nil
	}
	if to, ok := o.inPlaceOf(hash, r.Now()); ok && errors.Is(err, store.ErrNotFound) {
		return r.SessionByToken(to)
	}
	return s, err
}

// shows says that the token is the session's own, and not one whose place was taken.
func shows(s store.Session, token string) bool { return bytes.Equal(s.TokenHash, hashToken(token)) }

// turn gives the session a new token in the place of the one that was shown; "" when a browser came
// with the one in its place already, because another tab was faster. What was proved under a token
// that nobody came with is forgotten: whoever shows the one before has not proved it.
func (o *Office) turn(s *store.Session, shown string, now term.Instant) (token string) {
	if !shows(*s, shown) {
		if !o.lost(hashToken(shown)) {
			return ""
		}
		s.ProvedAt, s.PasswordAt = term.Instant{}, term.Instant{}
	}
	old := string(s.TokenHash)
	token, s.TokenHash = newToken()
	o.mu.Lock()
	defer o.mu.Unlock()
	maps.DeleteFunc(o.turned, func(_ string, t turned) bool { return !t.dies.IsZero() && !now.Before(t.dies) })
	if o.turned == nil || len(o.turned) >= turnedMost {
		o.turned, o.fresh = map[string]turned{}, map[string]string{}
	}
	o.turned[old] = turned{to: string(s.TokenHash)}
	o.fresh[string(s.TokenHash)] = old
	return token
}

// proven notes in the session what was typed just now, and turns its token.
func (o *Office) proven(s *store.Session, in Proof, now term.Instant) (token string) {
	token = o.turn(s, in.Token, now)
	noteProof(s, now, in.Password)
	return token
}

// lost says that nobody came with any of the tokens in the place of this one yet.
func (o *Office) lost(hash []byte) bool {
	_, dies := o.newest(hash)
	return dies.IsZero()
}

// arrived begins the end of the token before this one.
func (o *Office) arrived(hash []byte, now term.Instant) {
	o.mu.Lock()
	defer o.mu.Unlock()
	old, fresh := o.fresh[string(hash)]
	if !fresh {
		return
	}
	delete(o.fresh, string(hash))
	if t, was := o.turned[old]; was {
		t.dies = now.Add(tokenGrace)
		o.turned[old] = t
	}
}

// inPlaceOf is the hash of the token that took the place of another one, while that still opens.
func (o *Office) inPlaceOf(hash []byte, now term.Instant) (to []byte, ok bool) {
	to, dies := o.newest(hash)
	return to, !bytes.Equal(to, hash) && (dies.IsZero() || now.Before(dies))
}

// newest follows a token to the one that is in its place by now, and says when the first on the way
// opens nothing any more: zero as long as nobody came with a later one.
func (o *Office) newest(hash []byte) (to []byte, dies term.Instant) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for range turnedMost {
		t, was := o.turned[string(hash)]
		if !was {
			break
		}
		if dies.IsZero() || !t.dies.IsZero() && t.dies.Before(dies) {
			dies = t.dies
		}
		hash = []byte(t.to)
	}
	return hash, dies
}

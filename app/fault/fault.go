// Package fault gives every refusal one shape: a kind (which the web turns into a status),
// a catalogue key with arguments (which the page prints in the reader's language), the rule
// that refused, who can help and where. Causes are kept for the log and never shown.
package fault

import (
	"errors"
	"fmt"
	"strings"

	"meixu/app/access"
	"meixu/app/words"
)

// Kind is the sort of a fault.
type Kind int

// The kinds, with the HTTP status that the web gives them.
const (
	KindInternal  Kind = iota // 500: our defect; the page shows only the request id
	KindInvalid               // 422: fields are wrong, all of them are listed
	KindNotFound              // 404
	KindForbidden             // 403: the role may not
	KindStale                 // 409: someone changed the record meanwhile
	KindConflict              // 409: breaks uniqueness, e.g. a second open visit
	KindRefused               // 409: a gate of the SOP or the law said no
	KindBusy                  // 503: try again
	KindMalformed             // 400: not a post of a form of this house
)

// Error is a fault to be shown to a person.
type Error struct {
	Kind   Kind
	Key    string // words key of the sentence: what and why
	Args   []any
	Rule   string // "REG-CON-03" or "S4-08"; always set for Refused
	Who    string // access role that can help; "" when the reader can
	Fields Fields
	Where  string // path where it can be mended; may be ""
	Cause  error  // for the log only
}

// Error is the text for logs and tests: kind of refusal, rule and key, never user content.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Key)
	if e.Rule != "" {
		b.WriteString(" [" + e.Rule + "]")
	}
	for _, f := range e.Fields {
		b.WriteString(" " + f.Name + ":" + f.Key)
	}
	if e.Cause != nil {
		b.WriteString(": " + e.Cause.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Sentence prints what and why, without rule and helper.
func (e *Error) Sentence(lang words.Lang) string { return lang.T(e.Key, translated(lang, e.Args)...) }

// Basis is the rule as people are told of it: a regulation or a step of the SOP. The numbers of the
// house's own plan say nothing to anybody who works here.
func (e *Error) Basis() string { return Basis(e.Rule) }

// Basis is a rule as people are told of it, "" for a number of the house's own plan.
func Basis(rule string) string {
	if strings.HasPrefix(rule, "row:") || strings.HasPrefix(rule, "rulings-") {
		return ""
	}
	return rule
}

// Say prints the sentence in the language, with the rule and who can help.
func (e *Error) Say(lang words.Lang) string {
	text := e.Sentence(lang)
	if e.Who != "" {
		if !strings.ContainsAny(text[max(0, len(text)-len("。")):], "。！？.!?") {
			text += lang.T("fault.stop")
		}
		text += lang.T("fault.who", lang.T("access.role."+e.Who))
	}
	if basis := e.Basis(); basis != "" {
		text += lang.T("fault.rule", basis)
	}
	return text
}

// Word is an argument that is itself a catalogue key, printed in the reader's language.
type Word string

// Say prints a sentence of the catalogue whose arguments may be texts or keys themselves.
func Say(lang words.Lang, key string, args ...any) string {
	return lang.T(key, translated(lang, args)...)
}

func translated(lang words.Lang, args []any) []any {
	out := make([]any, len(args))
	for i, arg := range args {
		switch v := arg.(type) {
		case Word:
			out[i] = lang.T(string(v))
		case words.Text:
			out[i] = v.In(lang)
		case []access.Role:
			out[i] = duties(lang, v)
		default:
			out[i] = arg
		}
	}
	return out
}

// Ask names the role that can help and returns the error, for chaining.
func (e *Error) Ask(role string) *Error { e.Who = role; return e }

// At names the path where it can be mended and returns the error, for chaining.
func (e *Error) At(path string) *Error { e.Where = path; return e }

// Because keeps the cause for the log and returns the error, for chaining.
func (e *Error) Because(cause error) *Error { e.Cause = cause; return e }

// Refuse says that a gate said no; rule is the law or SOP step that asks for it.
func Refuse(rule, key string, args ...any) *Error {
	return &Error{Kind: KindRefused, Key: key, Args: args, Rule: rule}
}

// Clash says that the deed collides with what is already there.
func Clash(key string, args ...any) *Error {
	return &Error{Kind: KindConflict, Key: key, Args: args}
}

// NotFound says that a thing is not there; noun is a key under `fault.noun.`, as "client".
func NotFound(noun string) *Error {
	return &Error{Kind: KindNotFound, Key: "fault.notfound", Args: []any{Word("fault.noun." + noun)}}
}

// Forbidden says that the role may not do perm, and whose deed it is. The word of the
// permission is for the log, not for the reader.
func Forbidden(perm string) *Error {
	e := &Error{Kind: KindForbidden, Key: "fault.forbidden", Cause: errors.New("permission " + perm)}
	if holders := access.Holders(access.Permission(perm)); 0 < len(holders) && len(holders) < 6 {
		e.Key, e.Args = "fault.forbidden.by", []any{holders}
	}
	return e
}

// duties names roles in the reader's language: "医师、护士".
func duties(lang words.Lang, roles []access.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = lang.T("access.role." + string(r))
	}
	return strings.Join(names, lang.T("fault.and"))
}

// Defect wraps an unexpected error with what was being done.
func Defect(doing string, cause error) *Error {
	if NoRoom(cause) { // no defect of ours, and the person can do something about it
		return &Error{Kind: KindBusy, Key: "web.full", Who: "sysadmin", Cause: fmt.Errorf("%s: %w", doing, cause)}
	}
	return &Error{Kind: KindInternal, Key: "fault.internal", Cause: fmt.Errorf("%s: %w", doing, cause)}
}

// KindOf gives the kind of an error; everything unknown is KindInternal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindInternal
}

package fault

import (
	"errors"

	"meixu/app/words"
)

// Field is one wrong field of a form.
type Field struct {
	Name string // name of the input
	Key  string // words key of the sentence
	Args []any
}

// Say prints the sentence in the language.
func (f Field) Say(lang words.Lang) string { return lang.T(f.Key, translated(lang, f.Args)...) }

// Fields are the wrong fields of a form, in the order in which they were found.
type Fields []Field

// Add notes a wrong field; the first complaint about a field stays.
func (f *Fields) Add(field, key string, args ...any) {
	for _, have := range *f {
		if have.Name == field {
			return
		}
	}
	*f = append(*f, Field{field, key, args})
}

// Err is nil when no field is wrong, else the Invalid error with all of them.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return Invalid(f)
}

// Of gives the complaint about one field.
func (f Fields) Of(name string) (Field, bool) {
	for _, have := range f {
		if have.Name == name {
			return have, true
		}
	}
	return Field{}, false
}

// Join makes one error of the wrong fields of several, so that a form hears of all of them at
// once; an error of another kind comes before them.
func Join(errs ...error) error {
	var all Fields
	for _, err := range errs {
		some, ok := FieldsOf(err)
		if err != nil && !ok {
			return err
		}
		for _, bad := range some {
			all.Add(bad.Name, bad.Key, bad.Args...)
		}
	}
	return all.Err()
}

// Invalid makes the error that carries all wrong fields.
func Invalid(fields Fields) error {
	return &Error{Kind: KindInvalid, Key: "fault.invalid", Args: []any{len(fields)}, Fields: fields}
}

// FieldsOf gives the wrong fields of an error, if it carries any.
func FieldsOf(err error) (Fields, bool) {
	var e *Error
	if errors.As(err, &e) && e.Kind == KindInvalid {
		return e.Fields, true
	}
	return nil, false
}

package form

import (
	"fmt"
	"slices"

	"meixu/store/term"
)

// Formats of a text item.
const (
	FormatPhone    = "phone"    // mobile, landline with area code, or foreign with +
	FormatDocument = "document" // number of an identity document, as Agrees says
)

// documents turns the option codes of forms into the kinds of documents.
var documents = map[string]string{
	"idcard": term.DocumentIDCard, "passport": term.DocumentPassport, "hkmt": term.DocumentHKMT, "prc": term.DocumentForeign,
}

// checkFormat says that format and agreement of an item can be looked at.
func (it Item) checkFormat(seen map[string]Item) error {
	if !slices.Contains([]string{"", FormatPhone, FormatDocument}, it.Format) || it.Format != "" && it.Type != Text {
		return fmt.Errorf("format %q on a %s", it.Format, it.Type)
	}
	if it.Agrees == nil {
		return nil
	}
	if it.Format != FormatDocument {
		return fmt.Errorf("agrees on format %q", it.Format)
	}
	for _, link := range []string{it.Agrees.Kind, it.Agrees.Birth, it.Agrees.Sex} {
		if _, earlier := seen[link]; link != "" && !earlier {
			return fmt.Errorf("agrees with %q, which is no earlier item", link)
		}
	}
	return nil
}

// normal brings a typed value to the form in which its format is kept.
func (it Item) normal(v string) string {
	switch it.Format {
	case FormatPhone:
		return term.NormalPhone(v)
	case FormatDocument:
		return term.NormalDocument(v)
	}
	if it.Type == Date {
		if day, err := term.ReadDay(v); err == nil {
			return string(day)
		}
	}
	return v
}

// settled is the answer with its values in their normal form.
func (it Item) settled(ans Answer) Answer {
	if it.Format == "" && it.Type != Date {
		return ans
	}
	ans.Values = slices.Clone(ans.Values)
	for i, v := range ans.Values {
		ans.Values[i] = it.normal(v)
	}
	return ans
}

// formatted checks the format of an answer that is there; only a complete filling must keep to
// it, so that a half-typed number can wait in a draft.
func (c *checker) formatted(it Item, ans Answer) {
	v, name := it.normal(first(ans.Values)), Name(it.LinkID)
	switch it.Format {
	case FormatPhone:
		if !term.GoodPhone(v) {
			c.bad.Add(name, "form.error.phone")
		}
	case FormatDocument:
		about := Agrees{}
		if it.Agrees != nil {
			about = *it.Agrees
		}
		kind := documents[c.a.Value(about.Kind)]
		born, _ := term.ReadDay(c.a.Value(about.Birth)) // what is no day is said at its own question
		if wrong := term.CheckDocument(kind, v, born, c.a.Value(about.Sex)); wrong != "" {
			c.bad.Add(name, "form.error.document."+string(wrong))
		}
	}
}

package exchange

import (
	"slices"
	"strings"

	"meixu/app/engine/sheet"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// RowFault is what is wrong with one cell, or why a row is left out.
type RowFault struct {
	Line    int    // row of the file
	Column  string // A, B …; "" for the whole row
	Heading string
	Value   string
	Key     string // words key
	Args    []any
	// Double says that the row is about somebody who has a file, and is not wrong in itself.
	Double bool
}

// Say prints why.
func (r RowFault) Say(print func(key string, args ...any) string) string {
	return print(r.Key, r.Args...)
}

// reader reads the rows of a sheet as files of clients.
type reader struct {
	heads    []string
	columns  []string
	date1904 bool
	// phoneless is what the plan says of rows without a phone.
	phoneless string
	today     term.Day
	check     func(store.Client, term.Day) fault.Fields
}

// fieldOf is the code of the column that a fault of the book of clients is about.
var fieldOf = map[string]string{
	"name": "name", "phone": "phone", "birth": "birth", "guardian_name": "guardian_name",
	"guardian_relation": "guardian_relation", "guardian_phone": "guardian_phone",
}

// client reads one row.
func (r reader) client(line int, row []string) (c store.Client, faults []RowFault) {
	c = store.Client{Gender: "unstated", Source: "other", Tier: "normal"}
	for i, code := range r.columns {
		if code == "" || i >= len(row) || row[i] == "" {
			continue
		}
		if key := r.set(&c, code, row[i]); key != "" {
			faults = append(faults, r.fault(line, row, code, key))
		}
	}
	fromCard(&c)
	if empty := r.cell(row, "phone") == ""; empty && r.phoneless == Add {
		c.NoPhone = term.NoPhoneFormer
	}
	for _, f := range r.check(c, r.today) {
		code := fieldOf[f.Name]
		if slices.ContainsFunc(faults, func(have RowFault) bool { return have.Heading == r.heading(code) }) {
			continue // what it is was said already
		}
		faults = append(faults, r.fault(line, row, code, f.Key, f.Args...))
	}
	return c, faults
}

// cell is what the row says of a field, "" when it says nothing.
func (r reader) cell(row []string, code string) string {
	if i := slices.Index(r.columns, code); i >= 0 && i < len(row) {
		return strings.TrimSpace(row[i])
	}
	return ""
}

// oddTier is a word for a tier that the house does not know; such a client comes in as a usual one.
func (r reader) oddTier(row []string) string {
	word := r.cell(row, "tier")
	if _, known := spoken.Tier[strings.ToLower(word)]; known {
		return ""
	}
	return word
}

func (r reader) heading(code string) string {
	if i := slices.Index(r.columns, code); i >= 0 && code != "" {
		return r.heads[i]
	}
	return ""
}

// fault says what is wrong with the cell of a field.
func (r reader) fault(line int, row []string, code, key string, args ...any) RowFault {
	f := RowFault{Line: line, Key: key, Args: args, Heading: r.heading(code)}
	if i := slices.Index(r.columns, code); i >= 0 && code != "" {
		f.Column = sheet.Column(i)
		if i < len(row) {
			f.Value = row[i]
		}
	}
	return f
}

// set puts one cell into the file; it gives the words key of what is wrong with it.
func (r reader) set(c *store.Client, code, text string) (wrong string) {
	line := func(most int) string {
		seen := strings.Join(strings.Fields(term.Spelled(text)), " ")
		if code == "name" || code == "guardian_name" {
			seen = term.PersonName(text)
		}
		if len([]rune(seen)) > most {
			wrong = "exchange.row.long"
		}
		return seen
	}
	switch code {
	case "name":
		c.Name = line(60)
	case "phone":
		c.Phone, wrong = phone(text)
	case "birth":
		day, ok := sheet.Day(text, r.date1904)
		if !ok {
			return "exchange.row.day"
		}
		c.Birth = day
	case "gender":
		c.Gender, wrong = chosen(spoken.Gender, text, "unstated", "exchange.row.gender")
	case "source":
		c.Source, _ = chosen(spoken.Source, text, "other", "")
	case "tier":
		c.Tier, _ = chosen(spoken.Tier, text, "normal", "")
	case "id_number":
		c.IDNumber = term.NormalDocument(digits(text))
		c.IDKind = term.GuessDocument(c.IDNumber)
		if term.CheckDocument(c.IDKind, c.IDNumber, "", "") != "" {
			return "exchange.row.card"
		}
	case "former":
		c.Former.Number = line(40)
	case "note":
		c.Former.Note = line(500)
	case "wechat":
		c.WeChat = line(60)
	case "address":
		c.Address = line(120)
	case "allergies":
		c.Allergies = listed(line(300))
	case "shared":
		c.Former.Shared = slices.Contains(spoken.Yes, strings.ToLower(strings.TrimSpace(text)))
	default:
		return r.guardian(c, code, line(60), text)
	}
	return wrong
}

func (r reader) guardian(c *store.Client, code, seen, text string) (wrong string) {
	switch code {
	case "guardian_name":
		c.Guardian.Name = seen
	case "guardian_relation":
		c.Guardian.Relation = seen
	case "guardian_phone":
		c.Guardian.Phone, wrong = phone(text)
	}
	return wrong
}

// phone brings a number back to its digits; digits that Excel dropped are not made up.
func phone(text string) (string, string) {
	plain, lost := sheet.Digits(text)
	if lost {
		return "", "exchange.row.power"
	}
	return term.NormalPhone(plain), ""
}

func digits(text string) string {
	plain, _ := sheet.Digits(text)
	return plain
}

// chosen is the word of the house for what a table says; unknown words are the usual one.
func chosen(table map[string]string, text, usual, wrong string) (word, key string) {
	if word, known := table[strings.ToLower(strings.TrimSpace(text))]; known {
		return word, ""
	}
	return usual, wrong
}

// listed splits a cell into words, without those that say that there is nothing.
func listed(text string) (list []string) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;/\uff0c\uff1b\u3001", r) }) {
		if word = strings.TrimSpace(word); word != "" && !slices.Contains(spoken.None, strings.ToLower(word)) {
			list = append(list, word)
		}
	}
	return list
}

// fromCard takes day of birth and sex from a resident card where the table has none.
func fromCard(c *store.Client) {
	if len(c.IDNumber) != 18 {
		return
	}
	if day, ok := sheet.Day(c.IDNumber[6:14], false); ok && c.Birth == "" {
		c.Birth = day
	}
	if c.Gender == "unstated" {
		c.Gender = map[bool]string{true: "male", false: "female"}[(c.IDNumber[16]-'0')%2 == 1]
	}
}

// known are people by phone and by name and day of birth: those who have a file, or those of the
// rows of one table.
type known struct {
	phones  map[string][]person
	persons map[string]person
	last    term.ClientID
}

type person struct {
	id     term.ClientID // 0: comes in the same table
	line   int
	name   string
	number string
}

func nobody() *known { return &known{phones: map[string][]person{}, persons: map[string]person{}} }

func sameName(name string, birth term.Day) string {
	return term.Likeness(name) + "\x1f" + string(birth)
}

func (k *known) add(p person, phone string, birth term.Day) {
	if phone != "" {
		k.phones[phone] = append(k.phones[phone], p)
	}
	if _, there := k.persons[sameName(p.name, birth)]; !there {
		k.persons[sameName(p.name, birth)] = p
	}
}

// learn reads who got a file since the last look.
func (k *known) learn(r *store.Read) error {
	to, err := r.LastClient()
	for err == nil && k.last < to {
		var list []store.Findable
		if list, err = r.Findables(k.last, to, 5000); len(list) == 0 {
			k.last = to
		}
		for _, f := range list {
			k.last = f.ID
			k.add(person{id: f.ID, name: f.Name, number: f.Number}, f.Phone, f.Birth)
		}
	}
	return err
}

// match says who the row is about: twin is the same person, other has the same phone only.
// Of people of the same table those of earlier rows count.
func (k *known) match(c store.Client, line int) (twin, other person, met bool) {
	if p, same := k.persons[sameName(c.Name, c.Birth)]; same && p.line < line {
		return p, person{}, true
	}
	for _, p := range k.phones[c.Phone] {
		if p.line >= line {
			continue
		}
		if term.Likeness(p.name) == term.Likeness(c.Name) {
			return p, person{}, true
		}
		other, met = p, true
	}
	return person{}, other, met
}

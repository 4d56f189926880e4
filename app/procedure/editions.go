package procedure

import (
	"strconv"
	"strings"

	"meixu/app/engine/form"
	"meixu/app/words"
	"meixu/store"
)

// Edition is one signed state of the record: who signed it when, why it was amended, and what
// differs from the one before (REG-EMR-01).
type Edition struct {
	store.Answer
	No      int    // 1 is the first
	By      string // who signed
	Changes []Change
}

// Change is one field that differs between two editions.
type Change struct {
	Label    words.Text
	Old, New string // "" is empty
}

// editions lists the states of a record that was signed, the newest first.
func (p Page) editions(r *store.Read, lang words.Lang) (list []Edition, err error) {
	if p.Record == nil || p.Record.State == store.AnswerDraft {
		return nil, nil
	}
	rows := append([]store.Answer{*p.Record}, p.Versions...)
	for i, row := range rows {
		e := Edition{Answer: row, No: len(rows) - i, By: p.Names[row.SignedBy]}
		if i+1 < len(rows) {
			now, err := form.Fill(r, row)
			if err != nil {
				return nil, err
			}
			old, err := form.Fill(r, rows[i+1])
			if err != nil {
				return nil, err
			}
			e.Changes = changes(now.Template, old.Answers, now.Answers, lang)
		}
		list = append(list, e)
	}
	return list, nil
}

// changes puts the differences of two fillings into words; signatures are always new and tell
// nothing.
func changes(t form.Template, old, now form.Answers, lang words.Lang) (list []Change) {
	for _, c := range form.Diff(t, t.Unsigned(old), t.Unsigned(now)) {
		it, ok := t.Item(c.LinkID)
		if !ok {
			continue
		}
		if len(it.Columns) == 0 {
			list = append(list, Change{it.Text, said(it.Options, lang, c.Old), said(it.Options, lang, c.New)})
			continue
		}
		list = append(list, rowChanges(it, lang, c)...)
	}
	return list
}

// rowChanges names the cells of a table that differ, row by row.
func rowChanges(it form.Item, lang words.Lang, c form.Change) (list []Change) {
	at := func(rows []form.Row, i int) form.Row {
		if i < len(rows) {
			return rows[i]
		}
		return nil
	}
	for i := range max(len(c.Old.Rows), len(c.New.Rows)) {
		was, is := at(c.Old.Rows, i), at(c.New.Rows, i)
		for _, col := range it.Columns {
			if was[col.LinkID] == is[col.LinkID] {
				continue
			}
			no := " " + strconv.Itoa(i+1) + " · "
			list = append(list, Change{
				Label: words.Text{ZH: it.Text.ZH + no + col.Text.ZH, EN: it.Text.EN + no + col.Text.EN},
				Old:   cell(col, lang, was[col.LinkID]), New: cell(col, lang, is[col.LinkID]),
			})
		}
	}
	return list
}

func cell(col form.Column, lang words.Lang, value string) string {
	if value == "" {
		return ""
	}
	return said(col.Options, lang, form.Answer{Values: []string{value}})
}

func said(options []form.Option, lang words.Lang, a form.Answer) string {
	var parts []string
	for _, v := range a.Values {
		for _, o := range options {
			if o.Code == v {
				v = o.Text.In(lang)
			}
		}
		parts = append(parts, v)
	}
	if a.Detail != "" {
		parts = append(parts, a.Detail)
	}
	return strings.Join(parts, " · ")
}

package form

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

var types = []Type{Text, TextArea, Integer, Decimal, Date, Time, Choice, Multi, Boolean, YesNo, Scale, Signature, Photo, Points, Table, Display}

// columnTypes are the types that fit into a cell.
var columnTypes = []Type{Text, Integer, Decimal, Date, Time, Choice, Boolean}

func (it Item) check(seen map[string]Item) error {
	if !linkPattern.MatchString(it.LinkID) {
		return errors.New("bad linkId")
	}
	if !slices.Contains(types, it.Type) {
		return fmt.Errorf("unknown type %q", it.Type)
	}
	if it.Text.ZH == "" || it.Text.EN == "" {
		return errors.New("text needs both languages")
	}
	if err := checkOptions(it.Type, it.Options); err != nil {
		return err
	}
	if it.Min != nil && it.Max != nil && *it.Min > *it.Max {
		return errors.New("min above max")
	}
	if it.Type == Scale && (it.Min == nil || it.Max == nil || *it.Max-*it.Min > 20) {
		return errors.New("a scale needs min and max at most 20 apart")
	}
	if !slices.Contains([]string{"", "P0", "P1", "P2", "P3", LevelIdentity, LevelMoney}, it.Level) {
		return fmt.Errorf("sensitivity %q", it.Level)
	}
	if !slices.Contains([]string{"", MaskPhone, MaskNumber}, it.Mask) || it.Mask != "" && it.Type != Text {
		return fmt.Errorf("mask %q on a %s", it.Mask, it.Type)
	}
	if err := it.checkFormat(seen); err != nil {
		return err
	}
	if err := conditions(append(slices.Clone(it.EnableWhen), it.RequiredWhen...), seen); err != nil {
		return err
	}
	if err := it.checkColumns(); err != nil {
		return err
	}
	if err := it.checkSum(seen); err != nil {
		return err
	}
	return it.checkFindings()
}

func checkOptions(typ Type, all []Option) error {
	needs := typ == Choice || typ == Multi
	if needs != (len(all) > 0) {
		return fmt.Errorf("%d options on a %s", len(all), typ)
	}
	codes := map[string]bool{}
	for _, o := range all {
		if o.Code == "" || codes[o.Code] || o.Text.ZH == "" || o.Text.EN == "" {
			return fmt.Errorf("option %q: empty, doubled or without text", o.Code)
		}
		codes[o.Code] = true
	}
	return nil
}

func (it Item) checkColumns() error {
	needs := it.Type == Table || it.Type == Points
	if needs != (len(it.Columns) > 0) {
		return fmt.Errorf("%d columns on a %s", len(it.Columns), it.Type)
	}
	links := map[string]bool{}
	for _, c := range it.Columns {
		if !linkPattern.MatchString(c.LinkID) || links[c.LinkID] || c.LinkID == "detail" {
			return fmt.Errorf("column %q: bad or doubled linkId", c.LinkID)
		}
		links[c.LinkID] = true
		if !slices.Contains(columnTypes, c.Type) {
			return fmt.Errorf("column %s: type %q", c.LinkID, c.Type)
		}
		if c.Text.ZH == "" || c.Text.EN == "" {
			return fmt.Errorf("column %s: text needs both languages", c.LinkID)
		}
		if err := checkOptions(c.Type, c.Options); err != nil {
			return fmt.Errorf("column %s: %w", c.LinkID, err)
		}
	}
	if it.Type == Points && (!links["x"] || !links["y"] || it.Map == "") {
		return errors.New("points need the columns x and y and a map")
	}
	return nil
}

func (it Item) checkSum(seen map[string]Item) error {
	if it.SumOf == "" {
		return nil
	}
	link, column, _ := strings.Cut(it.SumOf, ".")
	for _, c := range seen[link].Columns {
		if c.LinkID == column && (c.Type == Integer || c.Type == Decimal) {
			return nil
		}
	}
	return fmt.Errorf("no numbers to sum in %q", it.SumOf)
}

func (it Item) checkFindings() error {
	for _, code := range it.Must {
		if !it.takes(code) {
			return fmt.Errorf("must: no such answer %q", code)
		}
	}
	for _, code := range it.DetailWhen {
		if !it.takes(code) {
			return fmt.Errorf("detailWhen: no such answer %q", code)
		}
	}
	for _, h := range it.Hits {
		if h.Contraindication == "" || h.Level != Hard && h.Level != Soft || !it.takes(h.WhenAnswer) {
			return fmt.Errorf("hit %+v", h)
		}
	}
	for _, f := range it.RedFlag {
		if !strings.HasPrefix(f.Escalation, "ESC-") || !it.takes(f.WhenAnswer) ||
			!slices.Contains([]string{UrgencyNow, UrgencyToday, UrgencyDay}, f.Urgency) {
			return fmt.Errorf("red flag %+v", f)
		}
	}
	if it.Initial != "" && !it.takes(it.Initial) {
		return fmt.Errorf("initial: no such answer %q", it.Initial)
	}
	return nil
}

package exchange

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"meixu/app/access"
	"meixu/app/engine/sheet"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// SettingMost is the setting of how many rows of personal data leave without a second person.
const SettingMost = "export.most"

// mostUsual stands where the clinic set nothing.
const mostUsual = 100

// OpenFor is how long a list may be fetched after it was asked for or approved.
const OpenFor = 24 * time.Hour

// decideWithin is how soon the second person should answer.
const decideWithin = 4 * time.Hour

// Kinds of news and tasks of the room.
const (
	Topic   = "exchange"
	keyHeld = "held"
)

// File is a list drawn as a spreadsheet.
type File struct {
	List List
	Rows int
	On   term.Day
	draw *sheet.Writer
}

// To gives the file out.
func (f File) To(out io.Writer) error { return f.draw.To(out) }

// draw writes the rows that the filter asks for, as the actor may see them.
func (o *Office) draw(ctx context.Context, by access.Actor, l List, f Filter) (file File, err error) {
	columns := l.Columns(by)
	heads := make([]string, len(columns))
	for i, key := range columns {
		heads[i] = by.Lang.T(key)
	}
	w, err := sheet.New(by.Lang.T(l.Key()), heads)
	if err != nil {
		return file, fault.Defect("beginning a sheet", err)
	}
	if err := l.Rows(ctx, by, l.kept(f), w.Add); err != nil {
		return file, err
	}
	return File{List: l, Rows: w.Rows(), On: o.DB.Now().Day(o.DB.Zone()), draw: w}, nil
}

// Take draws a list without personal data; that it left is an act.
func (o *Office) Take(ctx context.Context, by access.Actor, code string, f Filter) (file File, err error) {
	l, err := o.list(by, code)
	if err != nil {
		return file, err
	}
	if l.Personal {
		return file, fault.Refuse("REG-PII-11", "exchange.export.personal")
	}
	if !by.May(access.ExportList) {
		return file, fault.Forbidden(string(access.ExportList))
	}
	if file, err = o.draw(ctx, by, l, f); err != nil {
		return file, err
	}
	err = o.Write(ctx, by, access.ExportList, func(tx *store.Tx) error {
		e := store.Export{
			List: l.Code, Filter: l.kept(f), Rows: file.Rows, Staff: by.Staff, State: term.ExportFetched, OpenAt: tx.Now(), FetchedAt: tx.Now(),
		}
		return tx.AddExport(&e)
	})
	return file, err
}

// Ask is the page on which a list with personal data is asked for.
type Ask struct {
	List    List
	Filter  Filter
	Columns []string // words keys
	Rows    int
	Most    int
	// Parts are the rows of other parts of the list that the asker took since yesterday on her own word.
	Parts int
}

// Held says that a second person must agree: also where a long list is asked for piece by piece.
func (a Ask) Held() bool { return a.Rows+a.Parts > a.Most }

// Ask counts the rows that would leave and says whether a second person must agree.
func (o *Office) Ask(ctx context.Context, by access.Actor, code string, f Filter) (a Ask, err error) {
	if !by.May(access.ExportAsk) {
		return a, fault.Forbidden(string(access.ExportAsk))
	}
	if a.List, err = o.list(by, code); err != nil {
		return a, err
	}
	a.Filter, a.Columns = a.List.kept(f), a.List.Columns(by)
	if a.Rows, err = count(ctx, by, a.List, a.Filter); err != nil {
		return a, err
	}
	err = o.Read(ctx, by, access.ExportAsk, func(r *store.Read) error { return a.bounds(r, by) })
	return a, err
}

// partsMost bounds how many exports of a person are looked through.
const partsMost = 200

// bounds reads how many rows leave without a second person, and how many of them did already.
func (a *Ask) bounds(r *store.Read, by access.Actor) (err error) {
	if a.Most, err = most(r); err != nil {
		return err
	}
	list, err := r.Exports(by.Staff, partsMost)
	a.Parts = 0
	counted := []Filter{a.Filter}
	for _, e := range list {
		alone := e.Task == 0 && (e.State == term.ExportOpen || e.State == term.ExportFetched)
		if !alone || e.List != a.List.Code || !e.CreatedAt.After(r.Now().Add(-OpenFor)) {
			continue
		}
		if !slices.ContainsFunc(counted, func(f Filter) bool { return maps.Equal(f, e.Filter) }) { // the same part once more is no other
			counted = append(counted, e.Filter)
			a.Parts += e.Rows
		}
	}
	return err
}

func count(ctx context.Context, by access.Actor, l List, f Filter) (n int, err error) {
	err = l.Rows(ctx, by, f, func(...any) error {
		n++
		return nil
	})
	return n, err
}

func most(r *store.Read) (int, error) {
	text, err := r.Setting(SettingMost)
	if n, bad := strconv.Atoi(text); bad == nil && n >= 0 {
		return n, err
	}
	return mostUsual, err
}

// Request asks for a list with personal data, with a reason (REG-PII-11). A long one waits for a
// manager or the owner who is not the asker; a short one may be fetched at once.
func (o *Office) Request(ctx context.Context, by access.Actor, code string, f Filter, reason string) (id term.ExportID, err error) {
	if err := wantReason("reason", reason); err != nil {
		return 0, err
	}
	a, err := o.Ask(ctx, by, code, f)
	if err != nil {
		return 0, err
	}
	err = o.Write(ctx, by, access.ExportPeople, func(tx *store.Tx) error {
		if err := a.bounds(tx.Read, by); err != nil { // another page may have taken a part meanwhile
			return err
		}
		e := store.Export{
			List: code, Filter: a.Filter, Rows: a.Rows, Staff: by.Staff, Reason: strings.TrimSpace(reason), State: term.ExportOpen, OpenAt: tx.Now(),
		}
		if a.Held() {
			e.State, e.OpenAt = term.ExportHeld, term.Instant{}
		}
		if err := tx.AddExport(&e); err != nil {
			return err
		}
		id = e.ID
		tx.Result("export", int64(id))
		tx.Publish(Topic)
		if !a.Held() {
			return nil
		}
		if e.Task, err = askSecond(tx, e); err != nil {
			return err
		}
		return tx.SaveExport(&e)
	})
	if noun, again, ok := fault.Replayed(err); ok && noun == "export" {
		return term.ExportID(again), nil
	}
	return id, err
}

func askSecond(tx *store.Tx, e store.Export) (term.TaskID, error) {
	return task.Open(tx, task.New{
		Kind: task.Approval, Subject: exportRef(e.ID), Key: keyHeld, Role: access.Manager, Due: tx.Now().Add(decideWithin),
		Warn: tx.Now().Add(decideWithin / 2), Day: task.NoDay, Escalate: []task.Rung{{After: -decideWithin, Role: access.Owner}},
		TitleKey: "exchange.task.export", Args: []string{"@exchange.list." + e.List, strconv.Itoa(e.Rows)},
	})
}

// Decide is the second person's word on a list that is held: never the asker's own.
func (o *Office) Decide(ctx context.Context, by access.Actor, id term.ExportID, yes bool, note string) error {
	if !yes {
		if err := wantReason("reason", note); err != nil {
			return err
		}
	}
	return o.WriteOn(ctx, by, access.ExportDecide, exportRef(id), func(tx *store.Tx) error {
		e, err := export(tx.Read, id)
		if err != nil {
			return err
		}
		tx.Result("export", int64(id))
		if e.State != term.ExportHeld {
			return fault.Clash("exchange.export.decided")
		}
		if e.Staff == by.Staff {
			return fault.Refuse("REG-PII-11", "exchange.export.own").Ask(string(access.Manager))
		}
		e.State, e.DecidedBy, e.Decision = term.ExportRefused, by.Staff, strings.TrimSpace(note)
		outcome := "declined"
		if yes {
			e.State, e.OpenAt, outcome = term.ExportOpen, tx.Now(), "done"
		}
		tx.Publish(Topic)
		if err := tx.SaveExport(&e); err != nil {
			return err
		}
		doer := access.System("exchange")
		doer.Staff = by.Staff
		return task.Done(tx, doer, e.Task, outcome, 0)
	})
}

// Fetch draws the file of a list that was asked for. It is given once, to the asker alone, within
// a day; one that has grown long since must be asked for again: a second person agreed to as many rows as
// were counted then.
func (o *Office) Fetch(ctx context.Context, by access.Actor, id term.ExportID) (file File, err error) {
	var e store.Export
	limit := 0
	if err := o.Read(ctx, by, access.ExportFetch, func(r *store.Read) error {
		if e, err = export(r, id); err != nil {
			return err
		}
		if limit, err = most(r); err != nil {
			return err
		}
		return mayFetch(e, by, r.Now())
	}); err != nil {
		return file, err
	}
	l, err := o.list(by, e.List)
	if err != nil {
		return file, err
	}
	if file, err = o.draw(ctx, by, l, e.Filter); err != nil {
		return file, err
	}
	if e.Task != 0 {
		limit += e.Rows
	}
	if file.Rows > limit {
		return file, fault.Refuse("REG-PII-11", "exchange.export.grown", file.Rows, limit)
	}
	err = o.WriteOn(ctx, by, access.ExportFetch, exportRef(id), func(tx *store.Tx) error {
		now, err := export(tx.Read, id)
		if err != nil {
			return err
		}
		if err := mayFetch(now, by, tx.Now()); err != nil {
			return err
		}
		now.State, now.FetchedAt, now.Rows = term.ExportFetched, tx.Now(), file.Rows
		tx.Result("export", int64(id))
		tx.Publish(Topic)
		return tx.SaveExport(&now)
	})
	return file, err
}

func mayFetch(e store.Export, by access.Actor, now term.Instant) error {
	switch {
	case e.Staff != by.Staff:
		return &fault.Error{Kind: fault.KindForbidden, Key: "exchange.export.others"}
	case e.State == term.ExportHeld:
		return fault.Refuse("REG-PII-11", "exchange.export.held").Ask(string(access.Manager))
	case e.State != term.ExportOpen:
		return fault.Clash("exchange.export.over")
	case now.After(e.OpenAt.Add(OpenFor)):
		return fault.Clash("exchange.export.late")
	}
	return nil
}

func export(r *store.Read, id term.ExportID) (store.Export, error) {
	e, err := r.Export(id)
	if errors.Is(err, store.ErrNotFound) {
		return e, fault.NotFound("export").Because(err)
	}
	return e, err
}

func wantReason(field, reason string) error {
	var f fault.Fields
	if utf8.RuneCountInString(strings.TrimSpace(reason)) < 2 {
		f.Add(field, "exchange.reason.missing")
	}
	return f.Err()
}

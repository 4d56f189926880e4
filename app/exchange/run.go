package exchange

import (
	"context"

	"meixu/app/access"
	"meixu/app/engine/sheet"
	"meixu/store"
	"meixu/store/term"
)

// step is how many rows one write takes in, so that the desk never waits long for its turn.
const step = 200

// Continue goes on with the imports that are at work, until they are done or the program stops.
// How far an import is stands in the same write as its rows: after a crash it goes on where it
// was, and no row is taken in twice. Rows that nobody ever ordered to be taken in are forgotten
// after a week.
func (o *Office) Continue(ctx context.Context, by access.Actor) (steps int, err error) {
	for ctx.Err() == nil {
		var work, left []store.Import
		if err := o.Read(ctx, by, access.ImportStep, func(r *store.Read) error {
			if work, err = r.ImportsAtWork(); err != nil {
				return err
			}
			left, err = r.ImportsLeft(r.Now().Add(-leftFor))
			return err
		}); err != nil {
			return steps, err
		}
		for _, i := range left {
			if err := o.forget(ctx, by, i); err != nil {
				return steps, err
			}
		}
		if len(work) == 0 {
			return steps, nil
		}
		n, err := o.carry(ctx, by, work[0])
		if steps += n; err != nil {
			return steps, err
		}
	}
	return steps, nil
}

func (o *Office) forget(ctx context.Context, by access.Actor, i store.Import) error {
	return o.WriteOn(ctx, by, access.ImportStep, importRef(i.ID), func(tx *store.Tx) error {
		now, err := imported(tx.Read, i.ID)
		if err != nil || now.State != term.ImportRead {
			return err
		}
		return drop(tx, now)
	})
}

// carry does one import to its end.
func (o *Office) carry(ctx context.Context, by access.Actor, i store.Import) (steps int, err error) {
	by.Staff = i.Staff // whose import it is stands in the trail
	if i.State == term.ImportUndoing {
		by.Staff = i.UndoneBy
		return o.carryBack(ctx, by, i)
	}
	var book sheet.Book
	if err := o.Read(ctx, by, access.ImportStep, func(r *store.Read) error {
		book, err = bodyOf(r, i.ID)
		return err
	}); err != nil {
		return 0, err
	}
	people, more := people{nobody(), nobody()}, true
	if err := o.Read(ctx, by, access.ImportStep, func(r *store.Read) error { return o.before(r, i, book, people) }); err != nil {
		return 0, err
	}
	for more && ctx.Err() == nil {
		err := o.WriteOn(ctx, by, access.ImportStep, importRef(i.ID), func(tx *store.Tx) error {
			more, err = o.some(tx, i.ID, book, people)
			return err
		})
		if err != nil {
			return steps, err
		}
		steps++
	}
	return steps, nil
}

// people are those who have a file, and those of the rows done so far.
type people struct{ files, rows *known }

// before reads the rows that were done before the program stopped.
func (o *Office) before(r *store.Read, i store.Import, book sheet.Book, p people) error {
	t, read := book.Sheets[i.Plan.Sheet], o.reader(r, i, book)
	for n := 1; n <= int(i.Next); n++ {
		if c, bad := read.client(t.Lines[n], t.Rows[n]); len(bad) == 0 {
			p.rows.add(person{line: t.Lines[n], name: c.Name}, c.Phone, c.Birth)
		}
	}
	return nil
}

// some takes in the next rows; more says that there are others.
func (o *Office) some(tx *store.Tx, id term.ImportID, book sheet.Book, p people) (more bool, err error) {
	i, err := imported(tx.Read, id)
	if err != nil || i.State != term.ImportRunning {
		return false, err
	}
	if err := p.files.learn(tx.Read); err != nil {
		return false, err
	}
	t, read := book.Sheets[i.Plan.Sheet], o.reader(tx.Read, i, book)
	end := min(int(i.Next)+step, i.Total)
	for n := int(i.Next) + 1; n <= end; n++ {
		if err := o.take(tx, &i, read.judge(row{t, n}, i.Plan, p.files, p.rows)); err != nil {
			return false, err
		}
	}
	i.Next = int64(end)
	tx.Publish(Topic)
	if more = end < i.Total; !more {
		i.State, i.EndedAt = term.ImportDone, tx.Now()
		if err := tx.DropImportBody(id); err != nil {
			return false, err
		}
	}
	return more, tx.SaveImport(&i)
}

// take does with a row what its verdict says.
func (o *Office) take(tx *store.Tx, i *store.Import, v verdict) error {
	switch v.what {
	case refuse:
		i.Refused++
		note(i, v.faults)
	case double:
		i.Skipped++
	case fillIn:
		return o.fill(tx, i, v)
	case takeIn:
		c := v.client
		c.Import = i.ID
		if err := tx.AddClient(&c); err != nil {
			return err
		}
		o.House.Clients.Keep(tx, c)
		i.Added++
	}
	return nil
}

// notedMost bounds how many faults of a table are remembered when its rows are gone.
const notedMost = 500

// note remembers where a row that stays out stands and why, for whoever mends the table.
func note(i *store.Import, faults []RowFault) {
	for _, f := range faults {
		if !f.Double && len(i.Refusals) < notedMost {
			i.Refusals = append(i.Refusals, store.RefusedRow{Line: f.Line, Column: f.Column, Key: f.Key})
		}
	}
}

// fill puts into a file what it lacks; what stands there is not touched.
func (o *Office) fill(tx *store.Tx, i *store.Import, v verdict) error {
	c, err := tx.Client(v.into)
	if err != nil {
		return err
	}
	fields := filled(&c, v.client)
	if len(fields) == 0 || c.Voided() || c.State == "merged" {
		i.Skipped++
		return nil
	}
	if err := tx.SaveClient(&c); err != nil {
		return err
	}
	i.Filled++
	return tx.AddImportFill(&store.ImportFill{Import: i.ID, Client: c.ID, Stands: c.Version, Fields: fields})
}

// filled fills what is empty and names it.
func filled(c *store.Client, from store.Client) (fields []string) {
	text := func(name string, to *string, value string) {
		if *to == "" && value != "" {
			*to = value
			fields = append(fields, name)
		}
	}
	text("wechat", &c.WeChat, from.WeChat)
	text("address", &c.Address, from.Address)
	text("former", &c.Former.Number, from.Former.Number)
	text("note", &c.Former.Note, from.Former.Note)
	if len(c.Allergies) == 0 && len(from.Allergies) > 0 {
		c.Allergies = from.Allergies
		fields = append(fields, "allergies")
	}
	if c.IDNumber == "" && c.IDKind == "" && from.IDNumber != "" {
		c.IDKind, c.IDNumber = from.IDKind, from.IDNumber
		fields = append(fields, "id_number")
	}
	return fields
}

// cleared takes a filling back.
func cleared(c *store.Client, fields []string) {
	for _, name := range fields {
		switch name {
		case "wechat":
			c.WeChat = ""
		case "address":
			c.Address = ""
		case "former":
			c.Former.Number = ""
		case "note":
			c.Former.Note = ""
		case "allergies":
			c.Allergies = nil
		case "id_number":
			c.IDKind, c.IDNumber = "", ""
		}
	}
}

// carryBack undoes one import.
func (o *Office) carryBack(ctx context.Context, by access.Actor, i store.Import) (steps int, err error) {
	for more := true; more && ctx.Err() == nil; steps++ {
		err := o.WriteOn(ctx, by, access.ImportStep, importRef(i.ID), func(tx *store.Tx) error {
			more, err = o.someBack(tx, i.ID)
			return err
		})
		if err != nil {
			return steps, err
		}
	}
	return steps, nil
}

// someBack takes back the next files: first those that came, then what was filled in.
func (o *Office) someBack(tx *store.Tx, id term.ImportID) (more bool, err error) {
	i, err := imported(tx.Read, id)
	if err != nil || i.State != term.ImportUndoing {
		return false, err
	}
	came, err := tx.ClientsImported(id, term.ClientID(i.Next), step)
	if err != nil {
		return false, err
	}
	tx.Publish(Topic)
	if len(came) > 0 {
		return true, o.takeBack(tx, i, came)
	}
	fills, err := tx.ImportFills(id, 0, step)
	if err != nil {
		return false, err
	}
	for _, f := range fills {
		if err := o.emptied(tx, &i, f); err != nil {
			return false, err
		}
	}
	if len(fills) < step {
		i.State = term.ImportUndone
	}
	return i.State == term.ImportUndoing, tx.SaveImport(&i)
}

// takeBack voids files that nobody has used since; the phone is free again.
func (o *Office) takeBack(tx *store.Tx, i store.Import, came []store.Client) error {
	ids := make([]term.ClientID, len(came))
	for n, c := range came {
		ids[n] = c.ID
	}
	used, err := tx.ClientsUsed(ids)
	if err != nil {
		return err
	}
	for _, c := range came {
		i.Next = int64(c.ID)
		if used[c.ID] {
			i.Kept++
			continue
		}
		c.VoidedAt, c.VoidedBy, c.VoidReason = tx.Now(), i.UndoneBy, i.UndoReason
		if err := tx.SaveClient(&c); err != nil {
			return err
		}
		o.House.Clients.Keep(tx, c)
		i.Undone++
	}
	return tx.SaveImport(&i)
}

// emptied clears what was filled in, unless the file was changed since or joined with another one: a
// merge leads the filling to the file that stayed, whose own red words it never wrote.
func (o *Office) emptied(tx *store.Tx, i *store.Import, f store.ImportFill) error {
	c, err := tx.Client(f.Client)
	if err != nil {
		return err
	}
	joined, err := tx.MergesInto(f.Client) // then it holds other people's words, and its version says nothing of them
	if err != nil {
		return err
	}
	f.UndoneAt = tx.Now()
	if c.Version != f.Stands || len(joined) > 0 {
		f.Fields = nil // nothing was taken back
		i.Kept++
		return tx.SaveImportFill(&f)
	}
	cleared(&c, f.Fields)
	if err := tx.SaveClient(&c); err != nil {
		return err
	}
	i.Undone++
	return tx.SaveImportFill(&f)
}

package exchange

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/engine/sheet"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// What happens to rows of people who have a file, and to those with somebody else's phone.
const (
	Skip = "skip"
	Add  = "add"
	Fill = "fill" // fields of the file that are empty
)

// Twins and Shareds are the choices, the careful one first.
var (
	Twins   = []string{Skip, Fill, Add}
	Shareds = []string{Skip, Add}
	// Phonelesses are the choices for rows without a phone.
	Phonelesses = []string{Skip, Add}
)

// leftFor is how long a file that was looked at and never taken in is kept.
const leftFor = 7 * 24 * time.Hour

// ReadFile looks at a table of clients of another system. Nothing of it stands in the house yet:
// the rows wait, sealed, for the columns to be named and the run to be ordered.
func (o *Office) ReadFile(ctx context.Context, by access.Actor, name string, body []byte) (id term.ImportID, err error) {
	if !by.May(access.ImportRead) {
		return 0, fault.Forbidden(string(access.ImportRead))
	}
	book, err := sheet.Read(body)
	if err != nil {
		return 0, err
	}
	packed, err := pack(book)
	if err != nil {
		return 0, fault.Defect("packing a table", err)
	}
	err = o.Write(ctx, by, access.ImportRead, func(tx *store.Tx) error {
		i := store.Import{Staff: by.Staff, State: term.ImportRead, File: fileName(name), Plan: store.ImportPlan{Twins: Skip, Shared: Skip, Phoneless: Skip}}
		i.Plan.Sheet = fullest(book)
		if err := planned(tx.Read, book, &i); err != nil {
			return err
		}
		if err := tx.AddImport(&i); err != nil {
			return err
		}
		id = i.ID
		tx.Result("import", int64(id))
		tx.Publish(Topic)
		return tx.KeepImportBody(id, packed)
	})
	if noun, again, ok := fault.Replayed(err); ok && noun == "import" {
		return term.ImportID(again), nil
	}
	return id, err
}

// fileName is the name of a file without its folders, of a length that fits a list.
func fileName(name string) string {
	name = term.Spelled(path.Base(strings.ReplaceAll(name, `\`, "/")))
	if runes := []rune(name); len(runes) > 80 {
		name = string(runes[:80])
	}
	if name == "" || name == "." || name == "/" {
		return "-"
	}
	return name
}

// fullest is the sheet with the most rows.
func fullest(b sheet.Book) (at int) {
	for i, t := range b.Sheets {
		if len(t.Rows) > len(b.Sheets[at].Rows) {
			at = i
		}
	}
	return at
}

// planned fills in the columns of the chosen sheet: as they were the last time, else guessed.
func planned(r *store.Read, book sheet.Book, i *store.Import) error {
	table := book.Sheets[i.Plan.Sheet]
	heads := table.Heads()
	i.Total = max(len(table.Rows)-1, 0)
	m, err := r.ImportMap(sheet.HeadsKey(heads))
	if err == nil && len(m.Columns) == len(heads) {
		i.Plan.Columns = m.Columns
		return nil
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	i.Plan.Columns = guessed(heads)
	return nil
}

func pack(b sheet.Book) ([]byte, error) {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	err := errors.Join(json.NewEncoder(z).Encode(b), z.Close())
	return out.Bytes(), err
}

func unpack(body []byte) (b sheet.Book, err error) {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return b, err
	}
	err = json.NewDecoder(io.LimitReader(z, 2*sheet.MostUnpacked)).Decode(&b)
	return b, err
}

// Plan says what the columns are and what happens to people who have a file. It is remembered
// for the next file with the same headings.
func (o *Office) Plan(ctx context.Context, by access.Actor, id term.ImportID, plan store.ImportPlan) error {
	return o.WriteOn(ctx, by, access.ImportPlan, importRef(id), func(tx *store.Tx) error {
		i, book, err := waiting(tx.Read, id)
		if err != nil {
			return err
		}
		tx.Result("import", int64(id))
		bad := checkChoices(plan, len(book.Sheets))
		if err := bad.Err(); err != nil {
			return err
		}
		other := plan.Sheet != i.Plan.Sheet
		i.Plan.Sheet, i.Plan.Twins, i.Plan.Shared, i.Plan.Phoneless = plan.Sheet, plan.Twins, plan.Shared, plan.Phoneless
		if other { // the columns are those of another table
			if err := planned(tx.Read, book, &i); err != nil {
				return err
			}
			return tx.SaveImport(&i)
		}
		heads := book.Sheets[plan.Sheet].Heads()
		if len(plan.Columns) != len(heads) {
			bad.Add("columns", "kit.bad.choice")
		}
		if err := append(bad, checkColumns(plan.Columns)...).Err(); err != nil {
			return err
		}
		i.Plan.Columns = plan.Columns
		if err := tx.KeepImportMap(sheet.HeadsKey(heads), plan.Columns); err != nil {
			return err
		}
		return tx.SaveImport(&i)
	})
}

func checkChoices(plan store.ImportPlan, sheets int) (bad fault.Fields) {
	if plan.Sheet < 0 || plan.Sheet >= sheets {
		bad.Add("sheet", "kit.bad.choice")
	}
	if !slices.Contains(Twins, plan.Twins) {
		bad.Add("twins", "kit.bad.choice")
	}
	if plan.Phoneless != "" && !slices.Contains(Phonelesses, plan.Phoneless) {
		bad.Add("phoneless", "kit.bad.choice")
	}
	if !slices.Contains(Shareds, plan.Shared) {
		bad.Add("shared", "kit.bad.choice")
	}
	return bad
}

// waiting is an import that was not run yet, with its rows.
func waiting(r *store.Read, id term.ImportID) (i store.Import, book sheet.Book, err error) {
	if i, err = imported(r, id); err != nil {
		return i, book, err
	}
	if i.State != term.ImportRead {
		return i, book, fault.Clash("exchange.import.over")
	}
	book, err = bodyOf(r, id)
	return i, book, err
}

func bodyOf(r *store.Read, id term.ImportID) (sheet.Book, error) {
	body, err := r.ImportBody(id)
	if err != nil {
		return sheet.Book{}, err
	}
	book, err := unpack(body)
	if err != nil {
		return book, fault.Defect("unpacking a table", err)
	}
	return book, nil
}

func imported(r *store.Read, id term.ImportID) (store.Import, error) {
	i, err := r.Import(id)
	if errors.Is(err, store.ErrNotFound) || err == nil && i.State == term.ImportDropped {
		return i, fault.NotFound("import").Because(err)
	}
	return i, err
}

// Drop gives up a file that was looked at; its rows are forgotten.
func (o *Office) Drop(ctx context.Context, by access.Actor, id term.ImportID) error {
	return o.WriteOn(ctx, by, access.ImportDrop, importRef(id), func(tx *store.Tx) error {
		i, err := imported(tx.Read, id)
		if err != nil {
			return err
		}
		if i.State != term.ImportRead {
			return fault.Clash("exchange.import.over")
		}
		return drop(tx, i)
	})
}

func drop(tx *store.Tx, i store.Import) error {
	i.State, i.EndedAt = term.ImportDropped, tx.Now()
	tx.Publish(Topic)
	if err := tx.SaveImport(&i); err != nil {
		return err
	}
	return tx.DropImportBody(i.ID)
}

// Run orders the rows to be taken in; the job does it, some rows at a time.
func (o *Office) Run(ctx context.Context, by access.Actor, id term.ImportID) error {
	err := o.WriteOn(ctx, by, access.ImportRun, importRef(id), func(tx *store.Tx) error {
		i, _, err := waiting(tx.Read, id)
		if err != nil {
			return err
		}
		if err := checkColumns(i.Plan.Columns).Err(); err != nil {
			return err
		}
		i.State, i.StartedAt, i.Next = term.ImportRunning, tx.Now(), 0
		tx.Result("import", int64(id))
		tx.Publish(Topic)
		return tx.SaveImport(&i)
	})
	return o.awake(err)
}

// Undo orders a whole import to be taken back, with a reason. Files that were used since stay.
func (o *Office) Undo(ctx context.Context, by access.Actor, id term.ImportID, reason string) error {
	if err := wantReason("reason", reason); err != nil {
		return err
	}
	err := o.WriteOn(ctx, by, access.ImportUndo, importRef(id), func(tx *store.Tx) error {
		i, err := imported(tx.Read, id)
		if err != nil {
			return err
		}
		if i.State != term.ImportDone {
			return fault.Clash("exchange.import.notdone")
		}
		i.State, i.Next, i.UndoneAt, i.UndoneBy, i.UndoReason = term.ImportUndoing, 0, tx.Now(), by.Staff, strings.TrimSpace(reason)
		tx.Result("import", int64(id))
		tx.Publish(Topic)
		return tx.SaveImport(&i)
	})
	return o.awake(err)
}

// awake wakes the job after a good deed. When it runs already it comes to the import by itself.
func (o *Office) awake(err error) error {
	if err != nil || o.House.Wake == nil {
		return err
	}
	if err := o.House.Wake(); err != nil && fault.KindOf(err) != fault.KindConflict {
		return err
	}
	return nil
}

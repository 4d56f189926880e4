package crm

import (
	"context"
	"errors"
	"slices"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// IntakeRow is what one guest told, with the files that may be the guest's (REG-EMR-06).
type IntakeRow struct {
	store.Intake
	Twins []store.Client
}

// Intakes lists what waits for the desk.
func (b *Book) Intakes(ctx context.Context, by access.Actor) (list []IntakeRow, err error) {
	err = b.Read(ctx, by, access.IntakeView, func(r *store.Read) error {
		all, err := r.Intakes(intakesMost)
		if err != nil {
			return err
		}
		for _, n := range all {
			row, err := b.intakeRow(r, n)
			if err != nil {
				return err
			}
			list = append(list, row)
		}
		return nil
	})
	return list, err
}

// IntakesWaiting counts what waits, for the strip on the desk's pages.
func (b *Book) IntakesWaiting(ctx context.Context, by access.Actor) (n int, err error) {
	err = b.Read(ctx, by, access.IntakeView, func(r *store.Read) error {
		n, err = r.CountIntakes()
		return err
	})
	return n, err
}

// intakeRow adds the files that may be the guest's: the visit's own, those of the number, those of
// name and birthday.
func (b *Book) intakeRow(r *store.Read, n store.Intake) (row IntakeRow, err error) {
	row.Intake = n
	if n.Visit != 0 {
		v, err := r.Visit(n.Visit)
		if err != nil {
			return row, err
		}
		c, err := r.Client(v.Client)
		row.Twins = []store.Client{c}
		return row, err
	}
	row.Twins, err = b.twins(r, NewClient{Name: n.Told.Name, Phone: n.Told.Phone, Birth: n.Told.Birth})
	return row, err
}

// Difference is one field of the review: what the file has and what the guest told.
type Difference struct {
	Field     string
	Has, Told string
	// Kept says that the file's word stands: the document was compared (S1-06).
	Kept bool
}

// Differs says that the two are not the same.
func (d Difference) Differs() bool { return d.Has != d.Told }

// Review is what a guest told beside the file that was chosen for it.
type Review struct {
	IntakeRow
	Client store.Client // ID 0: none chosen
	Fields []Difference
	Signed bool         // privacy notice and health consent stand (S1-05)
	Open   term.VisitID // the visit that was opened already (S1-03)
}

// Review reads what a guest told, beside the file of client; 0 shows the one file that there is.
func (b *Book) Review(ctx context.Context, by access.Actor, id term.IntakeID, client term.ClientID) (v Review, err error) {
	err = b.ViewOf(ctx, by, access.IntakeView, func(r *store.Read) (term.ClientID, error) {
		n, err := openIntake(r, id)
		if err != nil {
			return 0, err
		}
		if v.IntakeRow, err = b.intakeRow(r, n); err != nil {
			return 0, err
		}
		if client == 0 && len(v.Twins) == 1 {
			client = v.Twins[0].ID
		}
		v.Fields = differences(store.Client{}, n.Told)
		for _, c := range v.Twins {
			if c.ID == client {
				v.Client, v.Fields = c, differences(c, n.Told)
			}
		}
		return v.Client.ID, v.steps(r)
	})
	return v, err
}

// steps looks which steps of the greeting are done for the chosen file.
func (v *Review) steps(r *store.Read) (err error) {
	if v.Client.ID == 0 {
		return nil
	}
	given, err := r.Consents(v.Client.ID)
	if err != nil {
		return err
	}
	_, privacy := given[term.ForPrivacy]
	_, health := given[term.ForHealth]
	v.Signed = privacy && health
	v.Open, err = openVisitOf(r, v.Client.ID)
	return err
}

// openIntake reads what waits still.
func openIntake(r *store.Read, id term.IntakeID) (store.Intake, error) {
	n, err := r.Intake(id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return n, fault.NotFound("intake").Because(err)
	case err == nil && n.State != store.IntakeWaiting:
		return n, fault.Clash("intake.refuse.over", n.Number).At("/reception/intakes")
	}
	return n, err
}

// toldField is a field of the review with its place in the file.
type toldField struct {
	name     string
	told     func(Told) string
	place    func(*store.Client) *string
	identity bool // stands as it is once the document was compared
}

var toldFields = []toldField{
	{"name", func(t Told) string { return t.Name }, func(c *store.Client) *string { return &c.Name }, true},
	{"gender", func(t Told) string { return t.Gender }, func(c *store.Client) *string { return &c.Gender }, true},
	{"birth", func(t Told) string { return string(t.Birth) }, func(c *store.Client) *string { return (*string)(&c.Birth) }, true},
	{"phone", func(t Told) string { return t.Phone }, func(c *store.Client) *string { return &c.Phone }, false},
	{"wechat", func(t Told) string { return t.WeChat }, func(c *store.Client) *string { return &c.WeChat }, false},
	{"address", func(t Told) string { return t.Address }, func(c *store.Client) *string { return &c.Address }, false},
	{"emergency_name", func(t Told) string { return t.Emergency.Name }, func(c *store.Client) *string { return &c.Emergency.Name }, false},
	{"emergency_relation", func(t Told) string { return t.Emergency.Relation }, func(c *store.Client) *string { return &c.Emergency.Relation }, false},
	{"emergency_phone", func(t Told) string { return t.Emergency.Phone }, func(c *store.Client) *string { return &c.Emergency.Phone }, false},
}

// differences are the fields that the guest answered.
func differences(c store.Client, t Told) (list []Difference) {
	for _, f := range toldFields {
		told, has := f.told(t), *f.place(&c)
		if told != "" {
			list = append(list, Difference{Field: f.name, Has: has, Told: told, Kept: f.identity && !c.IDCheckedAt.IsZero()})
		}
	}
	return list
}

// Taking is what the desk takes over: the named fields, into a file as it stood when it was compared.
type Taking struct {
	Client  term.ClientID
	Version int
	Fields  []string
	// Document is the kind of the document that was compared with the person (S1-06); "" for none.
	Document string
}

// compared notes that staff compared the document with the person, as the form of a new file does.
func (in Taking) compared(tx *store.Tx, by access.Actor, c *store.Client) error {
	if in.Document == "" || !c.IDCheckedAt.IsZero() {
		return nil
	}
	if !by.May(access.ClientVerify) {
		return fault.Forbidden(string(access.ClientVerify))
	}
	var bad fault.Fields
	if !slices.Contains(IDKinds, in.Document) {
		bad.Add("document", "crm.client.id_kind.bad")
	}
	c.IDKind, c.IDCheckedAt, c.IDCheckedBy = in.Document, tx.Now(), by.Staff
	return bad.Err()
}

// TakeIntake takes the named fields of what a guest told into a file, one of those that may be the
// guest's, as it stood when it was compared: what another desk wrote since is looked at first. What was
// told is emptied; visit is the client's open one, 0 for none.
func (b *Book) TakeIntake(ctx context.Context, by access.Actor, id term.IntakeID, in Taking) (visit term.VisitID, err error) {
	err = b.WriteOn(ctx, by, access.IntakeTake, store.Subject{Noun: "intake", ID: int64(id)}, func(tx *store.Tx) error {
		n, err := openIntake(tx.Read, id)
		if err != nil {
			return err
		}
		c, err := b.fileFor(tx.Read, n, in)
		if err != nil {
			return err
		}
		phone := c.Phone
		changed, open := overtake(&c, n.Told, in.Fields), c.IDCheckedAt.IsZero()
		if err := in.compared(tx, by, &c); err != nil {
			return err
		}
		if changed || open != c.IDCheckedAt.IsZero() {
			if err := tx.SaveClient(&c); err != nil {
				return err
			}
			b.Keep(tx, c)
		}
		if err := renumber(tx, phone, c); err != nil {
			return err
		}
		if visit, err = b.proveOpen(tx, by, in.Client, ProveIdentity); err != nil {
			return err
		}
		tx.Result("client", int64(in.Client))
		return closeIntake(tx, n, in.Client)
	})
	return visit, err
}

// fileFor is the file that was chosen, one of those that may be the guest's, as it stood then.
func (b *Book) fileFor(r *store.Read, n store.Intake, in Taking) (c store.Client, err error) {
	row, err := b.intakeRow(r, n)
	if err != nil {
		return c, err
	}
	at := slices.IndexFunc(row.Twins, func(c store.Client) bool { return c.ID == in.Client })
	if at < 0 {
		var bad fault.Fields
		bad.Add("client", "intake.wrong.file")
		return c, bad.Err()
	}
	c = row.Twins[at]
	switch {
	case c.State != "active" || c.Voided():
		return c, fault.Refuse("S1-02", "booking.refuse.file", c.Number).Ask("manager")
	case c.Version != in.Version:
		return c, store.ErrStale
	}
	return c, nil
}

// overtake puts the named fields into the file.
func overtake(c *store.Client, t Told, fields []string) (changed bool) {
	for _, f := range toldFields {
		told, place := f.told(t), f.place(c)
		if told == "" || *place == told || !slices.Contains(fields, f.name) || f.identity && !c.IDCheckedAt.IsZero() {
			continue
		}
		*place, changed = told, true
	}
	return changed
}

func openVisitOf(r *store.Read, client term.ClientID) (term.VisitID, error) {
	v, err := r.OpenVisit(client)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	return v.ID, err
}

// closeIntake notes whose file took it, and keeps nothing of what was told.
func closeIntake(tx *store.Tx, n store.Intake, client term.ClientID) error {
	n.Client, n.State, n.Told = client, store.IntakeTaken, Told{}
	tx.Publish(TopicIntakes)
	return tx.SaveIntake(&n)
}

// DropIntake puts away what a guest told; nothing of it is kept.
func (b *Book) DropIntake(ctx context.Context, by access.Actor, id term.IntakeID) error {
	return b.WriteOn(ctx, by, access.IntakeDrop, store.Subject{Noun: "intake", ID: int64(id)}, func(tx *store.Tx) error {
		n, err := openIntake(tx.Read, id)
		if err != nil {
			return err
		}
		n.State, n.Told = store.IntakeDropped, Told{}
		tx.Result("intake", int64(id))
		tx.Publish(TopicIntakes)
		return tx.SaveIntake(&n)
	})
}

// fromIntake is the step of a new file that takes along what its guest told beside the form.
func fromIntake(tx *store.Tx, id term.IntakeID, c *store.Client) (store.Intake, error) {
	if id == 0 {
		return store.Intake{}, nil
	}
	n, err := openIntake(tx.Read, id)
	if err == nil {
		c.WeChat, c.Address, c.Emergency = n.Told.WeChat, n.Told.Address, n.Told.Emergency
	}
	return n, err
}

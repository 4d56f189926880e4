package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"meixu/app/access"
	"meixu/app/aftercare"
	"meixu/app/catalog"
	"meixu/app/client"
	"meixu/app/consultation"
	"meixu/app/crm"
	"meixu/app/defaults"
	"meixu/app/engine/document"
	"meixu/app/engine/find"
	"meixu/app/engine/form"
	"meixu/app/engine/media"
	"meixu/app/engine/phrase"
	"meixu/app/engine/sop"
	"meixu/app/engine/task"
	"meixu/app/exchange"
	"meixu/app/fault"
	"meixu/app/feedback"
	"meixu/app/finance"
	"meixu/app/floor"
	"meixu/app/forms"
	"meixu/app/inventory"
	"meixu/app/jobs"
	"meixu/app/messages"
	"meixu/app/papers"
	"meixu/app/people"
	"meixu/app/photos"
	"meixu/app/premises"
	"meixu/app/procedure"
	"meixu/app/readiness"
	"meixu/app/reception"
	"meixu/app/reports"
	"meixu/app/tasks"
	"meixu/store"
	"meixu/store/term"
)

// Engines are what many rooms need alike, one of each for the house.
type Engines struct {
	SOP     *sop.Engine
	Media   *media.Shelf
	Phrases *phrase.Checker
	Find    *find.Index
	Forms   *forms.Cabinet
}

// Rooms are the services of the clinic's rooms, one per room, made in furnish.
type Rooms struct {
	Desk    *reception.Desk
	Book    *crm.Book
	Consult *consultation.Desk
	Papers  *papers.Cabinet
	Photos  *photos.Album
	Till    *finance.Till
	Catalog *catalog.List
	Stock   *inventory.Shelf
	Ready   *readiness.Round
	People  *people.Office
	House   *premises.Steward
	Floor   *floor.Floor
	Reports *reports.Office
	File    *client.File
	Suite   *procedure.Suite
	Forms   *forms.Desk
	Care    *aftercare.Desk
	Back    *feedback.Office
	Tasks   *tasks.List
	// Exchange is the door for files.
	Exchange *exchange.Office
	Mail     *messages.Office
}

// furnish makes engines and rooms and ties the SOP's hooks to them. It is the one place
// where rooms meet.
func (a *App) furnish(ctx context.Context) error {
	phrases, err := phrase.New(defaults.Phrases())
	if err != nil {
		return err
	}
	a.Engines = Engines{SOP: sop.New(), Media: media.New(a.DB), Phrases: phrases, Find: find.New()}
	a.Engines.SOP.Facts(visitFacts)
	a.Engines.Forms = a.formRules()
	for _, code := range procedure.OwnForms {
		a.Engines.Forms.Set(code, forms.Rule{Own: procedure.OnItsPage})
	}
	if err := a.loadDefaults(ctx); err != nil {
		return err
	}
	book, err := crm.New(ctx, a.Doer, a.Engines.Find, a.Engines.SOP)
	if err != nil {
		return err
	}
	back := feedback.New(a.Doer, a.Engines.SOP, a.Engines.Forms)
	a.Rooms = Rooms{
		Back:    back,
		Desk:    reception.New(a.Doer, a.Engines.SOP, book),
		Book:    book,
		Papers:  papers.New(a.Doer, a.Admin),
		Photos:  photos.New(a.Doer, a.Engines.Media, a.Engines.SOP, phrases),
		Consult: a.consultation(),
		Till:    finance.New(a.Doer, a.Engines.SOP, a.Admin),
		Catalog: catalog.New(a.Doer),
		Stock:   inventory.New(a.Doer, a.Admin.ConfirmPIN),
		Ready:   readiness.New(a.Doer),
		People:  people.New(a.Doer),
		Floor:   floor.New(a.Doer, a.Engines.SOP),
		Reports: reports.New(a.Doer, a.Engines.SOP, a.Keeping),
		File:    client.New(a.Doer),
		Suite:   procedure.New(a.Doer, a.Engines.SOP, a.Engines.Media, procedure.House{Confirm: a.Admin.ConfirmPIN, Feedback: back}),
		Forms:   forms.New(a.Doer, a.Engines.Forms),
	}
	a.Admin.InHand = forms.DraftInHand
	a.Rooms.Reports.Turns = turns
	a.Rooms.House = premises.New(a.Doer, a.setDevice)
	readiness.Prove(a.Engines.SOP)
	a.Rooms.Consult.Papers(a.Rooms.Papers)
	a.Rooms.Care = aftercare.New(a.Doer, aftercare.House{
		Flow: a.Engines.SOP, Forms: a.Engines.Forms, Papers: a.Rooms.Papers, Feedback: back,
	})
	a.Rooms.Tasks = tasks.New(a.Doer)
	a.Rooms.Exchange = exchange.New(a.Doer, exchange.House{Clients: book, Wake: a.wakeImports})
	a.offerLists()
	a.Rooms.Mail = messages.New(a.Doer, a.Options.Now)
	return nil
}

// setDevice is readiness' deed of a device's state, as the premises know it.
func (a *App) setDevice(ctx context.Context, by access.Actor, in premises.DeviceState) error {
	return a.Rooms.Ready.SetDevice(ctx, by, readiness.DeviceState(in))
}

// turns are the clients whom the list of the consultation marks as the reader's own.
func turns(r *store.Read, by access.Actor) (map[term.VisitID]reports.Turn, error) {
	rows, err := consultation.Waiting(r, by)
	found := make(map[term.VisitID]reports.Turn, len(rows))
	for _, row := range rows {
		found[row.Visit.ID] = reports.Turn{Next: row.Next, Where: row.Where}
	}
	return found, err
}

// consultation makes the room of S2 and S3 and says what a signature on its forms means.
func (a *App) consultation() *consultation.Desk {
	words := defaults.Contraindications()
	d := consultation.New(a.Doer, consultation.House{
		Flow: a.Engines.SOP, Forms: a.Engines.Forms, Phrases: a.Engines.Phrases, Words: words, PINs: a.Admin,
	})
	d.Rules(forms.Alerts(words))
	return d
}

// settingDefaults keeps the fingerprint of the defaults that were loaded last.
const settingDefaults = "defaults.sha256"

// loadDefaults inserts the product's own SOP, forms, documents and catalogue where they are
// missing (rulings 13). A start with the defaults of the last start writes nothing.
func (a *App) loadDefaults(ctx context.Context) error {
	print, err := fingerprint()
	if err != nil {
		return err
	}
	var have string
	if err := a.DB.Read(ctx, func(r *store.Read) (err error) {
		have, err = r.Setting(settingDefaults)
		return err
	}); err != nil || have == print {
		return err
	}
	return a.Write(ctx, access.System("defaults"), access.DefaultsLoad, func(tx *store.Tx) error {
		if err := sop.Publish(tx, defaults.SOP()); err != nil {
			return err
		}
		if _, err := form.LoadDefaults(tx, defaults.Forms()); err != nil {
			return err
		}
		if err := document.Seed(tx, defaults.Documents()); err != nil {
			return err
		}
		if err := catalog.Seed(tx); err != nil {
			return err
		}
		if err := people.SeedRoster(tx); err != nil {
			return err
		}
		return tx.SaveSetting(settingDefaults, print)
	})
}

// fingerprint names the embedded defaults, so that they are loaded once.
func fingerprint() (string, error) {
	sum := sha256.New()
	for _, part := range []any{defaults.SOP(), defaults.Forms(), defaults.Documents(), defaults.Items(), defaults.Products(), defaults.Shifts()} {
		if err := json.NewEncoder(sum).Encode(part); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// house gives the jobs what they need from the rooms.
func (a *App) house() jobs.House {
	return jobs.House{
		DropDrafts: a.dropDrafts, Backup: a.nightlyBackup, Increment: a.incrementBackup, Drill: a.drillBackup, CheckRecord: a.checkRecord, AnchorRecord: a.anchorRecord,
		EscalateTasks: a.escalateTasks, SweepMedia: a.sweepMedia, MovePhotos: a.Keeping.MovePhotos, WatchLog: a.Keeping.WatchLog, ReturnPhotos: a.Keeping.ReturnPhotos,
		Imports:      func(ctx context.Context, by access.Actor) (int, error) { return a.Rooms.Exchange.Continue(ctx, by) },
		CountClients: a.Rooms.Book.Nightly, PrepareMail: a.Rooms.Mail.Prepare, DeliverMail: a.Rooms.Mail.Deliver,
	}
}

func (a *App) dropDrafts(ctx context.Context, _ access.Actor) (n int, err error) {
	err = a.DB.WriteQuiet(ctx, func(tx *store.Tx) error {
		n, err = tx.DropOldDrafts()
		return err
	})
	return n, fault.FromStore(err, "dropping old drafts")
}

// escalateTasks tells people of clocks of the SOP and waits that ran out, and takes what nobody did in
// time one rung up the ladder. It writes nothing, and opens no act, when there is nothing to do.
func (a *App) escalateTasks(ctx context.Context, by access.Actor) (int, error) {
	raised, err := a.Rooms.Reports.RaiseClocks(ctx, by)
	if err != nil {
		return raised, err
	}
	waited, err := a.Rooms.Desk.RaiseWaits(ctx, by)
	if err != nil {
		return raised, err
	}
	climbed, err := a.climbLadders(ctx, by)
	return raised + waited + climbed, err
}

// climbLadders takes late tasks one rung up.
func (a *App) climbLadders(ctx context.Context, by access.Actor) (n int, err error) {
	var late []store.Task
	if err := a.DB.Read(ctx, func(r *store.Read) (err error) {
		late, err = r.TasksToEscalate(1)
		return err
	}); err != nil || len(late) == 0 {
		return 0, err
	}
	err = a.Write(ctx, by, access.TaskEscalate, func(tx *store.Tx) error {
		n, err = task.Escalate(tx)
		return err
	})
	return n, err
}

func (a *App) sweepMedia(ctx context.Context, _ access.Actor) (int, error) {
	return a.Engines.Media.Sweep(ctx)
}

// wakeImports makes the job go on with files that come in, now.
func (a *App) wakeImports() error {
	return a.Jobs.Launch(access.System("import"), "imports")
}

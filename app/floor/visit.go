package floor

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"meixu/app/access"
	"meixu/app/engine/banner"
	"meixu/app/engine/closing"
	"meixu/app/engine/document"
	"meixu/app/engine/sop"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/app/papers"
	"meixu/store"
	"meixu/store/term"
)

// Visit is the page of one visit as the actor may see it.
type Visit struct {
	store.Visit
	Banner     *banner.View
	Stepper    *sop.Stepper
	Run        sop.Run
	Ticket     store.Ticket
	Consultant string // names
	Physician  string
	RoomName   string
	Item       string // booked
	Next       []Do
	Plan       term.PlanID // the newest plan; 0 for none
	Documents  []Paper
	Answers    []Paper
	Photos     []store.Media
	Money      []store.MoneyRow
	Treatments []store.TreatmentRow
	Tasks      []Task
	Left       *closing.Remains // of a visit whose treatments are over, for who may close it
	Off        sop.Gaps         // what an early end calls off, for who may end it
	Agreed     bool             // every consent is signed: none can be refused any more
	Reopens    bool             // it was closed today, and the reader may take that back
}

// Paper is a document or a filled form of the visit.
type Paper struct {
	store.PaperRow
	Open bool // the reader may open it
}

// Task is a task of the visit with its title.
type Task struct {
	store.Task
	Title string
}

// Visit reads the page of a visit; that it was looked at is noted.
func (f *Floor) Visit(ctx context.Context, by access.Actor, id term.VisitID) (v Visit, err error) {
	err = f.ViewOf(ctx, by, access.VisitView, func(r *store.Read) (term.ClientID, error) {
		if v.Visit, err = r.Visit(id); errors.Is(err, store.ErrNotFound) {
			return 0, fault.NotFound("visit").Because(err)
		}
		if err != nil {
			return 0, err
		}
		if err := f.heads(r, by, &v); err != nil {
			return 0, err
		}
		if err := lists(r, by, &v); err != nil {
			return 0, err
		}
		if err := f.ending(r, by, &v); err != nil {
			return 0, err
		}
		return v.Client, whereNow(r, &v)
	})
	return v, err
}

// heads reads what stands above the lists: banner, run, who and where.
func (f *Floor) heads(r *store.Read, by access.Actor, v *Visit) (err error) {
	if v.Banner, err = banner.Of(r, by, v.Client); err != nil {
		return err
	}
	if v.Run, err = f.SOP.View(r, v.ID); err != nil {
		return err
	}
	v.Stepper = v.Run.Line(by.Lang)
	v.Next = next(v.Run, by, v.State)
	plan, err := r.PlanOf(v.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	v.Plan = plan.ID
	if v.Ticket, err = r.TicketOf(v.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return names(r, v)
}

// ending reads what remains of an open visit before it is closed or ended early.
func (f *Floor) ending(r *store.Read, by access.Actor, v *Visit) (err error) {
	switch {
	case v.State != term.VisitOpen:
		v.Reopens = by.May(access.VisitReopen) && v.State == term.VisitCompleted && v.ClosedAt.Day(r.Zone()) == r.Today()
	case v.Released():
		if by.May(access.VisitClose) {
			var left closing.Remains
			left, err = closing.Of(r, f.SOP, v.ID)
			v.Left = &left
		}
	case !v.Begun() && (by.May(access.VisitLeave) || by.May(access.VisitRefuse)):
		if v.Off, err = closing.Leaving(r, v.ID); err == nil {
			v.Agreed, err = document.Agreed(r, v.ID)
		}
	}
	return err
}

// Begun says that something was done to the client in this visit.
func (v *Visit) Begun() bool {
	return slices.ContainsFunc(v.Treatments, func(t store.TreatmentRow) bool {
		return t.State != term.TreatmentCancelled && !t.StartedAt.IsZero()
	})
}

// Released says that the visit had treatments and every one has let the client go.
func (v *Visit) Released() bool {
	return len(v.Treatments) > 0 && !slices.ContainsFunc(v.Treatments, func(t store.TreatmentRow) bool {
		return t.State != term.TreatmentCancelled && t.ReleasedAt.IsZero()
	})
}

// names reads who is on the visit and where it is.
func names(r *store.Read, v *Visit) error {
	for _, who := range []struct {
		id term.StaffID
		to *string
	}{{v.Visit.Consultant, &v.Consultant}, {v.Visit.Physician, &v.Physician}} {
		if who.id == 0 {
			continue
		}
		s, err := r.Staff(who.id)
		if err != nil {
			return err
		}
		*who.to = s.Name
	}
	return nil
}

// whereNow names the room in which the client is: that of the treatment once there is one, the
// one called to before; none when the client has gone.
func whereNow(r *store.Read, v *Visit) error {
	if v.State != term.VisitOpen || v.Station == term.Gone {
		return nil
	}
	for _, t := range v.Treatments {
		if t.State != term.TreatmentCancelled && t.RoomName != "" && v.Stage != term.StageConsultation {
			v.RoomName = t.RoomName
		}
	}
	room := v.Room
	if room == 0 && len(v.Treatments) == 0 {
		room = v.Ticket.Room
	}
	if v.RoomName != "" || room == 0 {
		return nil
	}
	named, err := r.Room(room)
	v.RoomName = named.Name
	return err
}

// lists reads what was done in the visit, as far as the actor sees it (rulings 32).
func lists(r *store.Read, by access.Actor, v *Visit) (err error) {
	if err := v.papers(r, by); err != nil {
		return err
	}
	if by.Sees(access.FieldPhotos) {
		if v.Photos, err = r.MediaList(store.MediaFilter{Visit: v.ID, NotVoid: true, Limit: 60}); err != nil {
			return err
		}
	}
	if by.Sees(access.FieldMoney) {
		if v.Money, err = r.MoneyRows(v.ID); err != nil {
			return err
		}
	}
	if v.Treatments, err = r.TreatmentRows([]term.VisitID{v.ID}); err != nil {
		return err
	}
	tasks, err := r.TasksOfVisit(v.ID)
	for _, t := range tasks {
		v.Tasks = append(v.Tasks, Task{t, task.Title(t, by.Lang)})
	}
	return err
}

// papers lists the documents and filled forms, and which of them the reader may open.
func (v *Visit) papers(r *store.Read, by access.Actor) error {
	documents, err := r.DocumentRows(v.ID)
	if err != nil {
		return err
	}
	for _, d := range documents {
		paper := store.Document{ID: term.DocumentID(d.ID), Kind: d.Code, Signers: d.Signers}
		v.Documents = append(v.Documents, Paper{d, papers.MaySee(by, paper)})
	}
	if !by.Sees(access.FieldAnswers) {
		return nil
	}
	answers, err := r.AnswerRows(v.ID)
	for _, a := range answers {
		v.Answers = append(v.Answers, Paper{a, by.ReadsForm(a.Code)})
	}
	return err
}

// Shut says that a path is that of a document or form of the visit which the reader may not open.
func (v *Visit) Shut(path string) bool {
	for pattern, list := range map[string][]Paper{places["document"]: v.Documents, places["answer"]: v.Answers} {
		for _, p := range list {
			if !p.Open && fmt.Sprintf(pattern, p.ID) == path {
				return true
			}
		}
	}
	return false
}

// Evidence is where the row that proved a step of the visit is read; "" when the reader may not.
func (v *Visit) Evidence(by access.Actor, ref store.Subject) string {
	path := Evidence(by, ref)
	if v.Shut(path) {
		return ""
	}
	return path
}

// Evidence is the page of the row that proved a step; "" when there is none to open, or the
// actor may not.
func Evidence(by access.Actor, ref store.Subject) string {
	place := places[ref.Noun]
	if place == "" || ref.ID == 0 || !sees(by, ref) {
		return ""
	}
	return fmt.Sprintf(place, ref.ID)
}

// Package photos is the album: it keeps pictures of clients with their consent, shows them
// to those who may see them, and notes every look (rulings 10, 32). A picture of a
// demonstration case is shown only while its person agrees (REG-ADV-17).
package photos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/engine/banner"
	"meixu/app/engine/media"
	"meixu/app/engine/phrase"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Kinds of pictures that are taken of a client, and the camera positions.
var (
	Kinds = []string{"baseline", "immediate", "review", "mark", "face", "attachment"}
	Views = []string{"front", "left45", "right45", "left90", "right90", "other"}
)

// withoutConsent are the kinds that need no consent of their own: the portrait of the file
// is part of it, and an attachment is a paper.
var withoutConsent = []string{"face", "attachment"}

// Hook is what a room does when a picture was kept, in the same transaction.
type Hook func(tx *store.Tx, by access.Actor, m store.Media) error

// Album is the service of the photos.
type Album struct {
	deed.Doer
	shelf *media.Shelf
	flow  *sop.Engine
	hooks []Hook
	// phrases marks what the words of a case must not say.
	phrases *phrase.Checker
}

// New makes the album.
func New(d deed.Doer, shelf *media.Shelf, flow *sop.Engine, phrases *phrase.Checker) *Album {
	return &Album{Doer: d, shelf: shelf, flow: flow, phrases: phrases}
}

// On registers what shall happen when a picture was kept.
func (a *Album) On(h Hook) { a.hooks = append(a.hooks, h) }

// About says what a picture is of.
type About struct {
	Visit     term.VisitID
	Treatment term.TreatmentID // 0: of the visit as a whole
	Kind      string
	View      string
}

// Subject is whom and what pictures are taken of, for the upload page.
type Subject struct {
	Visit     store.Visit
	Client    store.Client
	Treatment store.Treatment
	Banner    *banner.View
	Consent   bool
	Kinds     []string // those that the actor may take now
	Have      []store.Media
}

// Subject reads the upload page.
func (a *Album) Subject(ctx context.Context, by access.Actor, about About) (s Subject, err error) {
	err = a.Read(ctx, by, access.MediaAdd, func(r *store.Read) error {
		if s.Visit, s.Treatment, err = subject(r, about); err != nil {
			return err
		}
		scene, err := SceneOf(r, s.Visit, s.Treatment)
		if err != nil {
			return err
		}
		if s.Kinds, err = scene.kinds(by); err != nil {
			return err
		}
		if s.Client, err = r.Client(s.Visit.Client); err != nil {
			return err
		}
		if s.Banner, err = banner.Of(r, by, s.Client.ID); err != nil {
			return err
		}
		have, err := r.Consents(s.Client.ID)
		if err != nil {
			return err
		}
		_, s.Consent = have[term.ForPhotoRecord]
		s.Have, err = r.MediaList(store.MediaFilter{Client: s.Client.ID, Visit: s.Visit.ID, Treatment: about.Treatment, NotVoid: true})
		return err
	})
	return s, err
}

func subject(r *store.Read, about About) (v store.Visit, t store.Treatment, err error) {
	if about.Treatment != 0 {
		if t, err = r.Treatment(about.Treatment); err != nil {
			return v, t, gone(err, "treatment")
		}
		if about.Visit != 0 && about.Visit != t.Visit {
			return v, t, fault.NotFound("treatment")
		}
		about.Visit = t.Visit
	}
	if v, err = r.Visit(about.Visit); err != nil {
		return v, t, gone(err, "visit")
	}
	return v, t, nil
}

func gone(err error, noun string) error {
	if errors.Is(err, store.ErrNotFound) {
		return fault.NotFound(noun).Because(err)
	}
	return err
}

// Upload is one file as it arrives.
type Upload func() (io.ReadCloser, error)

// Shot is one file with the camera position from which it was taken.
type Shot struct {
	View string
	Open Upload
}

// Add keeps pictures of a client that were all taken from one position.
func (a *Album) Add(ctx context.Context, by access.Actor, about About, files []Upload) (ids []term.MediaID, err error) {
	shots := make([]Shot, len(files))
	for i, open := range files {
		shots[i] = Shot{about.View, open}
	}
	return a.AddEach(ctx, by, about, shots)
}

// AddEach keeps pictures of a client, each with its own position. The consent is asked for
// before a byte is kept (REG-PII-01). A file that is no picture does not take the good ones
// with it: those are kept, and the fault names which to take again.
func (a *Album) AddEach(ctx context.Context, by access.Actor, about About, shots []Shot) (ids []term.MediaID, err error) {
	if !by.May(access.MediaAdd) {
		return nil, fault.Forbidden(string(access.MediaAdd))
	}
	if err := whole(about, shots).Err(); err != nil {
		return nil, err
	}
	var client term.ClientID
	if err := a.Read(ctx, by, access.MediaAdd, func(r *store.Read) (err error) {
		client, err = allowed(r, by, about)
		return err
	}); err != nil {
		return nil, err
	}
	good, bad, err := a.develop(ctx, by, client, shots)
	if err != nil {
		return nil, err
	}
	if len(good) == 0 {
		return nil, bad.Err()
	}
	err = a.Write(ctx, by, access.MediaAdd, func(tx *store.Tx) error {
		if _, err := allowed(tx.Read, by, about); err != nil { // withdrawn meanwhile?
			return err
		}
		ids, err = a.keep(tx, by, about, good)
		return err
	})
	if err != nil {
		return nil, err
	}
	return ids, bad.Err()
}

// whole says what is missing of an upload.
func whole(about About, shots []Shot) (wrong fault.Fields) {
	if !slices.Contains(Kinds, about.Kind) {
		wrong.Add("kind", "media.kind.missing")
	}
	if slices.ContainsFunc(shots, func(s Shot) bool { return !slices.Contains(Views, s.View) }) {
		wrong.Add("view", "media.view.missing")
	}
	if len(shots) == 0 {
		wrong.Add("photo", "media.photo.missing")
	}
	return wrong
}

// developed is a clean picture with its position.
type developed struct {
	media.Prepared
	view string
}

// develop cleans the files. Those that are no pictures are named by their place; when there is
// one file its own fault is told.
func (a *Album) develop(ctx context.Context, by access.Actor, client term.ClientID, shots []Shot) (good []developed, bad fault.Fields, err error) {
	var places []string
	for i, s := range shots {
		p, err := a.take(ctx, by, client, s.Open)
		faults, wrong := fault.FieldsOf(err)
		switch {
		case wrong:
			places, bad = append(places, strconv.Itoa(i+1)), faults
		case err != nil:
			return nil, nil, err
		default:
			good = append(good, developed{p, s.View})
		}
	}
	if len(places) > 0 && len(shots) > 1 {
		bad = nil
		bad.Add("photo", "media.photo.some", strings.Join(places, "、"), len(good))
	}
	return good, bad, nil
}

func (a *Album) take(ctx context.Context, by access.Actor, client term.ClientID, open Upload) (media.Prepared, error) {
	file, err := open()
	if err != nil {
		return media.Prepared{}, fault.Defect("reading an upload", err)
	}
	defer file.Close() //nolint:errcheck // read to the end or given up
	return a.shelf.Take(ctx, by, client, file)
}

// allowed says whether pictures may be taken: the scene allows them (Scene), and the client
// agreed.
func allowed(r *store.Read, by access.Actor, about About) (term.ClientID, error) {
	v, t, err := subject(r, about)
	if err != nil {
		return 0, err
	}
	scene, err := SceneOf(r, v, t)
	if err != nil {
		return 0, err
	}
	if err := scene.May(by, about.Kind); err != nil {
		return 0, err
	}
	if slices.Contains(withoutConsent, about.Kind) {
		return v.Client, nil
	}
	have, err := r.Consents(v.Client)
	if err != nil {
		return 0, err
	}
	if _, ok := have[term.ForPhotoRecord]; !ok {
		return 0, fault.Refuse("REG-PII-01", "consultation.photo.consent").Ask(string(access.Consultant)).
			At(fmt.Sprintf("/consultation/%d", v.ID))
	}
	return v.Client, nil
}

// keep adds the rows, tells the SOP and the rooms.
func (a *Album) keep(tx *store.Tx, by access.Actor, about About, pictures []developed) (ids []term.MediaID, err error) {
	v, t, err := subject(tx.Read, about)
	if err != nil {
		return nil, err
	}
	for _, p := range pictures {
		m, err := media.Add(tx, by, p.Prepared, media.Meta{Visit: v.ID, Treatment: t.ID, Kind: about.Kind, View: p.view})
		if err != nil {
			return nil, err
		}
		ids = append(ids, m.ID)
		tx.Result("media", int64(m.ID))
		for _, h := range a.hooks {
			if err := h(tx, by, m); err != nil {
				return nil, err
			}
		}
	}
	kind := "photo.skin"
	if t.ID != 0 {
		kind = "photo." + about.Kind
	}
	ref := store.Subject{Noun: "media", ID: int64(ids[0])}
	return ids, a.flow.Prove(tx, by, sop.Subject{Visit: v.ID, Treatment: t.ID}, kind, ref)
}

// Open gives a picture; that the actor looked is noted.
func (a *Album) Open(ctx context.Context, by access.Actor, id term.MediaID, size media.Size) (io.Reader, store.Media, error) {
	err := a.Read(ctx, by, access.MediaView, func(r *store.Read) error {
		m, err := r.Media(id)
		if err != nil {
			return gone(err, "media")
		}
		return shown(r, m)
	})
	if err != nil {
		return nil, store.Media{}, err
	}
	act := store.Act{
		Staff: by.Staff, Role: by.RoleFor(access.MediaView), Station: by.Station, Action: string(access.MediaView), Request: by.Request,
	}
	return a.shelf.Open(ctx, act, id, size)
}

// shown refuses the picture of a case that is not authorised now (REG-ADV-17).
func shown(r *store.Read, m store.Media) error {
	if m.Kind != "case" {
		return nil
	}
	open, err := r.CasesFor("", 1000)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(open, func(c store.Case) bool { return c.Before == m.ID || c.After == m.ID }) {
		return nil
	}
	return fault.Refuse("REG-ADV-17", "consultation.case.unauthorised", fmt.Sprintf("#%d", m.ID)).Ask(string(access.Quality))
}

// Look is one picture with what is known of it.
type Look struct {
	Media  store.Media
	Client store.Client
	By     string
	Banner *banner.View
}

// Look reads the page of a picture.
func (a *Album) Look(ctx context.Context, by access.Actor, id term.MediaID) (l Look, err error) {
	err = a.Read(ctx, by, access.MediaView, func(r *store.Read) error {
		if l.Media, err = r.Media(id); err != nil {
			return gone(err, "media")
		}
		if err := shown(r, l.Media); err != nil {
			return err
		}
		if who, err := r.Staff(l.Media.TakenBy); err == nil {
			l.By = who.Name
		}
		if l.Media.Client == 0 {
			return nil
		}
		if l.Client, err = r.Client(l.Media.Client); err != nil {
			return err
		}
		l.Banner, err = banner.Of(r, by, l.Media.Client)
		return err
	})
	return l, err
}

// Void takes a picture out of use with the actor's reason; the file stays (REG-EMR-06).
func (a *Album) Void(ctx context.Context, by access.Actor, id term.MediaID, reason string) (m store.Media, err error) {
	on := store.Subject{Noun: "media", ID: int64(id)}
	err = a.WriteOn(ctx, by, access.MediaVoid, on, func(tx *store.Tx) error {
		if m, err = tx.Media(id); err != nil {
			return gone(err, "media")
		}
		tx.Result("media", int64(id))
		return media.Void(tx, by, id, strings.TrimSpace(reason))
	})
	return m, err
}

package store

import (
	"meixu/store/term"
)

// States of a photo.
const (
	MediaKept = "kept"
	MediaVoid = "void"
)

// Media is a photo or scan. The picture lies sealed in a file of random name; its content
// hash is sealed in the row, because a plain hash leaks equality (rulings 16).
type Media struct {
	ID        term.MediaID
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Client    term.ClientID
	Visit     term.VisitID
	Treatment term.TreatmentID
	Kind      string // baseline, immediate, review, face, id_check, case, attachment, mark
	View      string // front, left45, right45, left90, right90, other
	File      string // random name under data/media
	Hash      string // hex SHA-256 of the picture, sealed
	Width     int
	Height    int
	Bytes     int64
	TakenAt   term.Instant
	TakenBy   term.StaffID
	State     string
	Void
}

func (*Media) table() string { return "media" }
func (*Media) columns() string {
	return "id, version, created_at, updated_at, client_id, visit_id, treatment_id, kind, view, file, hash_sealed, width, " +
		"height, bytes, taken_at, taken_by, state, " + voidCols
}

func (m *Media) fields(r *Read) []any {
	return append([]any{
		&m.ID, &m.Version, &m.CreatedAt, &m.UpdatedAt, maybe(&m.Client), maybe(&m.Visit), maybe(&m.Treatment), &m.Kind,
		&m.View, &m.File, sealed(r, "media", &m.ID, &m.Client, "hash_sealed", &m.Hash), &m.Width, &m.Height, &m.Bytes,
		&m.TakenAt, maybe(&m.TakenBy), &m.State,
	}, voidFields(r, "media", &m.ID, &m.Client, &m.Void)...)
}

// Media reads one photo's row.
func (r *Read) Media(id term.MediaID) (Media, error) { return load[Media](r, "id = ?", id) }

// MediaFilter chooses photos; zero fields mean all.
type MediaFilter struct {
	Client    term.ClientID
	Visit     term.VisitID
	Treatment term.TreatmentID
	Kind      string
	NotVoid   bool
	Limit     int // 100 when 0, at most 500
}

// MediaList lists photos, newest first.
func (r *Read) MediaList(f MediaFilter) ([]Media, error) {
	if all, known, err := r.photosAbout(f); known {
		return f.choose(all), err
	}
	var w where
	w.when(f.Client != 0, `client_id = ?`, f.Client)
	w.when(f.Visit != 0, `visit_id = ?`, f.Visit)
	w.when(f.Treatment != 0, `treatment_id = ?`, f.Treatment)
	w.when(f.Kind != "", `kind = ?`, f.Kind)
	w.when(f.NotVoid, `state <> ?`, MediaVoid)
	var m Media
	return many(r, scanRecord[Media](r), `SELECT `+m.columns()+` FROM media`+w.sql()+` ORDER BY id DESC`+limit(f.Limit, 500), w.args...)
}

// MediaUse is how much was kept.
type MediaUse struct {
	Files int
	Bytes int64
}

// MediaTakenBy counts what a person has put on the shelf since then, voided ones too.
func (r *Read) MediaTakenBy(person term.StaffID, from term.Instant) (MediaUse, error) {
	return one(r, scanMediaUse, `SELECT count(*), coalesce(sum(bytes), 0) FROM media WHERE taken_by = ? AND created_at >= ?`, person, from)
}

// MediaTakenOf counts what was put on the shelf of a client since then, voided ones too.
func (r *Read) MediaTakenOf(client term.ClientID, from term.Instant) (MediaUse, error) {
	return one(r, scanMediaUse, `SELECT count(*), coalesce(sum(bytes), 0) FROM media WHERE client_id = ? AND created_at >= ?`, client, from)
}

func scanMediaUse(from row) (u MediaUse, err error) {
	err = from.Scan(&u.Files, &u.Bytes)
	return u, err
}

// MediaFiles lists the names of all files that a row points at, for the sweeper: a voided
// photo keeps its file.
func (r *Read) MediaFiles() (map[string]bool, error) {
	names, err := many(r, value[string], `SELECT file FROM media`)
	if err != nil {
		return nil, err
	}
	known := make(map[string]bool, len(names))
	for _, name := range names {
		known[name] = true
	}
	return known, nil
}

// MediaAfter lists the names of the files of rows that came after a row, and the newest row; that
// row again when none came. 0 is before all.
func (r *Read) MediaAfter(after term.MediaID) (names []string, newest term.MediaID, err error) {
	newest, err = one(r, value[term.MediaID], `SELECT coalesce(max(id), ?) FROM media`, after)
	if err != nil || newest <= after {
		return nil, after, err
	}
	names, err = many(r, value[string], `SELECT file FROM media WHERE id > ? ORDER BY id`, after)
	return names, newest, err
}

// MediaNewest lists the same names, the newest photo first.
func (r *Read) MediaNewest() ([]string, error) {
	return many(r, value[string], `SELECT file FROM media ORDER BY id DESC`)
}

// AddMedia notes a photo whose file stands already.
func (tx *Tx) AddMedia(m *Media) error { return tx.addRow(m) }

// SaveMedia writes a photo's row over the version read.
func (tx *Tx) SaveMedia(m *Media) error { return tx.saveRow(m) }

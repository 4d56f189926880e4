package kit

import (
	"net/url"
	"strconv"
)

// Table is a plain list. Rooms with richer rows write their own <table class="table">.
type Table struct {
	CaptionKey string
	Columns    []Column
	Rows       []Row
	Empty      Empty
	Pager      *Pager
}

// Column is the head of a column.
type Column struct {
	Key   string // words key; "" for a column of buttons
	Num   bool   // right-aligned, tabular figures
	Class string
}

// Row is one line; Link makes the whole line open.
type Row struct {
	Link  string
	Cells []Cell
	Class string
}

// Cell is one cell. State draws a badge, Link makes the text a link, Key prints a words key.
type Cell struct {
	Text  string
	Key   string
	Sub   string
	Link  string
	State any
	Num   bool
	Class string
}

// Empty is what an empty list says: that there is nothing and what to do next.
type Empty struct {
	TitleKey  string
	HintKey   string
	Icon      string
	Link      string
	ActionKey string
}

// Pager walks a list; the filter stays in the address.
type Pager struct {
	Page  int // from 1
	Size  int
	Total int
	Path  string
	Query url.Values
}

// NewPager reads ?page= and keeps the rest of the query.
func NewPager(path string, query url.Values, size int) *Pager {
	page, err := strconv.Atoi(query.Get("page"))
	if err != nil || page < 1 || page > 100000 {
		page = 1
	}
	return &Pager{Page: page, Size: size, Path: path, Query: query}
}

// Offset is the number of rows before the page.
func (p *Pager) Offset() int { return (p.Page - 1) * p.Size }

// From and To number the rows shown.
func (p *Pager) From() int { return min(p.Offset()+1, p.Total) }

// To is the number of the last row shown.
func (p *Pager) To() int { return min(p.Page*p.Size, p.Total) }

// Needed says that there is more than one page.
func (p *Pager) Needed() bool { return p.Total > p.Size }

// Prev is the address of the page before, "" on the first.
func (p *Pager) Prev() string { return p.at(p.Page - 1) }

// Next is the address of the page after, "" on the last.
func (p *Pager) Next() string {
	if p.To() >= p.Total {
		return ""
	}
	return p.at(p.Page + 1)
}

func (p *Pager) at(page int) string {
	if page < 1 {
		return ""
	}
	q := url.Values{}
	for k, v := range p.Query {
		q[k] = v
	}
	q.Set("page", strconv.Itoa(page))
	return p.Path + "?" + q.Encode()
}

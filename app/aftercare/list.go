package aftercare

import (
	"context"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/task"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Filter chooses follow-ups: today's (and late ones), or all.
type Filter struct {
	All           bool
	Limit, Offset int
}

// Due is one line of the list of follow-ups.
type Due struct {
	task.Row
	Name  string
	Phone string // masked
	Item  string
	Text  string // ready to copy into a chat
}

// Page is one page of the list with the numbers above it.
type Page struct {
	Rows  []Due
	Total int // on all pages
	Late  int // of all
}

// List reads the follow-ups of the actor: late ones first, then by due.
func (d *Desk) List(ctx context.Context, by access.Actor, f Filter) (p Page, err error) {
	err = d.Read(ctx, by, access.AftercareView, func(r *store.Read) error {
		who := by
		if !by.Is(access.Aftercare) && (by.Is(access.Manager) || by.Is(access.Quality) || by.Is(access.Nurse) || by.Is(access.Physician)) {
			who.Roles = append([]access.Role{access.Aftercare}, by.Roles...) // they look on
		}
		filter := task.Filter{Kind: task.Followup, Limit: f.Limit, Offset: f.Offset, All: true}
		if !f.All {
			filter.Until = r.Today().End(r.Zone())
		}
		rows, err := task.Worklist(r, who, filter)
		if err != nil {
			return err
		}
		if p.Total, err = task.Total(r, who, filter); err != nil {
			return err
		}
		if p.Late, err = task.Total(r, who, task.Filter{Kind: task.Followup, All: true, Until: r.Now()}); err != nil {
			return err
		}
		clinic, err := r.Setting(settingClinic)
		if err != nil {
			return err
		}
		for _, row := range rows {
			line, err := lineOf(r, row, clinic, by.Lang)
			if err != nil {
				return err
			}
			p.Rows = append(p.Rows, line)
		}
		return nil
	})
	return p, err
}

func lineOf(r *store.Read, row task.Row, clinic string, lang words.Lang) (line Due, err error) {
	line.Row = row
	c, err := r.Client(row.Client)
	if err != nil {
		return line, err
	}
	line.Name, line.Phone = c.Name, term.MaskPhone(c.Phone)
	treated, err := treatedOf(r, row.Task)
	if err != nil {
		return line, err
	}
	names := make([]string, len(treated))
	for i, t := range treated {
		names[i] = words.Text{ZH: t.Item.Name, EN: t.Item.NameEN}.In(lang)
	}
	line.Item = strings.Join(names, " / ")
	line.Text = lang.T("aftercare.wechat", c.Name, clinic, row.Day)
	if row.Day == 0 {
		line.Text = lang.T("aftercare.wechat.today", c.Name, clinic)
	}
	return line, nil
}

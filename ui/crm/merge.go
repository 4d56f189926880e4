package crm

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/crm"
	"meixu/app/engine/banner"
	"meixu/store/term"
	"meixu/ui/kit"
)

// mergeView is the page on which two files of one person are compared and joined, and on which
// that is taken back.
type mergeView struct {
	crm.MergeSheet
	Rows    []choice
	Reason  *kit.Edit
	Typed   string
	Splits  []split
	Refusal *kit.Refusal
}

// choice is one field of the two files.
type choice struct {
	Field      string
	Ours       string
	Theirs     string
	Same, Take bool
}

type split struct {
	crm.Merged
	Edit kit.Edit
}

// ClientBanner hangs the person into the frame.
func (v mergeView) ClientBanner() *banner.View { return v.Banner }

var mergePage = kit.New[mergeView](pages, "merge.html")

func (h desk) mergePage(c echo.Context) error { return h.drawMerge(c, http.StatusOK, "", kit.Said{}) }

// drawMerge draws the page; form names the one that came back with faults.
func (h desk) drawMerge(c echo.Context, status int, form string, said kit.Said) error {
	f := kit.Read(c)
	ask := crm.AskMerge{Into: term.ClientID(kit.ParamID(c, "id")), From: term.ClientID(f.ID("from")), Number: f.Text("number")}
	sheet, err := h.MergeSheet(c.Request().Context(), kit.Who(c), ask)
	if err != nil {
		return err
	}
	v := mergeView{MergeSheet: sheet, Typed: ask.Number, Refusal: said.Refusal}
	back := func(name string, e kit.Edit) kit.Edit {
		if name == form {
			e = e.Filled(f.Values(), said.Prefixed(form+"_").Faults)
		}
		return e
	}
	if sheet.From.ID != 0 {
		v.Rows = rowsOf(c, sheet, form != "")
		e := back("merge", kit.Edit{SubmitKey: "crm.merge.do", Fields: []kit.Field{
			{Name: "merge_reason", Kind: kit.Text, LabelKey: "kit.reason", Required: true, Wide: true},
		}})
		v.Reason = &e
	}
	for _, m := range sheet.Done {
		name := fmt.Sprintf("split%d", m.ID)
		v.Splits = append(v.Splits, split{m, back(name, kit.Edit{
			Action: fmt.Sprintf("/clients/%d/split/%d", ask.Into, m.ID), SubmitKey: "crm.split.do", Danger: true,
			Fields: []kit.Field{{Name: name + "_reason", Kind: kit.Text, LabelKey: "kit.reason", Required: true, Wide: true}},
		})})
	}
	return mergePage.Draw(c, status, "crm.merge.title", v)
}

// rowsOf lists the fields side by side; the older file's stand unless they are empty.
func rowsOf(c echo.Context, s crm.MergeSheet, typed bool) (rows []choice) {
	for _, field := range crm.MergeFields {
		r := choice{Field: field, Ours: shown(c, s, s.Into, field), Theirs: shown(c, s, s.From, field)}
		r.Same = crm.SameField(s.Into, s.From, field)
		r.Take = r.Ours == "" && r.Theirs != ""
		if typed {
			r.Take = kit.Read(c).Text("take_"+field) == "from"
		}
		if r.Ours != "" || r.Theirs != "" {
			rows = append(rows, r)
		}
	}
	return rows
}

// shown is a field as it may be read here: numbers are masked.
func shown(c echo.Context, s crm.MergeSheet, x crm.Client, field string) string {
	lang := kit.Who(c).Lang
	word := func(prefix, value string) string {
		if value == "" {
			return ""
		}
		return lang.T(prefix + value)
	}
	contact := func(k crm.Contact) string {
		return strings.TrimSpace(k.Name + " " + k.Relation + " " + term.MaskPhone(k.Phone))
	}
	switch field {
	case "name":
		return x.Name
	case "phone":
		return term.MaskPhone(x.Phone)
	case "gender":
		return word("term.gender.", x.Gender)
	case "birth":
		return string(x.Birth)
	case "document":
		return strings.TrimSpace(word("reports.value.clients.id_kind.", x.IDKind) + " " + term.MaskNumber(x.IDNumber))
	case "wechat":
		return term.MaskNumber(x.WeChat)
	case "address":
		return x.Address
	case "emergency":
		return contact(x.Emergency)
	case "guardian":
		return contact(x.Guardian)
	case "need":
		return x.Need
	case "consultant":
		return s.Names[x.Consultant]
	case "tier":
		return word("term.tier.", x.Tier)
	case "source":
		return word("term.channel.", x.Source)
	case "face":
		if x.Face != 0 {
			return lang.T("crm.merge.face.there")
		}
	}
	return ""
}

func (h desk) merge(c echo.Context) error {
	f := kit.Read(c)
	in := crm.Merge{
		Into: term.ClientID(kit.ParamID(c, "id")), From: term.ClientID(f.ID("from")), IntoVersion: f.Int("into_version"),
		FromVersion: f.Int("from_version"), Reason: f.Text("merge_reason"),
	}
	for _, field := range crm.MergeFields {
		if f.Text("take_"+field) == "from" {
			in.Take = append(in.Take, field)
		}
	}
	err := f.Err()
	if err == nil {
		err = h.Merge(c.Request().Context(), kit.Who(c), in)
	}
	if err != nil {
		return h.refusedMerge(c, "merge", err)
	}
	return kit.Done(c, "crm.merge.done", nil, "/client/%d", in.Into)
}

func (h desk) split(c echo.Context) error {
	in := crm.Split{Merge: kit.ParamID(c, "merge"), Into: term.ClientID(kit.ParamID(c, "id"))}
	name := fmt.Sprintf("split%d", in.Merge)
	in.Reason = kit.Read(c).Text(name + "_reason")
	into, err := h.Split(c.Request().Context(), kit.Who(c), in)
	if err != nil {
		return h.refusedMerge(c, name, err)
	}
	return kit.Done(c, "crm.split.is", nil, "/client/%d", into)
}

// refusedMerge brings the page back with what was chosen; when a file was changed meanwhile, as it
// stands now.
func (h desk) refusedMerge(c echo.Context, form string, err error) error {
	if said, ok := kit.Outdated(c, err); ok {
		return h.drawMerge(c, said.Status, form, said)
	}
	return err
}

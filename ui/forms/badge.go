package forms

import (
	service "meixu/app/forms"
	"meixu/ui/kit"
)

// stateBadge is the state of a filling as colour, icon and word.
func stateBadge(row service.Answer) kit.Badge {
	look := map[string][2]string{
		service.AnswerDraft:   {"orange", "pencil"},
		service.AnswerSigned:  {"green", "signature"},
		service.AnswerAmended: {"grey", "archive"},
		service.AnswerVoid:    {"struck", "x"},
	}[row.State]
	return kit.Badge{Key: "forms.state." + row.State, Tone: look[0], Icon: look[1], State: row.State}
}

// State is the state of the filling.
func (v readView) State() kit.Badge { return stateBadge(v.Row) }

// Sum is the beginning of the fingerprint of the signed answers.
func (v readView) Sum() string {
	if len(v.Row.SHA256) < 16 {
		return ""
	}
	return v.Row.SHA256[:16]
}

// Badge is the state of a filling in the list.
func (folderView) Badge(row service.Answer) kit.Badge { return stateBadge(row) }

// Empty is what a visit without forms says.
func (folderView) Empty() kit.Empty {
	return kit.Empty{TitleKey: "forms.none", HintKey: "forms.none.hint", Icon: "clipboard-list"}
}

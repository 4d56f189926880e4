package forms

import "meixu/store"

// Answer is one filling of a form.
type Answer = store.Answer

// States of a filling.
const (
	AnswerDraft   = store.AnswerDraft
	AnswerSigned  = store.AnswerSigned
	AnswerAmended = store.AnswerAmended
	AnswerVoid    = store.AnswerVoid
)

package form

import "meixu/app/access"

// Seer says which sensitivity levels of answers the actor may read (rulings 32): P0 and P1
// everybody who may open the form, P2 (health) those who see answers, P3 (infectious
// diseases, private areas) those who see diagnoses. A client on a handed-over tablet sees
// the own form whole.
func Seer(by access.Actor) func(level string) bool {
	return func(level string) bool {
		switch {
		case by.Guest.Kind == "form", level == "P0", level == "P1":
			return true
		case level == LevelIdentity:
			return by.Sees(access.FieldIdentity)
		case level == LevelMoney:
			return by.Sees(access.FieldMoney)
		case level == "P3":
			return by.Sees(access.FieldDiagnosis)
		default:
			return by.Sees(access.FieldAnswers)
		}
	}
}

package form

// Harmless is the answer to a question with fixed answers that finds nothing: no disease, no
// red flag, what must be ticked is ticked. It fills practice clinics and tests; "" where the
// answer is not one of a few.
func (it Item) Harmless() string {
	if len(it.Must) > 0 {
		return it.Must[0]
	}
	switch it.Type {
	case YesNo:
		for _, flag := range it.RedFlag {
			if flag.WhenAnswer == No {
				return Yes
			}
		}
		return No
	case Choice, Multi:
		return it.Options[0].Code
	case Boolean:
		return True
	default: // free answers are the caller's
	}
	return ""
}

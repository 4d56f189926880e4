package access

// Deeds around credentials: who may treat whom with what.
var (
	// PeopleView opens licences and rights.
	PeopleView = allow("people.view", Quality, Manager, Owner)
	// LicenceAdd enters a paper; it counts after somebody else checked it.
	LicenceAdd = allow("licence.add", Manager, Owner)
	// LicenceCheck confirms a paper that somebody else entered.
	LicenceCheck = allow("licence.check", Quality, Manager, Owner)
	// LicenceSuspend suspends a paper or lifts the suspension.
	LicenceSuspend = allow("licence.suspend", Quality, Manager, Owner)
	// RightGrant sets what a person may do with a kind of item (F14).
	RightGrant = allow("right.grant", Manager, Owner)
)

package consultation

import "meixu/store"

// CaseRow is a case of the clinic as the client may see it.
type CaseRow = store.Case

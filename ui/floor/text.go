package floor

import (
	"strconv"

	"meixu/app/engine/sop"
	"meixu/store/term"
)

func number(n int64) string { return strconv.FormatInt(n, 10) }

func visitPath(id term.VisitID) string { return "/visit/" + number(int64(id)) }

// stepPath is the page of one step of a visit.
func stepPath(visit term.VisitID, s sop.RunStep) string { return visitPath(visit) + "/step/" + s.ID }

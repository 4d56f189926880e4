package catalog

import (
	"strconv"

	"meixu/store/term"
)

func idText(id term.ItemID) string { return strconv.FormatInt(int64(id), 10) }

func number(n int) string { return strconv.Itoa(n) }

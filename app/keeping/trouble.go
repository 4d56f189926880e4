package keeping

import (
	"errors"

	"meixu/app/fault"
	"meixu/backup"
	"meixu/backup/target"
	"meixu/store/seal"
)

// troubles are the sentences for what goes wrong with backups and places.
var troubles = []struct {
	err error
	key string
}{
	{ErrSameDisk, "keeping.fault.same"},
	{target.ErrAddress, "keeping.fault.address"},
	{target.ErrPlain, "keeping.fault.plain"},
	{target.ErrHost, "keeping.fault.host"},
	{target.ErrParent, "keeping.fault.parent"},
	{target.ErrAway, "keeping.fault.away"},
	{backup.ErrOtherKey, "keeping.fault.key"},
	{backup.ErrOther, "keeping.fault.other"},
	{backup.ErrOlder, "keeping.fault.older"},
	{backup.ErrNone, "keeping.fault.none"},
	{backup.ErrDamaged, "keeping.fault.damaged"},
	{backup.ErrNeedsCode, "cli.nokeys"},
	{seal.ErrTyped, "keeping.fault.typed"},
	{seal.ErrCode, "cli.code"},
}

// Trouble is the words key of what went wrong; "" for no error.
func Trouble(err error) string {
	if err == nil {
		return ""
	}
	if key := Known(err); key != "" {
		return key
	}
	if fault.NoRoom(err) {
		return "keeping.fault.full"
	}
	return "keeping.fault.failed"
}

// Known is the words key of an error of backups; "" when it is none of them.
func Known(err error) string {
	for _, t := range troubles {
		if errors.Is(err, t.err) {
			return t.key
		}
	}
	return ""
}

package app

import (
	"context"
	"errors"

	"meixu/app/admin"
	"meixu/app/fault"
	"meixu/store/seal"
)

// ResetOwner gives an owner a one-time password at the console of the server: who is at the
// machine and holds the printed recovery code could read everything anyway. Everybody is told
// for a week, and it is in the trail.
func (a *App) ResetOwner(ctx context.Context, login, recovery string) (code string, err error) {
	code, err = a.Admin.ResetOwner(ctx, login, func() error {
		err := seal.CheckCode(a.Options.Dir, recovery)
		if errors.Is(err, seal.ErrCode) || errors.Is(err, seal.ErrTyped) {
			return admin.WrongCode()
		}
		return err
	})
	if errors.Is(err, admin.WrongCode()) {
		return "", fault.Refuse("TR-reset", "admin.code.recovery")
	}
	return code, err
}

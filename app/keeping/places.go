package keeping

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/backup"
	"meixu/backup/target"
	"meixu/store"
)

// settingPlace keeps the second place, sealed: its secrets open other machines.
const settingPlace = "backup.place"

// SecondPlace is the second place as people see it; secrets are never shown again.
type SecondPlace struct {
	Address string
	Secret  bool // secrets are kept with it
	// SameDisk says that the place is a folder on the disk of the data.
	SameDisk bool
	Version  int64
}

// PlaceForm is what the owner types.
type PlaceForm struct {
	Address string
	Secrets Secrets
	Keep    bool // keep the secrets that are there already
}

// second reads the second place; empty when there is none.
func (o *Office) second(r *store.Read) (shown SecondPlace, p Place, err error) {
	plain, err := r.Secret(settingPlace)
	if err != nil || plain == nil {
		return shown, p, err
	}
	if err := json.Unmarshal(plain, &p); err != nil {
		return shown, p, err
	}
	shown = SecondPlace{Address: p.Address, Secret: p.Secrets != Secrets{}}
	shown.SameDisk = !target.Remote(p.Address) && sameDisk(p.Address, o.DB.Dir())
	return shown, p, nil
}

func (o *Office) secondPlace(ctx context.Context) (p Place, err error) {
	err = o.DB.Read(ctx, func(r *store.Read) error {
		_, p, err = o.second(r)
		return err
	})
	return p, fault.FromStore(err, "reading the second place")
}

// SavePlace sets the second place after looking whether it can be written to and holds no
// other clinic's backups. An empty address takes it away; its backups stay where they are.
func (o *Office) SavePlace(ctx context.Context, by access.Actor, in PlaceForm) error {
	if !by.May(access.BackupPlace) {
		return fault.Forbidden(string(access.BackupPlace))
	}
	var f fault.Fields
	p := Place{Address: strings.TrimSpace(in.Address), Secrets: in.Secrets}
	if in.Keep {
		had, err := o.secondPlace(ctx)
		if err != nil {
			return err
		}
		switch {
		case sameHost(had.Address, p.Address):
			p.Secrets = had.Secrets
		case target.Remote(p.Address):
			f.Add("keep", "keeping.fault.keep")
			return f.Err()
		}
	}
	if p.Address != "" {
		if err := o.try(ctx, p); err != nil {
			refuse(&f, p, err)
			return f.Err()
		}
	}
	plain, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return o.Write(ctx, by, access.BackupPlace, func(tx *store.Tx) error {
		if p.Address == "" {
			return errors.Join(tx.SaveSecret(settingPlace, nil), tx.SaveSetting(settingSecond, ""))
		}
		return tx.SaveSecret(settingPlace, plain)
	})
}

// try writes, reads and removes a small file at a place that is to be used. The clinic's
// own data folder is no second place: it dies with the same disk.
func (o *Office) try(ctx context.Context, p Place) error {
	if err := o.outside(p.Address); err != nil {
		return err
	}
	return backup.Try(ctx, o.source(), p)
}

// outside refuses folders that are not named whole, or lie in the data folder.
func (o *Office) outside(address string) error {
	switch {
	case target.Remote(address):
		return nil
	case !filepath.IsAbs(address):
		return fmt.Errorf("%w: not absolute", target.ErrAddress)
	case inside(address, o.DB.Dir()):
		return ErrSameDisk
	}
	return nil
}

// refuse says under the address why a place was not taken. The key of an unknown server is
// shown, for the owner to compare.
func refuse(f *fault.Fields, p Place, err error) {
	if shown := hostKey(err); shown != "" {
		f.Add("address", "keeping.fault.host.shown", shown)
		return
	}
	logTrouble(p, err)
	f.Add("address", Trouble(err))
}

// sameHost says that two addresses name the same account of the same machine, so that secrets
// of the one may go to the other.
func sameHost(had, now string) bool {
	a, errA := url.Parse(had)
	b, errB := url.Parse(now)
	if errA != nil || errB != nil || !target.Remote(had) || !target.Remote(now) {
		return false
	}
	return strings.EqualFold(a.Scheme, b.Scheme) && strings.EqualFold(a.Host, b.Host) &&
		a.User.String() == b.User.String() && a.Query().Get("endpoint") == b.Query().Get("endpoint")
}

// logTrouble tells the log why a place was not taken, without the secrets that were typed.
func logTrouble(p Place, err error) {
	text := err.Error()
	hidden := []string{p.Secrets.Password, p.Secrets.Key, p.Secrets.Secret}
	if at, err := url.Parse(p.Address); err == nil {
		password, _ := at.User.Password()
		hidden = append(hidden, password)
	}
	for _, secret := range hidden {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "…")
		}
	}
	slog.Warn("the second place was not taken", "error", text)
}

// ErrSameDisk says that a second place lies inside the data folder.
var ErrSameDisk = errors.New("keeping: the second place lies in the data folder")

// hostKey is the key that an unknown server showed, for the owner to compare; "" when that
// is not what went wrong.
func hostKey(err error) string {
	if !errors.Is(err, target.ErrHost) {
		return ""
	}
	_, shown, _ := strings.Cut(err.Error(), "host=")
	shown, _, _ = strings.Cut(shown, "\n")
	return shown
}

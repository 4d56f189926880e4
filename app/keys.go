package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/seal"
)

// PassphraseMin is how many characters the passphrase of the key file must have: who has the
// file may guess as often as he likes.
const PassphraseMin = 12

// keyTroubles are the sentences for a key file that does not open.
var keyTroubles = []struct {
	err error
	key string
}{
	{seal.ErrNoKeys, "cli.nokeys"},
	{seal.ErrLocked, "cli.key.locked"},
	{seal.ErrPassphrase, "cli.key.wrong"},
	{seal.ErrAccount, "cli.key.account"},
	{seal.ErrKeyFile, "cli.key.damaged"},
	{seal.ErrKeysExist, "cli.key.other"},
}

func keyTrouble(err error) string {
	for _, t := range keyTroubles {
		if errors.Is(err, t.err) {
			return t.key
		}
	}
	return ""
}

// HasPassphrase says whether the key file of a data folder wants a passphrase.
func HasPassphrase(dataDir string) (bool, error) {
	coats, err := seal.CoatsOf(dataDir)
	return coats.Passphrase, err
}

// SetPassphrase puts the key file under a new passphrase, or with "" under none; former is the
// one it has, if any. The keys inside stay the same, so backups and the printed sheet do, too.
func (a *App) SetPassphrase(ctx context.Context, by access.Actor, former, passphrase string) error {
	if n := len([]rune(passphrase)); n > 0 && n < PassphraseMin {
		var f fault.Fields
		f.Add("passphrase", "cli.key.short", PassphraseMin)
		return f.Err()
	}
	keys, err := seal.Open(a.DB.Dir(), func() (string, error) { return former, nil })
	if err != nil {
		return err
	}
	write, err := keys.Dress(a.DB.Dir(), passphrase)
	if err != nil {
		return err
	}
	return a.Write(ctx, by, access.KeyPassphrase, func(*store.Tx) error { return write() })
}

// BindKey gives the key file to the account that this program serves as, where the system can
// do that.
func (a *App) BindKey() error { return seal.Bind(a.DB.Dir()) }

// RecoverKey makes a plain key file by the printed code: the passphrase is forgotten, the file
// lost or damaged, or bound to an account that is gone. The data must be closed, and the code
// must be theirs.
func RecoverKey(ctx context.Context, dataDir, code string) error {
	return store.Alone(dataDir, func() error {
		sheet, err := seal.ReadRecovery(dataDir)
		if errors.Is(err, os.ErrNotExist) {
			return seal.ErrNoKeys
		}
		if err != nil {
			return err
		}
		keys, _, err := sheet.Open(code)
		if err != nil {
			return err
		}
		if err := store.CanOpen(ctx, filepath.Join(dataDir, store.File), keys); err != nil {
			if errors.Is(err, seal.ErrOpen) {
				return seal.ErrKeysExist
			}
			return err
		}
		return keys.Keep(dataDir)
	})
}

// keyFinding tells in which coats the key file lies. A file that went away under the running
// program is worth an alarm: the next start cannot open the data without the recovery sheet.
func keyFinding(dataDir string) (Finding, error) {
	coats, err := seal.CoatsOf(dataDir)
	if errors.Is(err, seal.ErrNoKeys) {
		return Finding{Name: "key.gone", Tone: Bad}, nil
	}
	name, tone := "key.plain", Good
	switch {
	case coats.Bindable && !coats.Account:
		name, tone = "key.unbound", Warn
	case coats.Account && coats.Passphrase:
		name = "key.both"
	case coats.Account:
		name = "key.account"
	case coats.Passphrase:
		name = "key.passphrase"
	}
	return Finding{Name: name, Tone: tone}, err
}

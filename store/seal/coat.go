package seal

import (
	"errors"
	"os"
	"path/filepath"

	"meixu/store/file"
)

// Coats say how the key file of a folder is kept.
type Coats struct {
	Account    bool // only the account of the system that served last can use it
	Passphrase bool
	Bindable   bool // this system could bind it to an account
}

// CoatsOf looks at the key file of a data folder; no key is needed.
func CoatsOf(dataDir string) (Coats, error) {
	f, err := folderOf(dataDir).read()
	return Coats{Account: f.Account != "", Passphrase: f.KDF != "", Bindable: thisAccount != nil}, err
}

// Load reads the KEK of dataDir where it has no passphrase; ErrNoKeys when the machine has none.
func Load(dataDir string) (*Keyring, error) { return Open(dataDir, nil) }

// Open reads the KEK of dataDir and asks for the passphrase if there is one. Nothing is written.
func Open(dataDir string, ask Passphrase) (*Keyring, error) { return folderOf(dataDir).open(ask) }

// Bind gives the key file to the account that the program runs as, where the system can do that.
// It is for the program that serves: what a person restored under her own account, the service
// must be able to read. It ends what a crash broke off, too. Call it with the data folder locked.
func Bind(dataDir string) error { return folderOf(dataDir).bind() }

// Dress makes the key file anew with a passphrase, or with "" without one. The slow work is done
// here; write exchanges the file, after a crash the old or the new one stands there, and may be
// repeated.
func (r *Keyring) Dress(dataDir, passphrase string) (write func() error, err error) {
	return folderOf(dataDir).dress(r, passphrase)
}

// Keep writes the key file anew as a plain one, whatever stood there: the passphrase is forgotten,
// or the account gone. Who calls it has proved that the keys are the clinic's.
func (r *Keyring) Keep(dataDir string) error {
	k := folderOf(dataDir)
	if err := os.MkdirAll(k.dir, 0o700); err != nil {
		return err
	}
	return k.replace(keyFile{Key: r.kek.raw[:]})
}

func (k keyFolder) bind() error {
	f, err := k.read()
	if err != nil {
		return err
	}
	if k.account == nil || f.Account != "" {
		return k.tidy()
	}
	if f, err = k.bound(f); err != nil {
		return err
	}
	return k.replace(f)
}

func (k keyFolder) dress(ring *Keyring, passphrase string) (write func() error, err error) {
	have, err := k.read()
	if err != nil {
		return nil, err
	}
	if !have.holds(ring) {
		return nil, ErrKeysExist
	}
	f, err := k.locked(ring, passphrase)
	if err != nil {
		return nil, err
	}
	if have.Account != "" {
		if f, err = k.bound(f); err != nil {
			return nil, err
		}
	}
	return func() error { return k.replace(f) }, nil
}

// replace exchanges the key file. Whatever breaks it off, the old or the new one stands there
// whole; the old one is wiped only when the new one is on the disk.
func (k keyFolder) replace(f keyFile) error {
	for _, step := range k.steps(f) {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (k keyFolder) steps(f keyFile) []func() error {
	return []func() error{
		func() error {
			_ = k.tidy()                                 // what cannot be wiped now is wiped at the end
			_ = os.Link(k.path(), k.path()+formerSuffix) // no file yet, or a disk without links: nothing to wipe
			return nil
		},
		func() error {
			text, err := f.text()
			if err != nil {
				return err
			}
			return file.WritePartial(k.path(), text)
		},
		func() error { return file.Rename(k.path()+file.Partial, k.path()) },
		k.tidy,
	}
}

// tidy writes over the former key file and removes it. Without that its bytes would lie on the
// disk, under no name, until something else is put there.
func (k keyFolder) tidy() error {
	former := k.path() + formerSuffix
	was, err := os.Lstat(former)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if now, err := os.Lstat(k.path()); err == nil && os.SameFile(was, now) {
		return os.Remove(former) // the exchange was broken off: it is a second name of the present one
	}
	if _, err := k.read(); err != nil {
		return err // never the last one that is whole
	}
	if err := overwrite(former, int(was.Size())); err != nil {
		return err
	}
	return os.Remove(former)
}

func overwrite(path string, size int) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(Random(size))
	return errors.Join(err, f.Sync(), f.Close())
}

// create writes the first key file of a folder.
func (k keyFolder) create(f keyFile) error {
	text, err := f.text()
	if err != nil {
		return err
	}
	return file.Write(filepath.Join(k.dir, KEKFile), text)
}

package admin

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

// TestADoorThatWasShutMeanwhileStaysShut: a secret is checked outside of the transaction that opens
// the session, and that takes time. Who was disabled, or whose password or PIN was changed in that
// time, does not come in by what was right before, and uses up no one-time password of somebody else.
func TestADoorThatWasShutMeanwhileStaysShut(t *testing.T) {
	t.Parallel()
	ctx, clock := t.Context(), storetest.NewClock()
	db := storetest.Open(t, store.Options{Now: clock.Now})
	o := New(deed.Doer{DB: db, Hub: live.New()})
	o.Demo = true // hashes as practice clinics have them
	console := access.System("console")
	add := func(login, name string) store.Staff {
		in := NewStaff{Login: login, Name: name, Password: "a good long password", PIN: "258013", Roles: []access.Role{access.Nurse}}
		id, _, err := o.AddStaff(ctx, console, in)
		require.NoError(t, err)
		return o.staffOf(t, id)
	}
	pin := entry{since: db.Now()}
	meta := Meta{Station: "desk", Address: "127.0.0.1"}
	fields := func(who store.Staff, in entry) (names []string) {
		_, err := o.open(ctx, who, meta, in)
		bad, ok := fault.FieldsOf(err)
		require.Equal(t, err != nil, ok, err)
		for _, f := range bad {
			names = append(names, f.Name)
		}
		return names
	}

	who := add("one", "Person One")
	require.Empty(t, fields(who, entry{}))
	require.Empty(t, fields(who, pin))
	clock.Forward(time.Minute)
	code, err := o.ResetPassword(ctx, console, "one")
	require.NoError(t, err)
	require.Equal(t, []string{"password"}, fields(who, entry{}), "the password of before the reset")
	require.Equal(t, []string{"pin"}, fields(who, pin))
	in, err := o.Login(ctx, Login{Login: "one", Password: code, Meta: meta})
	require.NoError(t, err, "nobody has used it up")
	require.NotEmpty(t, in.Token)

	who = add("two", "Person Two")
	edit := StaffEdit{ID: who.ID, Version: who.Version, Name: who.Name, OnShift: true, Active: true, Roles: []access.Role{access.Nurse}, ClearPIN: true}
	_, err = o.EditStaff(ctx, console, edit)
	require.NoError(t, err)
	require.Equal(t, []string{"pin"}, fields(who, pin), "the PIN of before")
	require.Empty(t, fields(who, entry{}))
	edit.Version, edit.Active = o.staffOf(t, who.ID).Version, false
	_, err = o.EditStaff(ctx, console, edit)
	require.NoError(t, err)
	require.Equal(t, []string{"password"}, fields(who, entry{}), "an account that was closed")
}

// TestOnePasswordIsChangedOnce: of two changes that show the same present password, one is done.
func TestOnePasswordIsChangedOnce(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	o := New(deed.Doer{DB: storetest.Open(t, store.Options{}), Hub: live.New()})
	o.Demo = true
	_, _, err := o.AddStaff(ctx, access.System("console"), NewStaff{Login: "one", Name: "Person One", Password: "a good long password", Roles: []access.Role{access.Nurse}})
	require.NoError(t, err)
	in, err := o.Login(ctx, Login{Login: "one", Password: "a good long password", Meta: Meta{Station: "desk", Address: "127.0.0.1"}})
	require.NoError(t, err)
	seat, err := o.Session(ctx, in.Token, true)
	require.NoError(t, err)
	errs := make(chan error)
	for _, next := range []string{"quiet river 41 stones", "tall window 58 apples"} {
		go func() {
			_, err := o.ChangeSecrets(ctx, seat.Actor, Secrets{Old: "a good long password", Password: next})
			errs <- err
		}()
	}
	first, second := <-errs, <-errs
	require.NotEqual(t, first == nil, second == nil, "%v %v", first, second)
}

// TestAHashThatCostsTooLittleIsMadeAnew: the next right password makes it, once, and nothing else does.
func TestAHashThatCostsTooLittleIsMadeAnew(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	o := New(deed.Doer{DB: storetest.Open(t, store.Options{}), Hub: live.New()})
	o.Demo = true
	id, _, err := o.AddStaff(ctx, access.System("console"), NewStaff{Login: "one", Name: "Person One", Password: "a good long password", Roles: []access.Role{access.Nurse}})
	require.NoError(t, err)
	light := o.staffOf(t, id)
	o.Demo = false
	come := func(password string) store.Staff {
		_, err := o.Login(ctx, Login{Login: "one", Password: password, Meta: Meta{Station: "desk", Address: "127.0.0.1"}})
		require.Equal(t, password != "a good long password", err != nil)
		return o.staffOf(t, id)
	}
	require.Equal(t, light.PasswordHash, come("another long password").PasswordHash)
	dear := come("a good long password")
	require.Contains(t, dear.PasswordHash, "m=19456,t=2,p=1")
	require.Equal(t, light.PasswordAt, dear.PasswordAt, "the password is the one of before")
	require.Equal(t, dear.PasswordHash, come("a good long password").PasswordHash)
}

func (o *Office) staffOf(t *testing.T, id term.StaffID) (s store.Staff) {
	t.Helper()
	require.NoError(t, o.DB.Read(t.Context(), func(r *store.Read) (err error) {
		s, err = r.Staff(id)
		return err
	}))
	return s
}

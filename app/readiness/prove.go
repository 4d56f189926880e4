package readiness

import (
	"errors"

	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Prove registers the live evidence of the pre-op gate with the SOP engine.
func Prove(e *sop.Engine) {
	e.Prover("room.disinfected", roomProof)
	e.Prover("device.checked", deviceProof)
	e.Prover("kit.checked", kitProof)
	for _, kind := range []string{"room.disinfected", "device.checked", "kit.checked"} {
		e.Place(kind, func(sop.Subject) string { return place })
	}
}

// treatment reads the treatment that the step is for; zero when there is none.
func treatment(r *store.Read, s sop.Subject) (store.Treatment, error) {
	if s.Treatment == 0 {
		return store.Treatment{}, nil
	}
	t, err := r.Treatment(s.Treatment)
	if errors.Is(err, store.ErrNotFound) {
		return store.Treatment{}, nil
	}
	return t, err
}

func roomProof(r *store.Read, s sop.Subject) (sop.Proof, error) {
	t, err := treatment(r, s)
	if err != nil || t.Room == 0 {
		return proof(store.Check{}, roomGap(store.Room{}, store.Check{}, r.Now())), err
	}
	room, err := r.Room(t.Room)
	if err != nil {
		return sop.Proof{}, err
	}
	last, err := newest(r, KindRoom, room.ID, 0)
	if err != nil {
		return sop.Proof{}, err
	}
	if begun(t) && !last.At.After(t.StartedAt) && last.ID != 0 {
		return proof(last, nil), nil // it was good when the treatment began and is used up by it
	}
	missing, err := roomNow(r, room, last, t.ID)
	return proof(last, missing), err
}

func deviceProof(r *store.Read, s sop.Subject) (sop.Proof, error) {
	t, err := treatment(r, s)
	if err != nil || t.Device == 0 {
		return proof(store.Check{}, deviceGap(store.Device{}, store.Check{}, r.Now(), r.Today())), err
	}
	d, err := r.Device(t.Device)
	if err != nil {
		return sop.Proof{}, err
	}
	item, err := r.Item(t.Item)
	if err != nil {
		return sop.Proof{}, err
	}
	last, err := newest(r, KindDevice, 0, d.ID)
	if err != nil {
		return sop.Proof{}, err
	}
	if f := deviceSuits(item, d); f != nil {
		return proof(last, f), nil
	}
	if begun(t) && last.ID != 0 && last.At.Before(t.StartedAt) {
		return proof(last, nil), nil
	}
	missing, err := deviceNow(r, d, last, t.ID)
	return proof(last, missing), err
}

func kitProof(r *store.Read, s sop.Subject) (sop.Proof, error) {
	t, err := treatment(r, s)
	if err != nil {
		return sop.Proof{}, err
	}
	last, err := newest(r, KindKit, 0, 0)
	if err != nil {
		return sop.Proof{}, err
	}
	if begun(t) && last.ID != 0 && last.At.Before(t.StartedAt) {
		return proof(last, nil), nil
	}
	hyal, err := Hyaluronidase(r)
	return proof(last, kitGap(last, hyal, r.Now())), err
}

// begun says that the start of the treatment is past: the gate held then, and the run is not
// to turn red because a stamp ended meanwhile.
func begun(t store.Treatment) bool { return !t.StartedAt.IsZero() }

func proof(last store.Check, missing *fault.Error) sop.Proof {
	if missing != nil {
		return sop.Proof{Key: missing.Key, Args: missing.Args, Where: missing.Where}
	}
	return sop.Proof{Done: true, At: last.At, Ref: store.Subject{Noun: "check", ID: last.ID}}
}

// RoomReady is nil when the room may be used now; else the refusal with its rule, for pages
// that show the state of a room before a treatment has one.
func RoomReady(r *store.Read, id term.RoomID) error {
	room, err := r.Room(id)
	if err != nil {
		return err
	}
	last, err := newest(r, KindRoom, id, 0)
	if err != nil {
		return err
	}
	missing, err := roomNow(r, room, last, 0)
	if err != nil {
		return err
	}
	return orNil(missing)
}

// DeviceReady is nil when the device may be used now; else the refusal with its rule.
func DeviceReady(r *store.Read, id term.DeviceID) error {
	d, err := r.Device(id)
	if err != nil {
		return err
	}
	last, err := newest(r, KindDevice, 0, id)
	if err != nil {
		return err
	}
	missing, err := deviceNow(r, d, last, 0)
	if err != nil {
		return err
	}
	return orNil(missing)
}

// KitReady is nil when the emergency kit counts now; else the refusal with its rule.
func KitReady(r *store.Read) error {
	last, err := newest(r, KindKit, 0, 0)
	if err != nil {
		return err
	}
	hyal, err := Hyaluronidase(r)
	if err != nil {
		return err
	}
	return orNil(kitGap(last, hyal, r.Now()))
}

func orNil(f *fault.Error) error {
	if f == nil {
		return nil
	}
	return f
}

// Hyaluronidase sums what the shelf holds in date and not held, in thousandths of an IU.
func Hyaluronidase(r *store.Read) (term.Qty, error) {
	return r.InDate(UseHyaluronidase)
}

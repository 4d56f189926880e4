package store

import "meixu/store/term"

// checkKey is the newest stamp of a kind in the memory of a snapshot.
type checkKey struct{ kind string }

// checkAmongOthers reads the newest stamp of a room or a device, with those of its neighbours.
func (r *Read) checkAmongOthers(kind string, room term.RoomID, device term.DeviceID) (c Check, err error) {
	if room != 0 {
		c, err = Together(r, checkKey{kind}, room, func(ids []term.RoomID) (map[term.RoomID]Check, error) {
			list, err := idList(ids)
			if err != nil {
				return nil, err
			}
			rows, err := loadAll[Check](r, `id IN (SELECT (SELECT c.id FROM checks c WHERE c.kind = ? AND c.room_id = wanted.value
				AND c.voided_at IS NULL ORDER BY c.at DESC, c.id DESC LIMIT 1) FROM json_each(?) wanted)`, kind, list)
			return byKey(rows, func(c Check) term.RoomID { return c.Room }), err
		})
	} else {
		c, err = Together(r, checkKey{kind}, device, func(ids []term.DeviceID) (map[term.DeviceID]Check, error) {
			list, err := idList(ids)
			if err != nil {
				return nil, err
			}
			rows, err := loadAll[Check](r, `id IN (SELECT (SELECT c.id FROM checks c WHERE c.kind = ? AND c.device_id = wanted.value
				AND c.voided_at IS NULL ORDER BY c.at DESC, c.id DESC LIMIT 1) FROM json_each(?) wanted)`, kind, list)
			return byKey(rows, func(c Check) term.DeviceID { return c.Device }), err
		})
	}
	if err == nil && c.ID == 0 {
		err = ErrNotFound
	}
	return c, err
}

func byKey[K comparable, T any](rows []T, key func(T) K) map[K]T {
	m := make(map[K]T, len(rows))
	for _, v := range rows {
		m[key(v)] = v
	}
	return m
}

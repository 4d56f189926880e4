package procedure

import (
	"meixu/app/inventory"
	"meixu/store"
)

// Colleague is somebody who may witness with a PIN.
type Colleague = store.Staff

// Told is how product that was taken was counted before.
type Told = store.LotUse

// UseRow is product taken, with its lot and product.
type UseRow = inventory.UseRow

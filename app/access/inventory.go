package access

// Deeds of the shelf: lots come in, are counted, held and taken.
var (
	// StockView opens the shelf: products, lots, what is left and what ends soon.
	StockView = allow("stock.view", Physician, Nurse, Storekeeper, Quality, Manager, Owner)
	// LotReceive takes a delivery in (REG-DEV-03: only named people buy and receive).
	LotReceive = allow("lot.receive", Storekeeper, Manager)
	// LotHold puts a lot into quarantine or marks it recalled; whoever sees a fault may.
	LotHold = allow("lot.hold", Physician, Nurse, Storekeeper, Quality, Manager)
	// LotRelease lets a lot out of quarantine.
	LotRelease = allow("lot.release", Quality, Manager)
	// LotCount counts a lot without seeing the balance.
	LotCount = allow("lot.count", Nurse, Storekeeper)
	// CountDecide approves or rejects the difference of somebody else's count.
	CountDecide = allow("count.decide", Quality, Manager)
	// LotTrace shows to whom a lot went, with names.
	LotTrace = allow("lot.trace", Physician, Nurse, Aftercare, Quality, Manager)
	// LotWitness is the second person at a toxic drug (REG-DRG-03).
	LotWitness = allow("lot.witness", Physician, Nurse, Storekeeper, Manager)
)

package access

// Deeds of the price list.
var (
	// CatalogView opens the price list.
	CatalogView = allow("catalog.view", everyone()...)
	// ItemReprice changes a price and its band.
	ItemReprice = allow("item.reprice", Owner)
	// ItemDescribe changes what an item is: subject, level, operator, for whom, steps, recovery.
	ItemDescribe = allow("item.describe", Physician, Manager, Owner)
	// ItemOffer puts an item on sale, ItemWithdraw takes it off, ItemCopy makes a new one after it.
	ItemOffer    = allow("item.offer", Manager, Owner)
	ItemWithdraw = allow("item.withdraw", Manager, Owner)
	ItemCopy     = allow("item.copy", Manager, Owner)
)

// TaskEscalate is the clock's own deed; no role holds it.
var TaskEscalate = allow("task.escalate")

package access

// Deeds of the price list.
var (
	// CatalogView opens the price list.
	CatalogView = allow("catalog.view", everyone()...)
	// ItemReprice changes a price and its band.
	ItemReprice = allow("item.reprice", Owner)
)

// TaskEscalate is the clock's own deed; no role holds it.
var TaskEscalate = allow("task.escalate")

package access

// Deeds and views of the till.
var (
	// TillView opens the list of orders to be paid with their payments; reception may look.
	TillView = allow("till.view", Reception, Cashier, Manager, Owner)
	// OrderView shows the state of one order; a consultant sees this and no payments.
	OrderView = allow("order.view", Reception, Consultant, Cashier, Manager, Owner)
	// OrderCancel calls off an order that nobody has paid for.
	OrderCancel = allow("order.cancel", Consultant, Cashier, Manager)
	// StatementIssue issues the statement of charges before money is taken (REG-FEE-03).
	StatementIssue = allow("statement.issue", Cashier, Manager)
	// PaymentTake takes money; cashiers alone do.
	PaymentTake = allow("payment.take", Cashier)
	// PaymentVoid takes a payment of the same day back; a manager approves by PIN.
	PaymentVoid = proved(ByPIN, allow("payment.void", Cashier, Manager))
	// PaymentRefund pays unused sessions back; a manager approves by PIN.
	PaymentRefund = proved(ByPIN, allow("payment.refund", Cashier, Manager))
	// PaymentApprove is the second person's word for voids and refunds.
	PaymentApprove = allow("payment.approve", Manager, Owner)
	// ReceiptPrint prints a receipt or slip again; the copy is counted and marked.
	ReceiptPrint = allow("receipt.print", Reception, Cashier, Manager)
	// InvoiceNote notes the number of an issued tax invoice (REG-FEE-18, REG-FEE-20).
	InvoiceNote = allow("invoice.note", Cashier, Manager)
	// TillCount keeps the counted cash of a day beside what the till expects.
	TillCount = allow("till.count", Cashier, Manager)
	// DayView reads the day's totals by way of payment and cashier.
	DayView = allow("till.day", Cashier, Manager, Owner)
)

package access

// Deeds by which lists go out as files and files come in (U6).
var (
	// ExchangeView opens the page of what came in and went out.
	ExchangeView = allow("exchange.view", Reception, Cashier, Aftercare, Quality, Manager, Owner)
	// ExportList takes a list without personal data out as a file; each list wants its own view too.
	ExportList = allow("export.list", everyone()...)
	// ExportAsk opens the page on which a list with personal data is asked for.
	ExportAsk = allow("export.ask", Reception, Cashier, Aftercare, Quality, Manager, Owner)
	// ExportPeople asks for a list with personal data, with a reason (REG-PII-11).
	ExportPeople = proved(ByPIN, allow("export.people", Reception, Cashier, Aftercare, Quality, Manager, Owner))
	// ExportDecide is the second person's word on a long list with personal data.
	ExportDecide = proved(ByPIN, allow("export.decide", Manager, Owner))
	// ExportFetch takes the file of a list that was asked for, once.
	ExportFetch = proved(ByPIN, allow("export.fetch", Reception, Cashier, Aftercare, Quality, Manager, Owner))
	// ImportRead looks at a file of clients of another system; nothing of it stands in the house yet.
	ImportRead = allow("import.read", Manager, Owner)
	// ImportPlan says what the columns are and what happens to people who have a file.
	ImportPlan = allow("import.plan", Manager, Owner)
	// ImportDrop gives a file up that was looked at.
	ImportDrop = allow("import.drop", Manager, Owner)
	// ImportRun takes the rows of a file in.
	ImportRun = proved(ByPassword, allow("import.run", Manager, Owner))
	// ImportUndo takes a whole import back, but for files that were used since.
	ImportUndo = proved(ByPassword, allow("import.undo", Manager, Owner))
	// ImportStep carries an import on, some rows at a time; the clock's own deed.
	ImportStep = allow("import.step")
)

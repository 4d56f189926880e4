package access

// Deeds around messages that leave the house (row:A8). Seeing them and marking one as sent is
// MessageSend.
var (
	// MessagePrepare makes the messages for tomorrow now; the evening job does it by itself.
	MessagePrepare = allow("message.prepare", Reception, Aftercare, Manager)
	// MessageUndo takes back that a message was sent, some seconds later.
	MessageUndo = allow("message.undo", Reception, Aftercare, Manager)
	// MessageSettle decides about a message that failed or of which nobody knows.
	MessageSettle = allow("message.settle", Reception, Aftercare, Manager)
	// MessageDrop gives a message up.
	MessageDrop = allow("message.drop", Reception, Aftercare, Manager)
	// MessageDeliver is the gateway's own deed, by the job.
	MessageDeliver = allow("message.deliver")
	// MessageTemplate changes the texts.
	MessageTemplate = allow("message.template", Manager)
	// MessageGateway sets up the gateways with their secrets and tries them.
	MessageGateway = proved(ByPassword, allow("message.gateway", Owner, SysAdmin))
	// ContactChoose keeps which messages a client does not want (REG-ADV-16).
	ContactChoose = allow("contact.choose", Reception, Consultant, Aftercare, Manager)
)

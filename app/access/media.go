package access

// Deeds and views of photos.
var (
	// MediaView shows a photo; each look is noted in the trail (rulings 10).
	MediaView = allow("media.view", Consultant, Physician, Nurse, Aftercare, Quality)
	// MediaAdd keeps a photo of a client.
	MediaAdd = allow("media.add", Consultant, Physician, Nurse, Aftercare)
	// MediaVoid takes a photo out of use with a reason.
	MediaVoid = allow("media.void", Physician, Nurse, Quality)
)

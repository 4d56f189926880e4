package client

import "meixu/store"

// Consent is a consent as the file shows it.
type Consent = store.Consent

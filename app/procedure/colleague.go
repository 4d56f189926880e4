package procedure

import "meixu/store"

// Colleague is somebody who may witness with a PIN.
type Colleague = store.Staff

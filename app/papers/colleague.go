package papers

import "meixu/store"

// Colleague is somebody who may sign with a PIN.
type Colleague = store.Staff

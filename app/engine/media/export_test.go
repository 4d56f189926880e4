package media

import (
	"bytes"
	"context"
)

// Clean makes a picture of an upload, without keeping it.
func Clean(raw []byte) (Picture, error) {
	return newGate().clean(context.Background(), bytes.NewReader(raw))
}

package deed

import (
	"errors"
	"fmt"

	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Standing reads the file that a deed writes to. One that was merged into another takes no deed any
// more: a page from before the merge would write where nobody looks, what is signed or taken back there
// would not count for the person, and its rows could stand in the way when the merge is undone. The
// refusal leads to the file that stayed (REG-EMR-06).
func Standing(r *store.Read, id term.ClientID) (store.Client, error) {
	c, err := r.Client(id)
	if errors.Is(err, store.ErrNotFound) || err == nil && c.Voided() {
		return c, fault.NotFound("client").Because(err)
	}
	if err != nil || c.State != "merged" {
		return c, err
	}
	into, err := r.Survivor(id)
	if err != nil {
		return c, err
	}
	stayed, err := r.Client(into)
	if err != nil {
		return c, err
	}
	return c, fault.Clash("client.refuse.merged", c.Number, stayed.Number).At(fmt.Sprintf("/client/%d", into))
}

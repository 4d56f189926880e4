package gates_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest/day"
)

// TestWhoCameWithAnImportSignsFirst (S1-05, REG-PII-01): a file from a former system carries no
// consent, so nothing about health is asked before notice and separate consent are signed.
func TestWhoCameWithAnImportSignsFirst(t *testing.T) {
	t.Parallel()
	d := day.New(t)
	c := store.Client{
		Name: "阿依古丽·买买提", Phone: "13899990002", Gender: "female", Birth: "1988-02-29", Source: "walk_in", Former: store.Former{Number: "VIP-00765"},
	}
	d.Write(func(tx *store.Tx) error {
		err := tx.AddClient(&c)
		d.App.Rooms.Book.Keep(tx, c)
		return err
	})
	d.Client = c.ID
	d.As("front").Get(fmt.Sprintf("/client/%d", c.ID)).Want(http.StatusOK, "VIP-00765", "来自旧系统，待补签", "补签同意书")
	require.Len(t, d.App.Engines.Find.Search("vip-00765", 5), 1)
	d.Come()
	d.Post("front", "/form/new", "visit", "{visit}", "code", "F2").Want(http.StatusConflict, "REG-PII-01")
	d.Post("front", "/reception/visit/{visit}/assign", "to", "consultant", "consultant", "{staff:consultant}").Want(http.StatusOK)
	d.Post("consultant", "/consultation/{visit}/receive").Want(http.StatusOK)
	for _, path := range []string{"/consultation/{visit}/need", "/consultation/{visit}/record"} {
		code := map[bool]string{true: "F17", false: "F4"}[path == "/consultation/{visit}/need"]
		d.Post("consultant", path, d.Sheet(code)...).Want(http.StatusConflict, "REG-PII-01", "隐私告知")
	}
}

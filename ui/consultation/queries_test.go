package consultation_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
)

// asked counts the queries of one page: the least of a few looks, because what the house does
// in the background (notes of who looked, jobs) is counted as well.
func (c *clinic) asked(login, path string) int64 {
	c.T.Helper()
	b := c.As(login)
	least := int64(1 << 30)
	for range 4 {
		before := c.App.DB.Queries()
		b.Get(path).Want(200)
		least = min(least, c.App.DB.Queries()-before)
	}
	return least
}

// TestPagesAskTheSameHoweverMuchThereIs: no page of the room asks once per row.
func TestPagesAskTheSameHoweverMuchThereIs(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.issued(toxin)
	pages := []string{"/consultation", "/consultation/plans", c.page(""), planPath(p, "")}
	few := map[string]int64{}
	for _, path := range pages {
		few[path] = c.asked("consultant", path)
	}
	for n := range 4 {
		c.As("consultant").Post(planPath(p, "/line"), "item", fmt.Sprint(c.item(toxin).ID), "area", fmt.Sprintf("前额 %d", n),
			"sessions", "1", "dose", dose, "purpose", fmt.Sprintf("改善前额 %d", n), "price", c.item(toxin).PriceFen.Plain()).Want(200)
	}
	c.As("doctor").Post(planPath(p, "/approve")).Want(200)
	c.As("consultant").Post(planPath(p, "/papers")).Want(200)
	client, visit := c.client, c.visit
	for n := range 3 {
		c.arrived(store.Client{Name: fmt.Sprintf("客户 %d", n), Phone: fmt.Sprintf("1390013900%d", n), Gender: "female", Birth: "1990-01-02", IDNumber: "Y"})
		c.health(nil)
	}
	c.client, c.visit = client, visit
	for _, path := range pages {
		many := c.asked("consultant", path)
		t.Log(path, few[path], many)
		require.LessOrEqual(t, many, few[path], path)
	}
}

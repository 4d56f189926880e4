package catalog_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"meixu/store"
	"meixu/ui/uitest"
)

// ownForm is what the form with this action sends when nobody touches it.
func ownForm(t *testing.T, page, action string) url.Values {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	sent := url.Values{}
	attr := func(n *html.Node, name string) (string, bool) {
		for _, a := range n.Attr {
			if a.Key == name {
				return a.Val, true
			}
		}
		return "", false
	}
	field := func(n *html.Node) {
		name, _ := attr(n, "name")
		value, _ := attr(n, "value")
		kind, _ := attr(n, "type")
		_, checked := attr(n, "checked")
		switch {
		case name == "" || (kind == "checkbox" || kind == "radio") && !checked:
		case n.DataAtom == atom.Textarea:
			if n.FirstChild != nil {
				value = n.FirstChild.Data
			}
			sent.Add(name, value)
		case n.DataAtom == atom.Select:
			for o := range n.Descendants() {
				if _, chosen := attr(o, "selected"); chosen && o.DataAtom == atom.Option {
					value, _ = attr(o, "value")
				}
			}
			sent.Add(name, value)
		case n.DataAtom == atom.Input:
			sent.Add(name, value)
		}
	}
	for n := range doc.Descendants() {
		if to, _ := attr(n, "action"); n.DataAtom != atom.Form || to != action {
			continue
		}
		for f := range n.Descendants() {
			field(f)
		}
	}
	require.NotEmpty(t, sent, "no form for %s", action)
	return sent
}

// What is shipped agrees with what the house demands: the form of every item saves as it stands
// (REG-LVL-01, REG-LVL-04), and nothing of the item is lost by that.
func TestEveryShippedItemSavesUnchanged(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	m := s.As("manager")
	var items []store.Item
	require.NoError(t, s.App.DB.Read(context.Background(), func(r *store.Read) (err error) {
		items, err = r.Items(false)
		return err
	}))
	require.NotEmpty(t, items)
	for _, i := range items {
		path := fmt.Sprintf("/catalog/%d/edit", i.ID)
		sent := ownForm(t, m.Get(path).Want(http.StatusOK).Body, path)
		m.PostForm(path, sent).Want(http.StatusOK, "说明已保存")
		now := itemOf(t, s, i.Code)
		now.Version, now.DescribedBy = i.Version, i.DescribedBy
		require.ElementsMatch(t, i.Contraindications, now.Contraindications) // saved in the order of the dictionary
		now.Contraindications = i.Contraindications
		require.Equal(t, i, now)
	}
}

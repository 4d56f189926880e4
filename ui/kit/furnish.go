package kit

import (
	"fmt"
	"html/template"
	"io/fs"
	"sync"
	"text/template/parse"
)

// A hundred and seventy pages that each held layout and widgets would be 105 MB of trees, which
// every garbage collection walks. So the kit is parsed once, and a page gets copies of what it calls
// when it is first drawn.

// bare is a tree with the functions of the kit and nothing in it.
func bare() *template.Template {
	return template.New("kit").Funcs(functions).Option("missingkey=error")
}

// parseKit reads layout and widgets.
func parseKit(files fs.FS) (*template.Template, error) {
	return bare().ParseFS(files, "layout/*.html", "*.html")
}

// shared is the kit that the program carries; it is never drawn, for drawing changes trees.
var shared = sync.OnceValue(func() *template.Template {
	kit, err := parseKit(widgets)
	if err != nil {
		panic(fmt.Sprintf("kit: %v", err))
	}
	return kit
})

// furnish adds to a page what it and the frame call of the kit, and what that calls in turn. What the
// page defines itself stands.
func furnish(page, kit *template.Template) (*template.Template, error) {
	asked := []string{"page"}
	for _, own := range page.Templates() {
		if own.Tree != nil {
			asked = called(asked, own.Tree.Root)
		}
	}
	for len(asked) > 0 {
		name := asked[len(asked)-1]
		asked = asked[:len(asked)-1]
		part := kit.Lookup(name)
		if page.Lookup(name) != nil || part == nil {
			continue // drawing says what is missing
		}
		if _, err := page.AddParseTree(name, part.Tree.Copy()); err != nil {
			return nil, err
		}
		asked = called(asked, part.Tree.Root)
	}
	return page, nil
}

// called adds the names of the templates that a node calls.
func called(names []string, node parse.Node) []string {
	branch := func(b *parse.BranchNode) {
		names = called(names, b.List)
		if b.ElseList != nil {
			names = called(names, b.ElseList)
		}
	}
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return names
		}
		for _, inner := range n.Nodes {
			names = called(names, inner)
		}
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	case *parse.TemplateNode:
		names = append(names, n.Name)
	}
	return names
}

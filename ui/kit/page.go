package kit

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
)

//go:embed layout/*.html *.html story/*.html
var widgets embed.FS

// Layouts of a page.
const (
	// Desk is dense, for keyboard and mouse; Tablet is roomy, with a bottom bar.
	Desk   = "desk"
	Tablet = "tablet"
	// Handover is the tablet in the client's hands: large type, nothing to leave by.
	Handover = "handover"
	// Print is paper: no frame at all.
	Print = "print"
	// Guest is a client's own phone; Screen is the TV of the waiting room; Login has no rail.
	Guest  = "guest"
	Screen = "screen"
	Login  = "login"
)

// Page is one screen bound to one Go struct V.
type Page[V any] struct {
	files  fs.FS
	dir    string
	names  []string
	layout string
	shown  bool
	tree   func() (*template.Template, error) // made when the page is first drawn
}

// Registered is what tests see of any page.
type Registered interface {
	// Name is the file that defines the page's main block.
	Name() string
	// Template is a fresh parse of the tree with layout and widgets.
	Template() *template.Template
	// Zero is the root of the page with an empty view, for templatecheck and drawing.
	Zero() any
}

var (
	registryLock sync.Mutex
	registry     []Registered
)

// Pages lists every page made with New, in order of making.
func Pages() []Registered {
	registryLock.Lock()
	defer registryLock.Unlock()
	return append([]Registered(nil), registry...)
}

// New parses the room's files (in files, or in its folder pages/) with layout and widgets.
// The first name defines "main"; further ones hold fragments. It panics on a broken file, so
// that a bad page stops the program at start and not a client's visit.
func New[V any](files fs.FS, names ...string) *Page[V] {
	p := &Page[V]{files: files, names: names}
	if _, caller, _, ok := runtime.Caller(1); ok {
		p.dir = sourceOf(caller)
	}
	own, err := p.own(files)
	if err != nil {
		panic(fmt.Sprintf("kit: page %v: %v", names, err))
	}
	p.tree = sync.OnceValues(func() (*template.Template, error) { return furnish(own, shared()) })
	registryLock.Lock()
	defer registryLock.Unlock()
	registry = append(registry, p)
	return p
}

// As fixes the layout of the page (Print, Guest, Handover, Screen, Login); without it the
// person's own density is used.
func (p *Page[V]) As(layout string) *Page[V] {
	p.layout = layout
	return p
}

// ForClient says that the screen is turned to a client: no alert about another one, nothing of
// the house's own worries stands on it.
func (p *Page[V]) ForClient() *Page[V] {
	p.shown = true
	return p
}

// Name is the file that defines the page's main block.
func (p *Page[V]) Name() string { return p.names[0] }

// Template is the tree, parsed anew: a tree that was drawn once can no longer be checked.
func (p *Page[V]) Template() *template.Template {
	own, err := p.own(p.files)
	if err != nil {
		panic(err)
	}
	tree, err := furnish(own, shared())
	if err != nil {
		panic(err)
	}
	return tree
}

// Zero is the root with an empty view.
func (p *Page[V]) Zero() any {
	var view V
	return Root[V]{Frame: sampleFrame(p.layout), V: view}
}

// Draw answers with the whole page, or with the block "main" alone when htmx asked for a
// part of the page. titleKey is the words key of the title.
func (p *Page[V]) Draw(c echo.Context, status int, titleKey string, view V) error {
	f := newFrame(c, p.layout)
	f.Title, f.ForClient = f.T(titleKey), p.shown
	f.dress(view)
	block := "page"
	if wantsPart(c) {
		block = "main"
	} else if c.Request().Header.Get("X-Meixu-Live") == "" { // the sentence is for the page that follows the deed
		f.Flash, f.Undo = takeFlash(c, f.Lang)
	}
	return p.send(c, status, block, Root[V]{Frame: f, V: view})
}

// Part answers with one named block of the page.
func (p *Page[V]) Part(c echo.Context, status int, block string, view V) error {
	f := newFrame(c, p.layout)
	f.dress(view)
	return p.send(c, status, block, Root[V]{Frame: f, V: view})
}

// HTML is a piece that was drawn already; templates print it as it is.
type HTML = template.HTML //nolint:forbidigo // the one name for what Fragment drew; only kit can make it

// Fragment draws one block without sending it, to be kept while it holds (rulings 21).
func (p *Page[V]) Fragment(c echo.Context, block string, view V) (HTML, error) {
	return p.Fragments(c)(block, view)
}

// Fragments draws many blocks of one page to be kept, all in one frame.
func (p *Page[V]) Fragments(c echo.Context) func(block string, view V) (HTML, error) {
	f := newFrame(c, p.layout)
	f.drafts = drafts{} // what is kept for everybody holds nothing that one of them typed
	return func(block string, view V) (HTML, error) {
		out, err := p.draw(c, block, Root[V]{Frame: f, V: view})
		return HTML(out), err
	}
}

// send draws into a buffer first: a page that fails halfway is never half sent.
func (p *Page[V]) send(c echo.Context, status int, block string, root Root[V]) error {
	out, err := p.draw(c, block, root)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	c.Response().Header().Add("Vary", "HX-Request")
	return c.HTMLBlob(status, out)
}

func (p *Page[V]) draw(c echo.Context, block string, root Root[V]) ([]byte, error) {
	tree, err := p.tree()
	if setupOf(c).Dev {
		tree, err = p.fresh()
	}
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := tree.ExecuteTemplate(&out, block, root); err != nil {
		return nil, fmt.Errorf("drawing %s, block %s: %w", p.Name(), block, err)
	}
	return out.Bytes(), nil
}

// fresh reads the page from the checkout.
func (p *Page[V]) fresh() (*template.Template, error) {
	kit, err := parseKit(sourceOr(kitDir(), widgets))
	if err != nil {
		return nil, err
	}
	own, err := p.own(sourceOr(p.dir, p.files))
	if err != nil {
		return nil, err
	}
	return furnish(own, kit)
}

// own parses the files of the page alone.
func (p *Page[V]) own(files fs.FS) (*template.Template, error) {
	tree := bare()
	for _, name := range p.names {
		if _, err := fs.Stat(files, name); err != nil {
			name = path.Join("pages", name)
		}
		var err error
		if tree, err = tree.ParseFS(files, name); err != nil {
			return nil, err
		}
	}
	return tree, nil
}

// WantsPart says that a script asked for a piece of the page, as the finder does while one types.
func WantsPart(c echo.Context) bool { return wantsPart(c) }

// wantsPart says that htmx asked for a piece of the page and not for a whole one.
func wantsPart(c echo.Context) bool {
	h := c.Request().Header
	return h.Get("HX-Request") == "true" && h.Get("HX-Request-Type") != "full" &&
		h.Get("HX-Boosted") != "true"
}

// sourceOr gives the source folder when it is on this machine, else the embedded files.
func sourceOr(dir string, otherwise fs.FS) fs.FS {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return os.DirFS(dir)
	}
	return otherwise
}

func kitDir() string {
	_, here, _, _ := runtime.Caller(0)
	return sourceOf(here)
}

// sourceOf is the folder of a source file. A program compiled with trimmed paths looks for it below
// the folder it was started in, which is the checkout while one works on a page.
func sourceOf(file string) string {
	return filepath.FromSlash(strings.TrimPrefix(path.Dir(filepath.ToSlash(file)), "meixu/"))
}

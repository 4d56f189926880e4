// Package assets is everything for the browser: the bundle that build.mjs makes from src/
// and the npm packages, embedded. It is the only place that knows npm. Without a bundle the
// program still compiles, tests and serves; pages then ask for plain names and get a 404
// that says what to run.
package assets

import (
	"embed"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"path"
	"strings"
)

// Prefix is the address under which the handler serves.
const Prefix = "/assets/"

//go:embed all:dist
var embedded embed.FS

// disk is set in dev mode: files and manifest are then read from disk at each request.
var disk fs.FS

var manifest = readManifest(dist())

// FromDisk makes the package read dir (ui/assets/dist) at each request, for dev mode.
// It is called once at start, before the first request.
func FromDisk(dir string) { disk = os.DirFS(dir) }

// Path gives the address of a file of the bundle, with its content hash; the plain name
// when there is no bundle.
func Path(name string) string {
	names := manifest
	if disk != nil {
		names = readManifest(disk)
	}
	if hashed, ok := names[name]; ok {
		return Prefix + hashed
	}
	return Prefix + name
}

// Built says that a bundle is embedded (or on disk in dev mode).
func Built() bool { return Path("app.css") != Prefix+"app.css" }

// Handler serves the bundle under Prefix: hashed names for ever, the .gz made at build time
// when the browser takes it.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := path.Clean(strings.TrimPrefix(r.URL.Path, Prefix))
		if !fs.ValidPath(name) || strings.HasPrefix(name, ".") {
			http.NotFound(w, r)
			return
		}
		serve(w, r, name)
	})
}

func serve(w http.ResponseWriter, r *http.Request, name string) {
	files := dist()
	if plain, ok := readManifest(files)[name]; ok {
		name = plain
		w.Header().Set("Cache-Control", "no-cache")
	} else {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	body, err := fs.ReadFile(files, name)
	if err != nil {
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "not in the bundle: run make assets", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", contentType(name))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Add("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		if packed, err := fs.ReadFile(files, name+".gz"); err == nil {
			w.Header().Set("Content-Encoding", "gzip")
			body = packed
		}
	}
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) //nolint:gosec // a file of the bundle; the path only chooses which
	}
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".json":
		return "application/json"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	return "application/octet-stream"
}

func dist() fs.FS {
	if disk != nil {
		return disk
	}
	sub, err := fs.Sub(embedded, "dist")
	if err != nil {
		panic(err)
	}
	return sub
}

func readManifest(files fs.FS) map[string]string {
	raw, err := fs.ReadFile(files, "manifest.json")
	if err != nil {
		return nil
	}
	names := map[string]string{}
	if json.Unmarshal(raw, &names) != nil {
		return nil
	}
	return names
}

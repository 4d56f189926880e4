// Package kit is what every room of the interface draws with: typed pages, fields, tables,
// badges, routes that demand a permission, and the frame around them.
//
// A page is a Go struct and one html file:
//
//	//go:embed pages/*.html
//	var pages embed.FS
//	var queuePage = kit.New[queueView](pages, "queue.html")   // defines "main" (and fragments)
//	return queuePage.Draw(c, http.StatusOK, "reception.queue.title", queueView{...})
//
// In templates the root is kit.Root: {{.T "key"}}, {{.May "visit.arrive"}}, {{.Stamp .V.At}} and
// the view in .V; inside ranges use $. Widgets take the frame and their own data through With:
//
//	{{template "field" $.With .V.Phone}}  {{template "fields" $.With .V.Fields}}
//	{{template "edit" $.With .V.Edit}}    {{template "table" $.With .V.Table}}
//	{{template "badge" $.With .State}}    {{template "empty" $.With .V.Empty}}
//	{{template "icon" "calendar"}}        {{template "once" $}} in forms that create
package kit

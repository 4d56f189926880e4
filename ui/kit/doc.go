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
//	also: fields, faults, pager, tabs, tile, timeline, clock, refusal, sign, photo,
//	savebar, findings (the answer of POST /find, which turns the finder on)
//
// A view with ClientBanner() *banner.View, SOPStepper() *sop.Stepper or PageTitle() string
// hangs these into the frame. .As(kit.Print) and friends fix a layout.
//
// Hooks for the browser, all by attribute (ui/assets/src/js): data-live="queue" with
// hx-get and hx-trigger="live:queue from:body" refetches; form data-draft="key" is kept on the
// server; data-since, data-limit (minutes) and data-due run as clocks; data-key="F8" or
// "Alt+N" is a key for a button; tr data-href opens by click and arrows; data-print prints;
// input data-scan takes barcodes (else the event "scan" on document, detail {code, kind});
// form data-steps with [data-step] groups and a [data-steps-bar] shows one group a screen;
// #drawer is the hx-target for editing beside a list (data-drawer-close closes it); textarea
// data-phrase-url marks banned wording; select data-submit-on-change sends its filter form.
package kit

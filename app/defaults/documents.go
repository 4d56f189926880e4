package defaults

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"meixu/app/engine/document"
	"meixu/app/words"
)

//go:embed documents/*.json
var documentFiles embed.FS

// consentOf is what differs between the informed consents of two kinds of procedure
// (forms.md F6). The texts are believable defaults, to be reviewed by the clinic's own
// physicians before use: reviewed is false until they say so.
type consentOf struct {
	Title            words.Text `json:"title"`
	Indication       []string   `json:"indication"`
	Method           string     `json:"method"`
	Contraindication []string   `json:"contraindication"`
	Common           []string   `json:"common"`
	Uncommon         []string   `json:"uncommon"`
	Rare             []string   `json:"rare"`
	Alternative      []string   `json:"alternative"`
	Aftercare        []string   `json:"aftercare"`
}

// Documents gives the default templates: one of each kind, and one informed consent for
// every kind of procedure under the code consent.<kind>.
func Documents() []document.Template {
	var file struct {
		Version   int                 `json:"version"`
		Templates []document.Template `json:"templates"`
		Consent   json.RawMessage     `json:"consent"`
	}
	readJSON(documentFiles, "documents/templates.json", &file)
	var consents struct {
		Version  int                  `json:"version"`
		Reviewed bool                 `json:"reviewed"`
		Kinds    map[string]consentOf `json:"kinds"`
	}
	readJSON(documentFiles, "documents/consents.json", &consents)
	templates := file.Templates
	for _, kind := range slices.Sorted(maps.Keys(consents.Kinds)) {
		var t document.Template
		if err := json.Unmarshal(file.Consent, &t); err != nil {
			panic(fmt.Sprintf("defaults: consent: %v", err))
		}
		of := consents.Kinds[kind]
		t.Code, t.Title, t.Reviewed = "consent."+kind, of.Title, consents.Reviewed
		for i := range t.Blocks {
			of.fill(&t.Blocks[i])
		}
		templates = append(templates, t)
	}
	return templates
}

// fill replaces @words of the common consent by the texts of the kind.
func (c consentOf) fill(p *document.Piece) {
	if p.Text.ZH == "@method" {
		p.Text.ZH = c.Method
	}
	if len(p.Items) != 1 || !strings.HasPrefix(p.Items[0].ZH, "@") {
		return
	}
	lists := map[string][]string{
		"@indication": c.Indication, "@contraindication": c.Contraindication, "@common": c.Common,
		"@uncommon": c.Uncommon, "@rare": c.Rare, "@alternative": c.Alternative, "@aftercare": c.Aftercare,
	}
	list, known := lists[p.Items[0].ZH]
	if !known || len(list) == 0 {
		panic("defaults: consent " + c.Title.ZH + " has no " + p.Items[0].ZH)
	}
	p.Items = nil
	for _, text := range list {
		p.Items = append(p.Items, words.Text{ZH: text})
	}
}

package defaults

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"meixu/store/term"
)

//go:embed catalog/*.csv catalog/about.json
var catalogFiles embed.FS

// Use is what one session typically takes of one kind of product.
type Use struct {
	// Kind matches Product.UseKind, as "filler_ha".
	Kind string `json:"kind"`
	// Qty is in thousandths of the product's unit.
	Qty term.Qty `json:"qty"`
}

// Item is one procedure of the default price list: procedures.csv with the gaps of
// rulings 30 closed by procedures_extra.csv. Clinical values are conservative defaults that
// the clinic's own physicians review; prices are plausible, not quotations.
type Item struct {
	Code, NameZH, NameEN string
	Category             string // as printed on the price list
	Level                string // none, 1, 2, 3, 4 (REG-LVL-01)
	Kind                 string // botulinum, filler_ha …
	Operator             string // lead_physician, physician, nurse
	Minutes              int
	RoomKind             string
	DeviceKind           string // "" when no device is needed
	DeviceClass3         bool   // the device must hold a class III registration (REG-DEV-09)
	Anaesthesia          string
	Price                term.Fen // list price
	PriceLow, PriceHigh  term.Fen // the band of a quote
	Sessions             int
	IntervalDays         int
	Contraindications    []string // words of the dictionary in csv_notes.md 1.1
	FollowupDays         []int
	CareTemplate         string
	FormCode             string // procedure record by kind (F7)
	Depth                string // L1, L2, L3: how deep the three checks go (sop.md 2)
	RiskTier             int    // 1–5 (sop.md 12)
	Enabled              bool
	OffLabel             bool // needs the extra consent (REG-CON-07)
	HighRisk             bool // region with vessels to the eye (REG-CON-09)
	Chaperone            bool // private region: two members of staff (REG-PII-17)
	SideMark             bool // side or place is marked before the start (S4)
	PhotoViews           []string
	ObserveMinutes       int // before leaving (S5-10)
	Uses                 []Use
	Remark               string
	About                About
}

// NeedsKit says that the emergency kit must be checked before the start (S4-11).
func (i Item) NeedsKit() bool {
	return i.Category == "注射" || i.Anaesthesia == "局部浸润" || i.Anaesthesia == "神经阻滞" || i.Anaesthesia == "肿胀麻醉"
}

// NeedsCompany says that somebody must fetch the client (S4-12).
func (i Item) NeedsCompany() bool { return i.RiskTier >= 5 }

// Product is one kind of product: products.csv with code, use and unit from
// products_extra.csv.
type Product struct {
	Code, Name    string
	Kind          string // 药品, III类器械 …
	UseKind       string // what items ask for
	Unit          string // the unit in which it is used
	Pack          term.Qty
	Low           term.Qty // below this the shelf is short
	Storage       string
	ColdChain     bool
	Toxic         bool // two persons (REG-DRG-01)
	LotTracked    bool
	ExpiryTracked bool
	UDI           bool
	// OpenedHours is how long an opened pack may be used: 0 single use, -1 not applicable.
	OpenedHours   int
	LicencePrefix string
	Remark        string
}

// Cosmetic says that the product must never be injected (REG-DEV-11).
func (p Product) Cosmetic() bool { return p.Kind == "化妆品" }

var (
	levelOf    = map[string]string{"不属手术": "none", "一级": "1", "二级": "2", "三级": "3", "四级": "4"}
	operatorOf = map[string]string{"主诊医师": "lead_physician", "医师": "physician", "护士": "nurse"}
)

// Items gives the default price list in the order of the table.
func Items() []Item {
	extra := map[string]line{}
	for _, row := range readCSV(catalogFiles, "catalog/procedures_extra.csv") {
		extra[row["code"]] = row
	}
	abouts := readAbouts()
	var items []Item
	for _, row := range readCSV(catalogFiles, "catalog/procedures.csv") {
		i := itemOf(row, extra[row["code"]])
		i.About = abouts.of(i.Code, i.Kind)
		items = append(items, i)
	}
	return items
}

func itemOf(row, extra line) Item {
	return Item{
		Code: row.must("code"), NameZH: extra.must("name_zh"), NameEN: extra.must("name_en"), Category: row.must("category"),
		Level: levelOf[row.must("level")], Kind: row.must("kind"), Operator: operatorOf[row.must("operator_role_required")],
		Minutes: row.number("duration_min"), RoomKind: row.must("room_kind"), DeviceKind: extra["device_kind"],
		DeviceClass3: extra.yes("device_class3"), Anaesthesia: row.must("anaesthesia"),
		Price: extra.yuan("list_price_cny"), PriceLow: row.yuan("typical_price_low_cny"), PriceHigh: row.yuan("typical_price_high_cny"),
		Sessions: row.number("course_sessions"), IntervalDays: row.number("interval_days"),
		Contraindications: row.words("contraindications"), FollowupDays: row.numbers("followup_days"), CareTemplate: row.must("care_template"),
		FormCode: extra.must("form_code"), Depth: extra.must("depth"), RiskTier: extra.number("risk_tier"),
		Enabled: extra.yes("enabled"), OffLabel: extra.yes("off_label"), HighRisk: extra.yes("high_risk"),
		Chaperone: extra.yes("chaperone"), SideMark: extra.yes("side_mark"), PhotoViews: extra.words("photo_views"),
		ObserveMinutes: extra.number("observe_minutes"), Uses: extra.uses(), Remark: extra["remark"],
	}
}

// Products gives the default products in the order of the table.
func Products() []Product {
	extra := map[string]line{}
	for _, row := range readCSV(catalogFiles, "catalog/products_extra.csv") {
		extra[row["source_name"]] = row
	}
	var products []Product
	for _, row := range readCSV(catalogFiles, "catalog/products.csv") {
		more := extra[row["name_zh"]]
		opened := -1
		if row["opened_shelf_life_hours"] != "" {
			opened = row.number("opened_shelf_life_hours")
		}
		products = append(products, Product{
			Code: more.must("code"), Name: more.must("name"), Kind: row.must("kind"), UseKind: more.must("use_kind"),
			Unit: more.must("unit"), Pack: more.qty("pack"), Low: more.qty("low"), Storage: row.must("storage"),
			ColdChain: row.yes("needs_cold_chain"), Toxic: row.yes("toxic_drug"), LotTracked: row.yes("lot_tracked"),
			ExpiryTracked: row.yes("expiry_tracked"), UDI: row.yes("udi"), OpenedHours: opened,
			LicencePrefix: row.must("license_prefix"), Remark: more["remark"],
		})
	}
	return products
}

// Institution is the kind of the house by its licence (REG-ORG-08).
type Institution string

// The kinds of institution of the level matrix.
const (
	Clinic              Institution = "clinic"
	Outpatient          Institution = "outpatient"
	OutpatientAnaesth   Institution = "outpatient_anaesthesia"
	AestheticHospital   Institution = "aesthetic_hospital"
	TertiaryInstitution Institution = "tertiary"
)

// highestLevel is the matrix of regulations.md part C (REG-LVL-03).
var highestLevel = map[Institution]string{
	Clinic: "1", Outpatient: "1", OutpatientAnaesth: "2", AestheticHospital: "3", TertiaryInstitution: "4",
}

// LevelAllowed says whether an institution of the kind may perform procedures of the level
// (REG-LVL-03, REG-LVL-07). Unknown kinds and levels may nothing.
func LevelAllowed(kind Institution, level string) bool {
	highest, known := highestLevel[kind]
	if !known || !strings.Contains("none 1 2 3 4", level) || level == "" {
		return false
	}
	return level == "none" || level <= highest
}

// line is a row of a table, read by column. Embedded tables that do not parse panic.
type line map[string]string

func (l line) must(column string) string {
	if l[column] == "" {
		panic(fmt.Sprintf("defaults: column %s is empty in %v", column, map[string]string(l)))
	}
	return l[column]
}

func (l line) number(column string) int {
	n, err := strconv.Atoi(l.must(column))
	if err != nil {
		panic(fmt.Sprintf("defaults: column %s of %s: %v", column, l["code"], err))
	}
	return n
}

func (l line) yuan(column string) term.Fen { return term.Fen(l.number(column) * 100) }

func (l line) yes(column string) bool {
	switch l.must(column) {
	case "true":
		return true
	case "false":
		return false
	}
	panic(fmt.Sprintf("defaults: column %s of %s is neither true nor false", column, l["code"]))
}

func (l line) words(column string) []string {
	var words []string
	for word := range strings.SplitSeq(l[column], ";") {
		if word = strings.TrimSpace(word); word != "" && word != "无" {
			words = append(words, word)
		}
	}
	return words
}

func (l line) numbers(column string) []int {
	var numbers []int
	for _, word := range l.words(column) {
		numbers = append(numbers, line{"code": l["code"], column: word}.number(column))
	}
	return numbers
}

func (l line) qty(column string) term.Qty {
	q, err := term.ParseQty(l.must(column))
	if err != nil {
		panic(fmt.Sprintf("defaults: column %s of %s: %v", column, l["code"], err))
	}
	return q
}

func (l line) uses() []Use {
	var uses []Use
	for _, word := range l.words("uses") {
		kind, amount, _ := strings.Cut(word, "=")
		uses = append(uses, Use{Kind: kind, Qty: line{"code": l["code"], "uses": amount}.qty("uses")})
	}
	return uses
}

// deep are the kinds of item that need a room made ready as for an operation.
var deep = []string{"surgery", "liposuction", "fatgraft"}

// SetUp is how many minutes before the item its room and device are made ready.
func (i Item) SetUp() int {
	switch {
	case i.RoomKind == "":
		return 0
	case i.Level == "3" || i.Level == "4" || slices.Contains(deep, i.Kind):
		return 15
	case i.DeviceKind != "":
		return 5
	}
	return 0
}

// CleanUp is how many minutes after the item its room and device are cleaned: the deeper the item
// goes, the longer (row:A4, S4-10).
func (i Item) CleanUp() int {
	switch {
	case i.RoomKind == "":
		return 0
	case i.Level == "3" || i.Level == "4" || slices.Contains(deep, i.Kind):
		return 30
	case i.RiskTier >= 3:
		return 15
	}
	return 10
}

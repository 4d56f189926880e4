package store

import (
	"meixu/store/term"
)

// Item is one thing on the price list (a procedure). Money in fen, times in minutes.
type Item struct {
	ID                term.ItemID
	Version           int
	CreatedAt         term.Instant
	UpdatedAt         term.Instant
	Code              string
	Name              string
	NameEN            string
	Category          string
	Level             string
	Kind              string
	Operator          string
	Minutes           int
	BeforeMinutes     int // room and device are set up
	AfterMinutes      int // room and device are cleaned
	RoomKind          string
	DeviceKind        string
	Anaesthesia       string
	PriceFen          term.Fen
	PriceLowFen       term.Fen
	PriceHighFen      term.Fen
	Sessions          int
	IntervalDays      int
	Contraindications []string
	FollowupDays      []int
	CareTemplate      string
	FormCode          string
	Depth             string
	RiskTier          int
	OffLabel          bool
	SideMark          bool
	ObserveMinutes    int
	ProductKinds      []string
	Uses              []ItemUse
	PhotoViews        []string
	HighRisk          bool
	Chaperone         bool
	NeedsKit          bool
	Enabled           bool
	Remark            string
	// Scope is the registered subject under which the item falls (REG-ORG-02): surgery,
	// dentistry, dermatology or tcm; "" is not decided yet.
	Scope string
	// RecoveryDays is how long one is visibly marked, usually; -1 is not known yet.
	RecoveryDays int
	About        ItemAbout
	// DescribedBy read the description and stands for it; 0 means the product's own default.
	DescribedBy term.StaffID
}

// ItemAbout describes an item in both languages of the house (row:E1). English may be empty.
type ItemAbout struct {
	ZH AboutText `json:"zh"`
	EN AboutText `json:"en"`
}

// AboutText is the description of an item in one language: for whom it is, how it works, what
// is done in which order, and how one recovers.
type AboutText struct {
	Suitable string `json:"suitable"`
	// Unsuitable is said beside the dictionary of contraindications, where that has no word.
	Unsuitable string   `json:"unsuitable,omitempty"`
	Principle  string   `json:"principle"`
	Steps      []string `json:"steps"`
	Recovery   string   `json:"recovery"`
}

// ItemUse is the usual amount of a kind of product per session.
type ItemUse struct {
	Kind string   `json:"kind"`
	Qty  term.Qty `json:"qty"`
}

func (*Item) table() string { return "items" }
func (*Item) columns() string {
	return "id, version, created_at, updated_at, code, name, name_en, category, level, kind, " +
		"operator, minutes, before_minutes, after_minutes, room_kind, device_kind, anaesthesia, price_fen, price_low_fen, " +
		"price_high_fen, sessions, interval_days, contraindications, followup_days, care_template, " +
		"form_code, depth, risk_tier, off_label, side_mark, observe_minutes, product_kinds, uses, " +
		"photo_views, high_risk, chaperone, needs_kit, enabled, remark, scope, recovery_days, about, described_by"
}

func (i *Item) fields(*Read) []any {
	return []any{
		&i.ID, &i.Version, &i.CreatedAt, &i.UpdatedAt, &i.Code, &i.Name, &i.NameEN, &i.Category, &i.Level,
		&i.Kind, &i.Operator, &i.Minutes, &i.BeforeMinutes, &i.AfterMinutes, &i.RoomKind, &i.DeviceKind, &i.Anaesthesia, &i.PriceFen,
		&i.PriceLowFen, &i.PriceHighFen, &i.Sessions, &i.IntervalDays,
		jsonText{&i.Contraindications},
		jsonText{&i.FollowupDays},
		&i.CareTemplate, &i.FormCode, &i.Depth, &i.RiskTier, &i.OffLabel,
		&i.SideMark, &i.ObserveMinutes,
		jsonText{&i.ProductKinds},
		jsonText{&i.Uses},
		jsonText{&i.PhotoViews},
		&i.HighRisk, &i.Chaperone, &i.NeedsKit, &i.Enabled, &i.Remark,
		&i.Scope, &i.RecoveryDays,
		jsonText{&i.About},
		maybe(&i.DescribedBy),
	}
}

// Item reads one item.
func (r *Read) Item(id term.ItemID) (Item, error) { return load[Item](r, "id = ?", id) }

// ItemByCode reads the item of a catalogue code.
func (r *Read) ItemByCode(code string) (Item, error) { return load[Item](r, "code = ?", code) }

// Items lists the catalogue; only what may be sold when enabledOnly.
func (r *Read) Items(enabledOnly bool) ([]Item, error) {
	return loadAll[Item](r, "(enabled = 1 OR NOT ?) ORDER BY id LIMIT 1000", enabledOnly)
}

// ItemsIn reads the items with these ids in one query.
func (r *Read) ItemsIn(ids []term.ItemID) (map[term.ItemID]Item, error) {
	return byIDs[Item](r, ids)
}

// AddItem adds an item.
func (tx *Tx) AddItem(i *Item) error { return tx.addRow(i) }

// SaveItem writes an item over the version read.
func (tx *Tx) SaveItem(i *Item) error { return tx.saveRow(i) }

// ItemPrice is one line of an item's price history (row:E2).
type ItemPrice struct {
	ID           int64
	Version      int
	CreatedAt    term.Instant
	UpdatedAt    term.Instant
	Item         term.ItemID
	PriceFen     term.Fen
	PriceLowFen  term.Fen
	PriceHighFen term.Fen
	ValidFrom    term.Instant
	Reason       string
	By           term.StaffID // who set it; 0 is the product's default
}

func (*ItemPrice) table() string { return "item_prices" }
func (*ItemPrice) columns() string {
	return "id, version, created_at, updated_at, item_id, price_fen, price_low_fen, price_high_fen, " +
		"valid_from, reason, staff_id"
}

func (i *ItemPrice) fields(*Read) []any {
	return []any{
		&i.ID, &i.Version, &i.CreatedAt, &i.UpdatedAt, &i.Item, &i.PriceFen, &i.PriceLowFen, &i.PriceHighFen,
		&i.ValidFrom, &i.Reason, maybe(&i.By),
	}
}

// ItemPrices lists the price history of an item, newest first.
func (r *Read) ItemPrices(item term.ItemID) ([]ItemPrice, error) {
	return loadAll[ItemPrice](r, "item_id = ? ORDER BY valid_from DESC, id DESC LIMIT 200", item)
}

// AddItemPrice notes a price.
func (tx *Tx) AddItemPrice(p *ItemPrice) error { return tx.addRow(p) }

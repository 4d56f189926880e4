// Package catalog is the price list: what the clinic offers, at which price, under which
// rules. Prices keep their history (row:E2); an item that the clinic may not do or has not
// filed is not enabled and cannot be sold.
package catalog

import (
	"context"
	"errors"
	"strings"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/defaults"
	"meixu/app/engine/find"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// List is the service of the price list.
type List struct{ deed.Doer }

// New makes the price list.
func New(d deed.Doer) *List { return &List{d} }

// Filter narrows the list; zero values mean all.
type Filter struct {
	Text     string // part of the name, pinyin initials or code
	Category string
	Enabled  bool // only what may be sold
}

// Items lists the catalogue as the filter asks.
func (l *List) Items(ctx context.Context, by access.Actor, f Filter) (items []store.Item, err error) {
	err = l.Read(ctx, by, access.CatalogView, func(r *store.Read) error {
		items, err = Search(r, f)
		return err
	})
	return items, err
}

// Search lists the catalogue as the filter asks; for other rooms' pickers.
func Search(r *store.Read, f Filter) ([]store.Item, error) {
	all, err := r.Items(f.Enabled)
	if err != nil {
		return nil, err
	}
	items := all[:0]
	for _, i := range all {
		if (f.Category == "" || f.Category == i.Category) && named(i, f.Text) {
			items = append(items, i)
		}
	}
	return items, nil
}

func named(i store.Item, text string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" || strings.Contains(i.Name, text) || strings.Contains(strings.ToLower(i.NameEN), text) ||
		strings.HasPrefix(strings.ToLower(i.Code), text) {
		return true
	}
	return find.Spelt(i.Name, text)
}

// Reprice changes the price and its band from now on. Old quotes keep their price; who,
// when and why stands in the history.
func (l *List) Reprice(ctx context.Context, by access.Actor, in Price) error {
	if err := in.check(by); err != nil {
		return err
	}
	return l.Write(ctx, by, access.ItemReprice, func(tx *store.Tx) error {
		i, err := tx.Item(in.Item)
		if err != nil {
			return err
		}
		if i.Version != in.Version {
			return store.ErrStale
		}
		i.PriceFen, i.PriceLowFen, i.PriceHighFen = in.Price, in.Low, in.High
		if err := tx.SaveItem(&i); err != nil {
			return err
		}
		tx.Publish("catalog")
		tx.Result("item", int64(i.ID))
		return tx.AddItemPrice(&store.ItemPrice{
			Item: i.ID, PriceFen: in.Price, PriceLowFen: in.Low, PriceHighFen: in.High, ValidFrom: tx.Now(), Reason: by.Reason, By: by.Staff,
		})
	})
}

// mostPrice bounds a price as the till does: what lies above no bill takes.
const mostPrice = term.Fen(100_000_000_00)

// Price is a new price with its band, in fen.
type Price struct {
	Item             term.ItemID
	Version          int
	Price, Low, High term.Fen
}

func (in Price) check(by access.Actor) error {
	var f fault.Fields
	if in.Price <= 0 {
		f.Add("price", "catalog.price.positive")
	}
	if in.Low <= 0 || in.Low > in.Price {
		f.Add("low", "catalog.price.low")
	}
	if in.High < in.Price {
		f.Add("high", "catalog.price.high")
	}
	if _, wrong := f.Of("price"); !wrong && in.Price > mostPrice {
		f.Add("price", "catalog.price.most", mostPrice)
	}
	if _, wrong := f.Of("high"); !wrong && in.High > mostPrice {
		f.Add("high", "catalog.price.most", mostPrice)
	}
	if strings.TrimSpace(by.Reason) == "" {
		f.Add("_reason", "catalog.price.reason")
	}
	return f.Err()
}

// Detail is one item with its price history, who set each price, and what keeps it from sale.
type Detail struct {
	Item      store.Item
	Prices    []store.ItemPrice
	Names     map[term.StaffID]string
	Missing   []string // fields without which it must not be on sale
	Described string   // who stands for the description, "" nobody yet
}

// Item reads one item with its price history.
func (l *List) Item(ctx context.Context, by access.Actor, id term.ItemID) (d Detail, err error) {
	err = l.Read(ctx, by, access.CatalogView, func(r *store.Read) error {
		if d.Item, err = r.Item(id); err != nil {
			return err
		}
		if d.Prices, err = r.ItemPrices(id); err != nil {
			return err
		}
		d.Missing = Missing(d.Item)
		d.Names, err = r.StaffNames()
		d.Described = d.Names[d.Item.DescribedBy]
		return err
	})
	return d, err
}

// Seed adds the default items and products that are not there yet; what the clinic changed
// stays as it is.
func Seed(tx *store.Tx) error {
	for _, d := range defaults.Items() {
		if _, err := tx.ItemByCode(d.Code); err == nil {
			continue
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err := seedItem(tx, d); err != nil {
			return err
		}
	}
	have, err := tx.Products()
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, p := range have {
		known[p.Code] = true
	}
	for _, d := range defaults.Products() {
		if known[d.Code] {
			continue
		}
		p := store.Product{
			Code: d.Code, Name: d.Name, Kind: d.Kind, UseKind: d.UseKind, Unit: d.Unit, PackQty: d.Pack, Storage: d.Storage,
			ColdChain: d.ColdChain, Toxic: d.Toxic, LotTracked: d.LotTracked, ExpiryTracked: d.ExpiryTracked, Udi: d.UDI,
			OpenedHours: max(d.OpenedHours, 0), LicencePrefix: d.LicencePrefix, LowQty: d.Low,
		}
		if err := tx.AddProduct(&p); err != nil {
			return err
		}
	}
	return nil
}

func seedItem(tx *store.Tx, d defaults.Item) error {
	i := itemOf(d)
	if err := tx.AddItem(&i); err != nil {
		return err
	}
	return tx.AddItemPrice(&store.ItemPrice{
		Item: i.ID, PriceFen: i.PriceFen, PriceLowFen: i.PriceLowFen, PriceHighFen: i.PriceHighFen, ValidFrom: tx.Now(), Reason: "default",
	})
}

// itemOf is the item that a line of the default price list becomes.
func itemOf(d defaults.Item) store.Item {
	i := store.Item{
		Code: d.Code, Name: d.NameZH, NameEN: d.NameEN, Category: d.Category, Level: d.Level, Kind: d.Kind, Operator: d.Operator,
		Minutes: d.Minutes, BeforeMinutes: d.SetUp(), AfterMinutes: d.CleanUp(), RoomKind: d.RoomKind, DeviceKind: d.DeviceKind, Anaesthesia: d.Anaesthesia,
		PriceFen: d.Price, PriceLowFen: d.PriceLow, PriceHighFen: d.PriceHigh, Sessions: d.Sessions, IntervalDays: d.IntervalDays,
		Contraindications: d.Contraindications, FollowupDays: d.FollowupDays, CareTemplate: d.CareTemplate,
		FormCode: d.FormCode, Depth: d.Depth, RiskTier: d.RiskTier, OffLabel: d.OffLabel, SideMark: d.SideMark,
		ObserveMinutes: d.ObserveMinutes, PhotoViews: d.PhotoViews, HighRisk: d.HighRisk, Chaperone: d.Chaperone,
		NeedsKit: d.NeedsKit(), Enabled: d.Enabled, Remark: d.Remark,
		Scope: d.About.Scope, RecoveryDays: d.About.RecoveryDays,
		About: store.ItemAbout{ZH: store.AboutText(d.About.ZH), EN: store.AboutText(d.About.EN)},
	}
	for _, u := range d.Uses {
		i.ProductKinds = append(i.ProductKinds, u.Kind)
		i.Uses = append(i.Uses, store.ItemUse{Kind: u.Kind, Qty: u.Qty})
	}
	return i
}

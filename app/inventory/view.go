package inventory

import (
	"context"
	"errors"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Filter of the shelf.
type Filter struct {
	Text string // of product, code or lot
	Show string // "", low, expiring, held, empty
}

// Line is one lot on the shelf.
type Line struct {
	LotRow
	Expiry Expiry
	State  string // ok, quarantine, recalled
}

// Goods is one product with its lots.
type Goods struct {
	Product store.Product
	Lots    []Line
	Total   term.Qty // usable: in date and not held
	Low     bool
}

// Packs prints the usable amount in whole packs.
func (g Goods) Packs() int64 { return int64(g.Total) / max(1, int64(g.Product.PackQty)) }

// View is the shelf: what is left, first expiry first, and what wants attention.
type View struct {
	Goods     []Goods
	Low       int
	Expiring  int // lots with something left that end within 90 days or have ended
	Held      int
	OpenCount int // counts that wait for a decision
}

// List reads the shelf.
func (s *Shelf) List(ctx context.Context, by access.Actor, f Filter) (v View, err error) {
	err = s.Read(ctx, by, access.StockView, func(r *store.Read) error {
		all, err := shelfOf(r)
		if err != nil {
			return err
		}
		counts, err := r.OpenCounts()
		if err != nil {
			return err
		}
		v.OpenCount = len(counts)
		for _, g := range all {
			v.count(g)
			if g, keep := f.keep(g); keep {
				v.Goods = append(v.Goods, g)
			}
		}
		return nil
	})
	return v, err
}

// shelfOf reads all products with their lots.
func shelfOf(r *store.Read) ([]Goods, error) {
	products, err := r.Products()
	if err != nil {
		return nil, err
	}
	lots, err := r.Lots(5000)
	if err != nil {
		return nil, err
	}
	balances, err := r.LotBalances()
	if err != nil {
		return nil, err
	}
	byProduct := map[term.ProductID][]store.Lot{}
	for _, lot := range lots {
		byProduct[lot.Product] = append(byProduct[lot.Product], lot)
	}
	all := make([]Goods, 0, len(products))
	for _, p := range products {
		all = append(all, goodsOf(p, byProduct[p.ID], balances, r.Today()))
	}
	return all, nil
}

func goodsOf(p store.Product, lots []store.Lot, balances map[term.LotID]term.Qty, today term.Day) Goods {
	g := Goods{Product: p}
	first := true
	for _, lot := range lots {
		line := Line{LotRow: LotRow{Lot: lot, Product: p, Balance: balances[lot.ID], Days: daysLeft(lot.ExpiresOn, today)}, State: lot.State}
		line.Expiry = expiryOf(line.Days)
		if lot.State == StateOK && !expired(lot, today) && line.Balance > 0 {
			line.First, first = first, false
			g.Total += line.Balance
		}
		g.Lots = append(g.Lots, line)
	}
	g.Low = g.Total < p.LowQty
	return g
}

// count adds what wants attention.
func (v *View) count(g Goods) {
	if g.Low {
		v.Low++
	}
	for _, l := range g.Lots {
		if l.State != StateOK {
			v.Held++
		} else if l.Balance > 0 && l.Days <= 90 {
			v.Expiring++
		}
	}
}

// keep applies the filter: lots that are used up are shown only when asked for.
func (f Filter) keep(g Goods) (Goods, bool) {
	text := strings.ToUpper(halfWidth(strings.TrimSpace(f.Text)))
	named := text == "" || strings.Contains(strings.ToUpper(g.Product.Name+" "+g.Product.Code), text)
	var lots []Line
	for _, l := range g.Lots {
		if (named || strings.Contains(strings.ToUpper(l.Lot.Lot), text)) && f.shows(l) {
			lots = append(lots, l)
		}
	}
	g.Lots = lots
	switch {
	case f.Show == "low":
		return g, g.Low && (named || len(lots) > 0)
	case f.Show != "":
		return g, len(lots) > 0
	}
	return g, named || len(lots) > 0
}

func (f Filter) shows(l Line) bool {
	switch f.Show {
	case "expiring":
		return l.State == StateOK && l.Balance > 0 && l.Days <= 90
	case "held":
		return l.State != StateOK
	case "empty":
		return l.Balance == 0
	}
	return l.Balance != 0 || l.State != StateOK
}

// Choices lists the products for the receipt.
func (s *Shelf) Choices(ctx context.Context, by access.Actor) (list []store.Product, err error) {
	err = s.Read(ctx, by, access.StockView, func(r *store.Read) (err error) {
		list, err = r.Products()
		return err
	})
	return list, err
}

// Trace is one use of a lot: for whom, when, how much.
type Trace struct {
	Use       store.LotUse
	Number    string // of the treatment
	Treatment term.TreatmentID
	Client    term.ClientID
	Name      string // "" when the reader may not see it
	Item      string
	Who       string
	Second    string
}

// CountLine is one count of a lot, to be read.
type CountLine struct {
	store.StockCount
	Lot     store.Lot
	Product store.Product
	Who     string
	Decider string
	Own     bool // the reader counted it and cannot decide
	// Seen is the fingerprint of what stands here; who decides carries it.
	Seen string
}

// LotView is the page of one lot.
type LotView struct {
	Line
	Codes     []store.LotCode
	Receiver  string
	Movements []Movement
	Traces    []Trace
	Counts    []CountLine
	Names     bool // the reader sees whom it went to
	Waiting   bool // a count waits for a decision
	// Seen is the fingerprint of the lot as it stands here; who counts it carries it.
	Seen string
}

// Lot reads one lot with all that happened to it. Whom it went to is shown by name only to
// those who may trace it, and that they saw it is an act on each client's record.
func (s *Shelf) Lot(ctx context.Context, by access.Actor, id term.LotID) (v LotView, err error) {
	err = s.Read(ctx, by, access.StockView, func(r *store.Read) error {
		v, err = s.lotView(r, by, id)
		return err
	})
	if err != nil {
		return v, err
	}
	seen := map[term.ClientID]bool{}
	for _, t := range v.Traces {
		if !v.Names || seen[t.Client] {
			continue
		}
		seen[t.Client] = true
		if err := s.View(ctx, by, access.LotTrace, t.Client, func(*store.Read) error { return nil }); err != nil {
			return v, err
		}
	}
	return v, nil
}

func (s *Shelf) lotView(r *store.Read, by access.Actor, id term.LotID) (v LotView, err error) {
	lot, err := r.Lot(id)
	if errors.Is(err, store.ErrNotFound) {
		return v, fault.NotFound("lot").Because(err)
	}
	if err != nil {
		return v, err
	}
	p, err := r.Product(lot.Product)
	if err != nil {
		return v, err
	}
	lots, err := r.LotsOf(p.ID)
	if err != nil {
		return v, err
	}
	balances, err := r.LotBalances()
	if err != nil {
		return v, err
	}
	for _, line := range goodsOf(p, lots, balances, r.Today()).Lots {
		if line.Lot.ID == id {
			v.Line = line
		}
	}
	names, err := r.StaffNames()
	if err != nil {
		return v, err
	}
	v.Receiver, v.Names = names[lot.ReceivedBy], by.May(access.LotTrace)
	if v.Codes, err = r.LotCodes(id); err != nil {
		return v, err
	}
	if v.Movements, err = movementsOf(r, id, names, movesShown); err != nil {
		return v, err
	}
	if v.Traces, err = tracesOf(r, v, names); err != nil {
		return v, err
	}
	if v.Seen, err = lotSeen(r, lot); err != nil {
		return v, err
	}
	v.Counts, err = countLines(r, by, names, func() ([]store.StockCount, error) { return r.CountsOfLot(id) })
	for _, c := range v.Counts {
		v.Waiting = v.Waiting || c.State == store.CountOpen
	}
	return v, err
}

func tracesOf(r *store.Read, v LotView, names map[term.StaffID]string) ([]Trace, error) {
	uses, err := r.UsesOfLot(v.Lot.ID, 200)
	if err != nil {
		return nil, err
	}
	list := make([]Trace, 0, len(uses))
	for _, use := range uses {
		t, err := r.Treatment(use.Treatment)
		if err != nil {
			return nil, err
		}
		item, err := r.Item(t.Item)
		if err != nil {
			return nil, err
		}
		line := Trace{
			Use: use, Number: t.Number, Treatment: t.ID, Client: t.Client, Item: item.Name,
			Who: names[use.TakenBy], Second: names[use.Second],
		}
		if v.Names {
			client, err := r.Client(t.Client)
			if err != nil {
				return nil, err
			}
			line.Name = client.Name
		}
		list = append(list, line)
	}
	return list, nil
}

// OpenCounts lists the counts that wait for a decision.
func (s *Shelf) OpenCounts(ctx context.Context, by access.Actor) (list []CountLine, err error) {
	err = s.Read(ctx, by, access.StockView, func(r *store.Read) error {
		names, err := r.StaffNames()
		if err != nil {
			return err
		}
		list, err = countLines(r, by, names, r.OpenCounts)
		return err
	})
	return list, err
}

func countLines(
	r *store.Read, by access.Actor, names map[term.StaffID]string, read func() ([]store.StockCount, error),
) ([]CountLine, error) {
	counts, err := read()
	if err != nil {
		return nil, err
	}
	list := make([]CountLine, 0, len(counts))
	for _, c := range counts {
		lot, err := r.Lot(c.Lot)
		if err != nil {
			return nil, err
		}
		p, err := r.Product(lot.Product)
		if err != nil {
			return nil, err
		}
		list = append(list, CountLine{c, lot, p, names[c.CountedBy], names[c.DecidedBy], c.CountedBy == by.Staff, countSeen(c, lot)})
	}
	return list, nil
}

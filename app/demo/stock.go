package demo

import (
	"fmt"
	"strings"

	"meixu/app/access"
	"meixu/app/inventory"
	"meixu/store"
	"meixu/store/term"
)

// stock receives two lots of every product, the one that ends first with few packs, so that
// first expiry first can be seen. Among them are one lot that has ended by now and one that
// ends within days.
func (m *maker) stock() error {
	var products []store.Product
	err := m.app.Read(m.ctx, m.by["stock"], access.StockView, func(r *store.Read) (err error) {
		products, err = r.Products()
		return err
	})
	if err != nil {
		return err
	}
	for n, p := range products {
		m.products[p.Code] = p.ID
		ends := []term.Day{m.ends(30 + 7*n), m.ends(260 + 5*n)}
		switch n {
		case 5:
			ends[0] = m.ends(-6) // ended last week
		case 0:
			ends[0] = m.ends(12)
		}
		for i, end := range ends {
			if err := m.receive(p, n, i, end); err != nil {
				return fmt.Errorf("%s %q: %w", p.Code, registration(p, n), err)
			}
		}
	}
	return nil
}

// ends is the day n days after the end of the story.
func (m *maker) ends(n int) term.Day { return m.today().Add(int(history.Hours()/24) + n) }

func (m *maker) receive(p store.Product, n, i int, end term.Day) error {
	in := inventory.Receive{
		Product: p.ID, Lot: fmt.Sprintf("%s%02d%02d%d", strings.ReplaceAll(strings.TrimPrefix(p.Code, "P-"), "-", ""), 25+i, n+1, i+1),
		Expires: end, Packs: 4 + 26*i, Supplier: "浙江示例医药有限公司", Invoice: fmt.Sprintf("FP-%04d-%d", 1000+n, i+1),
		Registration: registration(p, n),
	}
	if p.ColdChain {
		in.Celsius = "4.5"
	}
	if p.Toxic {
		in.Second, in.SecondPIN = m.by["nurse"].Staff, m.pins["nurse"]
	}
	_, err := m.app.Rooms.Stock.Receive(m.ctx, m.by["stock"], in)
	return err
}

// registration makes a number of the shape that the product's licence asks for.
func registration(p store.Product, n int) string {
	class := "2"
	if strings.HasPrefix(p.Kind, "III") {
		class = "3"
	}
	number := fmt.Sprintf("%04d", 100+n)
	for _, shape := range []struct{ mark, head string }{
		{"国药准字", ""},
		{"国械注准", "国械注准2023" + class + "13"},
		{"X械注准", "浙械注准2023" + class + "14"},
		{"X械备", "浙械备2023"},
		{"卫消证字", "浙卫消证字2021"},
		{"国妆特字", "国妆特字2022"},
		{"国妆网备字", "国妆网备字202200"},
	} {
		_, after, ok := strings.Cut(p.LicencePrefix, shape.mark)
		if !ok {
			continue
		}
		if shape.mark == "国药准字" {
			letter, _, _ := strings.Cut(after, "/")
			shape.head = "国药准字" + letter + "2019"
		}
		return shape.head + number
	}
	return fmt.Sprintf("QB-%04d", 100+n)
}

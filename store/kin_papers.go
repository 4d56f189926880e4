package store

import "slices"

// papersAbout reads the documents about the most particular thing that the filter names, with
// those of its neighbours; false when it names none, or nothing is remembered.
func (r *Read) papersAbout(f DocumentFilter) (all []Document, known bool, err error) {
	switch {
	case r.memory() == nil:
		return nil, false, nil
	case f.Plan != 0:
		all, err = loadAll[Document](r, "plan_id = ? ORDER BY id DESC", f.Plan)
	case f.PlanItem != 0:
		all, err = loadAll[Document](r, "plan_item_id = ? ORDER BY id DESC", f.PlanItem)
	case f.Order != 0:
		all, err = loadAll[Document](r, "order_id = ? ORDER BY id DESC", f.Order)
	case f.Treatment != 0:
		all, err = loadAll[Document](r, "treatment_id = ? ORDER BY id DESC", f.Treatment)
	case f.Visit != 0:
		all, err = loadAll[Document](r, "visit_id = ? ORDER BY id DESC", f.Visit)
	default:
		return nil, false, nil
	}
	return all, true, err
}

// choose keeps the documents that the filter asks for.
func (f DocumentFilter) choose(all []Document) []Document {
	all = slices.DeleteFunc(all, func(d Document) bool {
		return other(f.Kind, d.Kind) || other(f.Client, d.Client) || other(f.Visit, d.Visit) || other(f.Treatment, d.Treatment) ||
			other(f.Plan, d.Plan) || other(f.PlanItem, d.PlanItem) || other(f.Order, d.Order) || other(f.State, d.State) ||
			f.NotVoid && d.State == DocumentVoid || f.Without != "" && f.Without == d.Kind
	})
	return all[:min(len(all), most(f.Limit, 500))]
}

// photosAbout reads the photos of a treatment or visit, with those of its neighbours.
func (r *Read) photosAbout(f MediaFilter) (all []Media, known bool, err error) {
	switch {
	case r.memory() == nil:
		return nil, false, nil
	case f.Treatment != 0:
		all, err = loadAll[Media](r, "treatment_id = ? ORDER BY id DESC", f.Treatment)
	case f.Visit != 0:
		all, err = loadAll[Media](r, "visit_id = ? ORDER BY id DESC", f.Visit)
	default:
		return nil, false, nil
	}
	return all, true, err
}

func (f MediaFilter) choose(all []Media) []Media {
	all = slices.DeleteFunc(all, func(m Media) bool {
		return other(f.Client, m.Client) || other(f.Visit, m.Visit) || other(f.Treatment, m.Treatment) || other(f.Kind, m.Kind) ||
			f.NotVoid && m.State == MediaVoid
	})
	return all[:min(len(all), most(f.Limit, 500))]
}

// other says that a filter asks for something else.
func other[T comparable](asked, have T) bool {
	var any T
	return asked != any && asked != have
}

// most is the number of rows that limit puts into a query.
func most(n, most int) int {
	if n <= 0 {
		n = usual
	}
	return min(n, most)
}

package floor

import (
	"errors"

	"github.com/labstack/echo/v4"

	"meixu/app/engine/sop"
	"meixu/app/words"
	"meixu/store/term"
	"meixu/ui/kit"
)

// shut is why a visit may not be closed: the sentence, or everything that is still open.
type shut struct {
	Refusal *kit.Refusal
	Open    []openLine
}

// openLine is one open step: what is missing, whose duty it is and where it is done.
type openLine struct {
	sop.Gap
	Sentence string
	Link     string // a page that the reader may open, else the step's own line
	Room     bool   // Link leads to a room
	For      string // the treatment's item, when there are several
}

// Refused draws the page of a visit with the reason why its close was refused; other errors
// go on as they are.
func (v Visits) Refused(c echo.Context, visit term.VisitID, err error) error {
	said, ok := kit.Refused(c, err)
	if !ok {
		return err
	}
	page, failed := v.h.read(c, visit)
	if failed != nil {
		return err
	}
	if said.Refusal == nil {
		page.Reason = kit.Fill([]kit.Field{page.Reason}, kit.Read(c).Values(), said.Faults)[0]
		return visitPage.Draw(c, said.Status, "floor.visit.title", page)
	}
	page.Shut = &shut{Refusal: said.Refusal}
	var open *sop.Unfinished
	if errors.As(err, &open) {
		page.Shut.Open = v.h.openLines(c, page, open.Gaps)
	}
	return visitPage.Draw(c, said.Status, "floor.visit.title", page)
}

func (h room) openLines(c echo.Context, v visitView, gaps sop.Gaps) []openLine {
	by, list := kit.Who(c), make([]openLine, len(gaps))
	for i, g := range gaps {
		line := openLine{Gap: g, Sentence: g.Fault().Sentence(by.Lang), Link: h.reach(c, g.Where, "")}
		if line.Room = line.Link != ""; !line.Room {
			line.Link = "#" + anchor(sop.RunStep{Step: sop.Step{ID: g.Step}, Treatment: g.Treatment})
		}
		for _, t := range v.Treatments {
			if t.ID == g.Treatment && len(v.Treatments) > 1 {
				line.For = words.Text{ZH: t.ItemName, EN: t.ItemNameEN}.In(kit.Who(c).Lang)
			}
		}
		list[i] = line
	}
	return list
}

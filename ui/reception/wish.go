package reception

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/engine/turnstile"
	"meixu/app/live"
	"meixu/app/reception"
	"meixu/store/term"
	"meixu/ui/kit"
)

// wishView is the page on which a guest asks for a booking: first what, then when and who. It names
// no price, no person of the house and no other guest.
type wishView struct {
	reception.Offer
	Chosen bool
	Secret string // of the guest's own page; drawn with the form, so that two taps are one request
	At     string
	Fields []kit.Field
	Said   kit.Said
	Kept   []kit.Field         // what was typed for an item that is not on sale any more
	Off    *reception.GuestOff // the page is switched off
}

// wishGroup are the items of one category.
type wishGroup struct {
	Category string
	Items    []wishItem
}

// wishItem is one item as a guest sees it.
type wishItem struct {
	ID       term.ItemID
	Name, EN string
	Minutes  int
}

// Groups are the items on sale by category.
func (v wishView) Groups() (list []wishGroup) {
	at := map[string]int{}
	for _, i := range v.Items {
		n, known := at[i.Category]
		if !known {
			n = len(list)
			at[i.Category], list = n, append(list, wishGroup{Category: i.Category})
		}
		list[n].Items = append(list[n].Items, wishItem{i.ID, i.Name, i.NameEN, i.Minutes})
	}
	return list
}

// Value is a window of a day as the form sends it.
func (wishView) Value(day term.Day, w reception.OfferWindow) string {
	return fmt.Sprintf("%s@%d", day, w.From)
}

// Field is one of the fields.
func (v wishView) Field(name string) kit.Field {
	for _, f := range v.Fields {
		if f.Name == name {
			return f
		}
	}
	return kit.Field{Name: name, LabelKey: "request.name"}
}

// AtFault says what is wrong with the time, nil for nothing.
func (v wishView) AtFault() bool { _, wrong := v.Said.Faults.Of("at"); return wrong }

var wishPage = kit.New[wishView](pages, "wish.html", "guest_off.html").As(kit.Guest)

// wishes is the first page: what a guest would like.
func (h desk) wishes(c echo.Context) error {
	if off, err := h.BookOff(c.Request().Context()); err != nil || off != nil {
		return h.drawOff(c, off, err)
	}
	o, err := h.Offers(c.Request().Context(), false, 0)
	if err != nil {
		return err
	}
	return wishPage.Draw(c, http.StatusOK, "request.book", wishView{Offer: o})
}

// drawOff says that guests ask by telephone at present.
func (h desk) drawOff(c echo.Context, off *reception.GuestOff, err error) error {
	if err != nil {
		return err
	}
	return wishPage.Draw(c, http.StatusOK, "request.book", wishView{Off: off})
}

// wishItem is the second page: when it would suit, and who asks.
func (h desk) wishItem(c echo.Context) error {
	return h.drawWish(c, rand.Text(), kit.Said{Status: http.StatusOK})
}

func (h desk) drawWish(c echo.Context, secret string, said kit.Said) error {
	if off, err := h.BookOff(c.Request().Context()); err != nil || off != nil {
		return h.drawOff(c, off, err)
	}
	f := kit.Read(c)
	o, err := h.Offers(c.Request().Context(), true, term.ItemID(f.ID("item")))
	if gone, ok := kit.Refused(c, err); ok { // not on sale any more
		o, err = h.Offers(c.Request().Context(), false, 0)
		if err != nil {
			return err
		}
		return wishPage.Draw(c, gone.Status, "request.book", wishView{Offer: o, Said: gone, Kept: typedOf(f)})
	}
	if err != nil {
		return err
	}
	v := wishView{Offer: o, Chosen: true, Secret: secret, At: f.Text("at"), Said: said}
	v.Fields = kit.Fill([]kit.Field{
		{Name: "name", Kind: kit.Text, LabelKey: "request.name", Required: true},
		{Name: "phone", Kind: kit.Phone, LabelKey: "request.phone", HelpKey: "request.phone.help", Required: true},
	}, f.Values(), said.Faults)
	return wishPage.Draw(c, said.Status, "request.book", v)
}

// typedOf is what a guest typed for an item that is not on sale any more: it goes along to the next one.
func typedOf(f *kit.Form) (kept []kit.Field) {
	for _, name := range []string{"name", "phone", "at"} {
		if value := f.Text(name); value != "" {
			kept = append(kept, kit.Field{Name: name, Value: value})
		}
	}
	return kept
}

// wish keeps what a guest asks for, and leads to the guest's own page.
func (h desk) wish(c echo.Context) error {
	f := kit.Read(c)
	day, from, _ := strings.Cut(f.Text("at"), "@")
	begin, err := strconv.Atoi(from)
	if err != nil {
		begin = -1
	}
	wished, err := term.ParseDay(day)
	if err != nil {
		wished = ""
	}
	in := reception.RequestIn{
		Secret: f.Text("secret"), Peer: turnstile.Peer(c.RealIP()), Name: f.Text("name"), Phone: f.Text("phone"), Item: term.ItemID(f.ID("item")),
		Day: wished, From: begin,
	}
	err = h.Ask(c.Request().Context(), kit.Who(c), in)
	if said, ok := kit.Refused(c, err); ok {
		return h.drawWish(c, in.Secret, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "", nil, "/book/%s", in.Secret)
}

// askedView is a guest's own page: the number and how it stands.
type askedView struct {
	reception.Asked
	Secret string
}

var askedPage = kit.New[askedView](pages, "booked.html").As(kit.Guest)

func (h desk) booked(c echo.Context) error {
	a, err := h.Asked(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	return askedPage.Draw(c, http.StatusOK, "request.mine", askedView{a, c.Param("token")})
}

// bookedNow answers as soon as the desk said something after the news that the page names.
func (h desk) bookedNow(c echo.Context) error {
	if _, err := h.Asked(c.Request().Context(), c.Param("token")); err != nil {
		return err
	}
	kit.AwaitNews(c, h.Hub, reception.TopicRequests, live.Appointments)
	a, err := h.Asked(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	return askedPage.Part(c, http.StatusOK, "booked-now", askedView{a, c.Param("token")})
}

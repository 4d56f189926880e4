package reception

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/app/fault"
	"meixu/store/term"
	"meixu/ui/kit"
)

func (h desk) clientRoutes(r *kit.Routes) {
	r.POST("/reception/clients/twins", access.ClientCreate, h.knownClient)
	r.GET("/reception/clients/new", access.ClientCreate, h.newClient)
	r.POST("/reception/clients/fresh", access.ClientCreate, h.freshClient)
	r.POST("/reception/clients/new", access.ClientCreate, h.createClient)
	r.POST("/reception/clients/decline", access.ClientCreate, h.declineConsent)
	r.GET("/reception/clients/:id/consent", access.ConsentSign, h.consent)
	r.POST("/reception/clients/:id/consent", access.ConsentSign, h.signConsent)
	r.POST("/reception/clients/:id/identity", access.ClientVerify, h.verifyIdentity)
}

// clientView is the form of a new client with the two texts to be signed.
type clientView struct {
	crm.NewSheet
	Who     []kit.Field // name … source
	ID      []kit.Field // document
	Guard   []kit.Field // guardian of a minor
	Extra   []kit.Field // separate consents by tick
	Signs   signs
	Lead    term.LeadID
	Intake  term.IntakeID
	Faults  fault.Fields
	Refusal *kit.Refusal
	Twins   []twin
	Other   kit.Field
	Decline kit.Field // why somebody does not sign
	Blank   kit.Doc
	Open    bool   // the guardian's part is open
	Found   string // the name of what the finder did not find; "" for none
	Draft   string // under which what is typed is kept
}

// signs are the four pads.
type signs struct{ Privacy, Health, GuardianPrivacy, GuardianHealth kit.Field }

var clientPage = kit.New[clientView](pages, "client_new.html", "papers.html").ForClient()

func (h desk) newClient(c echo.Context) error {
	f := kit.Read(c)
	t := typedClient{lead: term.LeadID(f.ID("lead"))}
	if told := term.IntakeID(f.ID("intake")); told != 0 {
		review, err := h.files.Review(c.Request().Context(), kit.Who(c), told, 0)
		if err != nil {
			return err
		}
		t.intake, t.values = told, toldValues(review.Told)
		return h.drawClient(c, http.StatusOK, t)
	}
	last := kit.LastCarried(c)
	// Without the name in the address (after the lock, say) only what was typed leads back to it.
	if t.lead == 0 && last.Name != "" && (f.Text("found") == last.Name || f.Text("found") == "" && kit.HasDraft(c, draftKey(typedClient{found: last.Name}))) {
		t = foundNobody(last)
	}
	return h.drawClient(c, http.StatusOK, t)
}

// draftKey is under which what is typed of a new client is kept: apart for every lead and for
// every guest who told of oneself, every phone or name that the finder did not find, so that two people never meet in one form.
func draftKey(t typedClient) string {
	lead, found := t.lead, t.found
	if t.intake != 0 {
		return fmt.Sprintf("client.told.%d", t.intake)
	}
	return fmt.Sprintf("client.new.%d%s", lead, found)
}

// freshClient goes to the form of a new client with what was typed into the finder; nothing
// personal stands in an address.
func (h desk) freshClient(c echo.Context) error {
	if carried := kit.Carry(c, kit.Read(c).Text("typed")); carried.Name != "" {
		return kit.Done(c, "", nil, "/reception/clients/new?found=%s", carried.Name)
	}
	return kit.Done(c, "", nil, "/reception/clients/new")
}

// foundNobody is what the form begins with when the finder found nobody: a phone or a name.
func foundNobody(carried kit.Carried) typedClient {
	t, typed := typedClient{values: map[string][]string{}, found: carried.Name}, carried.Text
	if strings.IndexFunc(typed, func(r rune) bool { return !unicode.IsDigit(r) && !strings.ContainsRune("+- ", r) }) < 0 {
		t.values.Set("phone", typed)
	} else {
		t.values.Set("name", typed)
	}
	t.values.Set("source", "walk_in")
	return t
}

// knownClient shows whose file may be there already, while the person is typed.
func (h desk) knownClient(c echo.Context) error {
	f := kit.Read(c)
	people, err := h.files.Twins(c.Request().Context(), kit.Who(c), crm.NewClient{Name: f.Text("name"), Phone: f.Text("phone"), Birth: f.Day("birth")})
	if err != nil {
		return err
	}
	return clientPage.Part(c, http.StatusOK, "client-twins", clientView{Twins: twinsOf(people), Other: otherField(f.Text("other"))})
}

func (h desk) createClient(c echo.Context) error {
	f := kit.Read(c)
	in := readClient(f)
	t := typedClient{values: f.Values(), in: in, lead: in.Lead, intake: in.Intake, found: f.Text("found")}
	in.Shape = f.Fields
	id, err := h.files.CreateClient(c.Request().Context(), kit.Who(c), in)
	var twins *crm.Twins
	var refused *fault.Error
	switch bad, invalid := fault.FieldsOf(err); {
	case err == nil:
		kit.DropCarried(c)
		return kit.Done(c, "reception.client.created", []any{in.Name}, "/reception/arrive?client=%d", id)
	case errors.As(err, &twins):
		t.twins = twinsOf(twins.People)
		return h.drawClient(c, http.StatusConflict, t.refusedBy(c, twins.Refusal))
	case invalid:
		t.faults = bad
		return h.drawClient(c, http.StatusUnprocessableEntity, t)
	case errors.As(err, &refused) && refused.Kind == fault.KindRefused:
		return h.drawClient(c, http.StatusConflict, t.refusedBy(c, refused))
	}
	return err
}

// readClient reads the form of a new client.
func readClient(f *kit.Form) crm.NewClient {
	return crm.NewClient{
		Name: f.Text("name"), Phone: f.Text("phone"), NoPhone: f.Text("no_phone"), Gender: f.Text("gender"), Birth: f.Day("birth"),
		IDKind: f.Text("id_kind"), IDNumber: f.Text("id_number"), IDChecked: f.Bool("id_checked"),
		Source: f.Text("source"), Consultant: term.StaffID(f.ID("consultant")), Lead: term.LeadID(f.ID("lead")),
		Intake: term.IntakeID(f.ID("intake")),
		Guardian: crm.Contact{
			Name: f.Text("guardian_name"), Relation: f.Text("guardian_relation"), Phone: f.Text("guardian_phone"),
		},
		Strokes: readStrokes(f), Photo: f.Bool("photo"), Marketing: f.Bool("marketing"), Recording: f.Bool("recording"),
		Other: f.Text("other"),
	}
}

func readStrokes(f *kit.Form) crm.Strokes {
	return crm.Strokes{
		Privacy: f.Text("sign_privacy"), Health: f.Text("sign_health"),
		GuardianPrivacy: f.Text("sign_guardian_privacy"), GuardianHealth: f.Text("sign_guardian_health"),
		PrivacySeen: f.Text("seen_privacy"), HealthSeen: f.Text("seen_health"),
	}
}

func (h desk) declineConsent(c echo.Context) error {
	f := kit.Read(c)
	if err := f.Err(); err != nil {
		return err
	}
	lead := term.LeadID(f.ID("lead"))
	in := crm.NewLead{Name: f.Text("name"), Phone: f.Text("phone"), Channel: f.Text("source")}
	err := h.files.DeclineConsent(c.Request().Context(), kit.Who(c), lead, in, f.Text("reason"))
	if bad, ok := fault.FieldsOf(err); ok {
		t := typedClient{values: f.Values(), in: readClient(f), lead: lead, found: f.Text("found"), faults: bad}
		return h.drawClient(c, http.StatusUnprocessableEntity, t)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "reception.client.declined", nil, "/reception")
}

// consentView is the page on which a client who has a file signs anew.
type consentView struct {
	crm.ConsentSheet
	Signs   signs
	Refusal *kit.Refusal
	Faults  fault.Fields
	Blank   kit.Doc
}

// Guardian says that somebody must sign beside the client, or for a child.
func (v consentView) Guardian() bool { return v.Child || v.Client.Guardian.Name != "" }

var consentPage = kit.New[consentView](pages, "consent.html", "papers.html").ForClient()

func (h desk) consent(c echo.Context) error {
	return h.drawConsent(c, http.StatusOK, consentView{Signs: signFields(nil, nil)})
}

func (h desk) drawConsent(c echo.Context, status int, v consentView) (err error) {
	v.ConsentSheet, err = h.files.ConsentSheet(c.Request().Context(), kit.Who(c), term.ClientID(kit.ParamID(c, "id")))
	if err != nil {
		return err
	}
	return consentPage.Draw(c, status, "reception.consent.title", v)
}

func (h desk) signConsent(c echo.Context) error {
	f := kit.Read(c)
	id := term.ClientID(kit.ParamID(c, "id"))
	visit, err := h.files.SignConsent(c.Request().Context(), kit.Who(c), id, readStrokes(f))
	var refused *fault.Error
	if bad, ok := fault.FieldsOf(err); ok {
		return h.drawConsent(c, http.StatusUnprocessableEntity, consentView{Signs: signFields(f.Values(), bad), Faults: bad})
	}
	if errors.As(err, &refused) && refused.Kind == fault.KindRefused {
		v := consentView{Signs: signFields(f.Values(), nil), Refusal: kit.RefusalOf(c, refused)}
		return h.drawConsent(c, http.StatusConflict, v)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "reception.consent.done", nil, "%s", afterClient(id, visit))
}

// afterClient is where the desk goes on: the open visit, or arrival.
func afterClient(id term.ClientID, visit term.VisitID) string {
	if visit != 0 {
		return fmt.Sprintf("/reception/visit/%d", visit)
	}
	return fmt.Sprintf("/reception/arrive?client=%d", id)
}

func (h desk) verifyIdentity(c echo.Context) error {
	f := kit.Read(c)
	id := term.ClientID(kit.ParamID(c, "id"))
	visit, err := h.files.VerifyIdentity(c.Request().Context(), kit.Who(c), id, f.Text("id_kind"), f.Text("id_number"))
	if bad, ok := fault.FieldsOf(err); ok {
		open := term.VisitID(f.ID("visit"))
		if open != 0 {
			return h.drawVisit(c, http.StatusUnprocessableEntity, open, typedVisit{values: f.Values(), identity: bad})
		}
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "reception.identity.done", nil, "%s", afterClient(id, visit))
}

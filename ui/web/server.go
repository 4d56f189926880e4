// Package web is the door of the house on the network: it makes the server, finds out who
// comes, keeps strangers and other sites out, turns faults into pages and carries the news.
// Rooms are registered in rooms.go.
package web

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"meixu/app"
	"meixu/app/access"
	"meixu/app/lan"
	"meixu/ui/admin"
	"meixu/ui/assets"
	"meixu/ui/kit"
)

// Times and sizes that keep slow or greedy peers from eating the server.
const (
	headerWait  = 5 * time.Second
	bodyWait    = 60 * time.Second
	idleWait    = 60 * time.Second
	headerBytes = 16 << 10
	staffBody   = 32 << 20
	guestBody   = 1 << 20
	farewell    = 10 * time.Second
	// strangerWait is how long the body of who has no session may take: a login or a rating is
	// small, and a connection that dribbles holds a place.
	strangerWait = 5 * time.Second
)

// Options say how the server stands.
type Options struct {
	Hosts []string // names answered beside loopback and private addresses
	Dev   bool
	// MostStreams is how many live streams may be open at once; 0 is the house's own number.
	MostStreams int
	// Watch is how often a stream looks whether its session is still open by itself; 0 is the
	// house's own. What people do to a session it hears at once.
	Watch time.Duration
}

// Server is the staff's door and the guests' door.
type Server struct {
	app      *app.App
	opts     Options
	routes   *kit.Routes
	staff    *echo.Echo
	guest    *echo.Echo
	stopping chan struct{}
	stopOnce sync.Once
	streams  *streams
	// strangers counts the posts of those without a session.
	strangers *limiter
	// reports counts what browsers say of the pages' policy.
	reports *limiter
}

// New makes both doors and registers the rooms.
func New(a *app.App, opts Options) *Server {
	s := &Server{app: a, opts: opts, stopping: make(chan struct{}), streams: newStreams(opts.MostStreams), strangers: newLimiter(a.Now), reports: newLimiter(a.Now)}
	s.staff, s.guest = s.newEcho(), s.newEcho()
	s.staff.Use(bodyLimit(staffBody), sameOrigin(), s.seated, s.merged)
	s.guest.Use(bodyLimit(guestBody), sameOrigin(), newLimiter(a.Now).limit)
	s.routes = kit.NewRoutes(s.staff.Group(""), s.guest.Group(""))
	s.routes.Again = s.again
	s.house()
	s.rooms()
	return s
}

// newEcho makes a door with what both doors share.
func (s *Server) newEcho() *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = echo.ExtractIPDirect()
	e.HTTPErrorHandler = s.failed
	names := append([]string{"localhost", lan.Name}, s.opts.Hosts...)
	e.Use(identify, kit.Use(s.setup()), s.logged, recovered, secure, soon, knownHost(names), told)
	e.GET("/assets/*", echo.WrapHandler(assets.Handler()))
	e.GET("/healthz", s.health)
	e.HEAD("/healthz", s.health)
	return e
}

func (s *Server) setup() kit.Setup {
	clinic, err := s.app.Admin.ClinicName(context.Background())
	if err != nil {
		clinic = ""
	}
	return kit.Setup{
		Now: s.app.Now, Zone: s.app.DB.Zone(), Dev: s.opts.Dev, Demo: s.app.Options.Demo, Clinic: clinic,
		Badges: s.badges, Late: s.late, Notices: s.notices, Kept: s.kept, Forget: s.forget, Keep: s.keep, News: s.app.Hub.Newest,
		DraftKey: func(c echo.Context) string { return s.app.Admin.DraftKey(kit.Who(c)) },
		Stopping: s.stopping,
	}
}

// house registers what belongs to no room.
func (s *Server) house() {
	r := s.routes
	r.GET("/", access.Lapsed, home)
	r.GET("/live", access.SignedIn, s.live)
	r.GET("/draft", access.DraftSave, s.draftOf)
	r.POST("/draft", access.DraftSave, s.keepDraft)
	r.POST("/lang", access.Anyone, switchLanguage)
	r.POST(reportPath, access.Anyone, s.policyReport)
	r.Guest.POST(reportPath, s.policyReport)
	admin.Routes(r, admin.House{
		Office: s.app.Admin, Jobs: s.app.Jobs, MoveClock: s.app.MoveClock, PlainLogin: s.app.Options.Demo,
	})
	if s.opts.Dev {
		kit.Storybook(r)
	}
}

// home sends everybody to the page on which their day begins: what waits for their role.
func home(c echo.Context) error {
	by := kit.Who(c)
	if !by.Guest.None() {
		return sendTo(c, by.Guest.Path)
	}
	return sendTo(c, "/home")
}

// health answers 200 when the database answers.
func (s *Server) health(c echo.Context) error {
	if err := s.app.Health(c.Request().Context()); err != nil {
		return c.String(http.StatusServiceUnavailable, "not ready\n")
	}
	return c.String(http.StatusOK, "ok "+app.Version+"\n")
}

// Routes lists every route for the golden file and the matrix test.
func (s *Server) Routes() []kit.Route { return s.routes.List() }

// Handler is the staff's door, for tests.
func (s *Server) Handler() http.Handler { return s.staff }

// Guest is the guests' door, for tests.
func (s *Server) Guest() http.Handler { return s.guest }

// Doors are the listeners of a server. Guest and LAN may be nil; LAN speaks TLS.
type Doors struct {
	Staff, Guest, LAN net.Listener
	TLS               *tls.Config
}

// Serve answers at the doors until ctx ends, then lets running requests finish.
func (s *Server) Serve(ctx context.Context, d Doors) error {
	staff := s.httpServer(s.staff)
	servers, failed := []*http.Server{staff}, make(chan error, 3)
	go func() { failed <- staff.Serve(bounded(d.Staff)) }()
	if d.Guest != nil {
		guest := s.httpServer(s.guest)
		servers = append(servers, guest)
		go func() { failed <- guest.Serve(bounded(d.Guest)) }()
	}
	if d.LAN != nil {
		network := s.httpServer(s.staff)
		network.TLSConfig = d.TLS
		servers = append(servers, network)
		go func() { failed <- network.ServeTLS(bounded(lan.Inside(d.LAN)), "", "") }()
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	for _, server := range servers {
		err = errors.Join(err, server.Shutdown(bye))
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func (s *Server) httpServer(h http.Handler) *http.Server {
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: headerWait, ReadTimeout: bodyWait, WriteTimeout: bodyWait,
		IdleTimeout: idleWait, MaxHeaderBytes: headerBytes,
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn), // handshakes that failed, too
	}
	server.RegisterOnShutdown(func() { s.stopOnce.Do(func() { close(s.stopping) }) })
	return server
}

// Listen opens an address; the error is a sentence for the person at the terminal.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	var lc net.ListenConfig
	return lc.Listen(ctx, "tcp", address)
}

// URLs are the addresses under which a listener can be opened: loopback first.
func URLs(l net.Listener) (local string, found []string) {
	tcp, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return "", nil
	}
	port := strconv.Itoa(tcp.Port)
	if tcp.IP.IsLoopback() {
		return "http://localhost:" + port, nil
	}
	if !tcp.IP.IsUnspecified() {
		return "http://" + net.JoinHostPort(tcp.IP.String(), port), []string{"http://" + net.JoinHostPort(tcp.IP.String(), port)}
	}
	for _, ip := range lan.Addresses() {
		if ip.To4() != nil && ip.IsPrivate() {
			found = append(found, "http://"+net.JoinHostPort(ip.String(), port))
		}
	}
	return "http://localhost:" + port, found
}

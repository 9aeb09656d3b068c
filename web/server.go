package web

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"clusterplay/playground"
	"clusterplay/scenarios"
	"clusterplay/web/door"
	"clusterplay/web/hub"
	"clusterplay/web/metrics"
	"clusterplay/web/tty"
)

// The patience of the HTTP server: a slow or silent client may hold a connection no longer.
const (
	headerPatience = 5 * time.Second
	idlePatience   = 60 * time.Second
	closePatience  = time.Second
	// answerPatience bounds a whole request: an action takes minutes at most, a lesson an hour.
	answerPatience = 90 * time.Minute
	// maxHeader bounds the headers of a request. The HTTP server reads slack more than it is told,
	// so that the request line fits; we count it in.
	maxHeader = 32 << 10
	slack     = 4 << 10
)

// Config says what a console serves.
type Config struct {
	Lab     *playground.Lab  // the main lab, whose owner closes it; left out when there are Labs
	Labs    *playground.Labs // all labs; without them Lab is the first, and the console closes what it adds
	Lessons *scenarios.Library
	Assets  fs.FS    // the built front end
	Token   string   // for programs; NewToken makes one
	Names   []string // further Host names under which the console may be reached
	// JoinLinks are the addresses at which a class may join; without any it cannot.
	JoinLinks []string
	Version   string
}

// Server is one console.
type Server struct {
	cfg      Config
	sessions *sessions
	tickets  *tickets
	seating  seating
	table    []route
	shells   *shells
	metrics  *metrics.Process
	room     *room // nil when no class may join
	booths   booths
	door     *door.Door
	echo     *echo.Echo
	http     *http.Server
	handler  http.Handler       // what that serves behind its door
	ctx      context.Context    // ends with the console
	cancel   context.CancelFunc // ends every request under way
	tasks    sync.WaitGroup     // labs that form
}

// New makes a console; Serve runs it. A route that has no policy is a panic.
func New(cfg Config) *Server {
	s := &Server{cfg: cfg, sessions: newSessions(cfg.Token, time.Now), tickets: newTickets(time.Now), seating: seating{hub.Seats(), tty.Seats()}, door: door.New(door.Classroom()), shells: newShells()}
	if len(cfg.JoinLinks) > 0 {
		s.room = newRoom(time.Now)
	}
	s.echo = echo.New()
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.IPExtractor = echo.ExtractIPDirect()
	s.echo.HTTPErrorHandler = answerError
	s.metrics = metrics.NewProcess(cfg.Version, s.snapshots, s.watched)
	s.echo.Use(s.count, recoverPanics, securityHeaders, s.admit)
	s.table = s.routes()
	for _, r := range s.table {
		if r.policy == denied {
			panic("web: " + r.method + " " + r.path + " has no policy")
		}
		s.echo.Add(r.method, r.path, r.handle)
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	if cfg.Labs == nil {
		s.cfg.Labs = playground.Around(cfg.Lab)
	}
	s.cfg.Lab = s.cfg.Labs.Main()
	for _, lab := range s.cfg.Labs.All() {
		s.booths.add(newBooth(s.ctx, lab, s.seating))
	}
	s.handler = hostGuard(cfg.Names, s.echo)
	s.http = &http.Server{
		Handler:           s.handler,
		BaseContext:       func(net.Listener) context.Context { return s.ctx },
		ReadHeaderTimeout: headerPatience, IdleTimeout: idlePatience, WriteTimeout: answerPatience,
		MaxHeaderBytes: maxHeader - slack, DisableGeneralOptionsHandler: true, // "OPTIONS *" passes the guard too
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	return s
}

// Handler is the console without a socket, for tests.
func (s *Server) Handler() http.Handler { return s.handler }

// Serve answers on ln until Close; it returns nil then.
func (s *Server) Serve(ln net.Listener) error {
	if err := s.door.Serve(s.http, ln); err != http.ErrServerClosed {
		return fmt.Errorf("console: %w", err)
	}
	return nil
}

// Close ends the console and the labs that it was given as Labs or has added: sockets are told, requests
// under way end and get a second to say so.
func (s *Server) Close() {
	s.cancel()
	var labs sync.WaitGroup
	labs.Go(s.cfg.Labs.CloseAll)
	defer labs.Wait()
	defer s.tasks.Wait()
	s.booths.close()
	ctx, cancel := context.WithTimeout(context.Background(), closePatience)
	defer cancel()
	if s.http.Shutdown(ctx) != nil {
		s.http.Close()
	}
}

// Link is an address that opens the console once, in one browser: its fragment holds a code that
// no server log or Referer ever sees.
func (s *Server) Link(addr string) string {
	return "http://" + addr + "/#code=" + s.sessions.newCode()
}

// JoinCode is what a class needs to join; "" when it cannot.
func (s *Server) JoinCode() string {
	if s.room == nil {
		return ""
	}
	_, code, _ := s.room.look()
	return spelled(code)
}

// recoverPanics turns a panic of one request into an error of that request alone.
func recoverPanics(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			}
		}()
		return next(c)
	}
}

// assetType is the content type of a built file.
func assetType(name string) string {
	switch {
	case strings.HasSuffix(name, ".js"):
		return "text/javascript; charset=utf-8"
	case strings.HasSuffix(name, ".css"):
		return "text/css; charset=utf-8"
	case strings.HasSuffix(name, ".woff2"):
		return "font/woff2"
	case strings.HasSuffix(name, ".svg"):
		return "image/svg+xml"
	case strings.HasSuffix(name, ".json"):
		return "application/json"
	}
	return "application/octet-stream"
}

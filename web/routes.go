package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// policy says who may use a route.
type policy int

const (
	denied   policy = iota // the zero policy: a route that is not in the table is served to nobody
	public                 // the shell of the page and its files hold nothing of the lab
	entry                  // needs no session, for it begins one; must come from the console's own page
	readOnly               // a session or the token; changes nothing
	acting                 // as readOnly, and the request must come from the console itself or a program
)

// route is one row of the policy table, which is also the list of all routes.
type route struct {
	method, path string
	policy       policy
	handle       echo.HandlerFunc
}

// routes is everything the console answers.
func (s *Server) routes() []route {
	return []route{
		{http.MethodGet, "/", public, s.page},
		{http.MethodGet, "/assets/*", public, s.asset},
		{http.MethodPost, "/api/session", entry, s.openSession},
		{http.MethodGet, "/api/session", readOnly, s.showSession},
		{http.MethodPost, "/api/link", acting, s.newLink},
		{http.MethodGet, "/api/labs/:lab", readOnly, s.showLab},
		{http.MethodGet, "/api/labs/:lab/history", readOnly, s.showHistory},
		{http.MethodGet, "/api/labs/:lab/metrics", readOnly, s.showGauges},
		{http.MethodGet, "/api/labs/:lab/slots", readOnly, s.showSlotLoads},
		{http.MethodGet, "/api/labs/:lab/slots/:slot", readOnly, s.showSlot},
		{http.MethodGet, "/api/labs/:lab/nodes/:node/inspect/:what", readOnly, s.inspect},
		{http.MethodPost, "/api/labs/:lab/actions/:verb", acting, s.act},
		{http.MethodGet, "/api/verbs", readOnly, s.showVerbs},
		{http.MethodGet, "/api/lessons", readOnly, s.listLessons},
		{http.MethodGet, "/api/lessons/:lesson", readOnly, s.showLesson},
		{http.MethodPost, "/api/lessons/:lesson/run", acting, s.runLesson},
		{http.MethodGet, "/ws", acting, s.socket},
	}
}

// actionHeader must stand on every request that changes something: a form of a foreign page
// cannot set it.
const actionHeader = "X-Playground"

// admit judges a request by the policy of its route before the handler sees it. What has no row in
// the table is not served, whatever the router knows.
func (s *Server) admit(next echo.HandlerFunc) echo.HandlerFunc {
	table := s.routes()
	return func(c echo.Context) error {
		i := slices.IndexFunc(table, func(r route) bool { return r.path == c.Path() && r.method == c.Request().Method })
		if i < 0 {
			return unserved(c, table)
		}
		if err := s.judge(table[i], c.Request()); err != nil {
			return err
		}
		return next(c)
	}
}

// unserved tells a wrong method from a wrong path.
func unserved(c echo.Context, table []route) error {
	var allow []string
	for _, r := range table {
		if r.path == c.Path() {
			allow = append(allow, r.method)
		}
	}
	if len(allow) == 0 {
		return echo.ErrNotFound
	}
	c.Response().Header().Set(echo.HeaderAllow, strings.Join(allow, ", "))
	return echo.ErrMethodNotAllowed
}

func (s *Server) judge(r route, req *http.Request) error {
	switch r.policy {
	case public:
		return nil
	case entry:
		return fromOwnPage(r, req)
	}
	ok, byToken := s.sessions.authenticated(req)
	switch {
	case !ok || r.policy == denied:
		return refuse(http.StatusUnauthorized, "", "you are not logged in", "open the link that playground printed, or run: playground ctl link")
	case r.policy == readOnly || byToken:
		return nil
	}
	return fromOwnPage(r, req)
}

// fromOwnPage refuses what a foreign page could make a browser send.
func fromOwnPage(r route, req *http.Request) error {
	switch {
	case !originAllowed(req):
		return refuse(http.StatusForbidden, "Origin", "the request does not come from the console's own page", "")
	case r.method != http.MethodGet && req.Header.Get(actionHeader) == "":
		return refuse(http.StatusForbidden, actionHeader, "the header "+actionHeader+" is missing", actionHeader+": 1")
	}
	return nil
}

package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"clusterplay/playground"
)

// policy says who may use a route.
type policy int

const (
	denied    policy = iota // the zero policy: a route that is not in the table is served to nobody
	public                  // the shell of the page and its files hold nothing of the lab
	entry                   // needs no session, for it begins one; must come from the console's own page
	readOnly                // whoever is logged in; changes nothing
	watching                // as readOnly, and the request must come from the console itself or a program
	teaching                // the teacher; changes nothing
	acting                  // the teacher, and the request must come from the console itself or a program
	listening               // as watching, with a ticket: a socket that only tells
	typing                  // as acting, with a ticket: a socket over which one acts
)

// teachers tells whether a policy asks for the teacher.
func (p policy) teachers() bool { return p == teaching || p == acting || p == typing }

// socket tells whether a route becomes a WebSocket.
func (p policy) socket() bool { return p == listening || p == typing }

// route is one row of the policy table, which is also the list of all routes.
type route struct {
	method, path string
	policy       policy
	handle       echo.HandlerFunc
}

// policies says who may use each operation of the contract. One that is missing here keeps the
// console from starting.
var policies = map[string]policy{
	"GET /api/openapi.yaml":                        public,
	"GET /api/session":                             readOnly,
	"POST /api/session":                            entry,
	"POST /api/ticket":                             watching,
	"POST /api/join":                               entry,
	"GET /api/room":                                teaching,
	"POST /api/room":                               acting,
	"POST /api/room/people/:person/remove":         acting,
	"POST /api/link":                               acting,
	"GET /api/verbs":                               readOnly,
	"GET /api/labs":                                readOnly,
	"POST /api/labs":                               acting,
	"POST /api/incident":                           acting,
	"GET /api/labs/:lab":                           readOnly,
	"DELETE /api/labs/:lab":                        acting,
	"GET /api/labs/:lab/history":                   readOnly,
	"GET /api/labs/:lab/history/range":             readOnly,
	"GET /api/labs/:lab/history/at":                readOnly,
	"GET /api/labs/:lab/history/between":           readOnly,
	"GET /api/labs/:lab/metrics":                   readOnly,
	"GET /api/labs/:lab/slots":                     readOnly,
	"GET /api/labs/:lab/slots/:slot":               readOnly,
	"GET /api/labs/:lab/nodes/:node/inspect/:what": readOnly,
	"GET /api/labs/:lab/nodes/:node/heartbeat":     readOnly,
	"GET /api/lessons":                             readOnly,
	"GET /api/lessons/:lesson":                     readOnly,
	"POST /api/lessons":                            acting,
	"POST /api/lessons/:lesson/start":              acting,
	"POST /api/lessons/:lesson/run":                acting,
	"GET /api/lesson":                              readOnly,
	"POST /api/lesson/stop":                        acting,
	"POST /api/lesson/end":                         acting,
	"GET /metrics":                                 readOnly,
	"GET /metrics/nodes":                           readOnly,
	"GET /scrape":                                  readOnly,
	"GET /discover-cluster-nodes":                  readOnly,
	"GET /ws":                                      listening,
	"GET /api/labs/:lab/terminal":                  typing, // FLUSHALL is a line away
}

// routes is everything the console answers: its pages, the operations of the contract, and an
// action for each verb of a lab.
func (s *Server) routes() []route {
	rows := []route{
		{http.MethodGet, "/", public, s.page},
		{http.MethodGet, "/labs/:lab", public, s.page}, // the same for any name: it does not tell which labs there are
		{http.MethodGet, "/join", public, s.joinPage},
		{http.MethodGet, "/assets/*", public, s.asset},
	}
	for _, op := range operations(rest{s}) {
		op.policy = policies[op.method+" "+op.path]
		rows = append(rows, op)
	}
	for _, spec := range playground.Verbs() {
		rows = append(rows, route{http.MethodPost, "/api/labs/:lab/actions/" + spec.Verb, acting, s.act(spec.Verb)})
	}
	return rows
}

// actionHeader must stand on every request that changes something: a form of a foreign page
// cannot set it.
const actionHeader = "X-Playground"

// admit judges a request by the policy of its route before the handler sees it. What has no row in
// the table is not served, whatever the router knows.
func (s *Server) admit(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		i := slices.IndexFunc(s.table, func(r route) bool { return r.path == c.Path() && r.method == c.Request().Method })
		if i < 0 {
			return unserved(c, s.table)
		}
		if err := s.judge(s.table[i], c); err != nil {
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
		return nowhere(c.Request().URL.Path)
	}
	c.Response().Header().Set(echo.HeaderAllow, strings.Join(allow, ", "))
	return echo.ErrMethodNotAllowed
}

// nowhere is what a path is told that leads to nothing.
func nowhere(path string) error {
	_, verb, action := strings.Cut(path, "/actions/")
	switch {
	case action && strings.HasPrefix(path, "/api/"):
		return refuse(http.StatusNotFound, "verb", "no verb is called "+strconv.Quote(verb), "GET /api/verbs lists them")
	case strings.HasPrefix(path, "/api/"):
		return refuse(http.StatusNotFound, "", "there is nothing at this path", "GET /api/openapi.yaml lists what there is")
	}
	return echo.ErrNotFound
}

// judge decides whether a request may go on, and notes for the handler who sent it.
func (s *Server) judge(r route, c echo.Context) error {
	switch r.policy {
	case public:
		return nil
	case entry:
		return fromOwnPage(r, c.Request())
	}
	who := s.callerOf(c.Request())
	c.Set(callerKey, who)
	switch {
	case who.role == nobody || r.policy == denied:
		return refuse(http.StatusUnauthorized, "", "you are not logged in", "open the link that playground printed, or run: playground ctl link")
	case who.role < teacher && r.policy.teachers():
		return refuse(http.StatusForbidden, "", "only the teacher may do that", "you are watching")
	case r.policy.socket():
		return s.mayUpgrade(who, c.Request())
	case who.byToken || r.policy == readOnly || r.policy == teaching:
		return nil
	}
	return fromOwnPage(r, c.Request())
}

// callerKey is where judge leaves who sent a request.
const callerKey = "caller"

// who sent the request.
func who(c echo.Context) caller {
	known, _ := c.Get(callerKey).(caller)
	return known
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

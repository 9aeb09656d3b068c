package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"clusterplay/web/api"
	"clusterplay/web/metrics"
)

// count notes what became of every request. It stands outermost, so that refusals count as well.
func (s *Server) count(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := next(c)
		if err != nil {
			c.Error(err) // writes the answer, whose status is counted
		}
		route := c.Path()
		if route == "" {
			route = "none"
		}
		s.metrics.Answered(knownMethod(c.Request().Method), route, c.Response().Status)
		return nil
	}
}

// knownMethod keeps what people invent out of the metrics.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodPost, http.MethodHead, http.MethodPut, http.MethodDelete, http.MethodOptions, http.MethodPatch:
		return method
	}
	return "other"
}

// snapshots are all labs at this moment.
func (s *Server) snapshots() []metrics.Seen {
	var seen []metrics.Seen
	s.everywhere(func(b *booth) { seen = append(seen, metrics.Seen{Lab: b.lab.ID(), Snapshot: b.lab.Snapshot()}) })
	return seen
}

// watched is how the live streams and the door stand, for the metrics.
func (s *Server) watched() metrics.Watch {
	d := s.door.Counts()
	w := metrics.Watch{Connections: d.Open, Quiet: d.Quiet, Refused: d.Refused, Closed: d.Closed}
	s.everywhere(func(b *booth) {
		n := b.hub.Counts()
		w.Streams = append(w.Streams, metrics.Stream{
			Lab: b.lab.ID(), Viewers: n.Viewers, Lagging: n.Lagging, Batches: n.Batches, Gaps: n.Gaps, BytesPrepared: n.Bytes,
		})
	})
	return w
}

// measured are the labs that Prometheus is told of.
func (s *Server) measured() []metrics.Lab {
	var labs []metrics.Lab
	s.everywhere(func(b *booth) { labs = append(labs, b.lab) })
	return labs
}

// ShowMetrics tells Prometheus about the process.
func (s rest) ShowMetrics(c echo.Context) error {
	s.metrics.Handler().ServeHTTP(c.Response(), c.Request())
	return nil
}

// ShowNodeMetrics tells Prometheus about all nodes of all labs.
func (s rest) ShowNodeMetrics(c echo.Context) error {
	metrics.Nodes(s.measured()).ServeHTTP(c.Response(), c.Request())
	return nil
}

// ScrapeNode tells Prometheus about one node; nothing else on any host is ever asked.
func (s rest) ScrapeNode(c echo.Context, q api.ScrapeNodeParams) error {
	node := metrics.Node(s.measured(), q.Target)
	if node == nil {
		return refuse(http.StatusNotFound, "target", "no node of a lab has that address", "GET /discover-cluster-nodes lists them")
	}
	node.ServeHTTP(c.Response(), c.Request())
	return nil
}

// DiscoverNodes lists the nodes of each lab for Prometheus.
func (s rest) DiscoverNodes(c echo.Context) error {
	groups := []api.Targets{}
	for _, lab := range s.measured() {
		groups = append(groups, api.Targets{Targets: metrics.Targets(lab), Labels: map[string]string{metrics.LabLabel: lab.ID()}})
	}
	return c.JSON(http.StatusOK, groups)
}

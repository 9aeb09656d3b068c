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

// watched is how the live stream and the door stand, for the metrics.
func (s *Server) watched() metrics.Watch {
	n, d := s.hub.Counts(), s.door.Counts()
	return metrics.Watch{
		Viewers: n.Viewers, Lagging: n.Lagging, Batches: n.Batches, Gaps: n.Gaps, BytesPrepared: n.Bytes,
		Connections: d.Open, Quiet: d.Quiet, Refused: d.Refused, Closed: d.Closed,
	}
}

// ShowMetrics tells Prometheus about the process.
func (s rest) ShowMetrics(c echo.Context) error {
	s.metrics.Handler().ServeHTTP(c.Response(), c.Request())
	return nil
}

// ShowNodeMetrics tells Prometheus about all nodes.
func (s rest) ShowNodeMetrics(c echo.Context) error {
	metrics.Nodes(s.cfg.Lab).ServeHTTP(c.Response(), c.Request())
	return nil
}

// ScrapeNode tells Prometheus about one node; nothing else on any host is ever asked.
func (s rest) ScrapeNode(c echo.Context, q api.ScrapeNodeParams) error {
	node := metrics.Node(s.cfg.Lab, q.Target)
	if node == nil {
		return refuse(http.StatusNotFound, "target", "no node of this lab has that address", "GET /discover-cluster-nodes lists them")
	}
	node.ServeHTTP(c.Response(), c.Request())
	return nil
}

// DiscoverNodes lists the nodes for Prometheus.
func (s rest) DiscoverNodes(c echo.Context) error {
	return c.JSON(http.StatusOK, []api.Targets{{Targets: metrics.Targets(s.cfg.Lab), Labels: map[string]string{}}})
}

package server

import (
	"clusterplay/node/command"
	"clusterplay/node/resp"
	"clusterplay/node/tracking"
)

// Tracks is what the client tracks.
func (c *client) Tracks() *tracking.Tracker { return &c.tracker }

// trackingHost is the server as its table of tracked keys sees it.
type trackingHost struct{ s *Server }

// To is where a client's messages are written.
func (h trackingHost) To(c *client) *resp.Writer { return h.s.to(c) }

// ByID finds a client.
func (h trackingHost) ByID(id uint64) (c *client, there bool) { return h.s.clients.ByID(id) }

// Subscribed reports whether a client listens to anything.
func (h trackingHost) Subscribed(c *client) bool { return c.inPubsub() }

// Running is the client whose command runs now; what a script does, its caller does.
func (h trackingHost) Running() (c *client, running bool) {
	c = h.s.current
	if c != nil && c == h.s.script.inner {
		c = h.s.script.caller
	}
	return c, h.s.unit.open
}

// All are the connected clients.
func (h trackingHost) All() []*client { return h.s.clients.All }

// Rand returns a pseudo-random number in [0, n).
func (h trackingHost) Rand(n int) int { return h.s.Rand(n) }

// rememberKeys notes what a command has read for a client that tracks.
func (s *Server) rememberKeys(c *client, cmd *command.Command, args [][]byte) {
	if cmd.Has(command.ReadOnly) && !cmd.Has(command.PubSub) && !runsScript(cmd) {
		s.rememberAll(c, cmd, args)
	}
}

func (s *Server) rememberAll(c *client, cmd *command.Command, args [][]byte) {
	for _, ref := range cmd.FindKeys(args, nil) {
		s.tracking.Remember(c, args[ref.Pos])
	}
}

// limitTracking keeps the table of tracked keys as small as it is to be.
func (s *Server) limitTracking() {
	if s.tracking.Clients() > 0 {
		s.tracking.Limit(s.settings.number("tracking-table-max-keys"))
	}
}

// clientTracking: CLIENT TRACKING ON|OFF [REDIRECT client-id] [PREFIX prefix ...] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]
func (s *Server) clientTracking(c *client) { s.tracking.Set(c, c.ctx.Args[2:]) }

// clientCaching: CLIENT CACHING YES|NO
func (s *Server) clientCaching(c *client) { s.tracking.Caching(c, c.ctx.Args[2]) }

// clientTrackingInfo: CLIENT TRACKINGINFO
func (s *Server) clientTrackingInfo(c *client) { c.tracker.Info(&c.ctx.Writer) }

// clientGetRedir: CLIENT GETREDIR
func (s *Server) clientGetRedir(c *client) { c.ctx.Int(c.tracker.Redirect()) }

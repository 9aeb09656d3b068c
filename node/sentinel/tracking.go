package sentinel

import (
	"clusterplay/node/resp"
	"clusterplay/node/tracking"
)

// Libraries that cache ask every server for tracking, Sentinels as well, and leave one that refuses. A Sentinel has
// no keys, so that nobody is ever told of one.

// Tracks is what the client has asked for with CLIENT TRACKING.
func (c *client) Tracks() *tracking.Tracker { return &c.tracker }

// trackingHost is the Sentinel as its table of tracking clients sees it.
type trackingHost struct{ s *Sentinel }

// To is where a client's messages are written.
func (h trackingHost) To(c *client) *resp.Writer { return h.s.to(c) }

// ByID finds a client.
func (h trackingHost) ByID(id uint64) (c *client, there bool) { return h.s.clients.ByID(id) }

// Subscribed reports whether a client listens to anything.
func (h trackingHost) Subscribed(c *client) bool { return c.listener.Any() }

// Running is nobody: no command changes a key.
func (h trackingHost) Running() (c *client, running bool) { return nil, false }

// All are the connected clients.
func (h trackingHost) All() []*client { return h.s.clients.All }

// Rand is never asked: there is no key to give up.
func (h trackingHost) Rand(int) int { return 0 }

// clientTracking: CLIENT TRACKING ON|OFF [REDIRECT client-id] [PREFIX prefix ...] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]
func (s *Sentinel) clientTracking(c *client, args [][]byte) { s.tracking.Set(c, args[2:]) }

// clientTrackingInfo: CLIENT TRACKINGINFO
func (s *Sentinel) clientTrackingInfo(c *client, _ [][]byte) { c.tracker.Info(&c.Writer) }

// clientCaching: CLIENT CACHING YES|NO
func (s *Sentinel) clientCaching(c *client, args [][]byte) { s.tracking.Caching(c, args[2]) }

// clientGetRedir: CLIENT GETREDIR
func (s *Sentinel) clientGetRedir(c *client, _ [][]byte) { c.Int(c.tracker.Redirect()) }

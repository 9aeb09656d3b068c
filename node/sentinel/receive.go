package sentinel

import (
	"time"

	"clusterplay/node/resp"
)

// maxInfo bounds an INFO, which is kept: five times that of a master with a thousand replicas.
const maxInfo = 1 << 20

// received takes bytes of a connection. Whoever speaks no RESP, or does not come to an end, loses
// the connection.
func (s *Sentinel) received(c *conn, frame []byte) {
	c.replies.Feed(frame)
	for s.conns[c.id] == c {
		v, n, err := c.replies.Next()
		switch {
		case err != nil || n == 0 && c.replies.Buffered() > maxReply:
			s.close(c)
			return
		case n == 0:
			return
		case c.sub:
			s.heardOn(c, v)
		default:
			s.replied(c, v)
		}
	}
}

// heardOn takes what arrives on a connection that listens: the replies to what introduced us, and then
// messages. Where the channel is refused, for want of a password, nothing will ever be heard, and the
// connection ends: so it does in Redis, whose hiredis takes no error without a command.
func (s *Sentinel) heardOn(c *conn, v resp.Value) {
	c.heard = s.now
	if len(c.waits) > 0 {
		c.waits = c.waits[1:]
		return
	}
	if v.IsError() {
		s.close(c)
		return
	}
	if len(v.List) == 3 && v.List[0].Text == "message" {
		s.overhear(v.List[2].Text)
	}
}

// replied gives a reply to what it is for.
func (s *Sentinel) replied(c *conn, v resp.Value) {
	if len(c.waits) == 0 {
		s.close(c) // an answer that nobody asked for
		return
	}
	w := c.waits[0]
	c.waits = c.waits[1:]
	if w.kind == awaitPing {
		s.pingReply(w.whose, c.link, v)
	}
	if w.whose.gone {
		return
	}
	switch w.kind {
	case awaitInfo:
		w.whose.info.asked = time.Time{}
		if (v.Kind == resp.KindBulk || v.Kind == resp.KindVerbatim) && len(v.Text) <= maxInfo {
			s.receiveInfo(w.whose, v.Text)
		}
	case awaitHello:
		if v.IsError() {
			w.whose.published = time.Time{} // at the next tick
		}
	case awaitAnswer:
		s.receiveAnswer(w.whose, v)
	}
}

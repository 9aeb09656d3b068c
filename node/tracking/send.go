package tracking

import "clusterplay/node/resp"

// channel is where a connection that speaks RESP2 hears of changes in another's place.
const channel = "__redis__:invalidate"

// keysOf is an array of keys as it is sent; nil for none.
func keysOf(keys ...string) []byte {
	if len(keys) == 0 {
		return nil
	}
	var w resp.Writer
	w.Array(len(keys))
	for _, key := range keys {
		w.BulkString(key)
	}
	return w.Buf
}

// null stands for all keys.
func null(proto int) []byte {
	w := resp.Writer{Proto: proto}
	w.Null()
	return w.Buf
}

// send tells a connection, or the one it named, that keys have changed. Without RESP3 only a connection
// that listens, and was named, can be told (sendTrackingMessage).
func (t *Table[C]) send(c C, keys []byte) {
	own, redirected := c.Tracks(), false
	if own.redirect != 0 {
		target, there := t.host.ByID(own.redirect)
		if !there {
			own.broken = true
			if w := t.host.To(c); w.Proto == 3 {
				w.Push(2)
				w.BulkString("tracking-redir-broken")
				w.Int(int64(own.redirect))
			}
			return
		}
		c, redirected = target, true
	}
	w := t.host.To(c)
	switch {
	case w.Proto == 3:
		w.Push(2)
		w.BulkString("invalidate")
	case redirected && t.host.Subscribed(c):
		w.Array(3)
		w.BulkString("message")
		w.BulkString(channel)
	default:
		return
	}
	w.Buf = append(w.Buf, keys...)
}

package door

import (
	"context"

	"golang.org/x/time/rate"
)

// slow bounds how fast a connection is listened to that has become a socket. What is sent over it is short;
// pieces of messages that never end, and pings, would else keep a core busy with every socket of a class.
// Whoever sends more waits, as on a slow line.
func (v *visitor) slow(perSecond int) {
	if perSecond > 0 {
		v.talk.Store(rate.NewLimiter(rate.Limit(perSecond), perSecond))
	}
}

// Read reads, and no faster than may be.
func (v *visitor) Read(p []byte) (int, error) {
	talk := v.talk.Load()
	if talk == nil {
		return v.Conn.Read(p)
	}
	n, err := v.Conn.Read(p[:min(len(p), talk.Burst())])
	_ = talk.WaitN(context.Background(), n) // no more than a burst, which is always granted, and within a second
	return n, err
}

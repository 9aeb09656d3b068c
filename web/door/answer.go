package door

import (
	"sync"
	"time"
)

// piece is how much of an answer has a deadline of its own: an answer of any length goes on for as long as
// somebody takes it.
const piece = 32 << 10

// taken is by when the bytes under way must have been taken: whoever asks and then reads nothing would
// otherwise hold a connection, and what the kernel keeps for it, for as long as an answer may take at most.
type taken struct {
	mu    sync.Mutex
	until time.Time // what the server or a socket asks for itself; zero for no bound
}

// set notes a deadline that somebody else has set.
func (d *taken) set(at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.until = at
}

// by is the earlier of our own deadline and theirs.
func (d *taken) by(own time.Time) time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.until.IsZero() || own.Before(d.until) {
		return own
	}
	return d.until
}

// SetDeadline notes the deadline of writes and sets both.
func (v *visitor) SetDeadline(at time.Time) error {
	v.taken.set(at)
	return v.Conn.SetDeadline(at)
}

// SetWriteDeadline notes the deadline and sets it.
func (v *visitor) SetWriteDeadline(at time.Time) error {
	v.taken.set(at)
	return v.Conn.SetWriteDeadline(at)
}

// Write sends p piece by piece; each must be taken in time.
func (v *visitor) Write(p []byte) (n int, err error) {
	for {
		if err = v.Conn.SetWriteDeadline(v.taken.by(time.Now().Add(v.door.limits.Answer))); err != nil {
			return n, err
		}
		wrote, err := v.Conn.Write(p[n:min(n+piece, len(p))])
		if n += wrote; err != nil || n == len(p) {
			return n, err
		}
	}
}

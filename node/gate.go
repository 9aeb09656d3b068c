package node

import (
	"errors"
	"net"
	"sync/atomic"

	"clusterplay/node/machine"
)

// gate is where frames of one connection and direction meet the lab's network. A nil gate lets
// everything pass.
type gate struct {
	conn net.Conn
	peer string // the node at the far end; "" for a foreign process
	link uint64
	kind machine.LinkKind
	out  bool // for what we send
}

// errDropped closes a byte stream from which a piece is missing.
var errDropped = errors.New("a piece of the stream was dropped")

// gateIDs numbers connections and directions within the process.
var gateIDs atomic.Uint64

// gates makes the gates of a connection. in is nil when nothing between nodes arrives on it; out
// is nil when the far end is one of the lab's nodes, which gates what it reads.
func (l *life) gates(conn net.Conn, kind machine.LinkKind, dialled bool) (in, out *gate) {
	if _, plain := l.cfg.Network.(SystemNetwork); plain {
		return nil, nil
	}
	in = &gate{kind: kind, peer: l.cfg.Network.Peer(conn), link: gateIDs.Add(1), conn: conn}
	if in.peer == "" && (kind == machine.Bus || dialled) {
		out = &gate{kind: kind, out: true, link: gateIDs.Add(1), conn: conn}
	}
	return in, out
}

// frame is a frame at this gate of a life's.
func (g *gate) frame(l *life, data []byte) *Frame {
	f := &Frame{From: g.peer, To: l.cfg.Name, Kind: g.kind, Link: g.link, Data: data, Conn: g.conn}
	if g.out {
		f.From, f.To = f.To, f.From
	}
	return f
}

// arrive asks the network to let a frame in. It returns nil when the frame was thrown away.
func (g *gate) arrive(l *life, data []byte) (*Frame, error) {
	f := g.frame(l, data)
	var deliver bool
	var err error
	l.tasks.outside(func() { deliver, err = l.cfg.Network.Pass(f) })
	switch {
	case err != nil:
		return nil, err
	case !deliver && g.kind != machine.Bus:
		return nil, errDropped
	case !deliver:
		return nil, nil
	}
	return f, nil
}

// passNow lets a frame in if nothing has to be waited for or looked at. It reports false otherwise, and has done
// nothing.
func (g *gate) passNow(l *life, data []byte) bool {
	if g == nil {
		return true
	}
	brisk, ok := l.cfg.Network.(Brisk)
	return ok && brisk.PassNow(g.frame(l, data))
}

// pass lets a frame through to use; a frame that is thrown away counts as used.
func (g *gate) pass(l *life, data []byte, use func() error) error {
	if g == nil {
		return use()
	}
	f, err := g.arrive(l, data)
	if err != nil || f == nil {
		return err
	}
	defer l.cfg.Network.Done(f)
	return use()
}

// receive lets a frame in and handles it.
func (g *gate) receive(l *life, data []byte, handle func([]byte) error) error {
	if g == nil {
		return handle(data)
	}
	f, err := g.arrive(l, data)
	if err != nil || f == nil {
		return err
	}
	if f = l.excuse(f); f != nil {
		defer l.cfg.Network.Done(f)
	}
	return handle(data)
}

// streamPiece is how much of a byte stream is one frame on its way out.
const streamPiece = 16 << 10

// size is the length of the frame that b begins with.
func (g *gate) size(l *life, b []byte) (int, error) {
	switch {
	case g == nil:
		return len(b), nil
	case g.kind != machine.Bus:
		return min(len(b), streamPiece), nil
	}
	n, err := l.cfg.BusFrame(b)
	if n == 0 || n > len(b) {
		n = len(b)
	}
	return n, err
}

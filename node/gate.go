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
	life     *life
	kind     machine.LinkKind
	from, to string
	link     uint64
	conn     net.Conn
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
	me, peer := l.cfg.Name, l.cfg.Network.Peer(conn)
	in = &gate{life: l, kind: kind, from: peer, to: me, link: gateIDs.Add(1), conn: conn}
	if peer == "" && (kind == machine.Bus || dialled) {
		out = &gate{life: l, kind: kind, from: me, link: gateIDs.Add(1), conn: conn}
	}
	return in, out
}

// arrive asks the network to let a frame in. It returns nil when the frame was thrown away.
func (g *gate) arrive(data []byte) (*Frame, error) {
	f := &Frame{From: g.from, To: g.to, Kind: g.kind, Link: g.link, Data: data, Conn: g.conn}
	var deliver bool
	var err error
	g.life.tasks.outside(func() { deliver, err = g.life.cfg.Network.Pass(f) })
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
func (g *gate) passNow(data []byte) bool {
	if g == nil {
		return true
	}
	brisk, ok := g.life.cfg.Network.(Brisk)
	return ok && brisk.PassNow(&Frame{From: g.from, To: g.to, Kind: g.kind, Link: g.link, Data: data, Conn: g.conn})
}

// pass lets a frame through to use; a frame that is thrown away counts as used.
func (g *gate) pass(data []byte, use func() error) error {
	if g == nil {
		return use()
	}
	f, err := g.arrive(data)
	if err != nil || f == nil {
		return err
	}
	defer g.life.cfg.Network.Done(f)
	return use()
}

// receive lets a frame in and handles it.
func (g *gate) receive(data []byte, handle func([]byte) error) error {
	if g == nil {
		return handle(data)
	}
	f, err := g.arrive(data)
	if err != nil || f == nil {
		return err
	}
	if f = g.life.excuse(f); f != nil {
		defer g.life.cfg.Network.Done(f)
	}
	return handle(data)
}

// streamPiece is how much of a byte stream is one frame on its way out.
const streamPiece = 16 << 10

// size is the length of the frame that b begins with.
func (g *gate) size(b []byte) (int, error) {
	switch {
	case g == nil:
		return len(b), nil
	case g.kind != machine.Bus:
		return min(len(b), streamPiece), nil
	}
	n, err := g.life.cfg.BusFrame(b)
	if n == 0 || n > len(b) {
		n = len(b)
	}
	return n, err
}

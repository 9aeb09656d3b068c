package world

// A world makes as little garbage as it can: most of its time would go into that.

// packet is memory for a bus packet, used before if possible: nearly all are of one size or two.
func (w *World) packet(size int) []byte {
	if last := len(w.packets) - 1; last >= 0 && cap(w.packets[last]) >= size {
		b := w.packets[last]
		w.packets = w.packets[:last]
		return b
	}
	return make([]byte, 0, max(size, packetRoom))
}

// packetRoom is enough for a heartbeat of a world's cluster with gossip about everybody.
const packetRoom = 4 << 10

// flight is a delivery on its way. Those that have landed fly again: there are hundreds a second.
type flight struct {
	world *World
	c     *conn
	side  int
	d     delivery
	land  func()
}

func (w *World) fly(c *conn, side int, d delivery) *flight {
	var f *flight
	if last := len(w.landed) - 1; last >= 0 {
		f, w.landed = w.landed[last], w.landed[:last]
	} else {
		f = &flight{world: w}
		f.land = f.arrive
	}
	f.c, f.side, f.d = c, side, d
	return f
}

func (f *flight) arrive() {
	w, c, side, d := f.world, f.c, f.side, f.d
	f.c, f.d = nil, delivery{}
	w.landed = append(w.landed, f)
	w.arrive(c, side, d)
}

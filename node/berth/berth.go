// Package berth gives tests ports that nobody else takes: no other test, no test of another process
// and no outgoing connection.
//
// go test runs packages side by side, and a port that was free a moment ago may be another's when the
// program that shall listen there has started. So a process takes piers: a hundred client ports in a
// row, with their bus ports. The last port of a pier it holds itself for as long as it lives, which
// keeps the other processes away. All of them lie below the ports of outgoing connections.
package berth

import (
	"fmt"
	"net"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"
)

const (
	// shore is the first client port, and piers how many piers there are. Above them are their bus ports.
	shore, piers = 10000, 100
	// length is how many client ports a pier has, the guard's among them.
	length = 100
	// patience is how long a process waits for another one's piers.
	patience = 10 * time.Minute
	// busStep lies between a client port and its bus port, as in Redis.
	busStep = 10000
)

// harbour is what a process holds.
type harbour struct {
	mu     sync.Mutex
	guards []net.Listener
	mine   []int // the first ports of its piers
	rows   []row // those that were given away side by side
	pier   int   // which of mine is in use
	next   int   // how many of its ports have been given away
}

var own harbour

// Ports is the first of n client ports in a row that are free, bus ports included.
func Ports(n int) int { return own.ports(n) }

// Piers is the first port of n whole piers in a row, for labs that lie side by side.
func Piers(n int) int { return own.row(n) }

// ports gives away what is left of a pier, then another one. When no pier is left it begins again with
// its own: the tests of long ago have ended.
func (h *harbour) ports(n int) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if n >= length {
		panic(fmt.Sprintf("berth: %d ports in a row; a pier has %d", n, length-1))
	}
	again := false
	for {
		for ; h.pier < len(h.mine); h.pier, h.next = h.pier+1, 0 {
			for h.next+n < length {
				first := h.mine[h.pier] + h.next
				h.next++
				if free(first, n) {
					h.next += n - 1
					return first
				}
			}
		}
		if first := h.take(1); first > 0 {
			h.mine = append(h.mine, first)
			continue
		}
		if again {
			panic("berth: no port is free")
		}
		again, h.pier, h.next = true, 0, 0
	}
}

// row is some piers side by side.
type row struct{ first, n int }

// row gives away n piers in a row: new ones, as long as the process has no more than its share, then those
// of a test of long ago. Where other processes hold all, it waits for one of them to end.
func (h *harbour) row(n int) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	share := max(4, runtime.GOMAXPROCS(0)+2) // so many tests at once, and some that start two labs
	for end := time.Now().Add(patience); ; time.Sleep(patience / 1000) {
		if len(h.rows) < share {
			if first := h.take(n); first > 0 {
				h.rows = append(h.rows, row{first, n})
				return first
			}
		}
		for i, r := range h.rows {
			if r.n >= n {
				h.rows = append(slices.Delete(h.rows, i, i+1), r)
				return r.first
			}
		}
		if time.Now().After(end) {
			panic(fmt.Sprintf("berth: no %d piers in a row are free", n))
		}
	}
}

// take holds n piers in a row that nobody holds; 0 if there are none. Each process looks from another
// place on, so that few meet.
func (h *harbour) take(n int) int {
	for i := range piers {
		pier := (os.Getpid()*7 + i) % piers
		if pier+n > piers {
			continue
		}
		guards := hold(pier, n)
		if len(guards) == n {
			h.guards = append(h.guards, guards...)
			return shore + pier*length
		}
		for _, l := range guards {
			_ = l.Close()
		}
	}
	return 0
}

// hold listens at the last port of each pier, up to the first that another process has.
func hold(pier, n int) (guards []net.Listener) {
	for i := range n {
		l, err := listen(shore + (pier+i+1)*length - 1)
		if err != nil {
			return guards
		}
		guards = append(guards, l)
	}
	return guards
}

// free tells whether nobody listens at n ports in a row and at their bus ports.
func free(first, n int) bool {
	for port := first; port < first+n; port++ {
		for _, at := range [...]int{port, port + busStep} {
			l, err := listen(at)
			if err != nil {
				return false
			}
			_ = l.Close()
		}
	}
	return true
}

func listen(port int) (net.Listener, error) {
	return net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
}

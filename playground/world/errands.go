package world

import (
	"fmt"
	"strconv"
	"strings"
)

// Keys beside the lists: two lists that only transactions write, each value to both, and strings that
// end by themselves.
const (
	leftKey  = "pair:left"
	rightKey = "pair:right"
	fleeting = 8
)

// What clients do besides appending to lists, of twenty errands.
const (
	pairs  = 2
	sets   = 1
	gets   = 2
	ranges = 2
	inAll  = 20
	// waitEvery is how many writes pass, on average, between two whose client waits for the replicas.
	waitEvery = 8
	// waitPatience is for how many milliseconds it does.
	waitPatience = "300"
)

// errand is what a client does next where clients do more than append.
func (c *worker) errand() {
	l := c.load
	switch n := l.rng.IntN(inAll); {
	case n < pairs:
		c.append(len(l.keys) - 1)
	case n < pairs+sets:
		c.set(l.rng.IntN(fleeting), 100+l.rng.IntN(3000))
	case n < pairs+sets+gets:
		c.ask("GET", fleetingName(l.rng.IntN(fleeting)))
	case n < pairs+sets+gets+ranges:
		c.ask("LRANGE", l.keys[l.rng.IntN(l.lists)], "-4", "-1")
	default:
		c.append(l.rng.IntN(l.lists))
	}
}

func fleetingName(k int) string { return fmt.Sprintf("fleeting:%d", k) }

// set writes a string that ends by itself.
func (c *worker) set(k, ms int) {
	c.busy = true
	key := fleetingName(k)
	c.load.values++
	value := "value:" + strconv.Itoa(c.load.values)
	c.guide.find(key, func(host int) {
		if host < 0 {
			c.busy = false
			return
		}
		c.callers[host].Do(patience, func([]byte, error) { c.busy = false }, "SET", key, value, "PX", strconv.Itoa(ms))
	})
}

// ask reads something from any node.
func (c *worker) ask(words ...string) {
	c.busy = true
	readers := c.load.w.readers()
	host := readers[c.load.rng.IntN(len(readers))]
	c.callers[host].Do(patience, func([]byte, error) { c.busy = false }, words...)
}

// executed is how the answer to a transaction of two appends begins.
const executed = "*2\r\n:"

// pair appends a value to two lists in one transaction.
func (c *worker) pair(n, host int) {
	value := strconv.Itoa(n)
	c.callers[host].DoAll(patience, func(reply []byte, err error) {
		text := string(reply)
		if err == nil && strings.Contains(text, executed) {
			text = ":"
		} else if err == nil {
			text = "-ERR the transaction was not executed"
		}
		c.answered(n, host, 0, []byte(text), err)
	}, []string{"MULTI"}, []string{"RPUSH", leftKey, value}, []string{"RPUSH", rightKey, value}, []string{"EXEC"})
}

// wait asks, behind a write, for the word of every replica.
func (c *worker) wait(n, host int) {
	c.callers[host].Do(patience, func([]byte, error) { c.finish(n, Acked) }, "WAIT", strconv.Itoa(c.load.w.replicas()), waitPatience)
}

// readers is the hosts that have data.
func (w *World) readers() (hosts []int) {
	for i := range w.hosts {
		if i <= w.replicas() {
			hosts = append(hosts, i)
		}
	}
	return hosts
}

// replicas is how many replicas the master of a world without a cluster has.
func (w *World) replicas() int { return w.cfg.Replicas }

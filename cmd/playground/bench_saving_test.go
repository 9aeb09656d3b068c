package main_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	// savedKeys of savedSize bytes is what is saved.
	savedKeys, savedSize = 1_000_000, 10
	// setsAtOnce are sent every millisecond: twenty thousand a second.
	setsAtOnce = 20
	// quietTime is how long the clients ask a server that saves nothing.
	quietTime = time.Second
)

// waits are how long a client waited for its answers.
type waits []time.Duration

func (w waits) tail() (most, late float64) {
	slices.Sort(w)
	return milliseconds(quantile(w, 1)), milliseconds(quantile(w, .999))
}

// asker is a client that says something every millisecond, once it has the answer to what it said before.
type asker struct {
	stop chan struct{}
	done chan waits
	err  error
}

// askWith begins; say tells what to send, and how many bytes are the answer.
func (p port) askWith(say func() (request []byte, answer int)) *asker {
	a := &asker{stop: make(chan struct{}), done: make(chan waits, 1)}
	go func() {
		var w waits
		w, a.err = p.askUntil(a.stop, say)
		a.done <- w
	}()
	return a
}

func (p port) askUntil(stop <-chan struct{}, say func() ([]byte, int)) (w waits, err error) {
	conn, err := net.Dial("tcp", p.addr())
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	for {
		select {
		case <-stop:
			return w, nil
		default:
		}
		request, answer := say()
		began := time.Now()
		if _, err := conn.Write(request); err != nil {
			return w, err
		}
		if _, err := io.ReadFull(conn, make([]byte, answer)); err != nil {
			return w, err
		}
		w = append(w, time.Since(began))
		time.Sleep(time.Millisecond) // a client that asks now and then, not one that keeps the computer busy
	}
}

// end is what the client had to wait.
func (a *asker) end(t *testing.T) waits {
	t.Helper()
	close(a.stop)
	w := <-a.done
	require.NoError(t, a.err)
	return w
}

// sayPing and saySets are what the two clients say.
func sayPing() ([]byte, int) { return []byte("PING\r\n"), len("+PONG\r\n") }

func saySets(keys int) func() ([]byte, int) {
	return func() ([]byte, int) {
		var b bytes.Buffer
		for range setsAtOnce {
			fmt.Fprintf(&b, "SET key:%d value:%d\r\n", rand.IntN(keys), rand.IntN(keys))
		}
		return b.Bytes(), setsAtOnce * len("+OK\r\n")
	}
}

// saver is a server that is told to save while two clients ask it.
type saver struct {
	name       string
	port       port
	save       []string // the command
	busy       string   // what INFO says 1 of meanwhile; without it nothing is saved
	took       []float64
	pings      waits
	sets       waits
	pingWorsts []float64 // of each round
	setWorsts  []float64
}

// once saves once.
func (s *saver) once(t *testing.T, keys int) {
	t.Helper()
	ping, set := s.port.askWith(sayPing), s.port.askWith(saySets(keys))
	began := time.Now()
	if s.busy == "" {
		time.Sleep(quietTime) // that is what is measured
	} else {
		s.port.do(t, s.save...)
		eventually(t, s.name+" to have saved", func() bool { return s.port.field(s.busy, "INFO", "persistence") == "0" })
	}
	s.took = append(s.took, milliseconds(time.Since(began)))
	pings, sets := ping.end(t), set.end(t)
	worst, _ := pings.tail()
	s.pingWorsts = append(s.pingWorsts, worst)
	worst, _ = sets.tail()
	s.setWorsts = append(s.setWorsts, worst)
	s.pings, s.sets = append(s.pings, pings...), append(s.sets, sets...)
}

// row is what it had to say.
func (s *saver) row() string {
	_, ping := s.pings.tail()
	_, set := s.sets.tail()
	return row(s.name, number(median(s.took)), ping, span(s.pingWorsts), set, span(s.setWorsts))
}

// TestBenchSaving saves a million keys while clients read and write.
func TestBenchSaving(t *testing.T) {
	needBench(t)
	keys := scaled(savedKeys)
	program := calledAs(t, "redis-server").Path
	var savers []*saver
	for _, kind := range []struct{ what, appendonly, command, busy string }{
		{"nothing is saved", "no", "", ""},
		{"BGSAVE", "no", "BGSAVE", "rdb_bgsave_in_progress"},
		{"BGREWRITEAOF", "yes", "BGREWRITEAOF", "aof_rewrite_in_progress"},
	} {
		for _, side := range []struct {
			name  string
			start func() *foreign
		}{
			{"redis-server", func() *foreign { return startForeign(t, "--appendonly", kind.appendonly) }},
			{"ours", func() *foreign { return startProcess(t, program, "--appendonly", kind.appendonly) }},
		} {
			s := &saver{name: kind.what + ", " + side.name, save: []string{kind.command}, busy: kind.busy}
			s.port = side.start().port
			s.port.do(t, "DEBUG", "POPULATE", fmt.Sprint(keys), "key", fmt.Sprint(savedSize))
			savers = append(savers, s)
		}
	}
	for range rounds() {
		for _, s := range savers {
			s.once(t, keys)
		}
	}
	rows := head("what is saved, by whom", "it takes ms", "a PING waits p99.9 ms", "at most ms (least–most)", "20 SETs wait p99.9 ms", "at most ms (least–most)")
	for _, s := range savers {
		rows = append(rows, s.row())
	}
	chapter{
		title:  "Saving",
		target: "no client waits longer than 50 ms.",
		how: fmt.Sprintf("A million keys of %d bytes; BGREWRITEAOF with appendonly yes, BGSAVE without. One client sends a PING every millisecond, another %d SETs of these keys in a pipeline. "+
			"The longest wait is that of a round: the median of all, the least and the most.", savedSize, setsAtOnce),
		rows: rows,
	}.publish(t)
}

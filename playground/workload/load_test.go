package workload

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"clusterplay/node/resp"
	"clusterplay/playground/clock"
)

// testPatience bounds every wait for something that must happen. It is no goal.
const testPatience = time.Minute

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// store is two servers that know SET and GET; one of them sends everybody to the other.
type store struct {
	mu     sync.Mutex
	values map[string]string
	served map[string]int
	moved  string // where the first server sends clients
	ask    bool
}

func (s *store) serve(t *testing.T, redirect bool) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var group sync.WaitGroup
	group.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			group.Go(func() { s.talk(c, redirect) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); group.Wait() })
	return l.Addr().String()
}

func (s *store) talk(c net.Conn, redirect bool) {
	defer func() { _ = c.Close() }()
	var in resp.Replies // a command is an array of strings, which is also a reply
	buf := make([]byte, 4096)
	for {
		n, err := c.Read(buf)
		if err != nil {
			return
		}
		in.Feed(buf[:n])
		for {
			v, n, err := in.Next()
			if err != nil || n == 0 {
				break
			}
			_, _ = c.Write([]byte(s.answer(v, redirect)))
		}
	}
}

func (s *store) answer(v resp.Value, redirect bool) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := strings.ToUpper(v.List[0].Text)
	switch {
	case name == "ASKING":
		return "+OK\r\n"
	case redirect && s.ask:
		return "-ASK 1 " + s.moved + "\r\n"
	case redirect:
		return "-MOVED 1 " + s.moved + "\r\n"
	}
	s.served[name]++
	text := s.values[v.List[1].Text]
	if name == "SET" { // with GET
		s.values[v.List[1].Text] = v.List[2].Text
	}
	return fmt.Sprintf("$%d\r\n%s\r\n", len(text), text)
}

// look tells what a key holds and serves no command.
func (s *store) look(key string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.values[key]
	return value, ok
}

func TestTheLoadFollowsRedirectionsAndKeepsItsRate(t *testing.T) {
	for _, ask := range []bool{false, true} {
		t.Run(map[bool]string{false: "moved", true: "ask"}[ask], func(t *testing.T) {
			s := &store{values: map[string]string{}, served: map[string]int{}, ask: ask}
			s.moved = s.serve(t, false)
			first := s.serve(t, true)
			c := clock.New(clock.Config{Speed: 2})
			defer c.Close()
			load := New(Config{
				Clock: c, Seeds: slices.Values([]string{first}),
				Copy: s.look, Spawn: func(f func()) { go f() },
			})
			defer load.Close()
			start := c.Now()
			require.NoError(t, load.SetRate(200))
			require.Eventually(t, func() bool { return load.Counts().Acked >= 400 && load.Counts().Replicated > 0 }, testPatience, time.Millisecond)
			require.GreaterOrEqual(t, c.Now().Sub(start), 1900*time.Millisecond, "no faster than asked")
			require.NoError(t, load.SetRate(0))
			counts, err := load.Verify(t.Context())
			require.NoError(t, err)
			require.Zero(t, counts.Lost+counts.Unknown+counts.Errors)
			require.Equal(t, counts.Acked, counts.Replicated)

			s.mu.Lock()
			clear(s.values)
			s.mu.Unlock()
			counts, err = load.Verify(t.Context())
			require.NoError(t, err)
			require.Equal(t, counts.Acked, counts.Lost, "the ledger notices that everything is gone")
		})
	}
}

func TestTheLedgerCostsNoCommandWhileNothingIsInDoubt(t *testing.T) {
	s := &store{values: map[string]string{}, served: map[string]int{}}
	address := s.serve(t, false)
	c := clock.New(clock.Config{Speed: 2})
	defer c.Close()
	load := New(Config{Clock: c, Seeds: slices.Values([]string{address}), Copy: s.look, Spawn: func(f func()) { go f() }})
	defer load.Close()
	require.NoError(t, load.SetRate(1000))
	const twice = 2 * Clients * keysPerClient // every key is written again, and what it held is compared
	require.Eventually(t, func() bool { return load.Counts().Acked >= twice }, testPatience, time.Millisecond)
	s.mu.Lock()
	writes, reads := s.served["SET"], s.served["GET"]
	s.mu.Unlock()
	counts := load.Counts()
	require.Zero(t, reads, "what a node serves is what it was asked to write")
	require.InDelta(t, writes, counts.Acked, Clients, "all of which are on the ledger")
	require.Positive(t, counts.Replicated)

	s.mu.Lock()
	clear(s.values) // nobody refuses anything
	s.mu.Unlock()
	require.Eventually(t, func() bool { return load.Counts().Lost > 0 }, testPatience, time.Millisecond, "the next writes notice")

	load.doubt()
	require.Eventually(t, func() bool { s.mu.Lock(); defer s.mu.Unlock(); return s.served["GET"] >= Clients*keysPerClient }, testPatience, time.Millisecond)
	require.Eventually(t, func() bool { return load.doubts.Load() == 0 }, testPatience, time.Millisecond, "once for each key, and no more")
}

func TestTheLedgerIsBroughtUpToDateAfterTheLoadWasTurnedOff(t *testing.T) {
	s := &store{values: map[string]string{}, served: map[string]int{}}
	address := s.serve(t, false)
	c := clock.New(clock.Config{Speed: 10})
	defer c.Close()
	var inTouch atomic.Bool // whether the replica is, which it is not while there is load
	load := New(Config{
		Clock: c, Seeds: slices.Values([]string{address}), Spawn: func(f func()) { go f() },
		Copy: func(key string) (string, bool) {
			value, ok := s.look(key)
			return value, ok && inTouch.Load()
		},
	})
	defer load.Close()
	require.NoError(t, load.SetRate(500))
	require.Eventually(t, func() bool { return load.Counts().Acked >= 200 }, testPatience, time.Millisecond)
	require.NoError(t, load.SetRate(0))
	require.Zero(t, load.Counts().Replicated)
	inTouch.Store(true)
	require.Eventually(t, func() bool { n := load.Counts(); return n.Replicated == n.Acked }, testPatience, time.Millisecond)
	require.NoError(t, load.SetRate(0), "off twice is off")
	load.Forget()
	require.Zero(t, load.Counts())
}

func TestARateOutsideTheLimitsIsRefused(t *testing.T) {
	load := New(Config{})
	require.Error(t, load.SetRate(-1))
	require.Error(t, load.SetRate(MaxRate+1))
}

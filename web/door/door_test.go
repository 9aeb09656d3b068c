package door

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// caller is a connection that is only counted.
type caller struct {
	net.Conn
	from   string
	closed bool
}

// RemoteAddr is where the test says the connection comes from.
func (c *caller) RemoteAddr() net.Addr { return place(c.from) }

// Close is noted.
func (c *caller) Close() error { c.closed = true; return nil }

type place string

// Network is always TCP.
func (place) Network() string  { return "tcp" }
func (a place) String() string { return string(a) }

// queue is a listener that accepts what a test puts in.
type queue struct {
	net.Listener
	next []*caller
}

// Accept takes the first; an empty queue is a closed listener.
func (q *queue) Accept() (net.Conn, error) {
	if len(q.next) == 0 {
		return nil, net.ErrClosed
	}
	c := q.next[0]
	q.next = q.next[1:]
	return c, nil
}

// street is a door and the calls a test makes at it.
type street struct {
	t    *testing.T
	door *Door
}

// call makes a connection; inside is nil for one that was not let in.
func (s street) call(from string) (outside *caller, inside net.Conn) {
	s.t.Helper()
	outside = &caller{from: from}
	inside, err := (&listener{&queue{next: []*caller{outside}}, s.door}).Accept()
	if err != nil {
		require.ErrorIs(s.t, err, net.ErrClosed)
		require.True(s.t, outside.closed, "who is not let in is not left standing")
		return outside, nil
	}
	return outside, inside
}

// speak hands a whole request over a connection.
func (s street) speak(inside net.Conn) {
	s.t.Helper()
	req := httptest.NewRequest(http.MethodGet, "/", nil)
	reached := false
	hear(time.Second, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true })).
		ServeHTTP(httptest.NewRecorder(), req.WithContext(note(req.Context(), inside)))
	require.True(s.t, reached)
}

func open(t *testing.T, l Limits) street { return street{t, New(l)} }

func TestWhoIsQuietForLongestMakesRoomForTheNextOfItsAddress(t *testing.T) {
	s := open(t, Limits{Open: 100, Each: 3})
	other, _ := s.call("10.0.0.2:1")
	busy, in := s.call("10.0.0.1:1")
	s.speak(in)
	silent, _ := s.call("10.0.0.1:2")
	younger, _ := s.call("10.0.0.1:3")
	require.False(t, silent.closed)
	next, _ := s.call("10.0.0.1:4")
	require.True(t, silent.closed)
	require.Equal(t, []bool{false, false, false, false}, []bool{other.closed, busy.closed, younger.closed, next.closed})
	require.Equal(t, Counts{Open: 4, Quiet: 3, Closed: 1}, s.door.Counts())

	s.door.rest(in.(*visitor)) // its request is answered: now it is the youngest of the quiet ones
	_, _ = s.call("10.0.0.1:5")
	require.Equal(t, []bool{false, true, false}, []bool{busy.closed, younger.closed, next.closed})
}

func TestAnAddressHoldsNoMoreThanItsShareAndThisComputerAlwaysGetsIn(t *testing.T) {
	s := open(t, Limits{Open: 6, Each: 3, Kept: 2})
	enter := func(from string) net.Conn {
		_, in := s.call(from)
		if in != nil {
			s.speak(in)
		}
		return in
	}
	held := enter("10.0.0.1:1")
	require.NotNil(t, enter("10.0.0.1:2"))
	require.NotNil(t, enter("10.0.0.1:3"))
	require.Nil(t, enter("10.0.0.1:4"), "its share is used up")
	require.NotNil(t, enter("10.0.0.2:1"))
	require.Nil(t, enter("10.0.0.3:1"), "the rest is kept for this computer")
	require.NotNil(t, enter("127.0.0.1:1"))
	require.NotNil(t, enter("[::1]:1"))
	require.Nil(t, enter("127.0.0.1:2"), "all is all")
	require.Equal(t, Counts{Open: 6, Refused: 3}, s.door.Counts())

	require.NoError(t, held.Close())
	require.NoError(t, held.Close(), "twice closed counts once")
	require.Equal(t, 5, s.door.Counts().Open)
	require.NotNil(t, enter("127.0.0.1:3"))
}

func TestStrangersDoNotMakeThisComputersConnectionsGiveWay(t *testing.T) {
	s := open(t, Limits{Open: 4, Each: 4, Kept: 1})
	own, _ := s.call("127.0.0.1:1")
	var strangers []*caller
	for i := range 9 {
		c, _ := s.call(fmt.Sprintf("10.0.0.%d:1", i))
		strangers = append(strangers, c)
	}
	require.False(t, own.closed)
	require.True(t, strangers[0].closed)
	require.False(t, strangers[8].closed)
	_, in := s.call("127.0.0.1:2")
	require.NotNil(t, in)
	require.Equal(t, 4, s.door.Counts().Open)
}

func TestAnIPv6HostCountsWithItsWholeNetwork(t *testing.T) {
	s := open(t, Limits{Open: 9, Each: 2})
	for i := range 2 {
		_, in := s.call(fmt.Sprintf("[2001:db8::%d]:1", i))
		s.speak(in)
	}
	_, in := s.call("[2001:db8::9]:1")
	require.Nil(t, in)
	_, in = s.call("[2001:db8:0:1::1]:1")
	require.NotNil(t, in)
	_, in = s.call("[::ffff:10.0.0.1]:1")
	require.NotNil(t, in)
	require.Contains(t, s.door.open, address(&caller{from: "10.0.0.1:9"}))
}

func TestAConnectionThatMadeRoomIsForgottenOnce(t *testing.T) {
	s := open(t, Limits{Open: 9, Each: 1})
	_, first := s.call("10.0.0.1:1")
	_, _ = s.call("10.0.0.1:2")
	s.speak(first) // its request came just as it was closed
	s.door.rest(first.(*visitor))
	require.NoError(t, first.Close())
	require.Equal(t, Counts{Open: 1, Quiet: 1, Closed: 1}, s.door.Counts())
	require.Len(t, s.door.open, 1)
}

func TestTheClassroomsBoundsLeaveRoomForAClassAndItsTeacher(t *testing.T) {
	l := Classroom()
	const people, each = 200, 3 // two pages' sockets, and a connection that loads
	require.GreaterOrEqual(t, l.Each, people*each, "a whole class behind one router")
	require.Greater(t, l.Open-l.Kept, l.Each, "one address is never all")
	require.Positive(t, l.Kept)
}

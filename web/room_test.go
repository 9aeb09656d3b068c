package web

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/web/api"
)

// classroom is a console that a class may join.
func classroom(t *testing.T) *Server {
	t.Helper()
	s := console(t)
	s.room = newRoom(time.Now)
	s.cfg.JoinLinks = []string{testOrigin + "/join"}
	return s
}

func joinAs(name, code string) ask {
	return ask{method: "POST", path: "/api/join", body: fmt.Sprintf(`{"code":%q,"name":%q}`, code, name)}.own()
}

// joinClass makes a viewer's session.
func joinClass(t *testing.T, s *Server, name string) string {
	t.Helper()
	resp := joinAs(name, s.JoinCode()).send(t, s)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.True(t, resp.Cookies()[0].HttpOnly)
	return resp.Cookies()[0].Value
}

func roomOf(t *testing.T, s *Server) api.Room {
	t.Helper()
	return fetched[api.Room](t, s, "/api/room")
}

func TestSEC07AJoinCodeHasFortyBitsAndIsReadAsPeopleTypeIt(t *testing.T) {
	require.Len(t, codeLetters, 32)
	require.Equal(t, 8, codeLength, "five bits a letter")
	seen := map[string]bool{}
	for range 1000 {
		code := newJoinCode()
		require.False(t, seen[code])
		seen[code] = true
		require.Equal(t, code, heard(strings.ToLower(spelled(code))))
	}
	require.Equal(t, "0011ABCD", heard("oO-iL abcd"))
}

func TestSEC07TenThousandGuessesGetTenAnswers(t *testing.T) {
	now := time.Unix(0, 0)
	r := newRoom(func() time.Time { return now })
	from := netip.MustParseAddr("192.168.1.7")
	answered := 0
	for i := range 10_000 {
		_, fault := r.join(fmt.Sprintf("%08d", i), "guesser", from)
		require.NotEqual(t, joined, fault)
		if fault != tooManyTries {
			answered++
		}
	}
	require.Equal(t, triesPerMinute, answered)
	_, fault := r.join(r.code, "guesser", from)
	require.Equal(t, tooManyTries, fault, "beyond the bound even the right code says nothing")
	_, fault = r.join(r.code, "ada", netip.MustParseAddr("192.168.1.8"))
	require.Equal(t, joined, fault, "others are not held up")
	now = now.Add(time.Minute / triesPerMinute)
	_, fault = r.join(r.code, "guesser", from)
	require.Equal(t, joined, fault)
}

func TestSEC07AnIPv6HostHasOneBoundForItsWholeNetworkAndMemoryIsBounded(t *testing.T) {
	now := time.Unix(0, 0)
	r := newRoom(func() time.Time { return now })
	answered := 0
	for i := range 1000 {
		if _, fault := r.join("x", "x", netip.MustParseAddr(fmt.Sprintf("2001:db8::%x", i+1))); fault == wrongCode {
			answered++
		}
	}
	require.Equal(t, triesPerMinute, answered)
	for i := range 2 * maxAddresses {
		r.join("x", "x", netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
	}
	require.LessOrEqual(t, len(r.tries), maxAddresses)
}

func TestSEC07TheCodeIsComparedInConstantTime(t *testing.T) {
	// The comparison is crypto/subtle's; what we can lose is that it is used. One letter or eight
	// right letters must run through the same function and give the same answer.
	r := newRoom(time.Now)
	almost := r.code[:codeLength-1] + "?"
	for _, code := range []string{"?", "????????", r.code[:1] + "???????", almost, r.code + "0", ""} {
		_, fault := r.join(code, "x", netip.Addr{})
		require.Equal(t, wrongCode, fault, code)
	}
}

func TestSEC07TheRosterIsBounded(t *testing.T) {
	r := newRoom(time.Now)
	for i := range maxPeople {
		_, fault := r.join(r.code, fmt.Sprint(i), netip.MustParseAddr("10.0.0.1"))
		require.Equal(t, joined, fault)
	}
	_, fault := r.join(r.code, "one too many", netip.MustParseAddr("10.0.0.1"))
	require.Equal(t, roomFull, fault)
}

func TestWhoJoinsWatchesAndIsOnTheRoster(t *testing.T) {
	s := classroom(t)
	session := joinClass(t, s, "  Ada\u202e<b>\n ")
	who := ask{method: "GET", path: "/api/session", session: session}.send(t, s)
	require.Equal(t, http.StatusOK, who.StatusCode)
	room := roomOf(t, s)
	require.Len(t, room.People, 1)
	require.Equal(t, "Ada<b>", room.People[0].Name, "what would turn the line around is gone; the rest is text")
	require.False(t, room.People[0].Watching)
	require.Equal(t, s.JoinCode(), room.Code)

	resp := ask{method: "POST", path: fmt.Sprintf("/api/room/people/%d/remove", room.People[0].Id), header: map[string]string{"Authorization": "Bearer " + testToken}}.send(t, s)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Empty(t, roomOf(t, s).People)
	resp = ask{method: "GET", path: "/api/session", session: session}.send(t, s)
	require.Equal(t, http.StatusUnauthorized, resp.StatusCode)
}

func TestAClosedRoomLetsNobodyInAndANewOneHasANewCode(t *testing.T) {
	s := classroom(t)
	old := s.JoinCode()
	session := joinClass(t, s, "Ada")
	turn := func(open bool) {
		resp := ask{method: "POST", path: "/api/room", body: fmt.Sprintf(`{"open":%t}`, open), header: map[string]string{"Authorization": "Bearer " + testToken, "Content-Type": "application/json"}}.send(t, s)
		require.Equal(t, http.StatusOK, resp.StatusCode)
	}
	turn(false)
	require.Equal(t, http.StatusUnauthorized, ask{method: "GET", path: "/api/labs/main", session: session}.send(t, s).StatusCode)
	require.Equal(t, http.StatusForbidden, joinAs("Bob", old).send(t, s).StatusCode)
	require.Empty(t, roomOf(t, s).Code)
	turn(true)
	require.NotEqual(t, old, s.JoinCode())
	require.Equal(t, http.StatusUnauthorized, joinAs("Bob", old).send(t, s).StatusCode)
	joinClass(t, s, "Bob")
}

func TestJoiningOverHTTPIsCountedAndRefusedInWords(t *testing.T) {
	s := classroom(t)
	require.Equal(t, http.StatusBadRequest, joinAs("\u202e \n", s.JoinCode()).send(t, s).StatusCode)
	for range triesPerMinute {
		resp := joinAs("x", "00000000").send(t, s)
		require.Equal(t, http.StatusUnauthorized, resp.StatusCode)
		require.Empty(t, resp.Cookies())
	}
	resp := joinAs("x", s.JoinCode()).send(t, s)
	require.Equal(t, http.StatusTooManyRequests, resp.StatusCode)
	require.Equal(t, "code", problemOf(t, resp).Field)
}

func TestWithoutLANThereIsNothingToJoin(t *testing.T) {
	s := console(t)
	require.Empty(t, s.JoinCode())
	require.Equal(t, http.StatusNotFound, ask{method: "GET", path: "/join"}.send(t, s).StatusCode)
	require.Equal(t, http.StatusNotFound, joinAs("Ada", "00000000").send(t, s).StatusCode)
}

// acted tells whether an operator has done anything after an event.
func acted(s *Server, after uint64) bool {
	for _, l := range s.cfg.Lab.Snapshot().Story {
		if l.Seq > after && (l.Name == "input" || l.Name == "mark" || l.Name == "refused") {
			return true
		}
	}
	return false
}

func TestAViewerSeesNoPasswordsAndNotWhatOthersTyped(t *testing.T) {
	s := classroom(t)
	session := joinClass(t, s, "Ada")
	node := s.cfg.Lab.Nodes()[0].Name
	for what, want := range map[string]int{"info": 200, "nodes": 200, "config": 403, "clients": 403, "slowlog": 403} {
		resp := ask{method: "GET", path: "/api/labs/main/nodes/" + node + "/inspect/" + what, session: session}.send(t, s)
		require.Equal(t, want, resp.StatusCode, what)
	}
}

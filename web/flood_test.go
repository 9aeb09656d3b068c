package web

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/web/door"
)

// crowd is how many connections a test opens that never become a request.
const crowd = 2000

// occupy opens connections that each say something and no more, and keeps them open. It tells how long
// the crowd took to come.
func occupy(t *testing.T, addr, says string) time.Duration {
	t.Helper()
	began := time.Now()
	for range crowd {
		conn, err := net.Dial("tcp", addr)
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		_, _ = io.WriteString(conn, says) // it may have made room for others already
	}
	return time.Since(began)
}

func TestSEC23TwoThousandHalfOpenConnectionsKeepNobodyOut(t *testing.T) {
	head := "Host: 127.0.0.1\r\n"
	for _, tt := range []struct{ name, says string }{
		{"silent", ""},
		{"half a line", "GET / HT"},
		{"half a head", "GET / HTTP/1.1\r\n" + head + "X: "},
		{"half a body", "POST /api/join HTTP/1.1\r\n" + head + "Origin: http://127.0.0.1\r\nX-Playground: 1\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"},
		{"half a body nobody reads", "GET / HTTP/1.1\r\n" + head + "Content-Length: 50\r\n\r\n{"},
		{"half a handshake", "GET /ws HTTP/1.1\r\n" + head + "Upgrade: websocket\r\nConnection: Upgrade\r\n"},
		{"a page and then nothing", "GET /api/session HTTP/1.1\r\n" + head + "\r\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := console(t)
			addr := serve(t, s)
			cookie := sessionAt(t, s, addr)
			coming := occupy(t, addr, tt.says)
			held := s.door.Counts().Open
			require.LessOrEqual(t, held, door.Classroom().Open)
			require.Less(t, held, crowd, "there must be more outside than inside, or this tests nothing")

			// The teacher is in before such a crowd could come once more. A computer with much else to do may
			// be late now and then, a door that is shut always.
			took := teacherEnters(t, s, addr, cookie)
			for try := 1; try < enterTries && took > coming; try++ {
				took = teacherEnters(t, s, addr, cookie)
			}
			require.LessOrEqual(t, took, coming, fmt.Sprint(s.door.Counts()))
		})
	}
}

// enterTries is how often the teacher may try.
const enterTries = 5

// teacherEnters loads the page, one of its files and the lab, and opens the socket; it tells how long
// all that took.
func teacherEnters(t *testing.T, s *Server, addr, cookie string) time.Duration {
	t.Helper()
	began := time.Now()
	for _, path := range []string{"/", "/assets/app.js", "/api/labs/main"} {
		req, err := http.NewRequest(http.MethodGet, "http://"+addr+path, nil)
		require.NoError(t, err)
		req.AddCookie(&http.Cookie{Name: cookieFor(req), Value: cookie})
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		require.NoError(t, err, path)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusOK, resp.StatusCode, path)
	}
	socket := dial(t, s, addr, "/ws")
	_, _, err := socket.ReadMessage()
	require.NoError(t, err)
	require.NoError(t, socket.Close())
	return time.Since(began)
}

package web

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

// serve runs a console on a port of its own and returns its address.
func serve(t *testing.T, s *Server) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	served := make(chan error, 1)
	go func() { served <- s.Serve(ln) }()
	t.Cleanup(func() {
		s.Close()
		require.NoError(t, <-served)
	})
	return ln.Addr().String()
}

// raw sends bytes on a connection and reads the first answer; 0 when there is none.
func raw(t *testing.T, addr, request string) (status int, body string) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(dayPatience)))
	_, _ = io.WriteString(conn, request) // the server may close before it has read everything
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	data, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(data)
}

func TestSEC01TheHostIsJudgedBeforeAnythingElse(t *testing.T) {
	s := console(t)
	addr := serve(t, s)
	tests := []struct {
		name, request string
		want          int
	}{
		{"its own name", "GET / HTTP/1.1\r\nHost: " + addr + "\r\n\r\n", 200},
		{"localhost", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 200},
		{"a configured name", "GET / HTTP/1.1\r\nHost: class.example:1\r\n\r\n", 200},
		{"its own name, absolute", "GET http://" + addr + "/ HTTP/1.1\r\nHost: " + addr + "\r\n\r\n", 200},
		{"a foreign name", "GET / HTTP/1.1\r\nHost: evil.com\r\n\r\n", 421},
		{"a foreign name, and a token", "GET /api/labs/main HTTP/1.1\r\nHost: evil.com\r\nAuthorization: Bearer " + testToken + "\r\n\r\n", 421},
		{"a foreign name for an asset", "GET /assets/app.js HTTP/1.1\r\nHost: evil.com\r\n\r\n", 421},
		{"a foreign name for the socket", "GET /ws HTTP/1.1\r\nHost: evil.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", 421},
		{"a foreign absolute target", "GET http://evil.com/ HTTP/1.1\r\nHost: " + addr + "\r\n\r\n", 421},
		{"a foreign absolute target with the token", "GET http://evil.com/api/labs/main HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + testToken + "\r\n\r\n", 421},
		{"our absolute target, foreign Host", "GET http://" + addr + "/ HTTP/1.1\r\nHost: evil.com\r\n\r\n", 200},
		{"two hosts", "GET / HTTP/1.1\r\nHost: " + addr + "\r\nHost: evil.com\r\n\r\n", 400},
		{"no host", "GET / HTTP/1.1\r\n\r\n", 400},
		{"no host, as in 1.0", "GET / HTTP/1.0\r\n\r\n", 421},
		{"a malformed host", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 421},
		{"an escaped host", "GET / HTTP/1.1\r\nHost: %zz\r\n\r\n", 421},
		{"a host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
		{"a tunnel", "CONNECT evil.com:443 HTTP/1.1\r\nHost: evil.com:443\r\n\r\n", 421},
		{"any host", "OPTIONS * HTTP/1.1\r\nHost: evil.com\r\n\r\n", 421},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, body := raw(t, addr, tt.request)
			require.Equal(t, tt.want, status, body)
			if status == http.StatusMisdirectedRequest {
				require.Empty(t, body)
			}
		})
	}
}

func TestHeadersAreBounded(t *testing.T) {
	s := console(t)
	addr := serve(t, s)
	head := "GET / HTTP/1.1\r\nHost: " + addr + "\r\n"
	status, _ := raw(t, addr, head+"X: "+strings.Repeat("x", 30<<10)+"\r\n\r\n")
	require.Equal(t, 200, status)
	status, _ = raw(t, addr, head+"X: "+strings.Repeat("x", 33<<10)+"\r\n\r\n")
	require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, status)
	status, _ = raw(t, addr, head+"Cookie: "+strings.Repeat("a=b; ", 10000)+"\r\n\r\n")
	require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, status)
}

func TestSEC30AMalformedRequestEndsNothing(t *testing.T) {
	s := console(t)
	addr := serve(t, s)
	for _, request := range []string{
		"\x16\x03\x01\x02\x00\x01", "GET\r\n\r\n", "*1\r\n$4\r\nPING\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: " + addr + "\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: " + addr + "\r\nOrigin: \x7f%\r\nCookie: =;;;=\r\nAuthorization: Bearer\r\n\r\n",
		"POST /api/session HTTP/1.1\r\nHost: " + addr + "\r\nContent-Length: -1\r\n\r\n",
		"POST /api/session HTTP/1.1\r\nHost: " + addr + "\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
	} {
		conn, err := net.Dial("tcp", addr)
		require.NoError(t, err)
		_, err = io.WriteString(conn, request)
		require.NoError(t, err)
		require.NoError(t, conn.Close())
	}
	status, _ := raw(t, addr, "GET / HTTP/1.1\r\nHost: "+addr+"\r\n\r\n")
	require.Equal(t, 200, status)
}

func TestSEC30APanicIsOneRequestsOwn(t *testing.T) {
	s := console(t)
	table := s.routes()
	require.NotEmpty(t, table)
	s.echo.Pre(func(next echo.HandlerFunc) echo.HandlerFunc {
		return recoverPanics(func(c echo.Context) error {
			if c.QueryParam("panic") != "" {
				panic("the secret is " + testToken)
			}
			return next(c)
		})
	})
	resp := ask{method: "GET", path: "/?panic=1"}.send(t, s)
	require.Equal(t, http.StatusInternalServerError, resp.StatusCode)
	data, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NotContains(t, string(data), testToken)
	require.NotContains(t, string(data), "goroutine")
	require.Equal(t, http.StatusOK, ask{method: "GET", path: "/"}.send(t, s).StatusCode)
}

// sessionAt logs in at a console that listens.
func sessionAt(t *testing.T, s *Server, addr string) string {
	t.Helper()
	_, code, _ := strings.Cut(s.Link(addr), "#code=")
	session, ok := s.sessions.redeem(code)
	require.True(t, ok)
	return session
}

func TestClosingEndsWhatWaits(t *testing.T) {
	s := console(t)
	addr := serve(t, s)
	name := s.cfg.Lab.Nodes()[0].Name
	socket := dial(t, s, addr, "/api/labs/main/terminal?node="+name)
	require.NoError(t, socket.WriteMessage(websocket.BinaryMessage, []byte("BLPOP nothing 0\r")))
	waits := func() bool {
		for _, n := range s.cfg.Lab.Nodes() {
			text, err := s.cfg.Lab.Call(context.Background(), n.Name, "INFO", "clients")
			if err == nil && strings.Contains(text, "blocked_clients:1") {
				return true
			}
		}
		return false
	}
	require.Eventually(t, waits, dayPatience, 10*time.Millisecond)
	s.Close() // waits for nobody: the command would block for ever
	for {
		_, _, err := socket.ReadMessage()
		if err != nil {
			require.True(t, websocket.IsCloseError(err, websocket.CloseGoingAway), err)
			return
		}
	}
}

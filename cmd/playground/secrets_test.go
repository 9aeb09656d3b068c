package main_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// token is what programs show to this console.
func (p *program) token() string {
	p.t.Helper()
	files, err := filepath.Glob(filepath.Join(p.home, "clusterplay", "consoles", "*.json"))
	require.NoError(p.t, err)
	require.Len(p.t, files, 1)
	data, err := os.ReadFile(files[0])
	require.NoError(p.t, err)
	var console struct{ Token string }
	require.NoError(p.t, json.Unmarshal(data, &console))
	require.NotEmpty(p.t, console.Token)
	return console.Token
}

// origin is the console's page, as an Origin.
func (p *program) origin() string { return strings.TrimSuffix(p.ready.Console, "/") }

// ask sends a request as a program would and returns what it was answered.
func (p *program) ask(method, path, body string, header http.Header) (int, string) {
	p.t.Helper()
	req, err := http.NewRequest(method, p.origin()+path, strings.NewReader(body))
	require.NoError(p.t, err)
	req.Header = header.Clone()
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(p.t, err)
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	require.NoError(p.t, err)
	return resp.StatusCode, string(data)
}

// socket is a live stream, as a program with the token opens it.
func (p *program) socket() *websocket.Conn {
	p.t.Helper()
	socket := p.dial(websocket.Dialer{}, p.ticket())
	p.t.Cleanup(func() { _ = socket.Close() })
	return socket
}

// bearer is what a program shows.
func (p *program) bearer() http.Header { return http.Header{"Authorization": {"Bearer " + p.token()}} }

// dial opens a live stream with a ticket.
func (p *program) dial(dialer websocket.Dialer, ticket string) *websocket.Conn {
	p.t.Helper()
	dialer.Subprotocols = []string{"playground", "ticket." + ticket}
	socket, _, err := dialer.Dial("ws"+strings.TrimPrefix(p.origin(), "http")+"/ws", p.bearer())
	require.NoError(p.t, err)
	return socket
}

// ticket asks for what opens one socket.
func (p *program) ticket() string {
	p.t.Helper()
	status, body := p.ask("POST", "/api/ticket", "", p.bearer())
	require.Equal(p.t, http.StatusOK, status, body)
	var given struct{ Ticket string }
	require.NoError(p.t, json.Unmarshal([]byte(body), &given))
	return given.Ticket
}

// tell sends one command to a node, on a connection of its own, and waits for the answer.
func tell(t *testing.T, addr string, words ...string) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(pagePatience)))
	command := fmt.Sprintf("*%d\r\n", len(words))
	for _, word := range words {
		command += fmt.Sprintf("$%d\r\n%s\r\n", len(word), word)
	}
	_, err = io.WriteString(conn, command)
	require.NoError(t, err)
	_, err = bufio.NewReader(conn).ReadString('\n')
	require.NoError(t, err)
}

// secretLines are lines that hold a secret, of which %s takes its place.
var secretLines = []string{
	"AUTH %s", "AUTH ada %s", "HELLO 3 AUTH ada %s", "HELLO 3 AUTH default %s SETNAME x",
	"CONFIG SET masterauth %s", "CONFIG SET requirepass %s", "ACL SETUSER bob on >%s ~* +@all", "ACL SETUSER bob <%s",
	"MIGRATE 127.0.0.1 1 nothing 0 10 AUTH %s KEYS a", "MIGRATE 127.0.0.1 1 nothing 0 10 AUTH2 ada %s KEYS a",
}

func TestSEC08NoSecretIsLoggedRecordedOrExported(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data") // the program makes it, for this user alone
	p := start(t, "--data", dir, "--node-timeout", "1500ms")
	token := p.token()
	secrets := []string{token}
	canary := func() string {
		secrets = append(secrets, fmt.Sprintf("canary%02dbird", len(secrets)))
		return secrets[len(secrets)-1]
	}
	_, code, _ := strings.Cut(p.ready.Link, "#code=")
	secrets = append(secrets, code)
	own := p.bearer()
	page := http.Header{"Origin": {p.origin()}, "X-Playground": {"1"}}

	for _, line := range secretLines {
		tell(t, p.ready.Nodes[0], strings.Fields(fmt.Sprintf(line, canary()))...)
	}
	p.ctl("config-set", p.node(1), "masterauth", canary())
	p.ctl("config-set", p.node(1), "requirepass", canary())
	p.ctl("setup", "--settings", "x requirepass="+canary())
	p.ctl("setup", "--settings", "requirepass="+canary())
	p.ask("POST", "/api/session", `{"code":"`+canary()+`"}`, page)
	p.ask("POST", "/api/session", `{"password":"`+canary()+`"}`, page)
	p.ask("POST", "/api/labs/main/actions/kill", `{"node":"`+p.node(0)+`","token":"`+canary()+`"}`, own)
	p.ask("GET", "/api/labs/main?token="+canary(), "", http.Header{})
	p.ask("GET", "/api/labs/main", "", http.Header{"Authorization": {"Bearer " + canary()}})
	p.ask("GET", "/api/labs/main", "", http.Header{"Cookie": {"playground=" + canary()}})
	p.ask("GET", "/ws?ticket="+canary(), "", own)
	p.ask("GET", "/ws", "", http.Header{"Authorization": {"Bearer " + token}, "Sec-Websocket-Protocol": {"playground, ticket." + canary()}})
	used := p.ticket()
	secrets = append(secrets, used, p.ticket()) // and one that waits
	require.NoError(t, p.dial(websocket.Dialer{}, used).Close())
	status, session := p.ask("POST", "/api/session", `{"code":"`+code+`"}`, page)
	require.Equal(t, http.StatusOK, status, session)
	require.GreaterOrEqual(t, len(secrets), 20)

	places := map[string]string{}
	for _, path := range []string{"/api/labs/main", "/api/labs/main/history?from=0&to=9999999999999", "/metrics", "/metrics/nodes", "/api/labs/main/nodes/" + p.node(0) + "/inspect/slowlog"} {
		status, body := p.ask("GET", path, "", own)
		require.Equal(t, http.StatusOK, status, path)
		places[path] = body
	}
	p.ctl("reset")
	places["the recorded story"] = p.ctl("--json", "status").stdout
	p.kill()
	places["what the program said"] = p.stderr.String()
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		places[strings.TrimPrefix(path, dir)] = string(data)
		return err
	}))
	for place, text := range places {
		for i, secret := range secrets {
			if at := strings.Index(text, secret); at >= 0 {
				t.Errorf("%s: secret %d stands in %q", place, i, text[max(0, at-120):min(len(text), at+60)])
			}
		}
	}
}

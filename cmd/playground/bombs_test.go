package main_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// bomb is a body made to keep a console busy, and how it is refused.
type bomb struct {
	name, body string
	header     string // further lines, each with its end
	status     int
	says       string
}

func times(s string, n int) string { return strings.Repeat(s, n) }

// zipped is a gigabyte in a megabyte.
func zipped(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := io.CopyN(w, zeros{}, 1<<30)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

type zeros struct{}

// Read fills p with NUL bytes.
func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// chunked is a body in pieces; without its end it says that more will come.
func chunked(pieces int, end string) string {
	return times(fmt.Sprintf("%x\r\n%s\r\n", 32<<10, times("x", 32<<10)), pieces) + end
}

// jsonBombs are what a route that reads JSON is told.
func jsonBombs(zip string) []bomb {
	wide := "{"
	for i := range 6000 {
		wide += fmt.Sprintf(`"k%d":0,`, i)
	}
	return []bomb{
		{"deep arrays", `{"text":` + times("[", 30000) + times("]", 30000) + "}", "", 400, "nested too deeply"},
		{"deep arrays without an end", times("[", 60000), "", 400, "not a JSON object"},
		{"deep objects", times(`{"a":`, 10000) + "1" + times("}", 10000), "", 400, "nested too deeply"},
		{"a name twice", `{"text":"a","text":"b"}`, "", 400, "names \\\"text\\\" twice"},
		{"names without an end", wide, "", 400, "not JSON"},
		{"a number beyond all", `{"seed":1e999,"speed":1e999,"text":1e999}`, "", 400, ""},
		{"a number of sixty thousand digits", `{"text":` + times("9", 60000) + "}", "", 400, ""},
		{"not a number", `{"text":NaN}`, "", 400, "not JSON"},
		{"half a sign", "{\"text\":\"" + times("\xf0\x9f", 5000) + "\"}", "", 400, "not UTF-8"},
		{"escapes of half a sign", `{"text":"` + times(`\ud83d`, 10000) + `","x":1}`, "", 400, ""},
		{"an array", `[]`, "", 400, "not a JSON object"},
		{"null", `null`, "", 400, "not a JSON object"},
		{"a zip archive", "PK\x03\x04" + times("\x00", 60000), "", 400, "not"},
		{"a gigabyte in a megabyte", zip, "Content-Encoding: gzip\r\n", 415, "encoded bodies are not read"},
		{"the same, under another name", zip, "Content-Encoding: br, gzip\r\n", 415, "encoded bodies are not read"},
		{"the same, not declared", zip, "", 413, "larger than 64 KiB"},
		{"six megabytes", `{"text":"` + times("x", 6<<20) + `"}`, "", 413, "larger than 64 KiB"},
		{"in pieces without an end", chunked(200, ""), "Transfer-Encoding: chunked\r\n", 413, "larger than 64 KiB"},
		{"a piece of 2^63", "7fffffffffffffff\r\n" + times("x", 1<<20), "Transfer-Encoding: chunked\r\n", 413, "larger than 64 KiB"},
		{"a piece without a length", times("0", 1<<16) + "\r\n", "Transfer-Encoding: chunked\r\n", 400, ""},
	}
}

// lessonBombs are what is brought as a lesson; what is wrong is told with its line.
func lessonBombs(zip string) []bomb {
	head := "---\nid: x\nlevel: 1\nminutes: 1\n---\n# X\n\n"
	yaml := func(s string) string { return "---\nid: x\n" + s + "\n---\n# X\n" }
	aliases := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for i := range 20 {
		aliases += fmt.Sprintf("%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c]\n", 'b'+i, 'b'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i)
	}
	return []bomb{
		{"YAML aliases", yaml(aliases), "", 400, "x.md:"},
		{"YAML nesting", yaml("cluster: " + times("[", 2000) + times("]", 2000)), "", 400, "x.md:"},
		{"YAML merge keys", yaml("<<: *a"), "", 400, "x.md:"},
		{"YAML of one name twice", yaml("id: y"), "", 400, "x.md:"},
		{"numbers beyond all", yaml("minutes: 99999999999999999999\nspeed: 1e999"), "", 400, "x.md:"},
		{"a billion nodes", yaml("cluster: {masters: 1000000000, replicas: 1000000000}"), "", 400, "x.md:3"},
		{"brackets", head + times("[", 60000), "", 400, "x.md:8"},
		{"links in links", head + times(times("[a](b ", 10)+"\n", 1000), "", 400, "x.md:8"},
		{"stars", head + times(times("*a **b ", 20)+"\n", 400), "", 400, "x.md:24"},
		{"quotes in quotes", head + times(">", 3000) + " x\n", "", 400, "x.md:8"},
		{"lists in lists", head + times("- ", 1500) + "x\n", "", 400, "x.md:8"},
		{"three thousand fences", head + times("```play\nheal\n```\n\n", 3000), "", 400, "x.md:"},
		{"a fence without an end", head + "```redis\n> PING\n" + times("x\n", 20000), "", 400, "x.md:"},
		{"values of half a gigabyte", head + "```redis\n" + times("> SETRANGE a 536870911 x\n", 900) + "```\n", "", 400, "x.md:9"},
		{"a repetition without an end", head + "```redis\n> 2147483647 RPUSH a x\n```\n", "", 400, "x.md:9"},
		{"a zip archive", "PK\x03\x04" + times("\x00", 60000), "", 400, "x.md:1:1: this is a zip archive"},
		{"a gzip file", zip[:60000], "", 400, "x.md:1:1: this is a gzip file"},
		{"NUL bytes", head + times("\x00", 50000), "", 400, "x.md:8"},
		{"a gigabyte in a megabyte", zip, "Content-Encoding: gzip\r\n", 415, "encoded bodies are not read"},
		{"six megabytes", head + times("x\n", 3<<20), "", 413, "larger than 64 KiB"},
		{"in pieces without an end", chunked(200, ""), "Transfer-Encoding: chunked\r\n", 413, "larger than 64 KiB"},
	}
}

// bodyRoutes are routes of every kind that reads JSON: one that turns it into arguments of its own, one that
// wants none, and verbs.
var bodyRoutes = []string{
	"/api/session", "/api/ticket", "/api/lesson/stop", "/api/lesson/end",
	"/api/lessons/a-master-dies/start", "/api/lessons/a-master-dies/run",
	"/api/labs/main/actions/mark", "/api/labs/main/actions/kill", "/api/labs/main/actions/load", "/api/labs/main/actions/setup",
}

const (
	bombMemory = 64 << 10 // KiB that one may make it grow
	bombTries  = 3        // on a computer that has much else to do
)

func TestSEC13NoBodyKeepsARunningConsoleBusy(t *testing.T) {
	p := start(t, "--masters", "3", "--replicas", "0")
	zip := zipped(t)
	p.explode(t, "/api/lessons?name=x.md", "text/markdown", lessonBombs(zip))
	for _, path := range bodyRoutes {
		p.explode(t, path, "application/json", jsonBombs(zip))
	}
	status, list := p.ask("GET", "/api/lessons", "", p.bearer())
	require.Equal(t, http.StatusOK, status)
	require.NotContains(t, list, "brought-")
	require.Empty(t, p.stderr.String(), "nothing of it is a fault of ours")
}

// explode sends bombs one after the other and bounds what each costs.
func (p *program) explode(t *testing.T, path, kind string, bombs []bomb) {
	require.GreaterOrEqual(t, len(bombs), 18)
	for _, b := range bombs {
		t.Run(path+" "+b.name, func(t *testing.T) {
			// None keeps the console busy for as long as it took to start.
			took := time.Hour
			for try := 0; try < bombTries && took > p.started; try++ {
				before := p.forgetPeak(t)
				began := time.Now()
				status, body := p.throw(t, path, kind, b)
				took = time.Since(began)
				require.LessOrEqual(t, memoryKiB(t, p.cmd.Process.Pid, "VmHWM:")-before, bombMemory, "KiB more in memory")
				require.Equal(t, b.status, status, body)
				require.Contains(t, body, b.says)
			}
			require.LessOrEqual(t, took, p.started)
		})
	}
}

// throw sends a bomb and reads the answer, which may come before all has been sent.
func (p *program) throw(t *testing.T, path, kind string, b bomb) (status int, answer string) {
	t.Helper()
	addr := strings.TrimPrefix(p.origin(), "http://")
	conn, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	require.NoError(t, conn.SetDeadline(time.Now().Add(pagePatience)))
	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nX-Playground: 1\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\n", path, addr, p.origin(), p.token(), kind)
	if !strings.Contains(b.header, "chunked") {
		head += fmt.Sprintf("Content-Length: %d\r\n", len(b.body))
	}
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		_, _ = io.WriteString(conn, head+b.header+"\r\n"+b.body) // the console may hang up before
	}()
	defer func() { _ = conn.Close(); <-sent }()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if !assert.NoError(t, err) {
		return 0, ""
	}
	data, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(data)
}

// forgetPeak makes the program's peak begin anew, and tells how much memory it has now, in KiB.
func (p *program) forgetPeak(t *testing.T) int {
	t.Helper()
	const peak = "5" // of proc_pid_clear_refs(5)
	require.NoError(t, os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.cmd.Process.Pid), []byte(peak), 0))
	return residentKiB(t, p.cmd.Process.Pid)
}

package repl

import (
	"bytes"
	"context"
	"io"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patience bounds every wait for something that must happen. It is no goal.
const patience = time.Minute

// person types into a shell and reads its screen.
type person struct {
	t     *testing.T
	keys  *io.PipeWriter
	ended chan error

	mu     sync.Mutex
	screen bytes.Buffer
}

func (p *person) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.screen.Write(b)
}

// sit opens a shell; the test ends it by leaving or at its end.
func sit(t *testing.T, s *Session, set func(*Shell)) *person {
	t.Helper()
	in, keys := io.Pipe()
	p := &person{t: t, keys: keys, ended: make(chan error, 1)}
	sh := &Shell{Session: s, In: in, Out: p}
	if set != nil {
		set(sh)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		p.ended <- sh.Run(ctx)
		_ = in.Close()
	}()
	t.Cleanup(func() {
		_ = keys.Close()
		cancel()
		select {
		case <-p.ended:
		case <-time.After(patience):
			t.Error("the shell does not end")
		}
	})
	return p
}

func (p *person) press(keys string) {
	p.t.Helper()
	_, err := p.keys.Write([]byte(keys))
	require.NoError(p.t, err)
}

var control = regexp.MustCompile(`\x1b\[[0-9;]*[A-Za-z]|\r`)

// seen is what stands on the screen: of a line that was drawn again and again, how it was last.
func (p *person) seen() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	lines := strings.Split(p.screen.String(), "\r\n")
	for i, line := range lines {
		lines[i] = control.ReplaceAllString(line[strings.LastIndex(line, "\x1b[J")+1:], "")
		lines[i] = strings.TrimPrefix(lines[i], "[J")
	}
	return strings.Join(lines, "\n")
}

// until waits for the screen to end with text.
func (p *person) until(text string) {
	p.t.Helper()
	require.Eventually(p.t, func() bool { return strings.HasSuffix(p.seen(), text) }, patience, time.Millisecond,
		"the screen never ends with %q: %q", text, lazy{p})
}

// lazy is read when the message is printed.
type lazy struct{ *person }

func (l lazy) String() string { return l.seen() }

func TestAPersonTypesAndReads(t *testing.T) {
	at := "127.0.0.1:" + redis(t)
	p := sit(t, New(at, false), nil)
	p.until(at + "> ")
	p.press("set greetinG\x7fg hello\r")
	p.until("OK\n" + at + "> ")
	p.press("\x1b[A\x01\x1b[3~g\x1b[1;5C\x1b[1;5C\x0b\r") // the last line again, made a get
	p.until("> get greeting\n\"hello\"\n" + at + "> ")
	p.press("\r  \rmulti\rincr n\r")
	p.until(at + "(TX)> incr n\nQUEUED\n" + at + "(TX)> ")
	p.press("discard\r5 incr n\r")
	p.until("(integer) 5\n" + at + "> ")
	p.press("half a line\x03")
	p.until("half a line^C\n" + at + "> ")
	p.press("get \"\r")
	p.until("Invalid argument(s)\n" + at + "> ")
	p.press("QUIT\r")
	require.NoError(t, <-p.ended)
	p.ended <- nil
}

func TestALeaverLeaves(t *testing.T) {
	port := redis(t)
	for _, row := range []struct {
		name, keys string
		leaves     bool
		ends       bool
	}{
		{"Ctrl-D", "\x04", false, true},
		{"exit", "exit\r", false, true},
		{"Ctrl-C where it leaves", "\x03", true, true},
		{"Ctrl-C on a line", "x\x03quit\r", true, true},
		{"Ctrl-C where it does not", "\x03", false, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := sit(t, New("127.0.0.1:"+port, false), func(sh *Shell) { sh.Leaves = row.leaves })
			p.until("> ")
			p.press(row.keys)
			if !row.ends {
				p.press("ping\r")
				p.until("PONG\n127.0.0.1:" + port + "> ")
				return
			}
			require.NoError(t, <-p.ended)
			p.ended <- nil
		})
	}
}

func TestCtrlCEndsWhatWaits(t *testing.T) {
	port := redis(t)
	at := "127.0.0.1:" + port
	p := sit(t, New(at, false), nil)
	p.until("> ")
	p.press("blpop nothing 0\r")
	require.Eventually(t, func() bool { return strings.Contains(evalFresh(t, port, plain, "client list"), "cmd=blpop") }, patience, time.Millisecond)
	p.press("typed ahead\x03ping\r")
	p.until("^C\n" + at + "> ping\nPONG\n" + at + "> ")

	p.press("subscribe news\r")
	p.until("Reading messages... (press Ctrl-C to quit)\n1) \"subscribe\"\n2) \"news\"\n3) (integer) 1\n")
	require.Equal(t, "(integer) 1\n", evalFresh(t, port, plain, "publish news hello"))
	p.until("1) \"message\"\n2) \"news\"\n3) \"hello\"\n")
	p.press("this means nothing\r")
	p.press("\x03echo back\r")
	p.until("\"hello\"\n^C\n" + at + "> echo back\n\"back\"\n" + at + "> ")

	p.press("monitor\r")
	p.until("monitor\nOK\n")
	evalFresh(t, port, plain, "echo watched")
	require.Eventually(t, func() bool { return strings.Contains(p.seen(), `"echo" "watched"`) }, patience, time.Millisecond)
	p.press("\x03")
	p.until("^C\n" + at + "> ")
	p.press("subscribe news\r")
	p.until("(integer) 1\n")
	evalFresh(t, port, plain, "client kill type pubsub")
	p.until("Error: Server closed the connection\nnot connected> ")
	p.press("ping\r")
	p.until("PONG\n" + at + "> ")
}

func TestHintsAndTabKnowTheNodesCommands(t *testing.T) {
	at := "127.0.0.1:" + redis(t)
	p := sit(t, New(at, false), nil)
	p.until("> ")
	require.Eventually(t, func() bool { // the commands are learned while the person types
		p.press("get \x15get ")
		return strings.HasSuffix(p.seen(), "> get key")
	}, patience, 10*time.Millisecond)
	p.press("\x15cluster no\t")
	p.until("> cluster nodes")
	p.press("\x15:set nohints\rget ")
	p.until(":set nohints\n" + at + "> get ")
	p.press("\x15auth secret\r")
	p.until("configuration is correct?\n" + at + "> ")
	p.press("\x1b[A")
	p.until(at + "> :set nohints")
}

// A frozen node accepts connections and answers nothing.
func TestANodeThatSaysNothingHoldsNobodyUp(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	at := l.Addr().String()
	p := sit(t, New(at, false), nil)
	p.until(at + "> ")
	p.press("ping\r")
	p.until("ping\n")
	p.press("\x03")
	p.until("^C\n" + at + "> ")
	live := redis(t)
	p.press("connect 127.0.0.1 " + live + "\rping\r")
	p.until("PONG\n127.0.0.1:" + live + "> ")
}

func TestAShellEndsWithItsScreen(t *testing.T) {
	s := New("127.0.0.1:"+redis(t), false)
	in, keys := io.Pipe()
	defer func() { _ = keys.Close() }()
	sh := &Shell{Session: s, In: in, Out: brokenScreen{}}
	require.ErrorIs(t, sh.Run(context.Background()), io.ErrClosedPipe)
}

type brokenScreen struct{}

func (brokenScreen) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

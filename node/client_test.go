package node_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	"clusterplay/node"
	"clusterplay/node/machine"
	"clusterplay/node/resp"

	"github.com/stretchr/testify/require"
)

func errorsAsTimeout(err error, target *net.Error) bool {
	return errors.As(err, target) && (*target).Timeout()
}

const (
	pong = "+PONG\r\n"
	ping = "*1\r\n$4\r\nPING\r\n"
)

// badInputs are sent with a PING after them: a connection that was closed does not answer it.
var badInputs = []badInput{
	{name: "A1 empty line", input: "\r\n", want: pong},
	{name: "A2 no words", input: "*0\r\n", want: pong},
	{name: "A3 absent", input: "*-1\r\n", want: pong},
	{name: "A4 negative", input: "*-10\r\n", want: pong},
	{name: "A5 beyond an int", input: "*3000000000\r\n", want: "-ERR Protocol error: invalid multibulk length\r\n"},
	{name: "A6 largest", input: "*9223372036854775807\r\n", want: "-ERR Protocol error: invalid multibulk length\r\n"},
	{name: "A7 beyond 64 bits", input: "*18446744073709551617\r\n", want: "-ERR Protocol error: invalid multibulk length\r\n"},
	{name: "A8 letters", input: "*abc\r\n", want: "-ERR Protocol error: invalid multibulk length\r\n"},
	{name: "A9 plus", input: "*+1\r\n", want: "-ERR Protocol error: invalid multibulk length\r\n"},
	{name: "A10 leading zero", input: "*01\r\n", want: "-ERR Protocol error: invalid multibulk length\r\n"},
	{name: "A11 space", input: "* 1\r\n", want: "-ERR Protocol error: invalid multibulk length\r\n"},
	{name: "A12 two billion words", input: "*2147483647\r\n", want: "-ERR Protocol error: invalid multibulk length\r\n", ours: true},
	{name: "A13 no CR", input: "*1\n$4\nPING\n", want: "-ERR Protocol error: invalid multibulk length\r\n"},
	{name: "A14 largest word", input: "*1\r\n$9223372036854775807\r\n", want: "-ERR Protocol error: invalid bulk length\r\n"},
	{name: "A15 too long", input: "*1\r\n$536870913\r\n", want: "-ERR Protocol error: invalid bulk length\r\n"},
	{name: "A16 absent word", input: "*1\r\n$-1\r\n", want: "-ERR Protocol error: invalid bulk length\r\n"},
	{name: "A17 negative word", input: "*1\r\n$-10\r\n", want: "-ERR Protocol error: invalid bulk length\r\n"},
	{name: "A18 letters for a size", input: "*1\r\n$blabla\r\n", want: "-ERR Protocol error: invalid bulk length\r\n"},
	{name: "A19 empty name", input: "*1\r\n$0\r\n\r\n", want: "-ERR unknown command '', with args beginning with: \r\n" + pong},
	{name: "A20 no dollar", input: "*1\r\nfoo\r\n", want: "-ERR Protocol error: expected '$', got 'f'\r\n"},
	{name: "A21 unchecked end", input: "*1\r\n$4\r\nPINGXX", want: pong + pong},
	{name: "A22 NUL count", input: "*\x00\r\n" + strings.Repeat("A", 70_000), want: "-ERR Protocol error: too big mbulk count string\r\n", bare: true},
	{name: "A23 endless line", input: strings.Repeat("A", 70_000), want: "-ERR Protocol error: too big inline request\r\n", bare: true},
	{name: "A24 endless count", input: "*" + strings.Repeat("1", 70_000), want: "-ERR Protocol error: too big mbulk count string\r\n", bare: true},
	{name: "A25 endless size", input: "*1\r\n$" + strings.Repeat("1", 70_000), want: "-ERR Protocol error: too big bulk count string\r\n", bare: true},
	{name: "A26 quote after quote", input: "set \"\"\"test-key\"\"\" v\r\n", want: "-ERR Protocol error: unbalanced quotes in request\r\n"},
	{name: "A27 open quote", input: "set 'abc\r\n", want: "-ERR Protocol error: unbalanced quotes in request\r\n"},
	{name: "A28 escapes", input: "echo \"\\x41\\n\"\r\n", want: "$2\r\nA\n\r\n" + pong},
	{name: "A29 spaces", input: "   \r\n", want: pong},
	{name: "A30 POST", input: "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nFLUSHALL\r\n", want: ""},
	{name: "A31 Host in a request", input: "ECHO x\r\nhost: a\r\nFLUSHALL\r\n", want: ""},
	{name: "A34 RESP3", input: "~1\r\n$4\r\nPING\r\n", want: "-ERR unknown command '~1', with args beginning with: \r\n" +
		"-ERR unknown command '$4', with args beginning with: \r\n" + pong + pong},
	{name: "commands before the mistake are answered", input: "PING\r\n*1\r\n$-1\r\n", want: pong + "-ERR Protocol error: invalid bulk length\r\n"},
}

type badInput struct {
	name, input, want string
	ours              bool // real 7.0 waits here, or does not notice
	bare              bool // no PING follows
}

func (b badInput) sent() string {
	if b.bare {
		return b.input
	}
	return b.input + ping
}

// converse sends input and PING, ends its side, and returns everything the server said.
func converse(t *testing.T, addr, input string) string {
	t.Helper()
	return exchange(t, addr, input+ping)
}

// exchange sends input and returns everything the server says to it.
func exchange(t *testing.T, addr, input string) string {
	t.Helper()
	conn, err := net.DialTimeout("tcp", addr, patience)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	_, _ = conn.Write([]byte(input))
	_ = conn.(*net.TCPConn).CloseWrite()
	got, _ := io.ReadAll(conn)
	return string(got)
}

func TestBadInputIsAnsweredInRedisWords(t *testing.T) {
	h := launch(t, nil)
	for _, tt := range badInputs {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, exchange(t, h.Addr().String(), tt.sent()))
		})
	}
}

func TestRealRedisAnswersBadInputTheSame(t *testing.T) {
	addr := realRedis(t)
	for _, tt := range badInputs {
		if tt.ours {
			continue
		}
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.want, exchange(t, addr, tt.sent())) })
	}
}

// realRedis starts a redis-server for one test.
func realRedis(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("redis-server is not installed")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := l.Addr().(*net.TCPAddr)
	require.NoError(t, l.Close())
	cmd := exec.Command(path, "--port", fmt.Sprint(addr.Port), "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir())
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	eventually(t, func() bool {
		conn, err := net.Dial("tcp", addr.String())
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	}, "redis-server answers")
	return addr.String()
}

func TestStrangerMayNotSendMuch(t *testing.T) {
	h := launch(t, func(cfg *node.Config) {
		made := cfg.New
		cfg.New = func(b node.Birth) (machine.Machine, error) {
			m, err := made(b)
			return doubter{m.(*fake)}, err
		}
	})
	require.Equal(t, "-ERR Protocol error: unauthenticated multibulk length\r\n", converse(t, h.Addr().String(), "*11\r\n"))
	require.Equal(t, "-ERR Protocol error: unauthenticated bulk length\r\n", converse(t, h.Addr().String(), "*1\r\n$16385\r\n"))
	letIn := "AUTH\r\n" + string(resp.AppendWords(nil, "ECHO", strings.Repeat("x", 20_000)))
	require.True(t, strings.HasPrefix(converse(t, h.Addr().String(), letIn), "+OK\r\n$20000\r\nxxx"))
}

// doubter is a machine that wants a password.
type doubter struct{ *fake }

func (d doubter) Open(now time.Time, c *machine.Client) {
	c.Stranger = true
	d.fake.Open(now, c)
}

func (d doubter) Call(now time.Time, c *machine.Client, args [][]byte) {
	if string(args[0]) == "AUTH" {
		c.Stranger = false
		c.Out = append(c.Out, "+OK\r\n"...)
		return
	}
	d.fake.Call(now, c, args)
}

func TestHundredThousandPipelinedCommandsAreAllAnswered(t *testing.T) {
	h := launch(t, nil)
	const n = 100_000
	p := dial(t, h.Addr())
	go func() { _, _ = p.Write([]byte(strings.Repeat(ping, n))) }()
	got := make([]byte, n*len(pong))
	_, err := io.ReadFull(p.r, got)
	require.NoError(t, err)
	require.Equal(t, strings.Repeat(pong, n), string(got))
}

func TestCommandBytewiseIsAnswered(t *testing.T) {
	h := launch(t, nil)
	p := dial(t, h.Addr())
	value := strings.Repeat("x", 5000)
	for _, b := range resp.AppendWords(nil, "ECHO", value) {
		p.send(string([]byte{b}))
	}
	p.want("$5000\r\n" + value + "\r\n")
}

func TestHalfClosedConnectionGetsItsReply(t *testing.T) {
	h := launch(t, nil)
	require.Equal(t, pong+pong, converse(t, h.Addr().String(), "PING\r\n"))
	eventually(t, func() bool { return h.clientCount() == 0 }, "the client is gone")
}

func TestConnectionsThatBreakOffLeaveNothingBehind(t *testing.T) {
	h := launch(t, nil)
	for i := range 1000 {
		conn, err := net.Dial("tcp", h.Addr().String())
		require.NoError(t, err)
		if i%2 == 0 {
			require.NoError(t, conn.(*net.TCPConn).SetLinger(0))
		}
		if i%3 == 0 {
			_, _ = conn.Write([]byte("*2\r\n$4\r\nEC"))
		}
		require.NoError(t, conn.Close())
	}
	eventually(t, func() bool { return h.clientCount() == 0 }, "every client is gone")
	p := dial(t, h.Addr())
	p.send(ping)
	p.want(pong)
}

func TestQuitIsAnsweredAndNothingAfterIt(t *testing.T) {
	h := launch(t, nil)
	p := dial(t, h.Addr())
	p.send("QUIT\r\nPING\r\n")
	p.wantEnd("+OK\r\n")
}

func TestUnfinishedCommandTimesOut(t *testing.T) {
	h := launch(t, func(cfg *node.Config) { cfg.HalfCommand = 20 * time.Millisecond })
	idle := dial(t, h.Addr())
	idle.send(ping)
	idle.want(pong)
	half := dial(t, h.Addr())
	half.send("PING\r\n*1\n$4\nPING\n")
	half.wantEnd(pong)
	idle.send(ping)
	idle.want(pong)
}

func TestTooManyClientsAreToldSo(t *testing.T) {
	h := launch(t, func(cfg *node.Config) { cfg.MaxClients = 1 })
	first := dial(t, h.Addr())
	first.send(ping)
	first.want(pong)
	second := dial(t, h.Addr())
	second.wantEnd("-ERR max number of clients reached\r\n")
	first.send(ping)
	first.want(pong)
	_, err := h.Call(t.Context(), "PING")
	require.NoError(t, err, "calls inside the process are no connections")
}

func TestBlockedClientHoldsItsNextCommands(t *testing.T) {
	h := launch(t, nil)
	p := dial(t, h.Addr())
	p.send("BLOCK\r\nPING\r\n")
	eventually(t, func() bool { return h.parked() == 1 }, "the client blocks")
	p.send("ECHO later\r\n")
	other := dial(t, h.Addr())
	other.send(ping)
	other.want(pong)
	other.send("WAKE\r\n")
	other.want("+OK\r\n")
	p.want("+AWAKE\r\n" + pong + "$5\r\nlater\r\n")
	p.send("BLOCK\r\n")
	eventually(t, func() bool { return h.parked() == 1 }, "the client blocks again")
	other.send("WAKE\r\n")
	p.want("+AWAKE\r\n")
	p.send(ping)
	p.want(pong)
}

func (h *home) parked() (n int) {
	_ = h.Look(func(m machine.Machine) { n = len(inside(m).parked) })
	return n
}

func TestBlockedClientThatLeavesIsNoticed(t *testing.T) {
	h := launch(t, nil)
	p := dial(t, h.Addr())
	p.send("BLOCK\r\nPING\r\n")
	eventually(t, func() bool { return h.parked() == 1 }, "the client blocks")
	require.NoError(t, p.Close())
	eventually(t, func() bool { return h.clientCount() == 0 }, "the client is gone")
}

func TestCallInsideTheProcessWaitsForABlockedCommand(t *testing.T) {
	h := launch(t, nil)
	answer := make(chan resp.Value, 1)
	go func() {
		v, _ := h.Call(t.Context(), "BLOCK")
		answer <- v
	}()
	eventually(t, func() bool { return h.parked() == 1 }, "the call blocks")
	_, err := h.Call(t.Context(), "WAKE")
	require.NoError(t, err)
	require.Equal(t, "AWAKE", (<-answer).Text)
	require.Zero(t, h.clientCount())
}

func TestCallsInOnePieceAreAnsweredInOrder(t *testing.T) {
	h := launch(t, nil)
	replies, err := h.CallAll(t.Context(), []string{"PING"}, []string{"ECHO", "a"}, []string{"ECHO", "b"})
	require.NoError(t, err)
	require.Len(t, replies, 3)
	require.Equal(t, []string{"PONG", "a", "b"}, []string{replies[0].Text, replies[1].Text, replies[2].Text})

	answers := make(chan []resp.Value, 1)
	go func() {
		v, _ := h.CallAll(t.Context(), []string{"ECHO", "before"}, []string{"BLOCK"}, []string{"ECHO", "after"})
		answers <- v
	}()
	eventually(t, func() bool { return h.parked() == 1 }, "the second call blocks")
	_, err = h.Call(t.Context(), "WAKE")
	require.NoError(t, err)
	v := <-answers
	require.Len(t, v, 3)
	require.Equal(t, []string{"before", "AWAKE", "after"}, []string{v[0].Text, v[1].Text, v[2].Text})
	require.Zero(t, h.clientCount())
}

func TestSlowReaderIsClosedWithoutHurtingOthers(t *testing.T) {
	h := launch(t, func(cfg *node.Config) { cfg.Output.PubSub = node.OutputLimit{Hard: 4 << 20} })
	slow, quick := dial(t, h.Addr()), dial(t, h.Addr())
	slow.send("SUBSCRIBE\r\n")
	slow.want("+OK\r\n")
	text := strings.Repeat("m", 256<<10)
	for range 200 {
		quick.call("PUBLISH", text)
		quick.want("+OK\r\n")
		if h.clientCount() == 1 {
			break
		}
	}
	eventually(t, func() bool { return h.clientCount() == 1 }, "the slow reader is gone")
	quick.send(ping)
	quick.want(pong)
}

func TestClientThatDoesNotReadIsNotServedFurther(t *testing.T) {
	h := launch(t, func(cfg *node.Config) { cfg.WriteWait = 50 * time.Millisecond })
	p := dial(t, h.Addr())
	require.NoError(t, p.Conn.(*net.TCPConn).SetReadBuffer(4096))
	command := resp.AppendWords(nil, "ECHO", strings.Repeat("x", 1<<20))
	for {
		if _, err := p.Write(command); err != nil {
			break
		}
	}
	eventually(t, func() bool { return h.clientCount() == 0 }, "the client is gone")
}

func TestReaderAboveItsSoftLimitIsClosedInTime(t *testing.T) {
	clock := newHandClock()
	h := launch(t, func(cfg *node.Config) {
		cfg.Clock = clock
		cfg.Output.PubSub = node.OutputLimit{Hard: 64 << 20, Soft: 1 << 20, SoftFor: time.Nanosecond}
	})
	slow := dial(t, h.Addr())
	slow.send("SUBSCRIBE\r\n")
	slow.want("+OK\r\n")
	_, err := h.Call(t.Context(), "PUBLISH", strings.Repeat("m", 32<<20))
	require.NoError(t, err)
	require.Equal(t, 1, h.clientCount(), "one burst is forgiven")
	clock.advance(time.Second)
	eventually(t, func() bool { return h.clientCount() == 0 }, "the slow reader is gone")
}

// tuned is a machine with settings.
type tuned struct {
	*fake
	settings map[string]int64
}

func (m tuned) SettingInt(name string) int64 { return m.settings[name] }

func TestSettingsOfTheMachineNarrowTheLimits(t *testing.T) {
	clock := newHandClock()
	settings := map[string]int64{"maxclients": 2, "proto-max-bulk-len": 1000}
	h := launch(t, func(cfg *node.Config) {
		cfg.Clock = clock
		made := cfg.New
		cfg.New = func(b node.Birth) (machine.Machine, error) {
			m, err := made(b)
			return tuned{m.(*fake), settings}, err
		}
	})
	p, q := dial(t, h.Addr()), dial(t, h.Addr())
	p.call("ECHO", strings.Repeat("x", 1000))
	p.want("$1000\r\n" + strings.Repeat("x", 1000) + "\r\n")
	q.call("ECHO", strings.Repeat("x", 1001))
	q.wantEnd("-ERR Protocol error: invalid bulk length\r\n")
	settings["proto-max-bulk-len"] = 10
	clock.advance(node.CronPeriod)
	p.send(ping)
	p.want(pong)
	p.call("ECHO", strings.Repeat("x", 11))
	p.wantEnd("-ERR Protocol error: invalid bulk length\r\n")
}

// TestAWorkInSlicesLetsClientsInBetween has the machine want to go on at once, again and again, until a client
// was served: neither may keep the other from its turn.
func TestAWorkInSlicesLetsClientsInBetween(t *testing.T) {
	h := launch(t, nil)
	p := dial(t, h.Addr())
	p.call("PING")
	p.want("+PONG\r\n")
	slices := 0
	h.hook("WORK", func(f *fake, _ time.Time, _ *machine.Client, _ []string) {
		f.sleep = func(now time.Time) {
			if slices++; slices < 1000 || f.calls.Load() < 3 {
				f.todo.Wake = now
			}
		}
	})
	p.call("WORK")
	p.want("+OK\r\n")
	eventually(t, func() bool {
		done := false
		_ = h.Look(func(machine.Machine) { done = slices >= 1000 })
		return done
	}, "the work goes on by itself")
	p.call("PING")
	p.want("+PONG\r\n")
}

package command

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// wake runs a blocked command again, as the server does when one of its keys became ready.
func (h *testHost) wake(line string) string {
	h.context.Woken = true
	defer func() { h.context.Woken = false }()
	return h.do(strings.Fields(line)...)
}

// last returns the last propagated command.
func (h *testHost) last() string {
	if len(h.stream) == 0 {
		return ""
	}
	return strings.Join(h.stream[len(h.stream)-1], " ")
}

func TestCommandOnMissingKeysBlocksAndIsServedLater(t *testing.T) {
	tests := []struct {
		name     string
		line     string
		keys     []string
		timeout  string // the reply when the time is over
		push     string // makes a key ready
		ready    []string
		reply    string // when served
		stream   string
		mistyped string // puts a value of another kind there, which must not serve
	}{
		{"BLPOP", "BLPOP a b 0.5", []string{"a", "b"}, "*-1\r\n", "rpush b x y", []string{"b"},
			"*2\r\n$1\r\nb\r\n$1\r\nx\r\n", "LPOP b", "set a text"},
		{"BRPOP", "BRPOP a 0.5", []string{"a"}, "*-1\r\n", "rpush a x y", []string{"a"},
			"*2\r\n$1\r\na\r\n$1\r\ny\r\n", "RPOP a", "sadd a x"},
		{"BLMOVE", "BLMOVE a b Left RIGHT 0.5", []string{"a"}, "*-1\r\n", "lpush a x", []string{"a"},
			"$1\r\nx\r\n", "LMOVE a b left right", "set a text"},
		{"BRPOPLPUSH", "BRPOPLPUSH a b 0.5", []string{"a"}, "*-1\r\n", "lpush a x", []string{"a"},
			"$1\r\nx\r\n", "RPOPLPUSH a b", "hset a f v"},
		{"BLMPOP", "BLMPOP 0.5 2 a b RIGHT COUNT 5", []string{"a", "b"}, "*-1\r\n", "rpush b x y", []string{"b"},
			"*2\r\n$1\r\nb\r\n*2\r\n$1\r\ny\r\n$1\r\nx\r\n", "RPOP b 2", "zadd a 1 x"},
		{"BZPOPMIN", "BZPOPMIN a b 0.5", []string{"a", "b"}, "*-1\r\n", "zadd b 1 x 2 y", []string{"b"},
			"*3\r\n$1\r\nb\r\n$1\r\nx\r\n$1\r\n1\r\n", "ZPOPMIN b", "rpush a x"},
		{"BZPOPMAX", "BZPOPMAX a 0.5", []string{"a"}, "*-1\r\n", "zadd a 1 x 2 y", []string{"a"},
			"*3\r\n$1\r\na\r\n$1\r\ny\r\n$1\r\n2\r\n", "ZPOPMAX a", "rpush a x"},
		{"BZMPOP", "BZMPOP 0.5 2 a b MIN COUNT 5", []string{"a", "b"}, "*-1\r\n", "zadd b 1 x", []string{"b"},
			"*2\r\n$1\r\nb\r\n*1\r\n*2\r\n$1\r\nx\r\n$1\r\n1\r\n", "ZPOPMIN b 1", "set a text"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newTestHost()
			require.Equal(t, tt.timeout, h.do(strings.Fields(tt.line)...))
			require.Equal(t, tt.keys, h.blocked)
			require.Equal(t, h.context.Now+500, h.until)

			h.do(strings.Fields(tt.mistyped)...)
			h.wake(tt.line)
			require.Equal(t, tt.keys, h.blocked, "a value of another kind is no reason to answer")
			h.do("del", "a")

			h.do(strings.Fields(tt.push)...)
			require.Equal(t, tt.ready, h.ready)
			require.Equal(t, tt.reply, h.wake(tt.line))
			require.Nil(t, h.blocked)
			require.Equal(t, tt.stream, h.last())
		})
	}
}

func TestMoveToAKeyOfAnotherKindAnswersAnErrorAndKeepsTheElement(t *testing.T) {
	h := newTestHost()
	h.do("set", "b", "text")
	h.do("rpush", "a", "x")
	require.Contains(t, h.wake("BLMOVE a b LEFT LEFT 0"), "WRONGTYPE")
	require.Nil(t, h.blocked)
	require.Equal(t, ":1\r\n", h.do("llen", "a"))
	require.Equal(t, "rpush a x", h.last())
}

func TestMoveInATransactionAnswersNullInPlaceOfBlocking(t *testing.T) {
	h := newTestHost()
	h.context.NoBlock = true
	require.Equal(t, "$-1\r\n", h.do("blmove", "a", "b", "left", "left", "0"))
	require.Equal(t, "$-1\r\n", h.do("brpoplpush", "a", "b", "0"))
	require.Equal(t, "*-1\r\n", h.do("blpop", "a", "0"))
	require.Nil(t, h.blocked)
}

func TestDeadlineIsNowPlusTheTimeToWait(t *testing.T) {
	const negative, wrong = "-ERR timeout is negative\r\n", "-ERR timeout is not a float or out of range\r\n"
	h := newTestHost()
	now := h.context.Now
	tests := []struct {
		timeout string
		reply   string
		until   int64
	}{
		{"0", "*-1\r\n", 0},
		{"0.0001", "*-1\r\n", now + 1},
		{"1.5", "*-1\r\n", now + 1500},
		{"1e3", "*-1\r\n", now + 1_000_000},
		{"-0.0001", "*-1\r\n", 0},
		{"9223372036854775", "*-1\r\n", math.MaxInt64},
		{"9223372036854776", negative, 0},
		{"inf", negative, 0},
		{"1e400", negative, 0},
		{"-1", negative, 0},
		{"nan", wrong, 0},
		{"x", wrong, 0},
		{"\"\"", wrong, 0},
	}
	for _, tt := range tests {
		t.Run(tt.timeout, func(t *testing.T) {
			h.until = 0
			require.Equal(t, tt.reply, h.do("blpop", "a", tt.timeout))
			require.Equal(t, tt.until, h.until)
		})
	}
}

func TestBlockedClientIsServedFromTheKeyThatWokeIt(t *testing.T) {
	h := newTestHost()
	h.do("rpush", "second", "x")
	h.do("rpush", "first", "y")
	h.context.WokenBy = []byte("second")
	require.Equal(t, "*2\r\n$6\r\nsecond\r\n$1\r\nx\r\n", h.wake("BLPOP first second 0"))
}

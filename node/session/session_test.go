package session

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/resp"
)

func words(line string) [][]byte {
	var out [][]byte
	for _, w := range strings.Fields(line) {
		out = append(out, []byte(w))
	}
	return out
}

func TestALineOfClientListHasRedisFieldsInRedisOrder(t *testing.T) {
	l := Line{
		ID: 3, Addr: "127.0.0.1:50000", LocalAddr: "127.0.0.1:26379", Name: "sentinel-89009d89-cmd", Age: 90 * time.Second,
		Idle: time.Second, Flags: Letters("SOP", false, false, true), Channels: 1, Patterns: 2, Multi: -1, Command: "publish", Proto: 3, User: "default", Redirect: -1,
	}
	require.Equal(t, "id=3 addr=127.0.0.1:50000 laddr=127.0.0.1:26379 fd=11 name=sentinel-89009d89-cmd age=90 idle=1 flags=P db=0 sub=1 "+
		"psub=2 ssub=0 multi=-1 qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=0 rbs=1024 rbp=0 obl=0 oll=0 omem=0 tot-mem=1024 events=r "+
		"cmd=publish user=default redir=-1 resp=3", l.String())
	require.Equal(t, "N", Letters("SOP", false, false, false))
}

func TestClientReplySkipSwallowsItsOwnReplyAndTheNext(t *testing.T) {
	var s Silence
	swallowed := func(word string) bool {
		before := s
		if word != "" {
			s.Ask([]byte(word))
		}
		return s.After(before)
	}
	require.False(t, swallowed(""))
	require.True(t, swallowed("skip"))
	require.True(t, swallowed(""), "the command after SKIP")
	require.False(t, swallowed(""))
	require.True(t, swallowed("off"))
	require.True(t, swallowed(""))
	require.False(t, swallowed("on"))
	_, ok := s.Ask([]byte("maybe"))
	require.False(t, ok)
}

func TestHelloStopsAtTheFirstThingThatIsWrong(t *testing.T) {
	login := func(user string, password []byte) bool { return user == "default" && string(password) == "pw" }
	for line, refusal := range map[string]string{
		"HELLO":                              "",
		"HELLO 3 SETNAME x AUTH default pw":  "",
		"HELLO x":                            "ERR Protocol version is not an integer or out of range",
		"HELLO 4":                            resp.ErrNoProto,
		"HELLO 3 AUTH default no SETNAME":    resp.ErrWrongPass,
		"HELLO 3 SETNAME":                    "ERR Syntax error in HELLO option 'SETNAME'",
		"HELLO 3 SETNAME \x01 AUTH alice no": ErrName,
	} {
		_, got := ReadHello(words(line), 2, login)
		require.Equal(t, refusal, got, line)
	}
	h, _ := ReadHello(words("HELLO 3 SETNAME x"), 2, login)
	require.Equal(t, Hello{Proto: 3, Name: "x", Named: true}, h)
	h, _ = ReadHello(words("HELLO"), 3, login)
	require.Equal(t, 3, h.Proto)
}

func TestKillEndsWhoFitsAllOfTheFilter(t *testing.T) {
	isUser := func(name string) bool { return name == "alice" }
	f, refusal := ReadFilter(words("TYPE pubsub LADDR 127.0.0.1:1 USER alice"), isUser)
	require.Empty(t, refusal)
	require.True(t, f.Fits(1, "a:1", "127.0.0.1:1", "pubsub", "alice", false))
	require.False(t, f.Fits(1, "a:1", "127.0.0.1:1", "pubsub", "alice", true), "not the caller, unless told")
	require.False(t, f.Fits(1, "a:1", "127.0.0.1:1", "normal", "alice", false))
	require.False(t, f.Fits(1, "a:1", "127.0.0.1:2", "pubsub", "alice", false))
	require.False(t, f.Fits(1, "a:1", "127.0.0.1:1", "pubsub", "default", false))
	for line, refusal := range map[string]string{
		"ID": resp.ErrSyntax, "ID 0": "ERR client-id should be greater than 0", "TYPE x": "ERR Unknown client type 'x'",
		"USER bob": "ERR No such user 'bob'", "SKIPME maybe": resp.ErrSyntax, "WHAT x": resp.ErrSyntax,
	} {
		_, got := ReadFilter(words(line), isUser)
		require.Equal(t, refusal, got, line)
	}
}

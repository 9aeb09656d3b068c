package hub

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// handshake asks for an upgrade, as bytes.
const handshake = "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

// wire is a socket whose frames a test makes byte by byte.
type wire struct {
	net.Conn
	in *bufio.Reader
	t  *testing.T
}

func dialWire(t *testing.T, address string) *wire {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(address, "ws://"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	_, err = io.WriteString(conn, handshake)
	require.NoError(t, err)
	in := bufio.NewReader(conn)
	resp, err := http.ReadResponse(in, nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusSwitchingProtocols, resp.StatusCode)
	return &wire{conn, in, t}
}

// closed reads frames until the one that closes, and returns its code; 0 when the connection ends
// without one. Whoever wants to is told of each frame's kind.
func (w *wire) closed(heard ...func(kind byte)) int {
	w.t.Helper()
	for {
		var head [2]byte
		if _, err := io.ReadFull(w.in, head[:]); err != nil {
			return 0
		}
		for _, tell := range heard {
			tell(head[0] & 0x0f)
		}
		length := uint64(head[1] & 0x7f)
		switch length {
		case 126:
			var b [2]byte
			_, _ = io.ReadFull(w.in, b[:])
			length = uint64(binary.BigEndian.Uint16(b[:]))
		case 127:
			var b [8]byte
			_, _ = io.ReadFull(w.in, b[:])
			length = binary.BigEndian.Uint64(b[:])
		}
		data := make([]byte, length)
		if _, err := io.ReadFull(w.in, data); err != nil {
			return 0
		}
		if head[0]&0x0f == websocket.CloseMessage && length >= 2 {
			return int(binary.BigEndian.Uint16(data))
		}
	}
}

// frame makes a masked frame; the mask is zero, so that the data is readable.
func frame(first byte, data string) string {
	if len(data) > 125 {
		return string([]byte{first, 0x80 | 126, byte(len(data) >> 8), byte(len(data))}) + "\x00\x00\x00\x00" + data
	}
	return string([]byte{first, 0x80 | byte(len(data))}) + "\x00\x00\x00\x00" + data
}

func TestSEC29FramesThatBreakTheProtocolCloseTheSocketAndNothingElse(t *testing.T) {
	const fin, text, more, ping, closing, none = 0x80, 1, 0, 9, 8, 0
	ack := `{"type":"ack"}`
	tests := []struct {
		name, bytes string
		codes       []int
	}{
		{"a reserved bit", frame(fin|0x40|text, ack), []int{1002}},
		{"another", frame(fin|0x20|text, ack), []int{1002}},
		{"the third", frame(fin|0x10|text, ack), []int{1002}},
		{"a reserved opcode", frame(fin|3, ack), []int{1002}},
		{"a reserved control opcode", frame(fin|11, ""), []int{1002}},
		{"no mask", "\x81\x0e" + ack, []int{1002}},
		{"a control frame in parts", frame(ping, "x"), []int{1002}},
		{"a control frame of 126 bytes", frame(fin|ping, strings.Repeat("x", 126)), []int{1002}},
		{"a continuation of nothing", frame(fin|more, ack), []int{1002}},
		{"a message within a message", frame(text, ack) + frame(fin|text, ack), []int{1002}},
		{"a close of one byte", frame(fin|closing, "x"), []int{none, 1002}},
		{"a close with a code nobody may send", frame(fin|closing, "\x03\xed"), []int{1002}},
		{"a close whose reason is not UTF-8", frame(fin|closing, "\x03\xe8\xff"), []int{1002, 1007}},
		{"a negative length", "\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00", []int{1009}},
		{"a length of 2^62", "\x81\xff\x40\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", []int{1009}},
		{"too long in parts", frame(text, strings.Repeat(" ", 40<<10)) + frame(fin|more, strings.Repeat(" ", 40<<10)), []int{1009}},
		{"too long, announced only", "\x81\xff\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00", []int{1009}},
		{"not UTF-8 in parts", frame(text, `{"type":"`+"\xc3") + frame(fin|more, `("}`), []int{1007}},
		{"binary", frame(fin|2, ack), []int{1003}},
		{"text that ends in the middle", "\x81\x8e\x00\x00\x00\x00{\"type\"", []int{1000}},
		{"half a head", "\x81", []int{1000}},
		{"HTTP again", handshake, []int{1002}},
		{"Redis", "*1\r\n$4\r\nPING\r\n", []int{1002}},
	}
	f := newFakeLab(t)
	_, address := openHub(t, f)
	witness := watch(t, address)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := dialWire(t, address)
			_, err := io.WriteString(w, tt.bytes)
			require.NoError(t, err)
			_ = w.Conn.(*net.TCPConn).CloseWrite() // the hub may have hung up by now, as it should
			require.Contains(t, tt.codes, w.closed())
			witness.until("batch")
		})
	}
}

func TestSEC29PartsAndPongsAreUnderstood(t *testing.T) {
	f := newFakeLab(t)
	_, address := openHub(t, f)
	w := dialWire(t, address)
	_, err := io.WriteString(w, frame(1, `{"type":"te`)+frame(0x80|10, "")+frame(0, `rm","id":7,`)+frame(0x80, `"line":"PING"}`)+frame(0x80|8, "\x03\xe8"))
	require.NoError(t, err)
	require.Equal(t, websocket.CloseNormalClosure, w.closed())
}

// unfolding is a socket that compresses, as browsers do.
var unfolding = websocket.Dialer{EnableCompression: true, WriteBufferSize: readLimit}

func TestSEC29AMessageThatUnfoldsBeyondTheLimitIsTooLong(t *testing.T) {
	f := newFakeLab(t)
	_, address := openHub(t, f)
	socket, resp, err := unfolding.Dial(address, nil)
	require.NoError(t, err)
	defer socket.Close()
	require.Contains(t, resp.Header.Get("Sec-WebSocket-Extensions"), "permessage-deflate")
	w := &watcher{socket, t}
	require.NoError(t, w.WriteMessage(websocket.TextMessage, []byte(`{"type":"x"`+strings.Repeat(" ", readLimit-20)+`}`)))
	require.Contains(t, fmt.Sprint(w.until("error").Error), "unknown type", "within the limit it is read")
	require.NoError(t, w.WriteMessage(websocket.TextMessage, make([]byte, 16<<20))) // a few kilobytes on the way
	w.closes(websocket.CloseMessageTooBig)
}

func TestSEC29AFloodOfPingsHoldsUpNobody(t *testing.T) {
	f := newFakeLab(t)
	_, address := openHub(t, f)
	w := watch(t, address)
	flood := dialWire(t, address)
	_, err := io.WriteString(flood, strings.Repeat(frame(0x80|9, "x"), 5000))
	require.NoError(t, err)
	first := w.until("batch").Seq
	for i := range uint64(5) {
		require.Equal(t, first+1+i, w.until("batch").Seq)
	}
}

func TestSEC29OfAFloodOfPingsAFewAreAnswered(t *testing.T) {
	f := newFakeLab(t)
	_, address := openHub(t, f)
	flood := dialWire(t, address)
	const pings = 5000
	_, err := io.WriteString(flood, strings.Repeat(frame(0x80|9, "x"), pings)+frame(0x80|8, "\x03\xe8"))
	require.NoError(t, err)
	answered := 0
	require.Equal(t, websocket.CloseNormalClosure, flood.closed(func(kind byte) {
		if kind == websocket.PongMessage {
			answered++
		}
	}))
	require.GreaterOrEqual(t, answered, 2*messagesPerSec)
	require.Less(t, answered, pings/10)
}

func TestSEC29TwentyMessagesASecondAndFortyAtOnce(t *testing.T) {
	f := newFakeLab(t)
	_, address := openHub(t, f)
	w := watch(t, address)
	for range 2*messagesPerSec - 1 {
		require.NoError(t, w.WriteJSON(request{Type: "ack"}))
	}
	require.NoError(t, w.WriteJSON(request{Type: "nonsense"})) // its answer comes after those of the forty
	m := w.until("error")
	require.Contains(t, fmt.Sprint(m.Error), "nonsense", "forty are no flood")
	for range 2 * messagesPerSec {
		if w.WriteJSON(request{Type: "ack"}) != nil {
			break // already shown the door
		}
	}
	w.closes(websocket.ClosePolicyViolation)
}

// FuzzF9MessagesOfABrowser: whatever a browser says, it is answered, and the next is served.
func FuzzF9MessagesOfABrowser(f *testing.F) {
	for _, seed := range []string{
		`{"type":"term","id":1,"node":"7000","line":"PING"}`, `{"type":"ack","seq":1}`, `{}`, `[]`, `null`, `"x"`, ``, `{"type":null}`,
		`{"type":"term","id":1e999}`, `{"type":"term","line":"\u0000\ud800"}`, strings.Repeat(`[`, 10000), `{"type":"ack","type":"term"}`, "\xff",
		`{"type":"term","cluster":"yes"}`, `{"TYPE":"ack"}`, `{"type":"ack"}{"type":"ack"}`, `{"type":"__proto__"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v := &viewer{queue: make(chan message, queueLength)}
		understood := v.serve(data)
		require.Equal(t, !understood, len(v.queue) == 1, "a complaint for what is not understood, and for nothing else")
		require.True(t, v.serve([]byte(`{"type":"ack"}`)))
	})
}

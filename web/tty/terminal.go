package tty

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	readLimit     = 64 << 10         // one message of a browser: a pasted page
	maxBehind     = 256 << 10        // bytes that wait for a browser; the shell waits beyond that
	writePatience = 10 * time.Second // a write that takes longer ends the terminal
	closePatience = time.Second      // a closing socket's last word
	pingEvery     = 20 * time.Second
	pongPatience  = 45 * time.Second
	idlePatience  = 30 * time.Minute // without a key: the lesson is over, or the laptop is closed
	maxColumns    = 500
)

// request is what a browser says about its terminal.
type request struct {
	Type    string `json:"type"`
	Columns int    `json:"columns"`
}

// place tells the browser where its terminal is connected, and whether redirections are followed.
type place struct {
	Type    string `json:"type"`
	Addr    string `json:"addr"`
	Cluster bool   `json:"cluster"`
}

// terminal is one socket as a shell sees it. It is read by the shell's reader, written by the
// shell, and emptied by its own writer.
type terminal struct {
	socket   *websocket.Conn
	widths   chan int
	left     []byte // of the message that is being read
	ctx      context.Context
	cancel   context.CancelFunc
	once     sync.Once
	idle     *time.Timer
	patience time.Duration // of idle

	mu      sync.Mutex
	changed *sync.Cond // something waits, there is room again, or the terminal is over
	shown   []byte     // waits to be sent
	told    [][]byte   // text messages that wait
	over    bool       // nothing more will be shown
}

func newTerminal(socket *websocket.Conn, idle time.Duration) *terminal {
	t := &terminal{socket: socket, patience: idle, widths: make(chan int, 1)}
	t.changed = sync.NewCond(&t.mu)
	t.ctx, t.cancel = context.WithCancel(context.Background())
	t.idle = time.AfterFunc(idle, func() { t.stop(closeIdle) })
	socket.SetReadLimit(readLimit)
	t.alive()
	socket.SetPongHandler(func(string) error { t.alive(); return nil })
	return t
}

// alive gives the browser time until its next sign of life.
func (t *terminal) alive() { _ = t.socket.SetReadDeadline(time.Now().Add(pongPatience)) }

// Read returns what was typed; messages about the terminal are obeyed on the way.
func (t *terminal) Read(p []byte) (int, error) {
	for len(t.left) == 0 {
		kind, data, err := t.socket.ReadMessage()
		if err != nil {
			t.stop(websocket.CloseGoingAway)
			return 0, io.EOF
		}
		t.alive()
		t.idle.Reset(t.patience)
		if kind == websocket.BinaryMessage {
			t.left = data
			continue
		}
		if err := t.obey(data); err != nil {
			t.stop(websocket.ClosePolicyViolation)
			return 0, io.EOF
		}
	}
	n := copy(p, t.left)
	t.left = t.left[n:]
	return n, nil
}

// obey does what a text message says.
func (t *terminal) obey(data []byte) error {
	var r request
	if err := json.Unmarshal(data, &r); err != nil {
		return err
	}
	if r.Type != "size" || r.Columns < 1 || r.Columns > maxColumns {
		return errors.New("no size")
	}
	select { // only the last width counts
	case <-t.widths:
	default:
	}
	t.widths <- r.Columns
	return nil
}

// Write queues what is to be shown, and waits while the browser is too far behind.
func (t *terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.shown) > maxBehind && t.ctx.Err() == nil {
		t.changed.Wait()
	}
	if t.ctx.Err() != nil {
		return 0, io.ErrClosedPipe
	}
	t.shown = append(t.shown, p...)
	t.changed.Broadcast()
	return len(p), nil
}

// tell queues a text message; it is sent after what has been shown before it.
func (t *terminal) tell(what any) {
	data, err := json.Marshal(what)
	if err != nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.told = append(t.told, data)
	t.changed.Broadcast()
}

// write is the only goroutine that sends messages. It ends when all has been sent after finish, or
// with the socket.
func (t *terminal) write() {
	for {
		shown, told, ok := t.next()
		if !ok {
			return
		}
		if len(shown) > 0 {
			told = append([][]byte{shown}, told...)
		}
		for i, data := range told {
			kind := websocket.TextMessage
			if i == 0 && len(shown) > 0 {
				kind = websocket.BinaryMessage
			}
			_ = t.socket.SetWriteDeadline(time.Now().Add(writePatience))
			if t.socket.WriteMessage(kind, data) != nil {
				t.stop(websocket.CloseGoingAway)
				return
			}
		}
	}
}

// next waits for something to send; false when nothing more will come.
func (t *terminal) next() (shown []byte, told [][]byte, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for len(t.shown) == 0 && len(t.told) == 0 && !t.over && t.ctx.Err() == nil {
		t.changed.Wait()
	}
	shown, told = t.shown, t.told
	t.shown, t.told = nil, nil
	t.changed.Broadcast()
	return shown, told, t.ctx.Err() == nil && (len(shown) > 0 || len(told) > 0)
}

// finish says that nothing more will be shown.
func (t *terminal) finish() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
	t.changed.Broadcast()
}

// stop closes the socket once, with a code that tells the page why.
func (t *terminal) stop(code int) {
	t.once.Do(func() {
		t.cancel()
		t.idle.Stop()
		t.mu.Lock()
		t.changed.Broadcast()
		t.mu.Unlock()
		_ = t.socket.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reasons[code]), time.Now().Add(closePatience))
		_ = t.socket.Close()
	})
}

// ping asks for a sign of life, again and again.
func (t *terminal) ping() {
	for {
		select {
		case <-t.ctx.Done():
			return
		case <-time.After(pingEvery):
			_ = t.socket.WriteControl(websocket.PingMessage, nil, time.Now().Add(writePatience))
		}
	}
}

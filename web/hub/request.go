package hub

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"
)

const (
	readLimit      = 64 << 10 // one message of a browser: an acknowledgement is far smaller
	pongPatience   = 45 * time.Second
	messagesPerSec = 20 // of one browser, with a burst of twice that
	maxFaults      = 5  // messages we do not understand before the socket is closed
)

// request is what a browser may say: that it is there (ack). Over this socket nobody acts.
type request struct {
	Type string `json:"type"`
	Seq  int64  `json:"seq"`
}

// complaint tells a browser that a message of it was not understood.
type complaint struct {
	Type  string `json:"type"`
	Error string `json:"error"`
	Field string `json:"field,omitempty"`
	Hint  string `json:"hint,omitempty"`
}

// read serves what the browser says until it leaves or misbehaves.
func (v *viewer) read() {
	v.socket.SetReadLimit(readLimit)
	_ = v.socket.SetReadDeadline(time.Now().Add(pongPatience))
	v.socket.SetPongHandler(func(string) error { return v.socket.SetReadDeadline(time.Now().Add(pongPatience)) })
	v.socket.SetPingHandler(v.answerPings())
	limit := rate.NewLimiter(messagesPerSec, 2*messagesPerSec)
	for faults := 0; faults < maxFaults; {
		kind, data, err := v.hear()
		if err != nil {
			return
		}
		_ = v.socket.SetReadDeadline(time.Now().Add(pongPatience))
		switch {
		case kind != websocket.TextMessage:
			v.stop(websocket.CloseUnsupportedData, "text messages only")
			return
		case !utf8.Valid(data):
			v.stop(websocket.CloseInvalidFramePayloadData, "the message is not UTF-8")
			return
		case !limit.Allow():
			v.complain("more than "+strconv.Itoa(messagesPerSec)+" messages a second", "", "slow down")
			faults++
		case !v.serve(data):
			faults++
		}
	}
	v.stop(websocket.ClosePolicyViolation, "too many messages that are not understood or too fast")
}

// answerPings answers the pings of a browser, and of a flood of them a few: each answer is a write.
func (v *viewer) answerPings() func(string) error {
	limit := rate.NewLimiter(messagesPerSec, 2*messagesPerSec)
	answer := v.socket.PingHandler()
	return func(data string) error {
		if !limit.Allow() {
			return nil
		}
		return answer(data)
	}
}

// hear reads one message. The socket bounds what comes over the network; what it unfolds to is
// bounded here.
func (v *viewer) hear() (kind int, data []byte, err error) {
	kind, message, err := v.socket.NextReader()
	if err == nil {
		data, err = io.ReadAll(io.LimitReader(message, readLimit+1))
	}
	if len(data) > readLimit {
		err = websocket.ErrReadLimit
	}
	if errors.Is(err, websocket.ErrReadLimit) {
		v.stop(websocket.CloseMessageTooBig, "")
	}
	return kind, data, err
}

// serve answers one message and reports whether it was understood.
func (v *viewer) serve(data []byte) bool {
	var r request
	if err := json.Unmarshal(data, &r); err != nil {
		v.complain("the message is not what it should be: "+err.Error(), "", `{"type":"ack","seq":1}`)
		return false
	}
	if r.Type != "ack" {
		v.complain("unknown type "+strconv.Quote(r.Type), "type", "ack")
		return false
	}
	return true
}

// complain does not wait: a browser that talks nonsense and does not listen is nobody's concern.
func (v *viewer) complain(what, field, hint string) {
	data, err := json.Marshal(complaint{"error", what, field, hint})
	if err != nil {
		return
	}
	v.enqueue(newMessage(websocket.TextMessage, data, true))
}

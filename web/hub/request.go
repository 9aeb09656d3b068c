package hub

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"
)

const (
	readLimit      = 64 << 10 // one message of a browser: a line of a terminal is far smaller
	pongPatience   = 45 * time.Second
	messagesPerSec = 20 // of one browser, with a burst of twice that
	maxFaults      = 5  // messages we do not understand before the socket is closed
	maxLines       = 64 // lines of a terminal that may wait while one is evaluated: a pasted page
)

// request is what a browser may say.
type request struct {
	Type    string `json:"type"`
	ID      int    `json:"id"`
	Node    string `json:"node"`
	Line    string `json:"line"`
	Cluster bool   `json:"cluster"`
	Seq     int64  `json:"seq"`
}

// printed is terminal output. Output that comes by itself has the id 0 and no prompt.
type printed struct {
	Type   string `json:"type"`
	ID     int    `json:"id"`
	Text   string `json:"text"`
	Prompt string `json:"prompt"`
	Failed bool   `json:"error"`
}

// complaint tells a browser that a message of it was not understood.
type complaint struct {
	Type  string `json:"type"`
	Error string `json:"error"`
	Field string `json:"field,omitempty"`
	Hint  string `json:"hint,omitempty"`
}

// messageTypes is the table of what a browser may say: every type and who serves it.
var messageTypes = map[string]func(*viewer, request) bool{
	"ack":  func(*viewer, request) bool { return true }, // a sign of life
	"term": (*viewer).term,
}

// read serves what the browser says until it leaves or misbehaves.
func (v *viewer) read() {
	v.socket.SetReadLimit(readLimit)
	_ = v.socket.SetReadDeadline(time.Now().Add(pongPatience))
	v.socket.SetPongHandler(func(string) error { return v.socket.SetReadDeadline(time.Now().Add(pongPatience)) })
	limit := rate.NewLimiter(messagesPerSec, 2*messagesPerSec)
	for faults := 0; faults < maxFaults; {
		kind, data, err := v.socket.ReadMessage()
		if errors.Is(err, websocket.ErrReadLimit) {
			v.stop(websocket.CloseMessageTooBig, "")
		}
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

// serve answers one message and reports whether it was understood.
func (v *viewer) serve(data []byte) bool {
	var r request
	if err := json.Unmarshal(data, &r); err != nil {
		v.complain("the message is not what it should be: "+err.Error(), "", `{"type":"term","id":1,"node":"7000","line":"PING"}`)
		return false
	}
	serve := messageTypes[r.Type]
	if serve != nil && !v.may(r.Type) {
		v.complain("only the teacher may do that", "type", "you are watching")
		return false
	}
	if serve != nil {
		return serve(v, r)
	}
	v.complain("unknown type "+strconv.Quote(r.Type), "type", "term or ack")
	return false
}

// complain does not wait: a browser that talks nonsense and does not listen is nobody's concern.
func (v *viewer) complain(what, field, hint string) {
	data, err := json.Marshal(complaint{"error", what, field, hint})
	if err != nil {
		return
	}
	if m, ok := encode(websocket.TextMessage, data); ok {
		v.enqueue(m)
	}
}

// term hands a line to the terminal.
func (v *viewer) term(r request) bool {
	select {
	case v.lines <- r:
		return true
	default:
		v.complain("the terminal is busy, and "+strconv.Itoa(maxLines)+" lines wait already", "line", "wait for an answer")
		return false
	}
}

// work evaluates the lines of the terminal, one after the other.
func (v *viewer) work() {
	for {
		select {
		case <-v.ctx.Done():
			return
		case r := <-v.lines:
			reply := v.hub.handler.Term(v.ctx, Line{
				Session: v.id, Node: r.Node, Text: r.Line, Cluster: r.Cluster,
				Push: func(text string) { v.say(printed{Type: "term", Text: text}) },
			})
			v.say(printed{"term", r.ID, reply.Text, reply.Prompt, reply.Failed})
		}
	}
}

package repl

import (
	"context"
	"log/slog"
	"runtime/debug"
	"strconv"
	"strings"

	"clusterplay/node/resp"
	"clusterplay/playground/wire"
)

// connect makes sure that there is a connection, in the state in which the last one was. The notes
// say what of that state could not be had.
func (s *Session) connect(ctx context.Context) (notes string, err error) {
	if s.current() != nil {
		return "", nil
	}
	c, err := wire.Dial(ctx, s.addr)
	if err != nil {
		return "", err
	}
	s.tx = false
	for _, step := range s.greeting() {
		v, err := c.Do(ctx, step...)
		switch {
		case err != nil:
			_ = c.Close()
			return notes, err
		case v.IsError():
			notes += refused(step) + " failed: " + v.Text + "\n"
			if step[0] == "SELECT" {
				s.DB = 0
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn = c
	return notes, nil
}

// greeting is what a new connection is told before anything else, in the order of redis-cli.
func (s *Session) greeting() [][]string {
	var steps [][]string
	switch {
	case s.Password != "" && s.User != "":
		steps = append(steps, []string{"AUTH", s.User, s.Password})
	case s.Password != "":
		steps = append(steps, []string{"AUTH", s.Password})
	}
	if s.DB != 0 {
		steps = append(steps, []string{"SELECT", strconv.Itoa(s.DB)})
	}
	if s.RESP3 {
		steps = append(steps, []string{"HELLO", "3"})
	}
	return steps
}

// refused names a step of the greeting without the password.
func refused(step []string) string {
	if step[0] == "AUTH" {
		return step[0]
	}
	return strings.Join(step, " ")
}

// Open connects before there is something to say, and returns what is to be shown of it.
func (s *Session) Open(ctx context.Context) (output, prompt string) {
	var out strings.Builder
	if notes, err := s.connect(ctx); err != nil {
		s.complain(&out, connectError(s.addr, err))
	} else {
		s.complain(&out, notes)
	}
	return out.String(), s.Prompt()
}

// complain says what is wrong with the connection and is no reply.
func (s *Session) complain(out *strings.Builder, text string) {
	if s.Complain != nil && text != "" {
		s.Complain(text)
		return
	}
	out.WriteString(text)
}

// Connected tells whether there is a connection.
func (s *Session) Connected() bool { return s.current() != nil }

func (s *Session) current() *wire.Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn
}

// hangUp forgets the connection.
func (s *Session) hangUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn != nil {
		_ = s.conn.Close()
		s.conn = nil
	}
}

// Close hangs up and waits for the reader of pushed messages.
func (s *Session) Close() error {
	s.Interrupt()
	return nil
}

// Interrupt ends SUBSCRIBE, MONITOR or a command that waits, as Ctrl-C does: the connection is
// closed, and the next line opens a new one.
func (s *Session) Interrupt() {
	s.hangUp()
	if s.stream != nil {
		<-s.stream
		s.stream = nil
	}
}

// Streaming is closed when the messages of SUBSCRIBE or MONITOR have ended; nil when none come.
func (s *Session) Streaming() <-chan struct{} { return s.stream }

// pushes tells whether a command turns the connection into a stream of messages.
func pushes(name string) bool {
	switch strings.ToLower(name) {
	case "subscribe", "psubscribe", "ssubscribe", "monitor":
		return true
	}
	return false
}

// listen hands what comes after the first reply of a command that pushes to Push.
func (s *Session) listen(out *strings.Builder, args []string, first resp.Value) {
	if s.Style != Raw && !strings.EqualFold(args[0], "monitor") {
		out.WriteString("Reading messages... (press Ctrl-C to quit)\n")
	}
	out.WriteString(s.print(args, first))
	c, ended := s.current(), make(chan struct{})
	s.stream = ended
	go func() {
		defer close(ended)
		safely(func() { s.hear(c) })
	}()
}

// hear hands on messages until the connection ends.
func (s *Session) hear(c *wire.Conn) {
	for {
		v, err := c.Receive(context.Background())
		if err != nil {
			return
		}
		s.Push(s.print([]string{"message"}, v))
	}
}

// safely keeps a panic of ours from ending the process, in which a whole lab lives.
func safely(f func()) {
	defer func() {
		if r := recover(); r != nil {
			slog.Error("terminal", "panic", r, "stack", string(debug.Stack()))
		}
	}()
	f()
}

// printPush prints a message of RESP3 that nobody asked for.
func (s *Session) printPush(out *strings.Builder, v resp.Value) {
	switch {
	case s.HidePushes:
	case s.Style == Terminal && len(v.List) == 2 && v.List[0].Text == "invalidate" && v.List[1].Kind == resp.KindArray:
		var keys []string
		for _, k := range v.List[1].List {
			keys = append(keys, "'"+k.Text+"'")
		}
		out.WriteString("-> invalidate: " + strings.Join(keys, ", ") + "\n")
	default:
		out.WriteString(s.print([]string{"message"}, v))
	}
}

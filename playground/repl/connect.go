package repl

import (
	"context"
	"strconv"
	"strings"

	"clusterplay/playground/wire"
)

// connect makes sure that there is a connection, in the state in which the last one was.
func (s *Session) connect(ctx context.Context) error {
	if s.current() != nil {
		return nil
	}
	c, err := wire.Dial(ctx, s.addr)
	if err != nil {
		return err
	}
	s.tx = false
	if s.RESP3 {
		if _, err := c.Do(ctx, "HELLO", "3"); err != nil {
			_ = c.Close()
			return err
		}
	}
	if s.db != 0 {
		if v, err := c.Do(ctx, "SELECT", strconv.Itoa(s.db)); err != nil || v.IsError() {
			s.db = 0
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn = c
	return nil
}

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
	s.hangUp()
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

// pushes tells whether a command turns the connection into a stream of messages.
func pushes(name string) bool {
	switch strings.ToLower(name) {
	case "subscribe", "psubscribe", "ssubscribe", "monitor":
		return true
	}
	return false
}

// subscribe sends a command after which messages come by themselves, and hands them to Push.
func (s *Session) subscribe(ctx context.Context, out *strings.Builder, args []string) error {
	if s.Push == nil {
		out.WriteString("(error) " + strings.ToUpper(args[0]) + " needs a terminal that can wait for messages\n")
		return nil
	}
	c := s.current()
	v, err := c.Do(ctx, args...)
	if err != nil {
		return err
	}
	if v.IsError() {
		out.WriteString(s.print(args, v))
		return nil
	}
	out.WriteString("Reading messages... (press Ctrl-C to quit)\n" + s.print(args, v))
	s.stream = make(chan struct{})
	go s.listen(c, s.stream)
	return nil
}

// listen hands pushed messages on until the connection ends.
func (s *Session) listen(c *wire.Conn, ended chan struct{}) {
	defer close(ended)
	for {
		v, err := c.Receive(context.Background())
		if err != nil {
			return
		}
		s.Push(s.print([]string{"message"}, v))
	}
}

package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"clusterplay/node/resp"
	"clusterplay/playground/wire"
)

const (
	// maxRedirects is how often one command is sent on; a client that is sent round more often
	// than there are masters in a large lab is being sent in circles.
	maxRedirects = 16
	// maxRepeat bounds "1000 incr x".
	maxRepeat = 1000
)

// ErrQuit is what Eval returns for quit and exit.
var ErrQuit = errors.New("quit")

// ErrLost is what Run returns when there is no connection; why has been said.
var ErrLost = errors.New("there is no connection")

// Session is one conversation with a node, as one run of redis-cli is. Set its fields before the
// first Eval. It is used by one goroutine at a time, except for Interrupt and Close.
type Session struct {
	Cluster    bool  // follow MOVED and ASK, as with -c
	Silent     bool  // do not say that a redirection is followed
	Style      Style // how replies are printed
	RESP3      bool  // speak RESP3 from the start, as with -3
	HidePushes bool  // do not print what RESP3 sends unasked
	User       string
	Password   string
	DB         int               // the database, which SELECT changes
	Between    *string           // between the elements of a reply in the style Raw, as with -d; nil is a newline
	After      *string           // after a reply in the style Raw, as with -D; nil is a newline
	Push       func(text string) // where messages of SUBSCRIBE and lines of MONITOR go; nil refuses them
	Complain   func(text string) // where it is said that there is no connection; nil puts it among the output
	Hints      bool              // what :set hints and :set nohints have chosen; of use to who shows them

	addr     string
	tx       bool
	wrong    string // the text of the last reply, if it was an error
	commands []Command

	mu     sync.Mutex // guards conn for Interrupt and Close
	conn   *wire.Conn
	stream chan struct{} // closed when the reader of pushed messages has ended
}

// New prepares a session with the node at addr ("127.0.0.1:7000"). It connects when first needed.
func New(addr string, cluster bool) *Session {
	return &Session{addr: addr, Cluster: cluster, Hints: true}
}

// Addr is the node the session talks to now; a redirection changes it.
func (s *Session) Addr() string { return s.addr }

// Prompt is what redis-cli would show before the next line.
func (s *Session) Prompt() string {
	if s.current() == nil {
		return "not connected> "
	}
	p := s.addr
	if s.DB != 0 {
		p += "[" + strconv.Itoa(s.DB) + "]"
	}
	if s.tx {
		p += "(TX)"
	}
	return p + "> "
}

// Eval evaluates one line and returns what redis-cli would print and the next prompt. An error
// says that the session ended (ErrQuit) or that ctx did; what a node answers is never an error.
func (s *Session) Eval(ctx context.Context, line string) (output, prompt string, err error) {
	args, ok := splitWords(line)
	if !ok {
		return "Invalid argument(s)\n", s.Prompt(), nil
	}
	if len(args) == 0 {
		return "", s.Prompt(), nil
	}
	var out strings.Builder
	err = s.words(ctx, &out, args)
	return out.String(), s.Prompt(), err
}

// Run sends one command, whose words nobody has to split and none of which is the session's own
// but help, and returns the text of its reply apart if that was an error. No connection is ErrLost.
func (s *Session) Run(ctx context.Context, args []string) (output, wrong string, err error) {
	if name := strings.ToLower(args[0]); name == "help" || name == "?" {
		return s.help(ctx, args[1:]), "", nil
	}
	var out strings.Builder
	s.wrong = ""
	err = s.command(ctx, &out, args)
	if err == nil && s.current() == nil {
		err = ErrLost
	}
	return out.String(), s.wrong, err
}

// words evaluates the words of a line: the session's own commands, then the server's.
func (s *Session) words(ctx context.Context, out *strings.Builder, args []string) error {
	switch name := strings.ToLower(args[0]); {
	case name == "quit", name == "exit":
		_ = s.Close()
		return ErrQuit
	case name == "connect" && len(args) == 3:
		s.connectTo(ctx, out, args)
		return nil
	case name == "help", name == "?":
		out.WriteString(s.help(ctx, args[1:]))
		return nil
	case name == "clear" && len(args) == 1:
		out.WriteString(clearScreen)
		return nil
	case name[0] == ':':
		out.WriteString(s.prefer(args))
		return nil
	}
	repeat := 1
	if n, err := strconv.Atoi(args[0]); err == nil && len(args) > 1 {
		if n < 1 {
			out.WriteString("Invalid redis-cli repeat command option value.\n")
			return nil
		}
		repeat, args = min(n, maxRepeat), args[1:]
	}
	for range repeat {
		if err := s.command(ctx, out, args); err != nil {
			return err
		}
	}
	return nil
}

// clearScreen is what clear prints.
const clearScreen = "\x1b[H\x1b[2J"

// prefer is :set, with which a person says how the session should be.
func (s *Session) prefer(args []string) string {
	if !strings.EqualFold(args[0], ":set") || len(args) < 2 {
		return "unknown redis-cli internal command '" + args[0] + "'\n"
	}
	switch strings.ToLower(args[1]) {
	case "hints":
		s.Hints = true
	case "nohints":
		s.Hints = false
	case "cluster":
		s.Cluster = true
	case "nocluster":
		s.Cluster = false
	default:
		return "unknown redis-cli preference '" + args[1] + "'\n"
	}
	return ""
}

// connectTo is the session's own connect command.
func (s *Session) connectTo(ctx context.Context, out *strings.Builder, args []string) {
	s.hangUp()
	s.addr = net.JoinHostPort(args[1], args[2])
	text, _ := s.Open(ctx)
	out.WriteString(text)
}

// command sends one command, follows where it is sent on to, and prints its reply. A connection
// that turns out to be dead is opened anew by the next command, as redis-cli does.
func (s *Session) command(ctx context.Context, out *strings.Builder, args []string) error {
	if s.stream != nil {
		s.Interrupt()
	}
	text, _ := s.Open(ctx)
	out.WriteString(text)
	if s.current() == nil {
		return ctx.Err()
	}
	if err := s.exchange(ctx, out, args); err != nil {
		s.hangUp()
		if ctx.Err() == nil {
			s.complain(out, lostError(err))
		}
	}
	return ctx.Err()
}

// exchange is one command with all its redirections on the connections they need.
func (s *Session) exchange(ctx context.Context, out *strings.Builder, args []string) error {
	if pushes(args[0]) && s.Push == nil {
		out.WriteString("(error) " + strings.ToUpper(args[0]) + " needs a terminal that can wait for messages\n")
		return nil
	}
	for range maxRedirects {
		v, err := s.ask(ctx, out, args)
		if err != nil {
			return err
		}
		to, ok := wire.ParseRedirect(v, s.addr)
		if !ok || !s.Cluster {
			s.answer(out, args, v)
			return nil
		}
		if !s.Silent {
			fmt.Fprintf(out, "-> Redirected to slot [%d] located at %s\n", to.Slot, to.Addr)
		}
		if err := s.follow(ctx, out, to); err != nil {
			return err
		}
		if s.current() == nil {
			return nil
		}
	}
	out.WriteString("(error) the nodes sent this command round in circles\n")
	return nil
}

// answer prints the reply of a command, and what follows from it.
func (s *Session) answer(out *strings.Builder, args []string, v resp.Value) {
	s.wrong = ""
	if v.IsError() {
		s.wrong = v.Text
	}
	if pushes(args[0]) && !v.IsError() {
		s.listen(out, args, v)
		return
	}
	s.note(args, v)
	out.WriteString(s.print(args, v))
}

// ask sends a command and waits for its reply; pushed messages that come before are printed.
func (s *Session) ask(ctx context.Context, out *strings.Builder, args []string) (resp.Value, error) {
	c := s.current()
	if err := c.Send(args...); err != nil {
		return resp.Value{}, err
	}
	for {
		v, err := c.Receive(ctx)
		if err != nil || v.Kind != resp.KindPush || pushes(args[0]) {
			return v, err
		}
		s.printPush(out, v)
	}
}

// follow connects to where a redirection points.
func (s *Session) follow(ctx context.Context, out *strings.Builder, to wire.Redirect) error {
	if to.Addr != s.addr {
		s.hangUp()
		s.addr = to.Addr
		text, _ := s.Open(ctx)
		out.WriteString(text)
		if s.current() == nil {
			return nil
		}
	}
	if to.Ask {
		_, err := s.ask(ctx, out, []string{"ASKING"})
		return err
	}
	return nil
}

// note follows what a command means for the prompt.
func (s *Session) note(args []string, v resp.Value) {
	name := strings.ToLower(args[0])
	switch {
	case v.IsError() && name == "exec":
		s.tx = false
	case v.IsError():
	case name == "select" && len(args) == 2 && !s.tx:
		s.DB, _ = strconv.Atoi(args[1])
	case name == "multi":
		s.tx = true
	case name == "exec", name == "discard":
		s.tx = false
	case name == "reset":
		s.DB, s.tx = 0, false
	}
}

// prose tells whether a command's reply is text for people, which is printed as it is.
func prose(args []string) bool {
	name := strings.ToLower(args[0])
	if len(args) < 2 {
		return name == "info" || name == "lolwut"
	}
	switch name + " " + strings.ToLower(args[1]) {
	case "cluster nodes", "cluster info", "client list", "client info", "memory malloc-stats",
		"memory doctor", "latency graph", "latency doctor", "debug htstats", "debug htstats-key":
		return true
	}
	return name == "info" || name == "lolwut"
}

func connectError(addr string, err error) string {
	return fmt.Sprintf("Could not connect to Redis at %s: %s\n", addr, reason(err))
}

// lostError says what became of a connection.
func lostError(err error) string {
	if errors.Is(err, io.EOF) {
		return "Error: Server closed the connection\n"
	}
	return "Error: " + reason(err) + "\n"
}

// reason is the system's word for a failure.
func reason(err error) string {
	var code syscall.Errno
	var timeout net.Error
	switch {
	case errors.As(err, &code):
		text := code.Error()
		return strings.ToUpper(text[:1]) + text[1:]
	case errors.As(err, &timeout) && timeout.Timeout():
		return "Connection timed out"
	}
	return err.Error()
}

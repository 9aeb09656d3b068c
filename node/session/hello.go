package session

import (
	"strconv"
	"strings"

	"clusterplay/node/resp"
)

// ErrName refuses a name for a connection.
const ErrName = "ERR Client names cannot contain spaces, newlines or special characters."

// ErrHelloNoAuth refuses HELLO before AUTH.
const ErrHelloNoAuth = "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO " +
	"AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time"

// ErrNoPassword refuses AUTH with a password alone where none is wanted.
const ErrNoPassword = "ERR AUTH <password> called without any password configured for the default user. " +
	"Are you sure your configuration is correct?"

// ValidName accepts printable characters without spaces (validateClientName).
func ValidName(name []byte) bool {
	for _, r := range name {
		if r < '!' || r > '~' {
			return false
		}
	}
	return true
}

// Hello is what a client asks with HELLO.
type Hello struct {
	Proto int
	Name  string
	Named bool // SETNAME was given
}

// ReadHello reads HELLO [protover [AUTH username password] [SETNAME clientname]]. proto is the
// client's version so far; login is asked as soon as a password is read. A refusal is the whole reply.
func ReadHello(args [][]byte, proto int, login func(user string, password []byte) bool) (h Hello, refusal string) {
	h.Proto = proto
	if len(args) > 1 {
		n, err := strconv.ParseInt(string(args[1]), 10, 64)
		switch {
		case err != nil:
			return h, "ERR Protocol version is not an integer or out of range"
		case n < 2 || n > 3:
			return h, resp.ErrNoProto
		}
		h.Proto = int(n)
	}
	for i := 2; i < len(args); i++ {
		left := len(args) - 1 - i
		switch {
		case strings.EqualFold(string(args[i]), "AUTH") && left >= 2:
			if !login(string(args[i+1]), args[i+2]) {
				return h, resp.ErrWrongPass
			}
			i += 2
		case strings.EqualFold(string(args[i]), "SETNAME") && left >= 1:
			if !ValidName(args[i+1]) {
				return h, ErrName
			}
			h.Name, h.Named = string(args[i+1]), true
			i++
		default:
			return h, "ERR Syntax error in HELLO option '" + string(args[i]) + "'"
		}
	}
	return h, ""
}

// Greeting is what HELLO answers; a Role of "" is left out.
type Greeting struct {
	Version string
	ID      uint64
	Mode    string
	Role    string
}

// Write answers HELLO in the protocol of w.
func (g Greeting) Write(w *resp.Writer) {
	fields := 6
	if g.Role != "" {
		fields++
	}
	w.Map(fields)
	w.BulkString("server")
	w.BulkString("redis")
	w.BulkString("version")
	w.BulkString(g.Version)
	w.BulkString("proto")
	w.Int(int64(w.Proto))
	w.BulkString("id")
	w.Int(int64(g.ID))
	w.BulkString("mode")
	w.BulkString(g.Mode)
	if g.Role != "" {
		w.BulkString("role")
		w.BulkString(g.Role)
	}
	w.BulkString("modules")
	w.Array(0)
}

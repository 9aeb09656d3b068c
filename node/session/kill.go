package session

import (
	"strings"

	"clusterplay/node/resp"
)

// Filter says which connections CLIENT KILL ends; a zero field does not filter.
type Filter struct {
	Kind        string
	addr, laddr string
	user        string
	id          uint64
	skipMe      bool
}

// Fits reports whether a connection is meant; me says that it is the caller's own.
func (f Filter) Fits(id uint64, addr, laddr, kind, user string, me bool) bool {
	switch {
	case f.addr != "" && addr != f.addr,
		f.laddr != "" && laddr != f.laddr,
		f.Kind != "" && kind != f.Kind,
		f.id != 0 && id != f.id,
		f.user != "" && user != f.user,
		f.skipMe && me:
		return false
	}
	return true
}

// ReadFilter reads the pairs after CLIENT KILL and returns why it cannot; isUser tells whether there is a user
// with a name.
func ReadFilter(pairs [][]byte, isUser func(name string) bool) (f Filter, refusal string) {
	f.skipMe = true
	if len(pairs)%2 != 0 {
		return f, resp.ErrSyntax
	}
	for i := 0; i < len(pairs); i += 2 {
		if refusal := f.option(strings.ToLower(string(pairs[i])), pairs[i+1], isUser); refusal != "" {
			return f, refusal
		}
	}
	return f, ""
}

// option takes one pair and returns why it cannot.
func (f *Filter) option(name string, value []byte, isUser func(string) bool) (refusal string) {
	ok := true
	switch name {
	case "id":
		if f.id, ok = ReadID(value); !ok || f.id == 0 {
			return "ERR client-id should be greater than 0"
		}
	case "type":
		if f.Kind, ok = Kind(value); !ok {
			return ErrNoKind(value)
		}
	case "addr":
		f.addr = string(value)
	case "laddr":
		f.laddr = string(value)
	case "user":
		if f.user = string(value); !isUser(f.user) {
			return "ERR No such user '" + f.user + "'"
		}
	case "skipme":
		return f.setSkipMe(value)
	default:
		return resp.ErrSyntax
	}
	return ""
}

func (f *Filter) setSkipMe(value []byte) (refusal string) {
	switch strings.ToLower(string(value)) {
	case "yes":
		f.skipMe = true
	case "no":
		f.skipMe = false
	default:
		return resp.ErrSyntax
	}
	return ""
}

package wire

import (
	"net"
	"strconv"
	"strings"

	"clusterplay/node/resp"
)

// Redirect is what a MOVED or ASK error says.
type Redirect struct {
	Ask  bool
	Slot int
	Addr string
}

// ParseRedirect reads a MOVED or ASK error; from is the address that sent it, whose host stands
// in for an empty one.
func ParseRedirect(v resp.Value, from string) (Redirect, bool) {
	words := strings.Fields(v.Text)
	if !v.IsError() || len(words) < 3 || (words[0] != "MOVED" && words[0] != "ASK") {
		return Redirect{}, false
	}
	slot, err := strconv.Atoi(words[1])
	colon := strings.LastIndexByte(words[2], ':')
	if err != nil || colon < 0 {
		return Redirect{}, false
	}
	host, port := words[2][:colon], words[2][colon+1:]
	if host == "" {
		host, _, _ = net.SplitHostPort(from)
	}
	return Redirect{Ask: words[0] == "ASK", Slot: slot, Addr: net.JoinHostPort(host, port)}, true
}

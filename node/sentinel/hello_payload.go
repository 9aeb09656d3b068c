package sentinel

import (
	"strconv"
	"strings"

	"clusterplay/node/resp"
)

// hello is what one Sentinel tells the others through the nodes: who it is, and where it thinks a
// master is.
type hello struct {
	IP          string
	Port        int
	RunID       string
	Epoch       uint64
	Master      string // its name
	MasterIP    string
	MasterPort  int
	ConfigEpoch uint64
}

// String is the payload: eight fields between commas.
func (h hello) String() string {
	return strings.Join([]string{
		h.IP, strconv.Itoa(h.Port), h.RunID, utoa(h.Epoch), h.Master, h.MasterIP, strconv.Itoa(h.MasterPort), utoa(h.ConfigEpoch),
	}, ",")
}

// parseHello reads a payload. Whoever sends anything else is not listened to.
func parseHello(payload string) (h hello, ok bool) {
	f := strings.Split(payload, ",")
	if len(f) != 8 || !isRunID(f[2]) {
		return hello{}, false
	}
	port, err1 := parsePort(f[1])
	masterPort, err2 := parsePort(f[6])
	epoch, err3 := strconv.ParseUint(f[3], 10, 63)
	configEpoch, err4 := strconv.ParseUint(f[7], 10, 63)
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil {
		return hello{}, false
	}
	return hello{f[0], port, f[2], epoch, f[4], f[5], masterPort, configEpoch}, true
}

func parsePort(text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 16)
	return int(n), err
}

// isRunID reports whether id is 40 hex digits.
func isRunID(id string) bool {
	return len(id) == 40 && strings.Trim(strings.ToLower(id), "0123456789abcdef") == ""
}

func itoa(n int64) string  { return strconv.FormatInt(n, 10) }
func utoa(n uint64) string { return strconv.FormatUint(n, 10) }

// number reads a whole number, 0 for anything else.
func number(text string) int64 {
	n, _ := resp.ParseInt([]byte(text))
	return n
}

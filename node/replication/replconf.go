package replication

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// capaOpenSlots is the capability of a replica that understands CLUSTER SETSLOT in the stream. Redis
// ignores capabilities it does not know.
const capaOpenSlots = "open-slots"

// maxAnnouncedIP is the longest ip-address Redis takes (NET_HOST_STR_LEN).
const maxAnnouncedIP = 255

// Replconf executes REPLCONF. Most forms are answered +OK once; ACK and GETACK are not answered.
func (s *State) Replconf(now time.Time, c *machine.Client, args [][]byte, w *resp.Writer) {
	if len(args)%2 == 0 {
		w.Error(resp.ErrSyntax)
		return
	}
	for i := 1; i < len(args); i += 2 {
		option, value := string(args[i]), string(args[i+1])
		switch strings.ToLower(option) {
		case "ack":
			s.receiveAck(now, c, value)
			return
		case "getack":
			s.sendAck()
			return
		}
		if problem := s.replconfOption(s.peer(c), option, value); problem != "" {
			w.Error(problem)
			return
		}
	}
	w.OK()
}

// replconfOption notes one option of a replica to be, or says what is wrong with it.
func (s *State) replconfOption(r *replica, option, value string) (problem string) {
	switch strings.ToLower(option) {
	case "listening-port":
		return setInt(&r.port, value)
	case "ip-address":
		if len(value) > maxAnnouncedIP {
			return fmt.Sprintf("ERR REPLCONF ip-address provided by replica instance is too long: %d bytes", len(value))
		}
		r.ip = value
	case "capa":
		r.eof = r.eof || strings.EqualFold(value, "eof")
		r.psync2 = r.psync2 || strings.EqualFold(value, "psync2")
		r.openSlots = r.openSlots || strings.EqualFold(value, capaOpenSlots)
	case "rdb-only":
		var n int
		problem = setInt(&n, value)
		if n < 0 || n > 1 {
			return "ERR value is out of range, value must between 0 and 1"
		}
		r.rdbOnly = n == 1
	case "rdb-filter-only":
		return r.filter(value)
	default:
		return "ERR Unrecognized REPLCONF option: " + option
	}
	return problem
}

// filter notes that the peer wants only parts of a snapshot; no word at all means an empty one.
func (r *replica) filter(value string) (problem string) {
	want := Contents{}
	for _, word := range strings.Fields(value) {
		if !strings.EqualFold(word, "functions") {
			return "ERR Unsupported rdb-filter-only option: " + word
		}
		want.Functions = true
	}
	r.filtered, r.want = true, want
	return ""
}

func setInt(field *int, value string) (problem string) {
	n, err := strconv.Atoi(value)
	if err != nil {
		return resp.ErrNotInteger
	}
	*field = n
	return ""
}

// receiveAck notes how far a replica has executed the stream. An acknowledgement never goes
// backwards; it also ends the silence behind an EOF transfer, during which the replica would
// take the stream for a part of the snapshot.
func (s *State) receiveAck(now time.Time, c *machine.Client, value string) {
	r := s.peers[c]
	n, err := strconv.ParseInt(value, 10, 64)
	if r == nil || r.state == NotAttached || err != nil {
		return
	}
	r.ack = max(r.ack, Offset(n))
	r.ackTime = now
	if r.state == Online {
		r.hold = false
	}
	s.countGood(now)
}

package replication

import (
	"strings"
	"testing"
	"time"
)

// FuzzMaster says anything to a replica, cut anywhere, and lets time pass.
func FuzzMaster(f *testing.F) {
	id := strings.Repeat("a", 40)
	greeting := "+PONG\r\n+OK\r\n+OK\r\n"
	f.Add([]byte(greeting+"+FULLRESYNC "+id+" 10\r\n$10\r\nRDB:0:a=1;*1\r\n$4\r\nping\r\n"), 3)
	f.Add([]byte(greeting+"+CONTINUE "+id+"\r\n"+streamMulti+streamGetAck+streamExec), 1)
	f.Add([]byte(greeting+"+FULLRESYNC "+id+" 10\r\n$EOF:"+id+"\r\nRDB:"+id), 7)
	f.Add([]byte("-NOAUTH no\r\n+OK\r\n-ERR\r\n-ERR no PSYNC\r\n$4\r\nRDB:"), 0)
	f.Fuzz(func(t *testing.T, said []byte, piece int) {
		m := newFakeMaster(t, func(c *Config) { c.MasterAuth = "pw" })
		m.node.ignorant = true
		for len(said) > 0 {
			n := len(said)
			if piece > 0 {
				n = min(n, piece)
			}
			m.say(string(said[:n]))
			said = said[n:]
		}
		m.run(2 * time.Second)
	})
}

// FuzzReplica sends any replication commands, one per line, to a master.
func FuzzReplica(f *testing.F) {
	f.Add("REPLCONF capa eof capa psync2\nPSYNC ? -1\nREPLCONF ACK 99\nPSYNC x 1")
	f.Add("REPLCONF rdb-only 1 rdb-filter-only functions capa eof\nSYNC\nREPLCONF ACK 0")
	f.Add("REPLICAOF 127.0.0.1 7001\nPSYNC 0 9223372036854775807 FAILOVER\nREPLICAOF NO ONE\nPSYNC ? -9223372036854775808")
	f.Fuzz(func(t *testing.T, lines string) {
		l := newLab(t, 1)
		v := l.visit(l.nodes[0])
		for line := range strings.Lines(lines) {
			words := strings.Fields(line)
			if len(words) < 1 || strings.EqualFold(words[0], "replicaof") && len(words) != 3 || strings.EqualFold(words[0], "psync") && len(words) < 3 {
				continue // arity is the server's
			}
			v.do(words...)
			l.nodes[0].set("k", "v")
			l.run(time.Second)
		}
	})
}

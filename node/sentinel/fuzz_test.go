package sentinel

import (
	"testing"
	"time"
)

// FuzzReplies lets a node say anything at all: nothing of it may break a Sentinel.
func FuzzReplies(f *testing.F) {
	f.Add([]byte("+PONG\r\n"), false)
	f.Add([]byte("$20\r\nrole:slave\r\nrun_id:x\r\n"), false)
	f.Add([]byte("*3\r\n$7\r\nmessage\r\n$1\r\nx\r\n$43\r\n1,1,cccccccccccccccccccccccccccccccccccccccc,9\r\n"), true)
	f.Add([]byte("*3\r\n:1\r\n$1\r\n*\r\n:-5\r\n"), false)
	f.Fuzz(func(t *testing.T, data []byte, sub bool) {
		w, h := alone(t)
		c := h.mymaster().link.cmd
		if sub {
			c = h.mymaster().link.sub
		}
		h.door(func(s *Sentinel, now time.Time) { s.Receive(now, c.id, data) })
		w.run(5 * time.Second)
	})
}

// FuzzInfoAndHello hands over what looks like a report or a hello.
func FuzzInfoAndHello(f *testing.F) {
	f.Add("role:slave\r\nmaster_host:1.2.3.4\r\nmaster_port:99999999999\r\n", "127.0.0.1,1,"+idA+",9,mymaster,127.0.0.1,7001,9")
	f.Add("slave0:ip=::1,port=6379\r\nslave1:127.0.0.1,80,online\r\nslave2:=,=\r\n", "::1,1,"+idA+",9,mymaster,::1,7001,9")
	f.Fuzz(func(t *testing.T, info, hello string) {
		w, h := alone(t)
		h.enter(w.now)
		for i := range h.mymaster().all() {
			h.receiveInfo(i, info)
			break
		}
		h.overhear(hello)
		h.perform()
		w.run(3 * time.Second)
	})
}

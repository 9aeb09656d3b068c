package sentinel

import (
	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// emit is the one way out for events: to the world and, for those that Redis publishes, to the
// clients subscribed to the event's name.
func (s *Sentinel) emit(e event.Event) {
	s.todo.Emit = append(s.todo.Emit, e)
	if p, ok := e.(event.Published); ok {
		s.publish(p.Name(), p.Payload())
	}
}

// tell emits what is about a master or one of its instances; the master's notification-script hears of it too.
func (s *Sentinel) tell(m *master, e event.Published) {
	s.emit(e)
	s.notify(m, e)
}

// send puts a command on a connection. Commands sent at one time to one place are one frame.
func (s *Sentinel) send(c *conn, words ...string) {
	if last := len(s.todo.Send) - 1; last >= 0 && s.todo.Send[last].Link == c.id {
		s.todo.Send[last].Data = resp.AppendWords(s.todo.Send[last].Data, words...)
		return
	}
	s.todo.Send = append(s.todo.Send, machine.Send{Link: c.id, Data: resp.AppendWords(nil, words...)})
}

// exit asks for the end of this Sentinel.
func (s *Sentinel) exit(code int, why string) { s.todo.Exit = &machine.Exit{Code: code, Reason: why} }

// recycle empties a Todo that has been performed.
func (s *Sentinel) recycle() {
	t := &s.todo
	clear(t.Save)
	clear(t.Send)
	clear(t.Flush)
	clear(t.Emit)
	clear(t.Run)
	clear(t.Resolve)
	*t = machine.Todo{
		Save: t.Save[:0], Dial: t.Dial[:0], Send: t.Send[:0], Close: t.Close[:0], Flush: t.Flush[:0], Emit: t.Emit[:0],
		Run: t.Run[:0], Kill: t.Kill[:0], Resolve: t.Resolve[:0],
	}
}

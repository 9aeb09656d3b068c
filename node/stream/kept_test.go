package stream

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// told is everything that a file says of a stream.
func told(s *Stream) (lines []string) {
	lines = append(lines, fmt.Sprint(s.Facts()))
	for i := range s.Nodes() {
		id, pack := s.Node(i)
		lines = append(lines, fmt.Sprintf("%v %q", id, pack))
	}
	for _, g := range s.Groups() {
		lines = append(lines, fmt.Sprint("group ", g.Name, g.Last, g.Read, g.PendingLen()))
		g.PendingFrom(ID{}, func(p *Pending) bool {
			lines = append(lines, fmt.Sprint(p.ID, p.Delivered, p.Deliveries))
			return true
		})
		for _, c := range g.Consumers() {
			lines = append(lines, fmt.Sprint("consumer ", c.Name, c.Seen, c.PendingLen()))
			c.PendingFrom(ID{}, func(p *Pending) bool {
				lines = append(lines, fmt.Sprint(p.ID))
				return true
			})
		}
	}
	return lines
}

// use changes a stream, its group, or what is pending in that.
func use(t *rapid.T, s *Stream, now int64) {
	id := ID{uint64(rapid.IntRange(1, 60).Draw(t, "id")), 0}
	g := s.Group([]byte("g"))
	if g == nil {
		g = s.NewGroup([]byte("g"), ID{}, 0)
	}
	name := fmt.Append(nil, rapid.IntRange(1, 3).Draw(t, "consumer"))
	c := g.Consumer(name)
	if c == nil {
		c = g.NewConsumer(name, now)
	}
	c.Seen = now
	p := g.Pending(id)
	switch how := rapid.IntRange(0, 9).Draw(t, "how"); {
	case how <= 2:
		next, _ := s.NextID(0)
		_ = s.Add(ID{next.Ms + 1, 0}, [][]byte{[]byte("field"), fmt.Append(nil, now)}, Limits{Entries: 5})
	case how == 3:
		s.Delete(id)
	case how == 4:
		(&Trim{Length: uint64(max(s.Len()-1, 0))}).Apply(s)
	case how == 5:
		g.Acknowledge(id)
	case how == 6 && p != nil:
		g.Assign(p, c)
	case how == 7 && p != nil:
		p = g.Own(p)
		p.Delivered = now
		p.Deliveries++
	case how == 8 && now%7 == 0:
		g.DropConsumer(c)
	case how == 9 && now%17 == 0:
		s.DropGroup([]byte("g"))
	default:
		g.Deliver(id, c, now)
		g.Last, g.Read = id, now
	}
}

// TestAStreamThatIsKeptStaysAsItWas whatever happens to the other one, which is what it would be without.
func TestAStreamThatIsKeptStaysAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, now := new(Stream), int64(0)
		for range rapid.IntRange(1, 3).Draw(t, "times") {
			for range rapid.IntRange(1, 80).Draw(t, "before") {
				now++
				use(t, s, now)
			}
			want, twin := told(s), s.Keep()
			require.Equal(t, want, told(s))
			for range rapid.IntRange(0, 80).Draw(t, "during") {
				now++
				use(t, s, now)
			}
			require.Equal(t, want, told(twin))
			for _, g := range s.Groups() { // both lists of pending entries hold the same ones
				g.PendingFrom(ID{}, func(p *Pending) bool {
					require.Same(t, p, p.Owner.pending.get(p.ID))
					return true
				})
			}
		}
	})
}

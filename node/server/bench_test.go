package server

import (
	"testing"
)

// benchCall measures one command in a pipeline of 16, as a driver runs it.
func benchCall(b *testing.B, d *driver, words ...string) {
	c := d.client("bench")
	args := make([][]byte, len(words))
	for i, w := range words {
		args[i] = []byte(w)
	}
	d.call("bench", "SET", "key", "value")
	d.heard("bench")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		d.s.Call(d.now, c, args)
		if i%16 == 15 {
			d.s.BeforeSleep(d.now)
			c.Out = c.Out[:0]
		}
	}
}

func BenchmarkGet(b *testing.B) { benchCall(b, newDriver(b), "GET", "key") }

func BenchmarkSet(b *testing.B) { benchCall(b, newDriver(b), "SET", "key", "value") }

func BenchmarkGetInCluster(b *testing.B) {
	d := newClusterDriver(b)
	d.do("a", "CLUSTER ADDSLOTSRANGE 0 16383")
	d.pass(3e9)
	benchCall(b, d, "GET", "key")
}

func BenchmarkSetInCluster(b *testing.B) {
	d := newClusterDriver(b)
	d.do("a", "CLUSTER ADDSLOTSRANGE 0 16383")
	d.pass(3e9)
	benchCall(b, d, "SET", "key", "value")
}

func TestGetAndSetAllocateNothing(t *testing.T) {
	for _, row := range []struct {
		name string
		d    *driver
		args []string
	}{
		{"get", newDriver(t), []string{"GET", "key"}},
		{"set", newDriver(t), []string{"SET", "key", "value"}},
		{"get in a cluster", servingNode(t), []string{"GET", "key"}},
		{"set in a cluster", servingNode(t), []string{"SET", "key", "value"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.d.do("a", "SET key value")
			c := row.d.client("a")
			args := asBytes(row.args)
			c.Out = make([]byte, 0, 1<<16)
			allocs := testing.AllocsPerRun(1000, func() {
				row.d.s.Call(row.d.now, c, args)
				c.Out = c.Out[:0]
			})
			if allocs > 0 {
				t.Errorf("%v allocations", allocs)
			}
		})
	}
}

// servingNode is a cluster of one node that owns every slot.
func servingNode(t testing.TB) *driver {
	d := newClusterDriver(t)
	d.do("a", "CLUSTER ADDSLOTSRANGE 0 16383")
	d.pass(3e9)
	return d
}

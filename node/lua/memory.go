package lua

// take counts memory that is about to be taken, and the time that it takes to fill it. When much has been, what is
// still alive is measured, and the script refused if that is too much.
func (s *State) take(n int) {
	s.owe(n / bytesPerStep)
	if s.mem += n; s.mem > s.ceiling {
		s.measure(n)
	}
}

// measure walks over everything the script can reach, which is work of its own: who lives near the limit does it
// often.
func (s *State) measure(n int) {
	if n > s.Memory {
		s.mem -= n
		s.outOfMemory()
	}
	live := s.live()
	s.mem = live + n
	s.ceiling = max(2*s.mem, s.Memory/8)
	if s.mem > s.Memory {
		s.mem, s.ceiling = live, max(live, s.Memory/8)
		s.outOfMemory()
	}
}

// Room refuses a text of n bytes, grown so far, that is more than a script may hold.
func (s *State) Room(n int) {
	if n > s.Memory {
		s.outOfMemory()
	}
}

func (s *State) outOfMemory() { s.Throw(Str("not enough memory")) }

// Used is about how much memory the State occupies, garbage included.
func (s *State) Used() int { return s.mem }

// settle measures what is alive after a script that has taken much.
func (s *State) settle() {
	if s.mem > s.ceiling/8 {
		s.mem = s.live()
		s.ceiling = max(2*s.mem, s.Memory/8)
	}
}

// Measure is what is alive in the State.
func (s *State) Measure() int {
	s.mem = s.live()
	return s.mem
}

// walk is one measuring.
type walk struct {
	epoch  uint32
	size   int
	looked int // at how many values
	queue  []any
}

func (s *State) live() int {
	s.epoch++
	w := &walk{epoch: s.epoch}
	w.table(s.globals)
	w.table(s.stringMeta)
	w.values(s.roots)
	w.values(s.stack)
	w.values(s.ret)
	w.thread(&s.main)
	w.thread(s.thread)
	for len(w.queue) > 0 {
		o := w.queue[len(w.queue)-1]
		w.queue = w.queue[:len(w.queue)-1]
		w.open(o)
	}
	s.owe(w.looked / looksPerStep)
	return w.size
}

// looksPerStep is how many values a measuring looks at in the time of a step: they are all over the memory.
const looksPerStep = 4

func (w *walk) values(vs []Value) {
	w.looked += len(vs)
	for _, v := range vs {
		w.value(v)
	}
}

func (w *walk) value(v Value) {
	switch o := v.o.(type) {
	case *str:
		if o.epoch != w.epoch {
			o.epoch = w.epoch
			w.size += stringSize + len(o.s)
		}
	case *Table:
		w.table(o)
	case *Function:
		w.function(o)
	case *thread:
		w.thread(o)
	case *cell:
		w.cell(o)
	}
}

func (w *walk) table(t *Table) {
	if t == nil || t.epoch == w.epoch {
		return
	}
	t.epoch = w.epoch
	w.size += tableSize + valueSize*len(t.array) + nodeSize*len(t.nodes)
	w.queue = append(w.queue, t)
}

func (w *walk) function(f *Function) {
	if f == nil || f.epoch == w.epoch {
		return
	}
	f.epoch = w.epoch
	w.size += functionSize + 8*len(f.ups)
	if p := f.proto; p != nil && p.epoch != w.epoch {
		p.epoch = w.epoch
		w.size += p.size
	}
	w.queue = append(w.queue, f)
}

func (w *walk) thread(t *thread) {
	if t == nil || t.epoch == w.epoch {
		return
	}
	t.epoch = w.epoch
	w.size += threadSize
	w.queue = append(w.queue, t)
}

func (w *walk) cell(c *cell) {
	if c.epoch != w.epoch {
		c.epoch = w.epoch
		w.size += cellSize
		w.queue = append(w.queue, c)
	}
}

// open looks at what one thing holds.
func (w *walk) open(o any) {
	switch o := o.(type) {
	case *Table:
		w.table(o.meta)
		w.values(o.array)
		w.looked += 1 + 2*len(o.nodes)
		for i := range o.nodes {
			w.value(o.nodes[i].key)
			w.value(o.nodes[i].value)
		}
	case *Function:
		for _, c := range o.ups {
			w.cell(c)
		}
	case *cell:
		w.value(o.v)
	case *thread:
		if o.co != nil {
			w.thread(o.co.parent)
			w.values(o.co.stack)
			w.values(o.co.in)
		}
		for _, f := range o.frames[:o.depth] {
			w.size += frameSize + valueSize*len(f.regs)
			w.function(f.fn)
			w.values(f.regs)
			w.values(f.varargs)
			w.values(f.scratch)
			w.values(f.out)
		}
	}
}

const (
	frameSize  = 160
	threadSize = 12 << 10 // a coroutine has a stack of Go's too
)

package keyspace

import "math"

// Counting says how the use of keys is remembered: when they were used last or, with ByFrequency,
// how often.
type Counting struct {
	ByFrequency bool
	LogFactor   int64 // lfu-log-factor: the greater, the slower a counter rises
	Decay       int64 // lfu-decay-time: minutes after which an unused key's counter falls by one; 0 never

	Rand func(n int) int // a number in [0, n)
}

// Use sets how use is remembered. What was remembered in the other way is nonsense from then on,
// until the key is used again, as in Redis.
func (s *Space) Use(c Counting) { s.counting = c }

const (
	freshCounter = 5   // LFU_INIT_VAL: a new key must not be the first to go
	mostCounter  = 255 // a counter has a byte
	minutesMask  = 1<<16 - 1
)

// touch makes the key used now.
func (s *Space) touch(e *Entry, now int64) {
	if s.counting.ByFrequency {
		e.access = s.pack(now, s.counting.rise(e.frequency(now, s.counting.Decay)))
		return
	}
	e.access = uint32(now / 1000)
}

// fresh makes a new key used for the first time.
func (s *Space) fresh(e *Entry, now int64) {
	if s.counting.ByFrequency {
		e.access = s.pack(now, freshCounter)
		return
	}
	e.access = uint32(now / 1000)
}

// pack puts the minutes, of which 16 bits are kept, above the counter.
func (s *Space) pack(now int64, counter uint32) uint32 { return minutes(now)<<8 | counter }

func minutes(now int64) uint32 { return uint32(now/60_000) & minutesMask }

// rise adds one to a counter, the more seldom the higher it is (LFULogIncr).
func (c *Counting) rise(counter uint32) uint32 {
	if counter >= mostCounter {
		return mostCounter
	}
	above := max(0, int64(counter)-freshCounter)
	if chances := above * c.LogFactor; chances == 0 || c.Rand(int(min(chances, math.MaxInt32))+1) == 0 {
		counter++
	}
	return counter
}

// frequency returns the counter, less what it has lost since the last use (LFUDecrAndReturn).
func (e *Entry) frequency(now, decay int64) uint32 {
	counter, then := e.access&mostCounter, e.access>>8&minutesMask
	if decay == 0 {
		return counter
	}
	lost := int64((minutes(now)-then)&minutesMask) / decay
	return uint32(max(0, int64(counter)-lost))
}

// Frequency returns how often the key was used lately, from 0 to 255 on a logarithmic scale; it
// makes sense only while use is counted by frequency (OBJECT FREQ).
func (s *Space) Frequency(e *Entry, now int64) int { return int(e.frequency(now, s.counting.Decay)) }

// SetFrequency makes the key look used that often (RESTORE FREQ).
func (s *Space) SetFrequency(e *Entry, now int64, counter int) {
	if s.counting.ByFrequency {
		e.access = s.pack(now, uint32(counter))
	}
}

// SetIdle makes the key look unused for that many seconds (RESTORE IDLETIME).
func (s *Space) SetIdle(e *Entry, now, seconds int64) {
	if !s.counting.ByFrequency {
		e.access = uint32(min(max(0, now/1000-seconds), math.MaxUint32))
	}
}

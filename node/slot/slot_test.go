package slot

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCRC16HasTheCheckValueOfXmodem(t *testing.T) {
	require.Equal(t, uint16(0x31C3), CRC16([]byte("123456789")))
}

func TestKeysFallIntoTheSlotsOfARealServer(t *testing.T) {
	for _, tt := range []struct {
		name, key string
		want      Slot
	}{
		{"empty key", "", 0},
		{"plain", "foo", 12182},
		{"plain", "bar", 5061},
		{"plain", "hello", 866},
		{"check value", "123456789", 12739},
		{"empty tag first", "{}bar", 6479},
		{"unterminated tag", "foo{bar", 15278},
		{"first of two tags", "{a}{b}", 15495},
		{"the bare tag", "a", 15495},
		{"tag in front", "{user1000}.following", 3443},
		{"the bare tag", "user1000", 3443},
		{"empty tag then another", "foo{}{bar}", 8363},
		{"brace inside the tag", "foo{{bar}}zap", 4015},
		{"two tags", "foo{bar}{zap}", 5061},
		{"closing brace before", "}{bar}", 5061},
		{"closing brace only", "bar}", 6624},
		{"tag in the middle", "a{b}c{d}", 3300},
		{"binary", "\x00\xff", 7920},
	} {
		t.Run(tt.name+" "+tt.key, func(t *testing.T) {
			require.Equal(t, tt.want, Of([]byte(tt.key)))
			require.Equal(t, tt.want, OfString(tt.key))
		})
	}
}

// slowOf computes a slot bit by bit, from the definition.
func slowOf(key []byte) Slot {
	if _, rest, found := bytes.Cut(key, []byte("{")); found {
		if tag, _, closed := bytes.Cut(rest, []byte("}")); closed && len(tag) > 0 {
			key = tag
		}
	}
	register := uint32(0)
	for _, c := range append(bytes.Clone(key), 0, 0) {
		for bit := 7; bit >= 0; bit-- {
			register = register<<1 | uint32(c>>bit&1)
			if register&0x10000 != 0 {
				register ^= 0x11021
			}
		}
	}
	return Slot(register % 16384)
}

func FuzzOf(f *testing.F) {
	for _, key := range []string{"", "foo", "{}", "{a}", "a{b}c{d}", "}{", "{{a}}", "\x00\xff"} {
		f.Add([]byte(key))
	}
	f.Fuzz(func(t *testing.T, key []byte) {
		want := slowOf(key)
		require.Equal(t, want, Of(key))
		require.Equal(t, want, OfString(string(key)))
	})
}

func TestOfAllocatesNothing(t *testing.T) {
	key := []byte("user:{1000}:name")
	require.Zero(t, testing.AllocsPerRun(100, func() { Of(key) }))
}

func TestSetCountsItsSlotsFromTheLeastSignificantBit(t *testing.T) {
	var set Set
	for s := 10923; s < Count; s++ {
		set.Add(Slot(s))
	}
	require.Equal(t, byte(0xf8), set[1365], "slot 10923 is bit 3 of byte 1365")
	require.Equal(t, 5461, set.Len())
	require.Equal(t, "10923-16383", set.String())
	set.Remove(12000)
	require.False(t, set.Has(12000))
	require.Equal(t, "10923-11999 12001-16383", set.String())
}

func TestRangesAreMaximalAndAscending(t *testing.T) {
	for _, tt := range []struct{ name, text string }{
		{"nothing", ""},
		{"one slot", "7"},
		{"everything", "0-16383"},
		{"across words", "0-99 200 300-400 16383"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var set Set
			for _, field := range strings.Fields(tt.text) {
				r, err := ParseRange(field)
				require.NoError(t, err)
				set.AddRange(r)
			}
			require.Equal(t, tt.text, set.String())
			total := 0
			for _, r := range set.Ranges() {
				total += r.Len()
			}
			require.Equal(t, set.Len(), total)
		})
	}
}

func TestMisspeltRangesAreRefused(t *testing.T) {
	for _, text := range []string{"", "-", "-1", "1-", "a", "16384", "0-16384", "5-4", "01", "+1", " 1", "1 ", "1-2-3", "99999999999999999999"} {
		t.Run(text, func(t *testing.T) {
			_, err := ParseRange(text)
			require.Error(t, err)
		})
	}
}

func FuzzParseRange(f *testing.F) {
	f.Add("0-5460")
	f.Add("7")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseRange(text)
		if err != nil {
			return
		}
		again, err := ParseRange(r.String())
		require.NoError(t, err)
		require.Equal(t, r, again)
	})
}

func BenchmarkOf(b *testing.B) {
	key := []byte("user:1000:name")
	for b.Loop() {
		Of(key)
	}
}

func TestAListGrowsSlotBySlot(t *testing.T) {
	for _, c := range []struct {
		name, before string
		add          Slot
		after        string
	}{
		{"the first", "", 7, "7"},
		{"the next one", "7", 8, "7-8"},
		{"one more", "5 7-8", 9, "5 7-9"},
		{"one further on", "7-8", 10, "7-8 10"},
		{"one before", "7-8", 6, "7-8 6"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Join(c.before, c.add)
			require.Equal(t, c.after, got)
			set, err := ParseSet(got)
			require.NoError(t, err)
			require.True(t, set.Has(c.add))
			before, err := ParseSet(c.before)
			require.NoError(t, err)
			require.Equal(t, before.Len()+1, set.Len())
		})
	}
	_, err := ParseSet("5 x")
	require.ErrorIs(t, err, ErrInvalid)
}

package aof

import (
	"testing"

	"clusterplay/node/hostile"
	"clusterplay/node/resp"

	"github.com/stretchr/testify/require"
)

// readAll reads a file to its end.
func readAll(data []byte) (commands []string, at int, err error) {
	r := NewReader(data)
	for {
		args, err := r.Next()
		if err != nil || args == nil {
			return commands, r.Offset(), err
		}
		line := ""
		for _, a := range args {
			line += string(a) + " "
		}
		commands = append(commands, line)
	}
}

func TestFileCutAnywhereGivesTheCommandsBeforeTheCut(t *testing.T) {
	var whole []byte
	var ends []int
	for _, words := range [][]string{{"SELECT", "0"}, {"SET", "k", "a value of some\r\nlength"}, {"SET", "empty", ""}, {"DEL", "k"}} {
		whole = AppendTimestamp(whole, 1700000000)
		ends = append(ends, len(whole))
		whole = resp.AppendWords(whole, words...)
		ends = append(ends, len(whole))
	}
	for cut := range len(whole) + 1 {
		commands, at, err := readAll(whole[:cut])
		good, n := 0, 0
		for i, end := range ends {
			if end <= cut {
				good, n = end, (i+1)/2
			}
		}
		require.Equal(t, good, at, "cut at %d", cut)
		require.Len(t, commands, n)
		if cut == good {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, ErrShort, "cut at %d", cut)
		}
	}
}

func TestDamageIsNotTakenForAMissingEnd(t *testing.T) {
	good := string(resp.AppendWords(nil, "SET", "k", "v"))
	for _, row := range []struct{ name, text string }{
		{"a word too many", "*4\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n" + good},
		{"no words", "*0\r\n" + good},
		{"fewer than none", "*-1\r\n" + good},
		{"no number", "*\r\n" + good},
		{"not a command", "+OK\r\n" + good},
		{"word too short", "*1\r\n$3\r\nSETX\r\n" + good},
		{"number of 30 digits", "*999999999999999999999999999999\r\n" + good},
		{"zeros", "\x00\x00" + good},
	} {
		t.Run(row.name, func(t *testing.T) {
			commands, at, err := readAll([]byte(good + row.text))
			require.ErrorIs(t, err, ErrFormat)
			require.Len(t, commands, 1)
			require.Equal(t, len(good), at)
		})
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte("#TS:1\r\n*1\r\n$4\r\nPING\r\n"))
	f.Add([]byte("*2\r\n$1\r\na\r\n$3\r\nb"))
	f.Add([]byte("*1000000\r\n$1\r\na\r\n"))
	f.Add([]byte("*1\r\n$1000000000\r\na"))
	f.Fuzz(func(t *testing.T, data []byte) {
		hostile.Bound(t, len(data), func() {
			r := NewReader(data)
			for args, err := r.Next(); err == nil && args != nil; args, err = r.Next() {
				continue
			}
		})
		commands, at, err := readAll(data)
		require.LessOrEqual(t, at, len(data))
		again, end, second := readAll(data[:at])
		require.NoError(t, second, "what was read is whole")
		require.Equal(t, at, end)
		require.Equal(t, commands, again)
		if err == nil {
			require.Equal(t, len(data), at)
		}
	})
}

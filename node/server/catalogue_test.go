package server

import (
	"crypto/sha1"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"clusterplay/node/hostile"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// speak has a row's conversation with a server.
func speak(t *testing.T, r row, call func(words ...string) string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(r.says), "\n")
	for i := 0; i+1 < len(lines); i += 2 {
		command, asked := strings.CutPrefix(lines[i], "> ")
		require.True(t, asked, "%q is no command", lines[i])
		words := split(command)
		for j, word := range words {
			if strings.Contains(word, `\`) {
				var err error
				words[j], err = strconv.Unquote(`"` + word + `"`)
				require.NoError(t, err)
			}
		}
		want := strings.ReplaceAll(lines[i+1], "SHA", fmt.Sprintf("%x", sha1.Sum([]byte(words[min(1, len(words)-1)]))))
		assert.Equal(t, want, call(words...), lines[i])
	}
}

// catalogueServer is a server without leave for DEBUG, as people have it.
func catalogueServer(t *testing.T) *driver {
	return newDriver(t, "enable-debug-command", "no")
}

func TestBadCallsAreAnsweredInRedisWords(t *testing.T) {
	d := catalogueServer(t)
	for _, r := range badCalls {
		t.Run(r.name, func(t *testing.T) {
			d.do("a", "FLUSHALL")
			speak(t, r, func(words ...string) string { return d.call("a", words...) })
			require.Equal(t, "+PONG|", d.do("a", "PING"))
		})
	}
}

func TestRealRedisAnswersBadCallsTheSame(t *testing.T) {
	redis := startReal(t, "--enable-debug-command", "no")
	for _, r := range badCalls {
		t.Run(r.name, func(t *testing.T) {
			redis.call("FLUSHALL")
			speak(t, r, redis.call)
			require.Equal(t, "+PONG|", redis.call("PING"))
		})
	}
}

func TestBadCallsThatWouldCostTooMuch(t *testing.T) {
	d := newDriver(t)
	t.Run("B22 a string larger than a script may hold", func(t *testing.T) {
		const source = `return #string.rep("x", 600*1024*1024)`
		var reply string
		hostile.Bound(t, len(source), func() { reply = d.call("a", "EVAL", source, "0") }) // the size is known before anything is made
		require.Contains(t, reply, "-ERR not enough memory script: ")
	})
	t.Run("B30 a pattern of many stars", func(t *testing.T) {
		require.Equal(t, "+OK|", d.do("a", "DEBUG POPULATE 100000 "+strings.Repeat("a", 40)))
		require.Equal(t, "*0|", d.do("a", "KEYS "+strings.Repeat("a*", 50)+"b"))
	})
}

func TestWritesThatCannotBeTakenAreRefused(t *testing.T) {
	t.Run("B32 disk of the log", func(t *testing.T) {
		d := newDriver(t, "appendonly", "yes")
		d.noDisk = errors.New("no space left on device")
		d.do("a", "SET k v")
		require.Equal(t, "-MISCONF Errors writing to the AOF file: No space left on device|", d.do("a", "SET k w"))
	})
	t.Run("B32 while loading", func(t *testing.T) {
		d := newDriver(t)
		d.do("a", "DEBUG POPULATE 100")
		d.do("a", "SAVE")
		d = bornDriver(t, Config{Port: 7000, Files: d.files, Settings: map[string]string{"key-load-delay": "10000"}})
		require.Equal(t, "-LOADING Redis is loading the dataset in memory|", d.do("a", "SET k v"))
	})
}

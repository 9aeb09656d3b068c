package server

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"clusterplay/node/event"
	"clusterplay/node/hostile"

	"github.com/stretchr/testify/require"
)

// wholeLog is what a life of all kinds of changes has left in its log.
func wholeLog(t testing.TB) []byte {
	d := newDriver(t, "appendonly", "yes", "aof-timestamp-enabled", "yes")
	for _, line := range everyChange {
		d.do("a", line)
	}
	return d.files[firstIncr]
}

// bornFromLog begins a life with a log. cut is where the log was cut off, -1 if it was whole.
func bornFromLog(log []byte) (s *Server, cut int64, err error) {
	files := map[string][]byte{manifestName: []byte("file appendonly.aof.1.incr.aof seq 1 type i\n"), firstIncr: log}
	s, err = New(Config{Port: 7000, Settings: pairs([]string{"appendonly", "yes", "save", ""}), Files: files}, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		return nil, 0, err
	}
	cut = -1
	for _, e := range s.BeforeSleep(birth).Emit {
		if loaded, is := e.(event.LogLoaded); is && loaded.Cut != "" {
			cut = loaded.At
		}
	}
	return s, cut, nil
}

// newServerCost is what a server costs that has no log to read: its tables and its backlog.
const newServerCost = 16 << 20

// FuzzLog loads any log, and the same log cut off anywhere. What is cut off loads as the commands
// before the cut, and as nothing else; a log that is damaged is refused, not half
// believed, and costs memory in proportion to its size.
func FuzzLog(f *testing.F) {
	whole := wholeLog(f)
	f.Add(whole, uint32(len(whole)/2))
	f.Add([]byte("*2000000\r\n$3\r\nSET\r\n$500000000\r\n"), uint32(5))
	for i, log := range hostile.Variants(whole, 80) {
		f.Add(log, uint32(i*37))
	}
	f.Fuzz(func(t *testing.T, log []byte, at uint32) {
		var s *Server
		var end int64
		var err error
		hostile.Bound(t, len(log)+newServerCost/hostile.PerByte, func() { s, end, err = bornFromLog(log) })
		if err != nil || bytes.HasPrefix(log, []byte("REDIS")) { // a snapshot in front is whole or nothing
			return
		}
		if end >= 0 {
			requirePrefix(t, log, end, s)
		}
		log = log[:int(at)%(len(log)+1)]
		part, end, err := bornFromLog(log)
		require.NoError(t, err, "a log that lacks its end is loaded")
		if end >= 0 {
			requirePrefix(t, log, end, part)
		}
	})
}

// requirePrefix says that a server holds what the log says up to end, where it was cut off.
func requirePrefix(t *testing.T, log []byte, end int64, s *Server) {
	t.Helper()
	want, again, err := bornFromLog(log[:end])
	require.NoError(t, err)
	require.EqualValues(t, -1, again, "what is left is whole")
	require.Equal(t, want.Digest(), s.Digest())
}

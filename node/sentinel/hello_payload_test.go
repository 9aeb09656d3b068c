package sentinel

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// aHello is one that a real Sentinel sent, with its id made readable.
const aHello = "127.0.0.1,22010,89009d89009d89009d89009d89009d89009ddaa1,3,mymaster,127.0.0.1,22000,2"

func TestAHelloIsReadAndWrittenByteForByte(t *testing.T) {
	h, ok := parseHello(aHello)
	require.True(t, ok)
	require.Equal(t, hello{
		IP: "127.0.0.1", Port: 22010, RunID: "89009d89009d89009d89009d89009d89009ddaa1", Epoch: 3,
		Master: "mymaster", MasterIP: "127.0.0.1", MasterPort: 22000, ConfigEpoch: 2,
	}, h)
	require.Equal(t, aHello, h.String())
}

func TestWhatNoSentinelWouldSayIsNoHello(t *testing.T) {
	for name, payload := range map[string]string{
		"empty":               "",
		"seven fields":        strings.TrimSuffix(aHello, ",2"),
		"nine fields":         aHello + ",1",
		"port beyond 65535":   strings.Replace(aHello, "22010", "65536", 1),
		"negative port":       strings.Replace(aHello, "22010", "-1", 1),
		"port with a tail":    strings.Replace(aHello, "22010", "22010x", 1),
		"short id":            strings.Replace(aHello, "daa1", "daa", 1),
		"id with other signs": strings.Replace(aHello, "daa1", "daag", 1),
		"epoch beyond 64 bit": strings.Replace(aHello, ",3,", ",18446744073709551616,", 1),
		"bad config epoch":    strings.TrimSuffix(aHello, "2") + "x",
	} {
		_, ok := parseHello(payload)
		require.False(t, ok, name)
	}
}

func FuzzHello(f *testing.F) {
	f.Add(aHello)
	f.Add("::1,0,89009d89009d89009d89009d89009d89009ddaa1,9223372036854775807,m,a.example,65535,0")
	f.Fuzz(func(t *testing.T, payload string) {
		h, ok := parseHello(payload)
		if !ok {
			return
		}
		again, ok := parseHello(h.String())
		require.True(t, ok)
		require.Equal(t, h, again)
	})
}

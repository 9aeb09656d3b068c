package hostile

import (
	"encoding/hex"
	"os"
	"strconv"
	"strings"
	"testing"
)

// Captured is one packet that somebody really sent.
type Captured struct {
	Name  string
	Bytes []byte
}

// Packets reads a file of captured packets: one a line, a name and its bytes in hex, where aa*9 stands
// for nine times aa.
func Packets(t testing.TB, file string) (packets []Captured) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		var packet []byte
		for _, run := range fields[1:] {
			digits, times, repeated := strings.Cut(run, "*")
			part, err := hex.DecodeString(digits)
			n := 1
			if repeated && err == nil {
				n, err = strconv.Atoi(times)
			}
			if err != nil {
				t.Fatalf("%s: %s: %v", file, fields[0], err)
			}
			for range n {
				packet = append(packet, part...)
			}
		}
		packets = append(packets, Captured{fields[0], packet})
	}
	return packets
}

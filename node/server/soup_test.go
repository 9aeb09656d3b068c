package server

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"clusterplay/node/command"
)

// soupWords are arguments that are a key here, a number there, and an option elsewhere.
var soupWords = []string{
	"a", "b", "{a}c", "l", "0", "1", "-1", "2", "16384", "9223372036854775807", "-9223372036854775808", "1.5", "nan", "inf",
	"", "*", "GET", "EX", "PX", "KEYS", "COUNT", "STORE", "LEFT", "RIGHT", "WITHSCORES", "BYSCORE", "ON", "OFF", "TYPE",
	"normal", "ID", "NODE", "STABLE", "IMPORTING", "MATCH", "LIMIT", "AUTH", "SETNAME", "default", "127.0.0.1", "7000",
	"maxmemory", "save", "requirepass", "set", "ALL", "WRITE", "\x00\xff\r\n", "(1", "[a", "+", "-", "ack", "capa", "eof",
}

// soupAvoids are calls that end or stop the machine on purpose.
func soupAvoids(cmd *command.Command, args []string) bool {
	switch cmd.Name {
	case "shutdown", "debug":
		return true
	case "set":
		return cmd.Parent != nil && len(args) > 2 // CONFIG SET requirepass locks everybody out
	}
	return false
}

// TestAnyCommandWithAnyArgumentsIsSurvived throws random calls of every command at a server with a
// few clients. Its own checks, which panic, are what is tested, and that replies go on coming.
func TestAnyCommandWithAnyArgumentsIsSurvived(t *testing.T) {
	for _, row := range []struct {
		name string
		d    *driver
	}{{"alone", newDriver(t)}, {"cluster", servingNode(t)}} {
		t.Run(row.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(7, 7))
			for i := range 30000 {
				soupCall(row.d, rng, fmt.Sprintf("c%d", rng.IntN(6)))
				if i%50 == 0 {
					row.d.pass(100 * time.Millisecond)
				}
			}
			if reply := row.d.do("fresh", "PING"); reply != "+PONG|" && reply != "" {
				t.Fatalf("after the soup PING is answered %q", reply)
			}
		})
	}
}

func soupCall(d *driver, rng *rand.Rand, name string) {
	table := d.s.table
	cmd := table.ByID(rng.IntN(table.Size()))
	words := []string{cmd.Name}
	if cmd.Parent != nil {
		words = []string{cmd.Parent.Name, cmd.Name}
	}
	least := max(cmd.Arity, -cmd.Arity)
	for len(words) < least || rng.IntN(3) == 0 {
		words = append(words, soupWords[rng.IntN(len(soupWords))])
	}
	c := d.client(name)
	if c.Blocked || c.Closing || rng.IntN(200) == 0 {
		d.drop(name)
		return
	}
	if !soupAvoids(cmd, words) {
		d.call(name, words...)
	}
}

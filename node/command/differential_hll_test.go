package command

import (
	"fmt"
	"strconv"
	"testing"
)

// element returns one of many elements: sketches grow through all their encodings.
func (g *gen) element() string { return "e" + strconv.Itoa(g.IntN(1_000_000)) }

// corrupt returns a text that looks like a HyperLogLog at first sight.
func (g *gen) corrupt() string {
	const header = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	return g.pick("HYLL", "HYLL\x01", "HYLL\x01"+header, "HYLL\x01"+header+"\x7f\xff", "HYLL\x01"+header+"\x7f\xfe\x80",
		"HYLL\x02"+header, "hyll\x01"+header,
		"HYLL\x00"+header+"rest", "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\xff\xff", "12345")
}

// hllGenerator makes the commands of HyperLogLogs. GET and DUMP show the bytes.
var hllGenerator = oneOf(
	func(g *gen) []string { return cmd("PFADD", g.key(), g.some(3, g.element)) },
	func(g *gen) []string { return cmd("PFADD", g.key(), g.some(80, g.element)) },
	func(g *gen) []string { return cmd("PFADD", g.pick("a", "b"), g.some(40, g.element)) },
	func(g *gen) []string { return cmd("PFADD", g.key(), g.maybe(g.value())) },
	func(g *gen) []string { return cmd("PFCOUNT", g.some(3, g.key)) },
	func(g *gen) []string { return cmd("PFCOUNT", g.key()) },
	func(g *gen) []string { return cmd("PFMERGE", g.some(4, g.key)) },
	func(g *gen) []string {
		return cmd("PFDEBUG", g.pick("GETREG", "decode", "ENCODING", "x", "encoding"), g.key())
	},
	func(g *gen) []string { return cmd("GET", g.key()) },
	func(g *gen) []string { return cmd("STRLEN", g.key()) },
	func(g *gen) []string { return cmd("OBJECT", "ENCODING", g.key()) },
	func(g *gen) []string { return cmd("DEL", g.key()) },
)

// rareHLLGenerator adds what spoils a session when it is frequent.
var rareHLLGenerator = oneOf(
	hllGenerator, hllGenerator, hllGenerator, hllGenerator, hllGenerator, hllGenerator, hllGenerator,
	func(g *gen) []string { return cmd("SET", g.key(), g.corrupt()) },
	func(g *gen) []string { return cmd("PFDEBUG", "TODENSE", g.key()) },
	func(g *gen) []string { return cmd("RPUSH", g.key(), g.value()) },
)

func TestHyperLogLogsHaveTheBytesOfRedis(t *testing.T) {
	for _, limit := range []string{"3000", "100"} {
		for seed := range *differentialSeeds {
			t.Run(fmt.Sprint("up to ", limit, " bytes, seed ", seed), func(t *testing.T) {
				next := hllGenerator
				if seed%2 == 1 {
					next = rareHLLGenerator
				}
				redis, ours := startRedis(t, 2, "--hll-sparse-max-bytes", limit), newTestHost()
				ours.settings["hll-sparse-max-bytes"] = limit
				differentialWith(t, redis, ours, next, uint64(seed), 2)
			})
		}
	}
}

package command

import "strconv"

// span returns a time to live that does not end during the test, seldom a bad one.
func (g *gen) span() string {
	if g.IntN(6) == 0 {
		return g.pick("0", "-1", "abc", "9223372036854775807", "9223372036854775", "")
	}
	return strconv.Itoa(100_000 + g.IntN(1000))
}

// moment returns a time in far future, in seconds, seldom one that has passed.
func (g *gen) moment() string {
	if g.IntN(6) == 0 {
		return g.pick("1", "-1", "1000", "0", "9223372036854775807")
	}
	return strconv.Itoa(2_000_000_000 + g.IntN(1000))
}

func (g *gen) setOption() []string {
	return [][]string{
		{"NX"}, {"xx"}, {"GET"}, {"KEEPTTL"}, {"EX", g.span()}, {"px", g.span()},
		{"EXAT", g.moment()}, {"PXAT", g.moment() + "000"}, {"PERSIST"}, {"EX"},
	}[g.IntN(10)]
}

func (g *gen) setOptions() (out []string) {
	for g.IntN(2) == 0 {
		out = append(out, g.setOption()...)
	}
	return out
}

func (g *gen) pair() []string { return []string{g.key(), g.value()} }

// stringGenerator makes the commands of strings, and now and then a key of another type.
var stringGenerator = oneOf(
	func(g *gen) []string { return cmd("SET", g.pair(), g.setOptions()) },
	func(g *gen) []string { return cmd("SET", g.pair(), g.setOptions()) },
	func(g *gen) []string { return cmd("GET", g.key()) },
	func(g *gen) []string { return cmd("GETEX", g.key(), g.setOptions()) },
	func(g *gen) []string { return cmd("GETDEL", g.key()) },
	func(g *gen) []string { return cmd("GETSET", g.pair()) },
	func(g *gen) []string { return cmd("SETNX", g.pair()) },
	func(g *gen) []string { return cmd("SETEX", g.key(), g.span(), g.value()) },
	func(g *gen) []string { return cmd("PSETEX", g.key(), g.span(), g.value()) },
	func(g *gen) []string { return cmd("MGET", g.some(3, g.key)) },
	func(g *gen) []string { return cmd("MSET", g.pair(), g.maybe(g.pair()...), g.maybe("odd")) },
	func(g *gen) []string { return cmd("MSETNX", g.pair(), g.maybe(g.pair()...)) },
	func(g *gen) []string { return cmd("APPEND", g.pair()) },
	func(g *gen) []string { return cmd("STRLEN", g.key()) },
	func(g *gen) []string { return cmd(g.pick("GETRANGE", "SUBSTR"), g.key(), g.number(), g.number()) },
	func(g *gen) []string {
		return cmd("SETRANGE", g.key(), g.pick(g.number(), "536870912", "3"), g.value())
	},
	func(g *gen) []string { return cmd(g.pick("INCR", "DECR"), g.key()) },
	func(g *gen) []string { return cmd(g.pick("INCRBY", "DECRBY"), g.key(), g.number()) },
	func(g *gen) []string {
		return cmd("INCRBYFLOAT", g.key(), g.pick("0.1", "1e3", "-2.5", "1e-7", "0x10", "inf", "nan", "3", " 1", "", "1e5000", "1_0", "0b1", "3.0e3000"))
	},
	func(g *gen) []string {
		return cmd("LCS", g.key(), g.key(), g.maybe("LEN"), g.maybe("IDX"), g.maybe("MINMATCHLEN", g.number()), g.maybe("withmatchlen"))
	},
	func(g *gen) []string { return cmd("OBJECT", g.pick("ENCODING", "REFCOUNT", "encodings"), g.key()) },
	func(g *gen) []string { return cmd("DEL", g.key()) },
	func(g *gen) []string { return cmd("RPUSH", g.key(), g.value()) },
	func(g *gen) []string { return cmd("TTL", g.key()) },
)

var collectionGenerator = oneOf(
	func(g *gen) []string { return cmd("SET", g.pair()) },
	func(g *gen) []string { return cmd("RPUSH", g.key(), g.some(4, g.value)) },
	func(g *gen) []string { return cmd("RPUSH", g.key(), g.some(4, g.number)) },
	func(g *gen) []string { return cmd("SADD", g.key(), g.some(4, g.number)) },
	func(g *gen) []string { return cmd("SADD", g.key(), g.some(4, g.value)) },
	func(g *gen) []string { return cmd("ZADD", g.key(), "1", g.value(), "0", g.number()) },
	func(g *gen) []string { return cmd("HSET", g.key(), g.number(), g.value()) },
)

func (g *gen) db() string { return g.pick("0", "0", "1", "15", "16", "-1", "x", "4294967296") }

// keyGenerator makes the commands of keys of any type.
var keyGenerator = oneOf(
	collectionGenerator, collectionGenerator, sortGenerator,
	func(g *gen) []string { return cmd(g.pick("DEL", "UNLINK", "EXISTS", "TOUCH"), g.some(3, g.key)) },
	func(g *gen) []string { return cmd("TYPE", g.key()) },
	func(g *gen) []string {
		return cmd(g.pick("RESTORE", "RESTORE-ASKING"), g.key(), g.pick("0", "100000", "-1", "x"), g.payload(), g.restoreOptions())
	},
	func(g *gen) []string { return cmd(g.pick("RENAME", "RENAMENX"), g.key(), g.key()) },
	func(g *gen) []string {
		return cmd("COPY", g.key(), g.key(), g.maybe("REPLACE"), g.maybe("DB", g.db()))
	},
	func(g *gen) []string { return cmd("MOVE", g.key(), g.db()) },
	func(g *gen) []string { return cmd("RANDOMKEY") },
	func(g *gen) []string { return cmd("KEYS", g.pick("*", "?", "[a-c]", "[^a]", "", `\a`, "{*", "**")) },
	// A cursor out of range is left out: it makes a later SORT of a real server fail (stale errno).
	func(g *gen) []string {
		return cmd("SCAN", g.pick("0", "abc", "", "-1"), "COUNT", g.number())
	},
	func(g *gen) []string {
		return cmd("SCAN", "0", g.pick("MATCH", "COUNT", "TYPE", "what"), g.pick("*", "list", "5"))
	},
	func(g *gen) []string { return cmd("OBJECT", g.pick("ENCODING", "FREQ", "IDLETIME"), g.key()) },
	func(g *gen) []string { return cmd("DBSIZE") },
	func(g *gen) []string { return cmd("EXPIRE", g.key(), g.span()) },
	func(g *gen) []string { return cmd("MEMORY", "USAGE", g.key(), g.maybe("SAMPLES", "5")) },
	func(g *gen) []string {
		if g.IntN(20) > 0 {
			return cmd("DBSIZE")
		}
		return cmd(g.pick("FLUSHDB", "FLUSHALL"), g.pick("SYNC", "ASYNC", "what"))
	},
)

var sortGenerator = oneOf(
	func(g *gen) []string {
		return cmd(g.pick("SORT", "SORT_RO"), g.key(), g.sortOptions())
	},
	func(g *gen) []string { return cmd("SORT", g.key(), "ALPHA", g.maybe("DESC"), "STORE", g.key()) },
	func(g *gen) []string { return cmd("SORT", g.key(), "ALPHA", "LIMIT", g.number(), g.number()) },
)

func (g *gen) sortOptions() (out []string) {
	for g.IntN(3) > 0 {
		out = append(out, [][]string{
			{"ASC"}, {"DESC"}, {"LIMIT", g.number(), g.number()}, {"BY", g.pick("nosort", "*", "{tag}*", "*->x")},
			{"GET", g.pick("#", "*", "nostar", "*->1", "*->")}, {"STORE", g.key()}, {"bad"},
		}[g.IntN(7)]...)
	}
	// Equal weights leave the order of ALPHA to the algorithm, so the elements are the weights.
	if g.IntN(2) == 0 && !containsWord(out, "BY") {
		out = append(out, "ALPHA")
	}
	return out
}

func containsWord(words []string, word string) bool {
	for _, w := range words {
		if w == word {
			return true
		}
	}
	return false
}

// expiryGenerator makes commands about expiry.
var expiryGenerator = oneOf(
	collectionGenerator,
	func(g *gen) []string {
		return cmd(g.pick("EXPIRE", "PEXPIRE"), g.key(), g.span(), g.expireRule())
	},
	func(g *gen) []string { return cmd("EXPIREAT", g.key(), g.moment(), g.expireRule()) },
	func(g *gen) []string { return cmd("PEXPIREAT", g.key(), g.moment()+"000", g.expireRule()) },
	func(g *gen) []string { return cmd(g.pick("TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME"), g.key()) },
	func(g *gen) []string { return cmd("PERSIST", g.key()) },
	func(g *gen) []string { return cmd("RENAME", g.key(), g.key()) },
	func(g *gen) []string { return cmd("COPY", g.key(), g.key(), "REPLACE") },
	func(g *gen) []string { return cmd("SET", g.pair(), g.setOptions()) },
	func(g *gen) []string { return cmd("GETEX", g.key(), g.setOptions()) },
)

func (g *gen) expireRule() []string {
	if g.IntN(2) == 0 {
		return nil
	}
	return g.some(2, func() string { return g.pick("NX", "xx", "GT", "LT", "ZZ") })
}

// payload returns what DUMP gave for a value of some type, or something broken.
func (g *gen) payload() string {
	return g.pick(
		"\x00\x05hello\n\x00cr\xdfve4 \n",
		"\x00\xc19\x30\n\x00\x9d\x94\xea'\x93\xfc\x08\xb9",
		"\x02\x02\x01a\x01b\n\x00\xfed!%\xeb\x03=\r",
		"\x04\x01\x01f\x01v\n\x00\xad\xf2CV\xb1\x86\x0e\xfc",
		"\x05\x03\x01c\x00\x00\x00\x00\x00\x00\xf0\x7f\x01b\x00\x00\x00\x00\x00\x00\x04@\x01a\x00\x00\x00\x00\x00\x00\xf0?\n\x00]\x05\xd2?>\x18\x0f\xa6",
		"garbage!!!!", "x", "\x00\x05hello\n\x00cr\xdfve4 \x0b",
	)
}

func (g *gen) restoreOptions() (out []string) {
	for g.IntN(2) == 0 {
		out = append(out, [][]string{
			{"REPLACE"}, {"replace"}, {"ABSTTL"}, {"IDLETIME", g.number()}, {"FREQ", g.number()}, {"FREQ"}, {"what"},
		}[g.IntN(7)]...)
	}
	return out
}

package command

import "strconv"

// place returns a bit or a byte of a short string, seldom one that is none.
func (g *gen) place() string {
	if g.IntN(10) == 0 {
		return g.pick(g.number(), "4294967296", "4294967295999", "-1", "#1", "x", "")
	}
	return strconv.Itoa(g.IntN(60))
}

func (g *gen) bit() string { return g.pick("0", "1", "0", "1", "0", "1", "2", "-1", "x", "") }

// fieldType returns the type of a field, seldom one that is none.
func (g *gen) fieldType() string {
	if g.IntN(12) == 0 {
		return g.pick("u64", "i65", "u0", "i0", "", "i", "x8", "u-1", "i08", "I8", "u8\x00x")
	}
	return g.pick("i", "u") + g.pick("1", "2", "3", "5", "7", "8", "16", "31", "32", "33", "62", "63")
}

func (g *gen) fieldPlace() string {
	return g.pick("", "", "#") + g.pick(strconv.Itoa(g.IntN(40)), g.place(), strconv.Itoa(g.IntN(4)))
}

func (g *gen) operand() string {
	return g.pick(g.number(), "1", "-1", "255", "256", "-129", "127", "9223372036854775807", "-9223372036854775808",
		"4611686018427387904", strconv.Itoa(g.IntN(100_000)-50_000))
}

// field returns one operation of BITFIELD.
func (g *gen) field() []string {
	kind := g.fieldType()
	if g.IntN(10) == 0 {
		kind = "i64"
	}
	switch g.IntN(8) {
	case 0, 1:
		return []string{"GET", kind, g.fieldPlace()}
	case 2, 3:
		return []string{"set", kind, g.fieldPlace(), g.operand()}
	case 4, 5:
		return []string{"INCRBY", kind, g.fieldPlace(), g.operand()}
	case 6:
		return []string{"overflow", g.pick("wrap", "SAT", "fail", "sat", "FAIL", "x")}
	}
	return []string{g.pick("GET", "SET", "INCRBY", "x"), kind}
}

func (g *gen) fields() (out []string) {
	for range g.IntN(5) {
		out = append(out, g.field()...)
	}
	return out
}

// bitmapGenerator makes the commands of bitmaps, and now and then a key of another type.
var bitmapGenerator = oneOf(
	func(g *gen) []string { return cmd("SETBIT", g.key(), g.place(), g.bit()) },
	func(g *gen) []string { return cmd("SETBIT", g.key(), g.place(), g.bit()) },
	func(g *gen) []string { return cmd("GETBIT", g.key(), g.place()) },
	func(g *gen) []string {
		return cmd("BITCOUNT", g.key(), g.maybe(g.number(), g.number()), g.maybe(g.pick("BIT", "byte", "x")), g.maybe("BIT"))
	},
	func(g *gen) []string { return cmd("BITCOUNT", g.key(), g.number(), g.number(), g.pick("BIT", "BYTE")) },
	func(g *gen) []string {
		return cmd("BITPOS", g.key(), g.bit(), g.maybe(g.number()), g.maybe(g.number()), g.maybe(g.pick("BIT", "byte", "x")))
	},
	func(g *gen) []string {
		return cmd("BITPOS", g.key(), g.bit(), g.place(), g.number(), g.pick("BIT", "BYTE"))
	},
	func(g *gen) []string { return cmd("BITOP", g.pick("AND", "or", "xor"), g.key(), g.some(4, g.key)) },
	func(g *gen) []string {
		return cmd("BITOP", g.pick("NOT", "not", "nand"), g.key(), g.key(), g.maybe(g.key()))
	},
	func(g *gen) []string { return cmd("BITFIELD", g.key(), g.fields()) },
	func(g *gen) []string {
		return cmd("BITFIELD", g.key(), "OVERFLOW", g.pick("SAT", "FAIL", "WRAP"), g.field())
	},
	func(g *gen) []string { return cmd("BITFIELD_RO", g.key(), g.fields()) },
	func(g *gen) []string { return cmd("BITFIELD_RO", g.key(), "GET", g.fieldType(), g.fieldPlace()) },
	func(g *gen) []string { return cmd("SET", g.pair()) },
	func(g *gen) []string { return cmd("GET", g.key()) },
	func(g *gen) []string { return cmd("OBJECT", "ENCODING", g.key()) },
	func(g *gen) []string { return cmd("DEL", g.key()) },
	func(g *gen) []string { return cmd("RPUSH", g.key(), g.value()) },
)

package command

import (
	"clusterplay/node/geo"
	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// around says what a command searches around.
type around int

const (
	aroundGiven  around = iota // what FROMMEMBER or FROMLONLAT says
	aroundPlace                // two words: GEORADIUS
	aroundMember               // one word: GEORADIUSBYMEMBER
)

// geoVariant is one of the commands that search.
type geoVariant struct {
	around   around
	mayStore bool // knows STORE and STOREDIST, or is GEOSEARCHSTORE
}

func (v geoVariant) isSearch() bool { return v.around == aroundGiven }

// geoQuery is what GEOSEARCH, GEORADIUS and their like are asked for.
type geoQuery struct {
	geoVariant
	shape geo.Shape

	withDist, withHash, withCoord      bool
	fromMember, fromPlace, round, boxy bool

	sort  int // 1 nearest first, -1 farthest first, 0 as found
	any   bool
	count int64 // 0 = all

	store     []byte // nil = answer
	storeDist bool
}

// georadius is GEORADIUS key longitude latitude radius unit and GEORADIUSBYMEMBER key member radius
// unit, both with [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC|DESC] [STORE key]
// [STOREDIST key].
func (c *Context) georadius(v geoVariant) {
	q := geoQuery{geoVariant: v}
	z, ok := readZSet(c, c.Args[1])
	if !ok {
		return
	}
	words := 6
	if v.around == aroundMember {
		words = 5
	}
	switch {
	case v.around == aroundPlace:
		if q.shape.Center, ok = c.position(c.Args[2:]); !ok || !c.radius(&q.shape, c.Args[4:]) {
			return
		}
	case z != nil:
		if q.shape.Center, ok = c.memberPosition(z, c.Args[2]); !ok || !c.radius(&q.shape, c.Args[3:]) {
			return
		}
	}
	c.geoRun(&q, z, c.Args[words:])
}

// geosearch is GEOSEARCH key and GEOSEARCHSTORE destination key, both with FROMMEMBER member|FROMLONLAT
// longitude latitude, BYRADIUS radius unit|BYBOX width height unit, [ASC|DESC] [COUNT count [ANY]] and
// [WITHCOORD] [WITHDIST] [WITHHASH] or [STOREDIST].
func (c *Context) geosearch(storing bool) {
	q := geoQuery{geoVariant: geoVariant{mayStore: storing}}
	words := c.Args[1:]
	if storing {
		q.store, words = c.Args[1], c.Args[2:]
	}
	if z, ok := readZSet(c, words[0]); ok {
		c.geoRun(&q, z, words[1:])
	}
}

// memberPosition returns the place of a member.
func (c *Context) memberPosition(z *keyspace.ZSetValue, member []byte) (p geo.Point, ok bool) {
	score, ok := z.Score(member)
	if !ok {
		c.Error("ERR could not decode requested zset member")
		return p, false
	}
	return geo.Decode(score), true
}

// radius reads a radius and its unit.
func (c *Context) radius(s *geo.Shape, words [][]byte) (ok bool) {
	if s.Radius, ok = c.double(words[0], "ERR need numeric radius"); !ok {
		return false
	}
	if s.Radius < 0 {
		c.Error("ERR radius cannot be negative")
		return false
	}
	s.Box = false
	s.Unit, ok = c.unit(words[1])
	return ok
}

// box reads width, height and their unit.
func (c *Context) box(s *geo.Shape, words [][]byte) (ok bool) {
	if s.Width, ok = c.double(words[0], "ERR need numeric width"); !ok {
		return false
	}
	if s.Height, ok = c.double(words[1], "ERR need numeric height"); !ok {
		return false
	}
	if s.Width < 0 || s.Height < 0 {
		c.Error("ERR height or width cannot be negative")
		return false
	}
	s.Box = true
	s.Unit, ok = c.unit(words[2])
	return ok
}

// geoOptions reads the options, of which each may be given again.
func (c *Context) geoOptions(q *geoQuery, z *keyspace.ZSetValue, words [][]byte) bool {
	for len(words) > 0 {
		used, ok := q.flag(words[0]), true
		if used == 0 {
			used, ok = c.geoOption(q, words)
		}
		if used == 0 && ok && q.isSearch() {
			used, ok = c.geoShape(q, z, words)
		}
		if !ok {
			return false
		}
		if used == 0 {
			c.Error(resp.ErrSyntax)
			return false
		}
		words = words[used:]
	}
	return true
}

// flag takes an option of one word and returns how many words it used.
func (q *geoQuery) flag(word []byte) int {
	switch {
	case equalFold(word, "withdist"):
		q.withDist = true
	case equalFold(word, "withhash"):
		q.withHash = true
	case equalFold(word, "withcoord"):
		q.withCoord = true
	case equalFold(word, "any"):
		q.any = true
	case equalFold(word, "asc"):
		q.sort = 1
	case equalFold(word, "desc"):
		q.sort = -1
	case q.isSearch() && q.mayStore && equalFold(word, "storedist"):
		q.storeDist = true
	default:
		return 0
	}
	return 1
}

// geoOption takes COUNT, STORE and STOREDIST.
func (c *Context) geoOption(q *geoQuery, words [][]byte) (used int, ok bool) {
	if len(words) < 2 {
		return 0, true
	}
	stores := q.mayStore && !q.isSearch()
	switch word := words[0]; {
	case equalFold(word, "count"):
		if q.count, ok = c.Integer(words[1]); !ok {
			return 0, false
		}
		if q.count <= 0 {
			c.Error("ERR COUNT must be > 0")
			return 0, false
		}
	case stores && equalFold(word, "store"):
		q.store, q.storeDist = words[1], false
	case stores && equalFold(word, "storedist"):
		q.store, q.storeDist = words[1], true
	default:
		return 0, true
	}
	return 2, true
}

// geoShape takes what GEOSEARCH says about the shape.
func (c *Context) geoShape(q *geoQuery, z *keyspace.ZSetValue, words [][]byte) (used int, ok bool) {
	switch word := words[0]; {
	case len(words) > 1 && !q.fromPlace && equalFold(word, "frommember"):
		q.fromMember, ok = true, true
		if z != nil {
			q.shape.Center, ok = c.memberPosition(z, words[1])
		}
		return 2, ok
	case len(words) > 2 && !q.fromMember && equalFold(word, "fromlonlat"):
		q.fromPlace = true
		q.shape.Center, ok = c.position(words[1:])
		return 3, ok
	case len(words) > 2 && !q.boxy && equalFold(word, "byradius"):
		q.round = true
		return 3, c.radius(&q.shape, words[1:])
	case len(words) > 3 && !q.round && equalFold(word, "bybox"):
		q.boxy = true
		return 4, c.box(&q.shape, words[1:])
	}
	return 0, true
}

// refusal returns why the options do not go together.
func (q *geoQuery) refusal(name string) string {
	switch {
	case q.store != nil && (q.withDist || q.withHash || q.withCoord):
		who := "STORE option in GEORADIUS"
		if q.isSearch() {
			who = "GEOSEARCHSTORE"
		}
		return "ERR " + who + " is not compatible with WITHDIST, WITHHASH and WITHCOORD options"
	case q.isSearch() && !q.fromMember && !q.fromPlace:
		return "ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for " + name
	case q.isSearch() && !q.round && !q.boxy:
		return "ERR exactly one of BYRADIUS and BYBOX can be specified for " + name
	case q.any && q.count == 0:
		return "ERR the ANY argument requires COUNT argument"
	}
	return ""
}

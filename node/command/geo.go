package command

import (
	"fmt"
	"math"
	"math/big"
	"strconv"

	"clusterplay/node/geo"
	"clusterplay/node/resp"
)

var geoCommands = []binding{
	{"geoadd", geoadd}, {"geodist", geodist}, {"geohash", geohash}, {"geopos", geopos},
	{"georadius", func(c *Context) { c.georadius(geoVariant{around: aroundPlace, mayStore: true}) }},
	{"georadius_ro", func(c *Context) { c.georadius(geoVariant{around: aroundPlace}) }},
	{"georadiusbymember", func(c *Context) { c.georadius(geoVariant{around: aroundMember, mayStore: true}) }},
	{"georadiusbymember_ro", func(c *Context) { c.georadius(geoVariant{around: aroundMember}) }},
	{"geosearch", func(c *Context) { c.geosearch(false) }},
	{"geosearchstore", func(c *Context) { c.geosearch(true) }},
}

// position reads a longitude and a latitude.
func (c *Context) position(words [][]byte) (p geo.Point, ok bool) {
	if p.Lon, ok = c.double(words[0], resp.ErrNotFloat); !ok {
		return p, false
	}
	if p.Lat, ok = c.double(words[1], resp.ErrNotFloat); !ok {
		return p, false
	}
	if !p.Valid() {
		c.Error("ERR invalid longitude,latitude pair " + sixDecimals(p.Lon) + "," + sixDecimals(p.Lat))
		return p, false
	}
	return p, true
}

// sixDecimals writes f as C's %f.
func sixDecimals(f float64) string {
	if math.IsInf(f, 0) {
		return resp.FormatDouble(f)
	}
	return fmt.Sprintf("%f", f)
}

// unit reads a unit and returns it in metres.
func (c *Context) unit(word []byte) (metres float64, ok bool) {
	switch {
	case equalFold(word, "m"):
		return 1, true
	case equalFold(word, "km"):
		return 1000, true
	case equalFold(word, "ft"):
		return 0.3048, true
	case equalFold(word, "mi"):
		return 1609.34, true
	}
	c.Error("ERR unsupported unit provided. please use M, KM, FT, MI")
	return 0, false
}

// geoadd is GEOADD key [NX|XX] [CH] longitude latitude member [longitude latitude member …]. It is
// ZADD with calculated scores, and propagated as that.
func geoadd(c *Context) {
	first, nx, xx := 2, false, false
options:
	for ; first < len(c.Args); first++ {
		switch word := c.Args[first]; {
		case equalFold(word, "nx"):
			nx = true
		case equalFold(word, "xx"):
			xx = true
		case !equalFold(word, "ch"):
			break options
		}
	}
	places := c.Args[first:]
	if len(places)%3 != 0 || nx && xx {
		c.Error(resp.ErrSyntax)
		return
	}
	words := append([][]byte{[]byte("zadd")}, c.Args[1:first]...)
	for ; len(places) > 0; places = places[3:] {
		p, ok := c.position(places)
		if !ok {
			return
		}
		words = append(words, strconv.AppendUint(nil, geo.Score(p), 10), places[2])
	}
	c.Args = words
	zadd(c, zaddOptions{})
}

// geodist is GEODIST key member1 member2 [unit].
func geodist(c *Context) {
	unit, ok := 1.0, true
	switch {
	case len(c.Args) > 5:
		c.Error(resp.ErrSyntax)
		return
	case len(c.Args) == 5:
		if unit, ok = c.unit(c.Args[4]); !ok {
			return
		}
	}
	z, ok := readZSet(c, c.Args[1])
	if !ok {
		return
	}
	if z == nil {
		c.Null()
		return
	}
	a, known := z.Score(c.Args[2])
	b, too := z.Score(c.Args[3])
	if !known || !too {
		c.Null()
		return
	}
	c.fourDecimals(geo.Distance(geo.Decode(a), geo.Decode(b)) / unit)
}

// fourDecimals answers a distance. What does not fit into 64 bits comes out as C's llrint leaves it.
func (c *Context) fourDecimals(d float64) {
	scaled := math.RoundToEven(d * 10_000)
	value := int64(math.MinInt64)
	if scaled > math.MinInt64 && scaled < math.MaxInt64 {
		value = int64(scaled)
	}
	text, minus := strconv.FormatUint(uint64(max(value, -value)), 10), ""
	if value < 0 {
		minus = "-"
	}
	for len(text) < 5 {
		text = "0" + text
	}
	point := len(text) - 4
	c.BulkString(minus + text[:point] + "." + text[point:])
}

// geohash is GEOHASH key [member …].
func geohash(c *Context) {
	c.places(c.Null, func(p geo.Point) { c.BulkString(geo.Text(p)) })
}

// geopos is GEOPOS key [member …].
func geopos(c *Context) { c.places(c.NullArray, c.coordinates) }

// places answers one thing for each member behind the key.
func (c *Context) places(missing func(), found func(geo.Point)) {
	z, ok := readZSet(c, c.Args[1])
	if !ok {
		return
	}
	c.Array(len(c.Args) - 2)
	for _, member := range c.Args[2:] {
		if z == nil {
			missing()
		} else if score, there := z.Score(member); there {
			found(geo.Decode(score))
		} else {
			missing()
		}
	}
}

// coordinates answers a place as two numbers.
func (c *Context) coordinates(p geo.Point) {
	c.Array(2)
	c.humanDouble(p.Lon)
	c.humanDouble(p.Lat)
}

// humanDouble answers a number with up to 17 decimals (addReplyHumanLongDouble).
func (c *Context) humanDouble(f float64) {
	text := FormatLongDouble(new(big.Float).SetFloat64(f))
	if c.Proto == 3 {
		c.Buf = append(append(append(c.Buf, ','), text...), '\r', '\n')
		return
	}
	c.BulkString(text)
}

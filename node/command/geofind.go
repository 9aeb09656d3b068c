package command

import (
	"cmp"
	"slices"

	"clusterplay/node/geo"
	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// geoFound is a member that was found.
type geoFound struct {
	member   []byte // a copy
	score    float64
	place    geo.Point
	distance float64 // in metres
}

// geoRun reads the options of a search, searches and answers (georadiusGeneric).
func (c *Context) geoRun(q *geoQuery, z *keyspace.ZSetValue, options [][]byte) {
	if !c.geoOptions(q, z, options) {
		return
	}
	if text := q.refusal(resp.Quoted(c.Args[0])); text != "" {
		c.Error(text)
		return
	}
	if z == nil {
		c.geoFinish(q, nil)
		return
	}
	if q.count > 0 && q.sort == 0 && !q.any {
		q.sort = 1 // the first few of no order would be of no use
	}
	limit := int64(0)
	if q.any {
		limit = q.count
	}
	found := geoFind(z, &q.shape, limit)
	if q.sort != 0 {
		slices.SortStableFunc(found, func(a, b geoFound) int { return q.sort * cmp.Compare(a.distance, b.distance) })
	}
	if q.count > 0 && q.count < int64(len(found)) {
		found = found[:q.count]
	}
	c.geoFinish(q, found)
}

// geoFind returns the members within a shape, no more than limit unless that is 0.
func geoFind(z *keyspace.ZSetValue, shape *geo.Shape, limit int64) (found []geoFound) {
	for _, r := range shape.Ranges() {
		if limit > 0 && int64(len(found)) >= limit {
			break
		}
		low, high := float64(r.Low), float64(r.High)
		for member, score := range z.Ascend(z.BelowScore(low, false)) {
			if score >= high {
				break
			}
			place := geo.Decode(score)
			if metres, ok := shape.Within(place); ok {
				found = append(found, geoFound{append([]byte(nil), member...), score, place, metres})
			}
			if limit > 0 && int64(len(found)) >= limit {
				break
			}
		}
	}
	return found
}

// geoFinish answers or stores what was found.
func (c *Context) geoFinish(q *geoQuery, found []geoFound) {
	if q.store == nil {
		c.geoAnswer(q, found)
		return
	}
	event, lim, out := "georadiusstore", c.zsetLimits(), keyspace.NewZSet()
	if q.isSearch() {
		event = "geosearchstore"
	}
	for _, f := range found {
		score := f.score
		if q.storeDist {
			score = f.distance / q.shape.Unit
		}
		out.Set(f.member, score, &lim)
	}
	c.storeResult(q.store, out, event)
	if n := out.Len(); n > 1 {
		c.Changed(n - 1) // besides the one that storeResult has counted
	}
}

// geoAnswer answers with the members, or with lists of a member and what was asked for it.
func (c *Context) geoAnswer(q *geoQuery, found []geoFound) {
	parts := 1
	for _, with := range []bool{q.withDist, q.withHash, q.withCoord} {
		if with {
			parts++
		}
	}
	c.Array(len(found))
	for _, f := range found {
		if parts > 1 {
			c.Array(parts)
		}
		c.Bulk(f.member)
		if q.withDist {
			c.fourDecimals(f.distance / q.shape.Unit)
		}
		if q.withHash {
			c.Int(int64(f.score))
		}
		if q.withCoord {
			c.coordinates(f.place)
		}
	}
}

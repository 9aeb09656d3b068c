package geo

// halfWorld is half the circumference of the earth in the Mercator projection, in metres.
const halfWorld = 20037726.37

// stepsFor estimates how small cells may be so that one and its neighbours cover a circle of reach
// metres (geohashEstimateStepsByRadius).
func stepsFor(reach, lat float64) int {
	if reach == 0 {
		return fineSteps
	}
	steps := -1
	for ; reach < halfWorld; reach *= 2 {
		steps++
	}
	if lat > 66 || lat < -66 { // meridians come closer
		steps--
		if lat > 80 || lat < -80 {
			steps--
		}
	}
	return max(1, min(steps, fineSteps))
}

// The neighbours of a cell, in the order in which Redis looks at them; the cell itself comes first.
var compass = [...]struct{ east, north int }{{0, 0}, {0, 1}, {0, -1}, {1, 0}, {-1, 0}, {1, 1}, {-1, 1}, {1, -1}, {-1, -1}}

const (
	northOf = 1
	southOf = 2
	eastOf  = 3
	westOf  = 4
)

// cover is a cell with its neighbours; those that are not needed are zero.
type cover [len(compass)]cell

func coverAround(p Point, steps int) (c cover) {
	center := mercator.cellOf(p, uint(steps))
	for i, direction := range compass {
		c[i] = center.move(direction.east, direction.north)
	}
	return c
}

// move returns the cell that lies that many cells to the east and to the north, around the world if
// need be. A cell on the outermost edge of the world has one bit too many; it stays where nothing moves.
func (c cell) move(east, north int) cell {
	lat, lon := deinterleave(c.bits)
	mask := uint32(1)<<c.steps - 1
	if north != 0 {
		lat = uint32(int(lat)+north) & mask
	}
	if east != 0 {
		lon = uint32(int(lon)+east) & mask
	}
	return cell{interleave(lat, lon), c.steps}
}

// cover returns cells that have every place of the shape, among others
// (geohashCalculateAreasByShapeWGS84).
func (s *Shape) cover() cover {
	bounds := s.bounds()
	steps := stepsFor(s.reach(), s.Center.Lat)
	c := coverAround(s.Center, steps)
	if steps > 1 && !c.encloses(bounds) {
		steps--
		c = coverAround(s.Center, steps)
	}
	if steps >= 2 {
		c.dropBeyond(bounds)
	}
	return c
}

// encloses tells whether the outer sides of the four next neighbours lie around bounds.
func (c *cover) encloses(bounds area) bool {
	return mercator.areaOf(c[northOf]).max.Lat >= bounds.max.Lat &&
		mercator.areaOf(c[southOf]).min.Lat <= bounds.min.Lat &&
		mercator.areaOf(c[eastOf]).max.Lon >= bounds.max.Lon &&
		mercator.areaOf(c[westOf]).min.Lon <= bounds.min.Lon
}

// dropBeyond takes away the neighbours on the sides where bounds ends within the middle cell.
func (c *cover) dropBeyond(bounds area) {
	middle := mercator.areaOf(c[0])
	for i, direction := range compass {
		if direction.north < 0 && middle.min.Lat < bounds.min.Lat || direction.north > 0 && middle.max.Lat > bounds.max.Lat ||
			direction.east < 0 && middle.min.Lon < bounds.min.Lon || direction.east > 0 && middle.max.Lon > bounds.max.Lon {
			c[i] = cell{}
		}
	}
}

// Range is a range of scores: from Low to below High.
type Range struct{ Low, High uint64 }

// Ranges returns the ranges of scores in which the places of the shape are. With shapes of half a
// world some come twice, as in Redis: it only looks whether a cell is the same as the one before.
func (s *Shape) Ranges() (ranges []Range) {
	cells, last := s.cover(), 0
	for i, c := range cells {
		if c == (cell{}) || last > 0 && c == cells[last] {
			continue
		}
		low, high := c.scores()
		ranges = append(ranges, Range{low, high})
		last = i
	}
	return ranges
}

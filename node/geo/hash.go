package geo

// Point is a place in degrees.
type Point struct{ Lon, Lat float64 }

// The places that can be kept: the square of the Mercator projection (EPSG:3857).
const (
	MaxLon = 180
	MaxLat = 85.05112878
)

// fineSteps is the number of halvings of each side that a score keeps: 52 bits fit into a double.
const fineSteps = 26

// Valid tells whether p can be kept.
func (p Point) Valid() bool {
	return p.Lon >= -MaxLon && p.Lon <= MaxLon && p.Lat >= -MaxLat && p.Lat <= MaxLat
}

// frame is the part of the world that is halved.
type frame struct{ maxLon, maxLat float64 }

var (
	mercator = frame{MaxLon, MaxLat}
	globe    = frame{180, 90} // of geohash.org
)

// cell is one of 4^steps equal parts of a frame. Its bits choose halves, longitude first: right or
// left, upper or lower, and so on. The zero cell is none.
type cell struct {
	bits  uint64
	steps uint
}

func (f frame) cellOf(p Point, steps uint) cell {
	lat := float64((p.Lat + f.maxLat) / (f.maxLat + f.maxLat))
	lon := float64((p.Lon + f.maxLon) / (f.maxLon + f.maxLon))
	parts := float64(uint64(1) << steps)
	return cell{interleave(uint32(lat*parts), uint32(lon*parts)), steps}
}

// area is a rectangle in degrees.
type area struct{ min, max Point }

func (f frame) areaOf(c cell) area {
	lat, lon := deinterleave(c.bits)
	return area{
		min: Point{side(lon, c.steps, f.maxLon), side(lat, c.steps, f.maxLat)},
		max: Point{side(lon+1, c.steps, f.maxLon), side(lat+1, c.steps, f.maxLat)},
	}
}

// side is where the part with that number begins between -most and most.
func side(number uint32, steps uint, most float64) float64 {
	return -most + float64(float64(number)/float64(uint64(1)<<steps)*(most+most))
}

func (a area) center() Point {
	return Point{
		Lon: clamp((a.min.Lon+a.max.Lon)/2, MaxLon),
		Lat: clamp((a.min.Lat+a.max.Lat)/2, MaxLat),
	}
}

func clamp(x, most float64) float64 { return max(-most, min(x, most)) }

// Score returns the number that keeps p, which is valid.
func Score(p Point) uint64 { return mercator.cellOf(p, fineSteps).score() }

// Decode returns the place that a score keeps; any number makes one.
func Decode(score float64) Point {
	return mercator.areaOf(cell{truncate(score), fineSteps}).center()
}

// truncate makes an integer of a score as C does on x86: what does not fit wraps around.
func truncate(score float64) uint64 {
	const half = 1 << 63
	switch {
	case score < -half:
		return half
	case score < half:
		return uint64(int64(score))
	case score < 2*half:
		return uint64(int64(score-half)) | half
	}
	return 0
}

// score returns the lowest score in c.
func (c cell) score() uint64 { return c.bits << (2*fineSteps - 2*c.steps) }

// scores returns the lowest score in c and the lowest behind it.
func (c cell) scores() (low, high uint64) {
	return c.score(), cell{c.bits + 1, c.steps}.score()
}

// interleave puts the bits of lat into the even places and those of lon into the odd ones.
func interleave(lat, lon uint32) uint64 { return spread(lat) | spread(lon)<<1 }

func deinterleave(bits uint64) (lat, lon uint32) { return gather(bits), gather(bits >> 1) }

// masks keep one, two, four … of twice as many bits.
var masks = [...]uint64{0x5555555555555555, 0x3333333333333333, 0x0f0f0f0f0f0f0f0f, 0x00ff00ff00ff00ff, 0x0000ffff0000ffff}

// spread puts a zero before each bit.
func spread(x uint32) uint64 {
	bits := uint64(x)
	for i := len(masks) - 1; i >= 0; i-- {
		bits = (bits | bits<<(1<<i)) & masks[i]
	}
	return bits
}

// gather takes every other bit.
func gather(bits uint64) uint32 {
	bits &= masks[0]
	for i := 1; i < len(masks); i++ {
		bits = (bits | bits>>(1<<(i-1))) & masks[i]
	}
	return uint32(bits | bits>>16)
}

// alphabet is that of geohash.org.
const alphabet = "0123456789bcdefghjkmnpqrstuvwxyz"

// Text returns the geohash of geohash.org of a place. The last of its eleven letters is always 0:
// 52 bits do not suffice for it.
func Text(p Point) string {
	bits := globe.cellOf(p, fineSteps).bits
	var text [11]byte
	for i := range text {
		text[i] = alphabet[0]
		if i < 10 {
			text[i] = alphabet[bits>>(2*fineSteps-5*(i+1))&31]
		}
	}
	return string(text[:])
}

package geo

import "math"

// Shape is what is searched: a circle, or a box whose sides run along the compass.
type Shape struct {
	Center Point
	Unit   float64 // metres in one of the units that follow
	Box    bool

	Radius        float64
	Width, Height float64
}

// Within tells whether p lies in the shape and its distance from the center in metres.
func (s *Shape) Within(p Point) (metres float64, ok bool) {
	if s.Box {
		if latitudeDistance(p.Lat, s.Center.Lat) > s.Height*s.Unit/2 {
			return 0, false
		}
		side, half := Point{s.Center.Lon, p.Lat}, s.Width*s.Unit/2
		if farther(p, side, half) || Distance(p, side) > half {
			return 0, false
		}
		return Distance(s.Center, p), true
	}
	limit := s.Radius * s.Unit
	if farther(s.Center, p, limit) {
		return 0, false
	}
	metres = Distance(s.Center, p)
	return metres, metres <= limit
}

// reach returns the distance from the center to the farthest place of the shape.
func (s *Shape) reach() float64 {
	if !s.Box {
		return s.Radius * s.Unit
	}
	w, h := s.Width/2, s.Height/2
	return math.Sqrt(float64(w*w)+float64(h*h)) * s.Unit
}

// bounds returns a rectangle of degrees around the shape (geohashBoundingBox). Towards the poles
// meridians come closer: the longer side counts.
func (s *Shape) bounds() area {
	width, height := s.Unit*s.Radius, s.Unit*s.Radius
	if s.Box {
		width, height = s.Unit*(s.Width/2), s.Unit*(s.Height/2)
	}
	lat := height / radius / degree
	edge := s.Center.Lat + lat
	if s.Center.Lat < 0 {
		edge = s.Center.Lat - lat
	}
	lon := width / radius / cosine(radians(edge)) / degree
	return area{
		min: Point{s.Center.Lon - lon, s.Center.Lat - lat},
		max: Point{s.Center.Lon + lon, s.Center.Lat + lat},
	}
}

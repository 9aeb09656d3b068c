package geo

import "math"

// radius is the quadratic mean radius of the earth in metres (WGS 84).
const radius = 6372797.560856

// pi is a variable so that the constants below are calculated as C does, rounding after each step.
var pi = math.Pi

// degree is one degree in radians.
var degree = pi / 180

func radians(degrees float64) float64 { return degrees * degree }

// Distance returns the metres between two places along the surface, by the haversine formula.
func Distance(a, b Point) float64 { return distance(a, b, sine, cosine, arcsine) }

type function = func(float64) float64

func distance(a, b Point, sin, cos, asin function) float64 {
	v := sin((radians(b.Lon) - radians(a.Lon)) / 2)
	if v == 0 {
		return latitudeDistance(a.Lat, b.Lat)
	}
	from, to := radians(a.Lat), radians(b.Lat)
	u := sin((to - from) / 2)
	square := float64(u*u) + float64(float64(float64(cos(from)*cos(to))*v)*v)
	return 2 * radius * asin(math.Sqrt(square))
}

// latitudeDistance returns the metres between two places of the same longitude.
func latitudeDistance(a, b float64) float64 { return radius * math.Abs(radians(b)-radians(a)) }

// margin is, in metres, far more than what the functions of package math may be wrong by.
const margin = 1

// farther tells quickly that a and b are farther apart than limit. It may say no although they are.
func farther(a, b Point, limit float64) bool {
	return distance(a, b, math.Sin, math.Cos, math.Asin) > limit+margin
}

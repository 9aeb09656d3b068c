package geo

import "math"

// The functions here are right to the last bit: they are calculated with twice the digits and then
// rounded. Those of package math are not, and differ from those of C, which are nearly so; the
// difference would show in stored distances.

// pair is a number with 106 bits: the sum of two, the second below half a unit of the first.
type pair struct{ hi, lo float64 }

func quickSum(a, b float64) pair {
	s := a + b
	return pair{s, b - float64(s-a)}
}

func exactSum(a, b float64) pair {
	s := a + b
	other := s - a
	return pair{s, float64(a-float64(s-other)) + float64(b-other)}
}

func exactProduct(a, b float64) pair {
	p := float64(a * b)
	return pair{p, math.FMA(a, b, -p)}
}

func (a pair) add(b pair) pair {
	s := exactSum(a.hi, b.hi)
	return quickSum(s.hi, s.lo+float64(a.lo+b.lo))
}

func (a pair) mul(b pair) pair {
	p := exactProduct(a.hi, b.hi)
	return quickSum(p.hi, p.lo+float64(float64(a.hi*b.lo)+float64(a.lo*b.hi)))
}

// over returns a/n.
func (a pair) over(n float64) pair {
	q := a.hi / n
	p := exactProduct(q, n)
	return quickSum(q, float64(float64(float64(a.hi-p.hi)-p.lo)+a.lo)/n)
}

// halfPi is π/2 in three pieces.
var halfPi = [...]float64{0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110}

// How many terms of a series are added up: those behind would be below 2^-110 at π/4. The small
// ones at the end need no more than 53 bits.
const (
	terms      = 14
	exactTerms = 7
)

// series are the coefficients of sine (0) and cosine (1): ±1/(2k+1)! and ±1/(2k)!.
var series = func() (s [2][terms]pair) {
	for odd := range s {
		term := pair{1, 0}
		for k := range terms {
			s[odd][k] = term
			n := float64(2*k + 2 - odd)
			term = term.over(-n * (n + 1))
		}
	}
	return s
}()

// reduce returns x - k·π/2, which lies between -π/4 and π/4, and k. |x| is a few π at most.
func reduce(x float64) (r pair, k int) {
	n := math.Round(x / halfPi[0])
	r = pair{x, 0}
	for _, piece := range halfPi {
		p := exactProduct(-n, piece)
		r = r.add(p)
	}
	return r, int(n)
}

// sinePair returns the sine of x + k·π/2.
func sinePair(x float64, k int) pair {
	r, n := reduce(x)
	k += n
	square := r.mul(r)
	which := k & 1
	rest := series[which][terms-1].hi
	for i := terms - 2; i >= exactTerms; i-- {
		rest = float64(rest*square.hi) + series[which][i].hi
	}
	sum := pair{rest, 0}
	for i := exactTerms - 1; i >= 0; i-- {
		sum = sum.mul(square).add(series[which][i])
	}
	if which == 0 {
		sum = sum.mul(r)
	}
	if k&2 != 0 {
		return pair{-sum.hi, -sum.lo}
	}
	return sum
}

func sine(x float64) float64 { return sinePair(x, 0).hi }

func cosine(x float64) float64 { return sinePair(x, 1).hi }

// arcsine is one step of Newton's from what package math says.
func arcsine(y float64) float64 {
	x := math.Asin(y)
	if math.IsNaN(x) || x == 0 {
		return x
	}
	s := sinePair(x, 0)
	missing := float64(y-s.hi) - s.lo
	return x + missing/math.Cos(x)
}

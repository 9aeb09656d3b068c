package hll

import "math"

// histogram counts the registers by their value. It has room for every value that 6 bits can have.
type histogram [registerMax + 1]int

// alpha is 0.5/ln(2).
const alpha = 0.721347520444481703680

// Count estimates how many different elements a valid text has seen.
func Count(text []byte) (uint64, error) {
	var h histogram
	if !Sparse(text) {
		body := text[headerSize:]
		for i := range registers {
			h[denseAt(body, i)]++
		}
		return h.estimate(), nil
	}
	total := 0
	for r := range runs(text) {
		h[r.value] += r.length
		total += r.length
	}
	if total != registers {
		return 0, ErrCorrupt
	}
	return h.estimate(), nil
}

// estimate is the estimator of Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog
// sketches", arXiv:1702.01284. The conversions keep a compiler from joining two operations into one
// that rounds once: the answer must be the same on every computer.
func (h *histogram) estimate() uint64 {
	const m = float64(registers)
	z := m * tau((m-float64(h[hashBits+1]))/m)
	for j := hashBits; j >= 1; j-- {
		z += float64(h[j])
		z *= 0.5
	}
	z += float64(m * sigma(float64(h[0])/m))
	return uint64(math.Round(alpha * m * m / z))
}

func sigma(x float64) float64 {
	if x == 1 {
		return math.Inf(1)
	}
	y, z := 1.0, x
	for {
		x *= x
		before := z
		z += float64(x * y)
		y += y
		if z == before {
			return z
		}
	}
}

func tau(x float64) float64 {
	if x == 0 || x == 1 {
		return 0
	}
	y, z := 1.0, 1-x
	for {
		x = math.Sqrt(x)
		before := z
		y *= 0.5
		z -= float64(float64((1-x)*(1-x)) * y)
		if z == before {
			return z / 3
		}
	}
}

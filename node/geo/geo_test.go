package geo

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	palermo = Point{13.361389, 38.115556}
	catania = Point{15.087269, 37.502669}
)

func TestPlacesHaveTheScoresOfRedis(t *testing.T) {
	require.EqualValues(t, 3479099956230698, Score(palermo))
	require.EqualValues(t, 3479447370796909, Score(catania))
	require.Equal(t, Point{13.36138933897018433, 38.11555639549629859}, Decode(3479099956230698))
}

func TestPlacesHaveTheTextsOfRedis(t *testing.T) {
	require.Equal(t, "sqc8b49rny0", Text(Decode(float64(Score(palermo)))))
	require.Equal(t, "sqdtr74hyu0", Text(Decode(float64(Score(catania)))))
}

func TestDistanceOfPalermoAndCatania(t *testing.T) {
	require.InDelta(t, 166274.1516, Distance(Decode(3479099956230698), Decode(3479447370796909)), 0.00005)
}

func TestBitsAreWovenAndTakenApart(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	for range 1000 {
		lat, lon := rnd.Uint32(), rnd.Uint32()
		bits := interleave(lat, lon)
		for i := range 32 {
			require.Equal(t, uint64(lat>>i&1), bits>>(2*i)&1)
			require.Equal(t, uint64(lon>>i&1), bits>>(2*i+1)&1)
		}
		a, b := deinterleave(bits)
		require.Equal(t, lat, a)
		require.Equal(t, lon, b)
	}
}

func TestAnyScoreDecodesToAPlace(t *testing.T) {
	for _, score := range []float64{0, -1, 1e300, -1e300, math.Inf(1), math.Inf(-1), 1 << 52, 1 << 63, 1 << 64, 0.5} {
		require.True(t, Decode(score).Valid(), "%v", score)
	}
}

// slowSine adds up the series with far more digits than are needed.
func slowSine(x float64) float64 {
	const digits = 300
	arg := new(big.Float).SetPrec(digits).SetFloat64(x)
	square := new(big.Float).SetPrec(digits).Mul(arg, arg)
	term, sum := new(big.Float).SetPrec(digits).Set(arg), new(big.Float).SetPrec(digits).Set(arg)
	for k := int64(1); k < 60; k++ {
		term.Mul(term, square)
		term.Quo(term, new(big.Float).SetPrec(digits).SetInt64(-2*k*(2*k+1)))
		sum.Add(sum, term)
	}
	f, _ := sum.Float64()
	return f
}

func TestSinesAreRightToTheLastBit(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, x := range []float64{math.Pi, -math.Pi, math.Pi / 2, math.Pi / 4, 1e-9, 3 * math.Pi / 4, 0x1p-60} {
		require.Equal(t, slowSine(x), sine(x), "sine of %v", x)
	}
	for range 3000 {
		x := (rnd.Float64()*2 - 1) * math.Pi
		require.Equal(t, slowSine(x), sine(x), "sine of %v", x)
		require.InDelta(t, math.Cos(x), cosine(x), 1e-15)
	}
	require.Equal(t, 1.0, cosine(0))
	require.Zero(t, sine(0))
}

func TestArcsineUndoesSine(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 3))
	for range 3000 {
		y := rnd.Float64()
		x := arcsine(y)
		require.InDelta(t, y, sine(x), 3e-16)
		require.InDelta(t, math.Asin(y), x, 1e-15)
	}
	require.Zero(t, arcsine(0))
	require.Equal(t, math.Pi/2, arcsine(1))
	require.True(t, math.IsNaN(arcsine(1.0000000000000002)))
}

// TestEveryPlaceOfAShapeIsInItsRanges compares the ranges with looking at all places.
func TestEveryPlaceOfAShapeIsInItsRanges(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 4))
	for range 3000 {
		shape := Shape{
			Center: Point{rnd.Float64()*300 - 150, rnd.Float64()*120 - 60}, Unit: 1000,
			Radius: math.Exp(rnd.Float64() * 7), Width: math.Exp(rnd.Float64() * 7), Height: math.Exp(rnd.Float64() * 7),
			Box: rnd.IntN(2) == 0,
		}
		ranges := shape.Ranges()
		for range 20 {
			p := Point{shape.Center.Lon + rnd.NormFloat64()*5, shape.Center.Lat + rnd.NormFloat64()*5}
			score := Score(p)
			if _, ok := shape.Within(Decode(float64(score))); !ok {
				continue
			}
			inside := false
			for _, r := range ranges {
				inside = inside || score >= r.Low && score < r.High
			}
			require.True(t, inside, "%+v %+v", shape, p)
		}
	}
}

func BenchmarkWithin(b *testing.B) {
	shape := Shape{Center: palermo, Unit: 1000, Radius: 200}
	for b.Loop() {
		shape.Within(catania)
	}
}

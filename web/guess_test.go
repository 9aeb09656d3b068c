package web

import (
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSEC07TenThousandGuessesOverHTTPGetTenAnswers(t *testing.T) {
	s := classroom(t)
	right := s.JoinCode()
	began, answers := time.Now(), map[int]int{}
	for i := range 10_000 {
		resp := joinAs("guesser", fmt.Sprintf("%08d", i)).send(t, s)
		require.Empty(t, resp.Cookies())
		answers[resp.StatusCode]++
	}
	more := int(time.Since(began)/(time.Minute/triesPerMinute)) + 1 // what a slow computer has earned meanwhile
	require.GreaterOrEqual(t, answers[http.StatusUnauthorized], triesPerMinute)
	require.LessOrEqual(t, answers[http.StatusUnauthorized], triesPerMinute+more)
	require.Equal(t, 10_000, answers[http.StatusUnauthorized]+answers[http.StatusTooManyRequests], "%v", answers)
	require.Equal(t, http.StatusTooManyRequests, joinAs("guesser", right).send(t, s).StatusCode, "not even the right code says anything")
	require.Empty(t, roomOf(t, s).People)
}

const (
	// timings is how many samples of each kind are taken, and asks how many questions make one sample.
	timings = 300
	asks    = 10
)

// sample is the time that a question takes which is asked many times.
func sample(ask func()) float64 {
	began := time.Now()
	for range asks {
		ask()
	}
	return float64(time.Since(began))
}

// compared asks two questions in turn, and returns by how many sigma of one sample their times differ.
// What else the computer does meets both alike; the slower half, in which it did much, is left out.
func compared(one, other func()) float64 {
	var a, b []float64
	for i := range timings {
		if i%2 == 0 { // whoever comes first gains or loses by it as often as the other
			a, b = append(a, sample(one)), append(b, sample(other))
		} else {
			b, a = append(b, sample(other)), append(a, sample(one))
		}
	}
	meanA, sigmaA := quick(a)
	meanB, sigmaB := quick(b)
	return math.Abs(meanA-meanB) / math.Max(1, math.Sqrt((sigmaA*sigmaA+sigmaB*sigmaB)/2))
}

// quick is the mean and the deviation of the faster half.
func quick(times []float64) (mean, sigma float64) {
	slices.Sort(times)
	times = times[:len(times)/2]
	for _, t := range times {
		mean += t / float64(len(times))
	}
	for _, t := range times {
		sigma += (t - mean) * (t - mean) / float64(len(times))
	}
	return mean, math.Sqrt(sigma)
}

// hasty compares as nobody should: it stops at the first difference.
func hasty(a, b string) bool {
	for i := range len(a) {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestSEC07TheTimeOfARefusalTellsNothingOfTheCode(t *testing.T) {
	now := time.Unix(0, 0)
	r := newRoom(func() time.Time {
		now = now.Add(time.Minute) // so that no try is refused unheard
		return now
	})
	// One letter would be lost in the noise; a code of thousands makes what each tells loud.
	r.code = strings.Repeat("A", 4096)
	first, last := "B"+r.code[1:], r.code[1:]+"B"
	from := netip.MustParseAddr("192.168.1.7")
	guess := func(code string) func() {
		return func() {
			if _, fault := r.join(code, "guesser", from); fault != wrongCode {
				t.Fatal(fault)
			}
		}
	}
	// Chance alone never reaches half a sigma of a sample: the mean of hundreds has a tenth of it. A
	// computer that is busy in bursts may, and may drown a difference; so both have a few tries.
	leak, apart := 0.0, math.Inf(1)
	for try := 0; try < 5 && (leak <= 1 || apart >= 0.5); try++ {
		leak = max(leak, compared(func() { _ = hasty(first, r.code) }, func() { _ = hasty(last, r.code) }))
		apart = min(apart, compared(guess(first), guess(last)))
	}
	require.Greater(t, leak, 1.0, "the test must see a comparison that tells")
	require.Less(t, apart, 0.5, "sigma between a wrong first letter and a wrong last one")
	t.Logf("%.2f sigma apart; a comparison that tells: %.0f", apart, leak)
}

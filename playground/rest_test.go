package playground

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestALookCostsATwentiethAndOneThatWasHeldUpIsNotPaidForWithMinutes(t *testing.T) {
	for took, want := range map[time.Duration]time.Duration{
		0: 0, 2 * time.Millisecond: 40 * time.Millisecond, 200 * time.Millisecond: 4 * time.Second,
		12 * time.Second: 20 * time.Second, time.Hour: 20 * time.Second,
	} {
		require.Equal(t, want, Rest(took), took)
	}
}

func TestTheSlotsAreRecordedAgainWithinAMinuteWhateverALookTook(t *testing.T) {
	for took, want := range map[time.Duration]time.Duration{
		0: 5 * time.Second, 100 * time.Millisecond: 20 * time.Second, time.Minute: time.Minute,
	} {
		require.Equal(t, want, slotsRest(took), took)
	}
}

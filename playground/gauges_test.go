package playground

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSamplesAreForgottenByTheirAge(t *testing.T) {
	var g gauges
	for i := range gaugesKept + 5 {
		g.add(GaugeSample{T: int64(i), Rows: make([]GaugeRow, 6)})
	}
	require.Len(t, g.samples, gaugesKept)
	require.EqualValues(t, 5, g.samples[0].T)
	require.EqualValues(t, 5, g.dropped)
	require.EqualValues(t, gaugesKept+4, g.last())
}

func TestALargeLabKeepsAShorterPast(t *testing.T) {
	require.Equal(t, gaugesKept, kept(0))
	require.Equal(t, gaugesKept, kept(30))
	require.Equal(t, 360, kept(50))
	require.Equal(t, gaugesLeast, kept(1000))
}

func TestReadableShowsTextAndEscapesTheRest(t *testing.T) {
	tests := []struct{ name, give, want string }{
		{"text", "user:1", "user:1"}, {"markup is text", "<b>", "<b>"}, {"letters of the world", "城市 é", "城市 é"},
		{"nothing", "", ""}, {"a line break", "a\nb", `"a\nb"`}, {"bytes", "\x00\xff", `"\x00\xff"`},
	}
	for _, tt := range tests {
		require.Equal(t, tt.want, Readable(tt.give), tt.name)
	}
}

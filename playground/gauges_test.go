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

func TestTheLagBehindADeadMasterIsUnknownAndNotZero(t *testing.T) {
	offsets := map[int]int64{7000: 50, 7003: 42}
	tests := []struct {
		name   string
		row    GaugeRow
		master int
		want   int64
	}{
		{"a replica", GaugeRow{Replica: true, Offset: 42}, 7000, 8},
		{"one ahead of a sample taken earlier", GaugeRow{Replica: true, Offset: 60}, 7000, 0},
		{"its master is dead", GaugeRow{Replica: true, Offset: 42}, 7001, unknownLag},
		{"a master", GaugeRow{Offset: 50}, 0, 0},
	}
	for _, tt := range tests {
		tt.row.compare(offsets, tt.master)
		require.Equal(t, tt.want, tt.row.Lag, tt.name)
	}
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

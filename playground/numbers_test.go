package playground

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/slot"
	"clusterplay/playground/history"
)

func TestWhatTheSlotsHeldAndWereAskedForIsRecorded(t *testing.T) {
	l := launch(t, six())
	require.NoError(t, l.load.SetRate(2000))
	require.Eventually(t, func() bool {
		past, err := l.PastSlotLoads(t.Context(), l.clock.Now())
		return err == nil && len(past.Rows) > 0
	}, patience, 20*time.Millisecond, "a first record")
	first := l.Snapshot().Load.Acked
	eventually(t, l, "writes to many slots", func(s Snapshot) bool { return s.Load.Acked > first+2000 })
	busy := l.clock.Now()
	require.NoError(t, l.load.SetRate(0))
	var now SlotLoads
	require.Eventually(t, func() bool {
		now = l.SlotLoads()
		past, err := l.PastSlotLoads(t.Context(), l.clock.Now())
		return err == nil && past.Now > busy.UnixMilli() && len(past.Rows) > 500 && same(t, past.Rows, now.Rows)
	}, patience, 50*time.Millisecond, "the record is what there is")
	past, err := l.PastSlotLoads(t.Context(), l.clock.Now())
	require.NoError(t, err)
	require.NotNil(t, past.Before)
	require.Less(t, past.Before.Now, past.Now)
	require.Greater(t, total(past.Rows), total(past.Before.Rows), "the difference is the load")
	early, err := l.PastSlotLoads(t.Context(), time.UnixMilli(past.Before.Now))
	require.NoError(t, err)
	require.Equal(t, past.Before.Rows, early.Rows, "the moment before is the moment before")
}

func same(t *testing.T, a, b any) bool {
	t.Helper()
	one, err := json.Marshal(a)
	require.NoError(t, err)
	other, err := json.Marshal(b)
	require.NoError(t, err)
	return string(one) == string(other)
}

func total(rows [][3]int) (served int) {
	for _, row := range rows {
		served += row[2]
	}
	return served
}

func TestTheNumbersOfTheNodesAreRecordedAsTheyWereTold(t *testing.T) {
	l := launch(t, six())
	require.NoError(t, l.load.SetRate(200))
	var past Gauges
	require.Eventually(t, func() bool {
		var err error
		past, err = l.PastGauges(t.Context(), time.Time{}, l.clock.Now())
		return err == nil && len(past.Samples) >= 3
	}, patience, 100*time.Millisecond)
	told := map[int64]GaugeSample{}
	for _, s := range l.Gauges(0).Samples {
		told[s.T] = s
	}
	for _, s := range past.Samples {
		require.Equal(t, told[s.T], s)
	}
	second := past.Samples[1].T
	one, err := l.PastGauges(t.Context(), time.UnixMilli(second-1), time.UnixMilli(second))
	require.NoError(t, err)
	require.Len(t, one.Samples, 1)
	require.Equal(t, past.Samples[1], one.Samples[0], "one that is like a whole one before the stretch")
	none, err := l.PastGauges(t.Context(), time.UnixMilli(1), time.UnixMilli(2))
	require.NoError(t, err)
	require.Empty(t, none.Samples)
}

func TestALongStretchIsToldInFewerSamples(t *testing.T) {
	record, err := history.Open("", history.Config{})
	require.NoError(t, err)
	defer record.Close()
	l := &Lab{history: record}
	n := numbers{lab: l, packer: newPacker()}
	const many = 3 * gaugesKept
	for i := range many {
		n.recordGauges(GaugeSample{T: int64(1000 + i), Rows: []GaugeRow{{Node: "7000", Commands: int64(i), Sent: []uint64{}, Received: []uint64{}}}})
	}
	all, err := l.PastGauges(t.Context(), time.UnixMilli(0), time.UnixMilli(1000+many))
	require.NoError(t, err)
	require.Len(t, all.Samples, gaugesKept)
	require.EqualValues(t, 1000+many-1, all.Samples[gaugesKept-1].T, "the last is told")
	for i, s := range all.Samples {
		require.EqualValues(t, s.T-1000, s.Rows[0].Commands)
		require.True(t, i == 0 || s.T == all.Samples[i-1].T+3, "evenly")
	}
}

func TestRecordedNumbersFitTheBudget(t *testing.T) {
	l := launch(t, six())
	require.NoError(t, l.load.SetRate(20)) // what a lab begins with
	eventually(t, l, "writes", func(s Snapshot) bool { return s.Load.Acked > 50 })
	first, before := l.gauge(l.clock.Now()), l.SlotLoads().Rows
	eventually(t, l, "more", func(s Snapshot) bool { return s.Load.Acked > 150 })
	data, err := json.Marshal(first)
	require.NoError(t, err)
	next, err := json.Marshal(l.gauge(l.clock.Now()))
	require.NoError(t, err)
	now := l.SlotLoads().Rows
	gauges := float64(len(newPacker().pack(next, data))) / numbersEvery.Seconds()
	slots := float64(len(newPacker().pack(slotsSince(now, before), nil))) / 5 // a hundred writes are five seconds
	t.Logf("%.0f and %.0f bytes a second", gauges, slots)
	require.Less(t, gauges+slots, 600.0, "a tenth of what the film of a calm lab takes")
}

func FuzzSlotCountsSurviveTheirRecord(f *testing.F) {
	f.Add(uint64(1), []byte{1, 2, 2}, 5)
	f.Add(uint64(2), []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 500)
	f.Fuzz(func(t *testing.T, seed uint64, noise []byte, many int) {
		rng := rand.New(rand.NewPCG(seed, 0))
		var before, now slotCounts
		for range min(max(many, 0), slot.Count) {
			before.keys[rng.IntN(slot.Count)], before.served[rng.IntN(slot.Count)] = rng.IntN(1000), rng.IntN(1<<31)
			now.keys[rng.IntN(slot.Count)], now.served[rng.IntN(slot.Count)] = rng.IntN(1000), rng.IntN(1<<31)
		}
		again := before
		require.NoError(t, again.apply(slotsSince(now.loads(0).Rows, before.loads(0).Rows)))
		require.Equal(t, now, again)
		_ = again.apply(noise) // an error or not, no panic
	})
}

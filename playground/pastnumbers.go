package playground

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"clusterplay/node/server"
	"clusterplay/playground/history"
)

// maxGauges bounds the stretch of the nodes' numbers that one answer tells, in the lab's time: more than
// the longest window of the charts.
const maxGauges = 20 * time.Minute

// PastGauges tells the nodes' numbers after one moment up to another, as they were recorded. Of many
// samples every second, third or so many-th is told, so that no answer has more rows than the lab
// itself keeps.
func (l *Lab) PastGauges(ctx context.Context, after, until time.Time) (Gauges, error) {
	all := Gauges{Types: server.BusTypes(), Kept: kept(0), Samples: []GaugeSample{}}
	if l.history == nil {
		return all, ErrNothingRecorded
	}
	if until.Sub(after) > maxGauges {
		after = until.Add(-maxGauges)
	}
	l.awaitFilm(until)
	records, err := l.history.Samples(ctx, gaugeKind, after, until)
	if err != nil {
		return all, err
	}
	first := slices.IndexFunc(records, func(r history.Sample) bool { return r.T.After(after) })
	if first < 0 {
		return all, nil
	}
	stride := strideOf(len(records)-first, gaugesKept)
	like, rows := []byte(nil), 0
	for i, record := range records {
		shown := i >= first && (len(records)-1-i)%stride == 0
		if !shown && !record.Whole {
			continue
		}
		text, err := unpackLike(record, &like)
		if err != nil {
			return all, err
		}
		if !shown {
			continue // it is there for what comes after it
		}
		var s GaugeSample
		if err := json.Unmarshal(text, &s); err != nil {
			return all, fmt.Errorf("read history: %w", err)
		}
		rows += len(s.Rows)
		all.Samples = append(all.Samples, s)
	}
	all.Samples = thinned(all.Samples, strideOf(rows, gaugeRows))
	return all, nil
}

// strideOf is which share of so many there is room for: every one, every second, and so on.
func strideOf(many, room int) int { return max(1, (many+room-1)/room) }

// thinned leaves out samples evenly. The last stays.
func thinned(samples []GaugeSample, stride int) []GaugeSample {
	left := samples[:0]
	for i, s := range samples {
		if (len(samples)-1-i)%stride == 0 {
			left = append(left, s)
		}
	}
	return left
}

// unpackLike unpacks a sample; a whole one is what those after it are like.
func unpackLike(record history.Sample, like *[]byte) ([]byte, error) {
	base := *like
	if record.Whole {
		base = nil
	}
	text, err := unpack(record.Data, base)
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	if record.Whole {
		*like = text
	}
	return text, nil
}

// PastSlotLoads is what every slot held and had been asked for at a moment, as it was recorded last
// before it, and the same at the record before that, so that the difference tells the load. Of a
// moment before the first record it knows nothing, and Now is 0.
func (l *Lab) PastSlotLoads(ctx context.Context, t time.Time) (SlotLoads, error) {
	if l.history == nil {
		return SlotLoads{}, ErrNothingRecorded
	}
	l.awaitFilm(t)
	records, err := l.history.Samples(ctx, slotKind, t, t)
	if err == nil && len(records) == 1 { // a whole one: what was before it is told by those before
		var earlier []history.Sample
		before := records[0].T.Add(-time.Microsecond)
		earlier, err = l.history.Samples(ctx, slotKind, before, before)
		records = append(earlier, records...)
	}
	switch {
	case err != nil:
		return SlotLoads{}, err
	case len(records) == 0:
		return SlotLoads{Rows: [][3]int{}}, nil
	}
	return slotLoadsOf(records)
}

// slotLoadsOf adds records up.
func slotLoadsOf(records []history.Sample) (SlotLoads, error) {
	var now slotCounts
	var told SlotLoads
	for i, record := range records {
		change, err := unpack(record.Data, nil)
		if err != nil {
			return told, fmt.Errorf("read history: %w", err)
		}
		if i == len(records)-1 && i > 0 {
			before := now.loads(records[i-1].T.UnixMilli())
			told.Before = &before
		}
		if record.Whole {
			now = slotCounts{}
		}
		if err := now.apply(change); err != nil {
			return told, fmt.Errorf("read history: %w", err)
		}
	}
	before := told.Before
	told = now.loads(records[len(records)-1].T.UnixMilli())
	told.Before = before
	return told, nil
}

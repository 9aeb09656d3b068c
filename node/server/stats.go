package server

import (
	"maps"
	"slices"
	"strings"
	"time"

	"clusterplay/node/command"
)

// commandStats is what INFO commandstats shows of one command.
type commandStats struct {
	calls, rejected, failed int64
	nanos                   int64
}

// micros is how long all calls took.
func (c *commandStats) micros() int64 { return c.nanos / int64(time.Microsecond) }

// stats counts what INFO shows; CONFIG RESETSTAT zeroes it.
type stats struct {
	connections int64
	commands    int64
	errors      int64
	byError     map[string]int64
	byCommand   []*commandStats // by Command.ID; nil for one that was never called
	unexpected  int64           // errors while applying the master's stream
	migrated    int64

	evictedClients int64
	forks          int64 // snapshots begun, each a child process in Redis

	rate opsRate
}

func newStats(commands int) stats {
	return stats{byError: map[string]int64{}, byCommand: make([]*commandStats, commands)}
}

func (st *stats) reset() {
	rate := st.rate
	*st = newStats(len(st.byCommand))
	st.rate = rate
	st.rate.last = 0
}

func (st *stats) of(cmd *command.Command) *commandStats {
	counts := st.byCommand[cmd.ID]
	if counts == nil {
		counts = new(commandStats)
		st.byCommand[cmd.ID] = counts
	}
	return counts
}

// maxErrorKinds bounds errorstats: an error code comes from our own texts, but a reply of a
// foreign node may be quoted in one.
const maxErrorKinds = 128

// countError files an error reply under its first word (afterErrorReply).
func (st *stats) countError(text string) {
	st.errors++
	code, _, _ := strings.Cut(text, " ")
	if _, known := st.byError[code]; known || len(st.byError) < maxErrorKinds {
		st.byError[code]++
	}
}

// errorKinds lists the codes seen so far.
func (st *stats) errorKinds() []string { return slices.Sorted(maps.Keys(st.byError)) }

// commandsUsed lists the commands called or refused so far, in the table's order.
func (s *Server) commandsUsed() []*command.Command {
	var used []*command.Command
	for id := range s.stats.byCommand {
		if counts := s.stats.byCommand[id]; counts != nil && counts.calls+counts.rejected > 0 {
			used = append(used, s.table.ByID(id))
		}
	}
	return used
}

// rateSamples is how many cron ticks the average of operations per second covers
// (STATS_METRIC_SAMPLES).
const rateSamples = 16

// opsRate is the moving average of operations per second.
type opsRate struct {
	samples [rateSamples]int64
	next    int
	last    int64 // commands at the last tick
	at      time.Time
}

// tick takes a sample (trackInstantaneousMetric).
func (r *opsRate) tick(now time.Time, commands int64) {
	if elapsed := now.Sub(r.at); !r.at.IsZero() && elapsed > 0 {
		r.samples[r.next] = (commands - r.last) * int64(time.Second) / int64(elapsed)
		r.next = (r.next + 1) % rateSamples
	}
	r.at, r.last = now, commands
}

func (r *opsRate) perSecond() int64 {
	sum := int64(0)
	for _, v := range r.samples {
		sum += v
	}
	return sum / rateSamples
}

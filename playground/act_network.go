package playground

import (
	"context"
	"fmt"
	"strings"
	"time"

	"clusterplay/playground/network"
)

// Partition cuts the network between groups of nodes. A group ["rest"] is all nodes that the
// others leave out; a single group is cut off from the rest.
type Partition struct {
	Groups [][]string `json:"groups"`
	OneWay bool       `json:"oneWay,omitempty"`
}

// Verb is "partition".
func (Partition) Verb() string { return "partition" }

// Do cuts.
func (a Partition) Do(_ context.Context, l *Lab) (Result, error) {
	groups, err := l.groups(a.Groups)
	if err != nil {
		return Result{}, err
	}
	for i, g := range groups {
		for _, h := range groups[i+1:] {
			if i == 0 || !a.OneWay {
				l.net.Cut(g, h, a.OneWay)
			}
		}
	}
	var sides []string
	for _, g := range groups {
		sides = append(sides, strings.Join(g, ", "))
	}
	return said("Nothing passes between " + strings.Join(sides, " and ") + "."), nil
}

// groups turns what people call nodes into names, and checks that no node is on two sides.
func (l *Lab) groups(given [][]string) ([][]string, error) {
	if len(given) == 0 {
		return nil, wrong("groups", "such as 7001,7004 / rest", "groups is empty")
	}
	if len(given) == 1 {
		given = append(given, []string{"rest"})
	}
	side := map[string]int{}
	groups := make([][]string, len(given))
	rest := -1
	for i, g := range given {
		if len(g) == 1 && g[0] == "rest" {
			rest = i
			continue
		}
		for _, name := range g {
			m, err := l.find("groups", name)
			if err != nil {
				return nil, err
			}
			if at, there := side[m.Name()]; there && at != i {
				return nil, wrong("groups", "", "%s is in two groups", m.Name())
			}
			side[m.Name()] = i
			groups[i] = append(groups[i], m.Name())
		}
	}
	if rest >= 0 {
		for _, m := range l.all() {
			if _, there := side[m.Name()]; !there {
				groups[rest] = append(groups[rest], m.Name())
			}
		}
	}
	for _, g := range groups {
		if len(g) == 0 {
			return nil, wrong("groups", "such as 7001,7004 / rest", "a group has no node")
		}
	}
	return groups, nil
}

// Heal removes every rule from the network.
type Heal struct{}

// Verb is "heal".
func (Heal) Verb() string { return "heal" }

// Do heals.
func (Heal) Do(_ context.Context, l *Lab) (Result, error) {
	n := len(l.net.Rules())
	l.net.Heal()
	switch n {
	case 0:
		return said("There were no rules: everything passes."), nil
	case 1:
		return said("One rule is gone: everything passes again."), nil
	}
	return said(fmt.Sprintf("%d rules are gone: everything passes again.", n)), nil
}

// Delay slows the frames from one node to another. All zero removes what was set.
type Delay struct {
	From      string `json:"from"`
	To        string `json:"to"`
	DelayMs   int64  `json:"delayMs,omitempty"`
	JitterMs  int64  `json:"jitterMs,omitempty"`
	Bandwidth int    `json:"bandwidth,omitempty"`
}

// maxDelay bounds a delay: more is a cut that nobody recognises.
const maxDelay = 10 * time.Minute

// Verb is "delay".
func (Delay) Verb() string { return "delay" }

// Do sets the delay.
func (a Delay) Do(_ context.Context, l *Lab) (Result, error) {
	p, err := l.pair(a.From, a.To)
	if err != nil {
		return Result{}, err
	}
	limit := maxDelay.Milliseconds()
	switch {
	case a.DelayMs < 0 || a.DelayMs > limit:
		return Result{}, wrong("delayMs", "", "delay %d ms is outside 0 to %d", a.DelayMs, limit)
	case a.JitterMs < 0 || a.JitterMs > limit:
		return Result{}, wrong("jitterMs", "", "jitter %d ms is outside 0 to %d", a.JitterMs, limit)
	case a.Bandwidth < 0:
		return Result{}, wrong("bandwidth", "bytes per second", "bandwidth %d is less than 0", a.Bandwidth)
	}
	l.net.Edit(p, func(r *network.Rule) {
		r.Delay = time.Duration(a.DelayMs) * time.Millisecond
		r.Jitter = time.Duration(a.JitterMs) * time.Millisecond
		r.Bandwidth = a.Bandwidth
	})
	return said(fmt.Sprintf("Frames from %s to %s take %d ms, give or take %d.", p.From, p.To, a.DelayMs, a.JitterMs)), nil
}

// pair names the two ends of a rule; "*" and "" stand for every node.
func (l *Lab) pair(from, to string) (network.Pair, error) {
	a, err := l.end("from", from)
	if err != nil {
		return network.Pair{}, err
	}
	b, err := l.end("to", to)
	if err != nil {
		return network.Pair{}, err
	}
	if a == b && a != network.Any {
		return network.Pair{}, wrong("to", "", "%s does not send itself anything", a)
	}
	return network.Pair{From: a, To: b}, nil
}

func (l *Lab) end(field, name string) (string, error) {
	if name == "" || name == network.Any {
		return network.Any, nil
	}
	m, err := l.find(field, name)
	if err != nil {
		return "", err
	}
	return m.Name(), nil
}

// Hold stops the next frames of a kind between two nodes.
type Hold struct {
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
	Type  string `json:"type,omitempty"`
	Count int    `json:"count,omitempty"`
}

// maxHold bounds a hold: each held frame stops a link.
const maxHold = 1000

// Verb is "hold".
func (Hold) Verb() string { return "hold" }

// Do sets the hold.
func (a Hold) Do(_ context.Context, l *Lab) (Result, error) {
	p, err := l.pair(a.From, a.To)
	if err != nil {
		return Result{}, err
	}
	kind, err := frameType(a.Type)
	if err != nil {
		return Result{}, err
	}
	if a.Count < 0 || a.Count > maxHold {
		return Result{}, wrong("count", "", "count %d is outside 1 to %d", a.Count, maxHold)
	}
	count := max(a.Count, 1)
	l.net.Edit(p, func(r *network.Rule) { r.HoldNext, r.HoldType = count, kind })
	return said(fmt.Sprintf("The next %d frames from %s to %s will be held.", count, p.From, p.To)), nil
}

func frameType(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	kind, ok := network.KnownType(name)
	if !ok {
		return "", wrong("type", "PING, PONG, MEET, FAIL, PUBLISH, AUTH_REQ, AUTH_ACK, UPDATE, MFSTART, STREAM or MIGRATE", "no frame has the type %q", name)
	}
	return kind, nil
}

// Release lets a held frame pass.
type Release struct {
	Frame uint64 `json:"frame"`
}

// Verb is "release".
func (Release) Verb() string { return "release" }

// Do releases the frame.
func (a Release) Do(_ context.Context, l *Lab) (Result, error) {
	if err := l.net.Release(a.Frame); err != nil {
		return Result{}, wrong("frame", "", "%v", err)
	}
	return said(fmt.Sprintf("Frame %d is on its way.", a.Frame)), nil
}

// Drop throws a held frame away or, without one, the next frame of a kind between two nodes.
type Drop struct {
	Frame uint64 `json:"frame,omitempty"`
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
	Type  string `json:"type,omitempty"`
}

// Verb is "drop".
func (Drop) Verb() string { return "drop" }

// Do drops the frame.
func (a Drop) Do(_ context.Context, l *Lab) (Result, error) {
	if a.Frame != 0 {
		if err := l.net.Drop(a.Frame); err != nil {
			return Result{}, wrong("frame", "", "%v", err)
		}
		return said(fmt.Sprintf("Frame %d is lost.", a.Frame)), nil
	}
	if a.From == "" && a.To == "" && a.Type == "" {
		return Result{}, wrong("frame", "a frame's number, or --from, --to and --type", "which frame?")
	}
	p, err := l.pair(a.From, a.To)
	if err != nil {
		return Result{}, err
	}
	kind, err := frameType(a.Type)
	if err != nil {
		return Result{}, err
	}
	l.net.Edit(p, func(r *network.Rule) { r.DropNext, r.DropType = 1, kind })
	return said(fmt.Sprintf("The next such frame from %s to %s will be lost.", p.From, p.To)), nil
}

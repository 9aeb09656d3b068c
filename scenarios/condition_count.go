package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"clusterplay/playground"
	"clusterplay/playground/network"
)

// comparisons are the operators between a number of the lab and one of the lesson.
var comparisons = map[string]func(got, want int64) bool{
	"==": func(got, want int64) bool { return got == want },
	"!=": func(got, want int64) bool { return got != want },
	"<":  func(got, want int64) bool { return got < want },
	"<=": func(got, want int64) bool { return got <= want },
	">":  func(got, want int64) bool { return got > want },
	">=": func(got, want int64) bool { return got >= want },
}

// nodeNumbers are the numbers that a running node has.
var nodeNumbers = map[string]func(n *playground.Node) int64{
	"slots":  func(n *playground.Node) int64 { return int64(slotsOf(n)) },
	"keys":   func(n *playground.Node) int64 { return int64(n.Keys) },
	"epoch":  func(n *playground.Node) int64 { return int64(n.Epoch) },
	"offset": func(n *playground.Node) int64 { return n.Offset },
	"lag":    func(n *playground.Node) int64 { return n.Lag },
	"backlog": func(n *playground.Node) int64 {
		if n.Stream == nil {
			return 0
		}
		return n.Stream.Backlog.Length
	},
	"votes": func(n *playground.Node) int64 {
		if n.Election == nil {
			return 0
		}
		return int64(n.Election.Votes)
	},
}

// labNumbers are the numbers that the lab has as a whole.
var labNumbers = map[string]func(s *playground.Snapshot) int64{
	"acked":      func(s *playground.Snapshot) int64 { return int64(s.Load.Acked) },
	"replicated": func(s *playground.Snapshot) int64 { return int64(s.Load.Replicated) },
	"lost":       func(s *playground.Snapshot) int64 { return int64(s.Load.Lost) },
	"unknown":    func(s *playground.Snapshot) int64 { return int64(s.Load.Unknown) },
	"errors":     func(s *playground.Snapshot) int64 { return int64(s.Load.Errors) },
	"nodes":      func(s *playground.Snapshot) int64 { return running(s, func(*playground.Node) bool { return true }) },
	"masters": func(s *playground.Snapshot) int64 {
		return running(s, inCharge)
	},
}

func running(s *playground.Snapshot, test func(n *playground.Node) bool) int64 {
	total := int64(0)
	for i := range s.Nodes {
		if n := &s.Nodes[i]; n.State == "up" && test(n) {
			total++
		}
	}
	return total
}

// countCondition compares a number: "keys NODE OP N", "acked OP N", "bytes TYPE OP N".
func countCondition(name string, args []string) (condition, error) {
	ofNode, perNode := nodeNumbers[name]
	ofLab, ofAll := labNumbers[name]
	switch {
	case perNode && len(args) == 3:
		c, err := compared(args[1:], func(m moment) (int64, bool) {
			n := nodeNamed(m.Snapshot, args[0])
			if n == nil || n.State != "up" {
				return 0, false
			}
			return ofNode(n), true
		})
		c.nodes = args[:1]
		return c, err
	case ofAll && len(args) == 2:
		return compared(args, func(m moment) (int64, bool) { return ofLab(m.Snapshot), true })
	case name == "bytes" && len(args) == 3:
		return bytesCondition(args)
	}
	return condition{}, nil
}

// compared holds a number of the lab against "OP N". Where the number is not there it does not hold.
func compared(args []string, number func(m moment) (int64, bool)) (condition, error) {
	compare, want, err := comparison(args)
	if err != nil {
		return condition{}, err
	}
	return condition{
		holds: func(m moment) bool {
			got, there := number(m)
			return there && compare(got, want)
		},
		found: func(m moment) string {
			if got, there := number(m); there {
				return strconv.FormatInt(got, 10)
			}
			return "not there: the node does not run"
		},
	}, nil
}

// comparison reads "OP N".
func comparison(args []string) (func(got, want int64) bool, int64, error) {
	compare, ok := comparisons[args[0]]
	if !ok {
		return nil, 0, fmt.Errorf("%s compares nothing; write ==, !=, <, <=, > or >=", args[0])
	}
	want, err := strconv.ParseInt(args[1], 10, 64)
	if err != nil {
		return nil, 0, fmt.Errorf("%s is not a whole number", args[1])
	}
	return compare, want, nil
}

// bytesCondition holds the size of every waiting frame of a type against "OP N".
func bytesCondition(args []string) (condition, error) {
	kind, err := frameKind(args[0])
	if err != nil {
		return condition{}, err
	}
	compare, want, err := comparison(args[1:])
	if err != nil {
		return condition{}, err
	}
	return condition{
		holds: func(m moment) bool {
			sizes := sizesOf(m, kind)
			return len(sizes) > 0 && !slices.ContainsFunc(sizes, func(n int) bool { return !compare(int64(n), want) })
		},
		found: func(m moment) string {
			sizes := sizesOf(m, kind)
			if len(sizes) == 0 {
				return "not there: no such frame waits; hold one first"
			}
			return strings.Trim(fmt.Sprint(sizes), "[]")
		},
	}, nil
}

// sizesOf is the sizes of the waiting frames of a type.
func sizesOf(m moment, kind string) []int {
	var sizes []int
	for _, h := range m.Held {
		if h.Type == kind {
			sizes = append(sizes, h.Bytes)
		}
	}
	return sizes
}

// heldCondition reads "TYPE [from NODE] [to NODE]".
func heldCondition(args []string) (condition, error) {
	kind, err := frameKind(args[0])
	if err != nil {
		return condition{}, err
	}
	var from, to string
	var nodes []string
	rest := args[1:]
	for len(rest) >= 2 && (rest[0] == "from" || rest[0] == "to") {
		if rest[0] == "from" {
			from = rest[1]
		} else {
			to = rest[1]
		}
		nodes, rest = append(nodes, rest[1]), rest[2:]
	}
	if len(rest) > 0 {
		return condition{}, fmt.Errorf("%s is neither from NODE nor to NODE", strings.Join(rest, " "))
	}
	return plainly(func(m moment) bool {
		return slices.ContainsFunc(m.Held, func(h playground.HeldView) bool {
			return h.Type == kind && (from == "" || h.From == from) && (to == "" || h.To == to)
		})
	}, nodes...), nil
}

// frameKind is the spelling of a type of frame.
func frameKind(word string) (string, error) {
	if kind, ok := network.KnownType(word); ok {
		return kind, nil
	}
	return "", fmt.Errorf("no frame has the type %s; write PING, PONG, FAIL, AUTH_REQ, AUTH_ACK, UPDATE, MFSTART, STREAM or, of Sentinels, HELLO, INFO, ASK_DOWN, ASK_VOTE, VOTE, REPLICAOF", word)
}

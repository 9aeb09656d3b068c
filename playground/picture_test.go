package playground

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
)

func sampleNode() Node {
	return Node{
		Name: "7000", Port: 7000, Role: "master", State: "up", Flags: []string{"master"}, Slots: [][2]int{{0, 99}},
		Beliefs: []Belief{{Node: "7001", Flags: []string{"master"}, Link: true, PongAge: 7}},
	}
}

// TestEveryFieldOfANodeIsCompared changes one field after the other: a field that like forgets
// would never reach a page again.
func TestEveryFieldOfANodeIsCompared(t *testing.T) {
	forEachChange(t, reflect.TypeFor[Node](), func(name string, change func(reflect.Value)) {
		if name == "masterID" || name == "ages" {
			return // not shown
		}
		a, b := sampleNode(), sampleNode()
		change(reflect.ValueOf(&b).Elem().FieldByName(name))
		require.Equal(t, a.same(&b), a.counts() != b.counts(), "%s is told, and once", name)
	})
}

func TestAgesThatAreToldBesideBeliefsAreToldAsTheirs(t *testing.T) {
	var p Picture
	aged := func(ages ...int64) *Snapshot {
		n := sampleNode()
		n.ages = ages
		return &Snapshot{Nodes: []Node{n}}
	}
	var told Node
	require.NoError(t, json.Unmarshal(p.Advance(aged(20), 1, LookAged).Nodes[0], &told))
	require.EqualValues(t, 20, told.Beliefs[0].PongAge)
	require.EqualValues(t, 7, sampleNode().Beliefs[0].PongAge)
	require.Empty(t, p.Advance(aged(30), 2, LookChanged).Ages)
	require.Equal(t, map[string][]int64{"7000": {30}}, p.Advance(aged(30), 3, LookAged).Ages)
	require.Empty(t, p.Advance(aged(30), 4, LookAged).Ages)
}

func TestEveryFieldOfABeliefIsComparedButTheAge(t *testing.T) {
	forEachChange(t, reflect.TypeFor[Belief](), func(name string, change func(reflect.Value)) {
		a, b := sampleNode().Beliefs[0], sampleNode().Beliefs[0]
		change(reflect.ValueOf(&b).Elem().FieldByName(name))
		require.Equal(t, name == "PongAge", a.like(b), name)
	})
}

// forEachChange hands out, for every field, how to make it different.
func forEachChange(t *testing.T, of reflect.Type, f func(name string, change func(reflect.Value))) {
	t.Helper()
	for field := range of.Fields() {
		f(field.Name, func(v reflect.Value) {
			switch v.Kind() {
			case reflect.String:
				v.SetString(v.String() + "x")
			case reflect.Bool:
				v.SetBool(!v.Bool())
			case reflect.Int, reflect.Int64:
				v.SetInt(v.Int() + 1)
			case reflect.Uint64:
				v.SetUint(v.Uint() + 1)
			case reflect.Slice:
				v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
			case reflect.Pointer:
				v.Set(reflect.New(v.Type().Elem()))
			default:
				require.Fail(t, "how to change "+field.Name+"?", fmt.Sprint(v.Kind()))
			}
		})
	}
}

func TestAChangeHoldsWhatIsDifferentAndNothingElse(t *testing.T) {
	var p Picture
	s := Snapshot{Nodes: []Node{sampleNode(), {Name: "7001"}}}
	first := p.Advance(&s, 1, LookChanged)
	require.Len(t, first.Nodes, 2)
	older := sampleNode()
	older.Beliefs[0].PongAge = 900
	s.Nodes = []Node{older}
	second := p.Advance(&s, 2, LookChanged)
	require.Empty(t, second.Nodes, "only an age has grown")
	require.Equal(t, []string{"7001"}, second.Gone)
	require.Nil(t, second.Rules)
	third := p.Advance(&s, 3, LookAll)
	require.Empty(t, third.Nodes, "of a node that is the same nothing but the ages is told")
	require.Equal(t, map[string][]int64{"7000": {900}}, third.Ages)
	require.False(t, third.Empty())
	s.Nodes = []Node{older}
	s.Nodes[0].Offset, s.Nodes[0].Clients = 70, 3
	counted := p.Advance(&s, 3, LookChanged)
	require.Empty(t, counted.Nodes, "nor of one that only counts")
	require.Equal(t, map[string]Counts{"7000": {70, 0, 0, 0, 0, 3}}, counted.Counts)
	third.Counts = counted.Counts
	require.True(t, p.Advance(&s, 4, LookAll).Empty())

	text, err := json.Marshal(third)
	require.NoError(t, err)
	var heard Change
	require.NoError(t, json.Unmarshal(text, &heard))
	shown := Snapshot{Nodes: []Node{sampleNode()}}
	require.NoError(t, shown.apply(&heard))
	require.EqualValues(t, 900, shown.Nodes[0].Beliefs[0].PongAge)
	require.Equal(t, s.Nodes, shown.Nodes)
}

func TestPartsAreToldWhenTheyDifferAndOnlyThen(t *testing.T) {
	var p Picture
	s := &Snapshot{Rules: []RuleView{}, Held: []HeldView{}, Moves: []MoveView{}}
	told := func() string {
		t.Helper()
		b := p.Advance(s, 1, LookAway)
		text, err := json.Marshal(map[string]json.RawMessage{"c": b.Clock, "r": b.Rules, "h": b.Held, "m": b.Moves, "l": b.Load})
		require.NoError(t, err)
		var parts map[string]any
		require.NoError(t, json.Unmarshal(text, &parts))
		names := ""
		for _, name := range []string{"c", "r", "h", "m", "l"} {
			if parts[name] != nil {
				names += name
			}
		}
		return names
	}
	require.Equal(t, "crhml", told(), "all at first")
	require.Empty(t, told())
	for _, step := range []struct {
		want string
		do   func()
	}{
		{"c", func() { s.Clock.Paused = true }},
		{"c", func() { s.Clock.Next = &Due{Who: "7000"} }},
		{"", func() { s.Clock.Next = &Due{Who: "7000"} }},
		{"c", func() { s.Clock.Next = nil }},
		{"l", func() { s.Load.Acked++ }},
		{"rh", func() { s.Rules, s.Held = []RuleView{{From: "7000"}}, []HeldView{{ID: 1}} }},
		{"h", func() { s.Held = []HeldView{{ID: 2}} }},
		{"rhm", func() { s.Rules, s.Held, s.Moves = []RuleView{}, []HeldView{}, []MoveView{{}} }},
		{"m", func() { s.Moves = []MoveView{} }},
	} {
		step.do()
		require.Equal(t, step.want, told())
		require.Empty(t, told(), "once")
	}
}

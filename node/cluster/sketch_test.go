package cluster

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/bus"
)

func TestASketchFitsUntilSomethingThatAScreenShowsChanges(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3)
	s := w.members[0].state
	other := s.nodes.order[0]
	if other == s.myself {
		other = s.nodes.order[1]
	}
	for _, changed := range []struct {
		what string
		do   func()
	}{
		{"a flag", func() { s.setFlags(other, bus.PFail, true) }},
		{"an epoch", func() { s.setEpoch(other, other.configEpoch+1) }},
		{"an address", func() { s.setAddress(other, other.ip.String(), other.port+1, other.plainPort, other.busPort) }},
		{"a master", func() { s.setPrimary(other, s.myself) }},
		{"its slots", func() { s.disown(other, other.slots.Ranges()[0].First) }},
		{"its link", func() { s.dropLink(other, "", nil) }},
		{"a newcomer", func() { s.addNode(w.now, ID{1}, bus.Master) }},
		{"who leaves", func() { s.deleteNode(w.now, s.nodes.lookup(ID{1})) }},
		{"another node's eyes", func() { s = w.members[1].state }},
	} {
		k := s.Sketch()
		require.True(t, s.Fits(k), changed.what)
		other.pongReceived = other.pongReceived.then(time.Second)
		s.setFlags(other, bus.NoFailover, false)
		require.True(t, s.Fits(k), "%s: that time passes is not drawn", changed.what)
		changed.do()
		require.False(t, s.Fits(k), changed.what)
	}
	require.False(t, s.Fits(Sketch{}))
}

func TestACalmClusterIsNotDrawnAnew(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3, 0)
	w.run(time.Minute)
	s := w.members[0].state
	k := s.Sketch()
	w.run(time.Minute)
	require.True(t, s.Fits(k))
}

func TestWhatIsDrawnIsComparedWithWhatWasCounted(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3)
	s := w.members[0].state
	require.NoError(t, s.Verify())
	s.nodes.order[0].port++
	require.ErrorContains(t, s.Verify(), "a Sketch still fits")
}

// drawn are the fields of a node and its link that a Sketch shows. Other records have fields of such names, too.
var (
	drawn  = []string{"ip", "port", "flags", "configEpoch", "primary", "link", "open", "numSlots"}
	others = map[string]string{"c": "primary", "l": "port"}
)

func TestWhatASketchShowsIsSetInOneFile(t *testing.T) {
	files := token.NewFileSet()
	judge := func(e ast.Expr) {
		set, ok := e.(*ast.SelectorExpr)
		if !ok || !slices.Contains(drawn, set.Sel.Name) {
			return
		}
		who, _ := set.X.(*ast.Ident)
		if who == nil || others[who.Name] != set.Sel.Name {
			t.Errorf("%s: .%s is for sketch.go to set", files.Position(e.Pos()), set.Sel.Name)
		}
	}
	paths, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, path := range paths {
		if path == "sketch.go" || strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, path, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, e := range n.Lhs {
					judge(e)
				}
			case *ast.IncDecStmt:
				judge(n.X)
			}
			return true
		})
	}
}

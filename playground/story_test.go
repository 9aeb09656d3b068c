package playground

import (
	"go/ast"
	syntax "go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/event"
	"clusterplay/playground/words"
)

var (
	here  = event.Node{ID: "b", Addr: "127.0.0.1:7000"}
	there = event.Node{ID: "c", Addr: "127.0.0.1:7001"}
)

// everyEvent is at least one of each, and one for each sentence that an event can have.
var everyEvent = []event.Event{
	event.PFail{Node: here, Silent: 1500}, event.PFailCleared{Node: here}, event.FailReported{Node: here, By: there}, event.FailReportWithdrawn{Node: here, By: there},
	event.Fail{Node: here, Votes: 2, Needed: 2}, event.Fail{Node: here, From: there}, event.FailCleared{Node: here},
	event.ClusterState{State: "ok"}, event.ClusterState{State: "fail", Reason: "minority"}, event.ClusterState{State: "fail", Reason: "slot-failed"},
	event.ClusterState{State: "fail", Reason: "slot-unassigned"}, event.RejoinDelay{Wait: 2000, Reason: "minority"},
	event.ElectionScheduled{Delay: 500}, event.ElectionDelayed{Added: 1000, Rank: 1}, event.ElectionStarted{Epoch: 7, Needed: 2}, event.ElectionExpired{Epoch: 7},
	event.Vote{For: here, Epoch: 7}, event.VoteRefused{For: here, Reason: "already-voted"}, event.GotVote{From: here}, event.NoElection{Reason: "no-failover"},
	event.NoElection{Reason: "waiting"}, event.NoElection{Reason: "waiting-votes"}, event.Promoted{Primary: here}, event.Demoted{Primary: here}, event.Demoted{Primary: here, From: there},
	event.ReplicaMigration{From: here, To: there}, event.ManualFailover{Step: "started", With: here}, event.ManualFailover{Step: "timeout", With: here},
	event.RoleSeen{Node: here, Role: "master"}, event.RoleSeen{Node: here, Role: "replica", Primary: there},
	event.Met{Addr: here.Addr, Self: true}, event.Met{Addr: here.Addr}, event.HandshakeTimeout{Addr: here.Addr}, event.NodeAdded{Node: here, Reason: "handshake"},
	event.NodeAdded{Node: here, By: there}, event.NodeRemoved{Node: here}, event.AddressChanged{Node: here, From: there.Addr},
	event.LinkUp{Node: here}, event.LinkDown{Node: here}, event.LinkDown{Node: here, Reason: "silent"}, event.PacketRefused{From: here.Addr, Reason: "epoch-jump"},
	event.SlotOwner{Slots: "0-5460", To: here}, event.SlotOwner{Slots: "0-5460", From: here, To: there}, event.SlotOwner{Slots: "0-5460"}, event.SlotOwner{Slots: "5", To: here},
	event.SlotsDropped{Slots: "5", Keys: 3}, event.OpenSlot{Slots: "5", State: "migrating", With: here}, event.OpenSlot{Slots: "5", State: "importing", With: here}, event.OpenSlot{Slots: "5", State: "stable"},
	event.Epoch{Kind: "current", Epoch: 7, From: here, Reason: "heard"}, event.Epoch{Kind: "current", Epoch: 7, Reason: "election"}, event.Epoch{Kind: "config", Epoch: 7, Reason: "elected"},
	event.EpochCollision{With: here, Epoch: 7, New: 8}, event.UpdateSent{To: here, About: there, Epoch: 7}, event.UpdateReceived{From: here, About: there, Epoch: 7},
	event.PsyncFull{Replica: here.Addr, Why: event.Forced}, event.PsyncFull{Replica: here.Addr, Why: event.NoBacklog}, event.PsyncPartial{Replica: here.Addr, Bytes: 9},
	event.ReplicaOnline{Replica: here.Addr}, event.ReplicaLost{Replica: here.Addr, Why: event.ReplicaGone}, event.MasterLinkUp{Master: here.Addr}, event.MasterLinkUp{Master: here.Addr, Partial: true},
	event.DiskTrouble{File: "dump.rdb", Why: "no space left on device", Serves: true},
	event.DiskTrouble{File: "appendonly.aof", Why: "no space left on device"}, event.DiskWell{File: "appendonly.aof"},
	event.LogLoaded{Commands: 9}, event.LogLoaded{Cut: "appendonly.aof.1.incr.aof", At: 9}, event.LogRewritten{Size: 9},
	event.ScriptBusy{Script: "f_0", Kill: "SCRIPT KILL"}, event.ScriptOver{}, event.ScriptOver{Killed: true},
	event.ScriptOver{Killed: true, Limit: 30 * time.Second},
	event.LogRewriteFailed{Why: "no space left on device"}, event.LogRewriteLimited{},
	event.MasterLinkDown{Master: here.Addr, Why: event.MasterHungUp}, event.SyncStart{Master: here.Addr}, event.SyncProgress{Master: here.Addr, Read: 9}, event.SyncDone{Master: here.Addr, Bytes: 9},
	event.ReplIDChanged{Why: event.BecameMaster}, event.BacklogCreated{Size: 9}, event.BacklogFreed{Why: event.BacklogExpired},
	event.Failover{Step: event.FailoverWaits, Target: here.Addr}, event.Failover{Step: event.FailoverHandsOver, Target: here.Addr}, event.Failover{Step: event.FailoverDone, Target: here.Addr},
	event.Failover{Step: event.FailoverAborted, Target: here.Addr, Why: event.ByHand}, event.ReplicaOf{Master: here.Addr}, event.MasterMode{},
	event.FailoverState{State: "select-slave"}, event.FailoverState{State: "send-slaveof-noone"}, event.FailoverState{State: "wait-promotion"}, event.FailoverState{State: "reconf-slaves"},
	Input{Verb: "kill", Command: "kill 7000"}, Input{Verb: "step", Command: "step"}, Refused{Verb: "kill", Reason: "no such node"},
	NodeState{State: "up"}, NodeState{State: "killed"}, NodeState{State: "frozen"}, NodeState{State: "crashed", Why: "boom"}, NodeState{State: "stopped"},
	Formed{Nodes: 6}, Mark{Text: "here"}, SlotMoved{Slots: "5", From: "7000", To: "7001"}, MoveEnded{State: "done"}, MoveEnded{State: "failed"}, MoveEnded{State: "aborted"}, Stalled{},
}

func TestEveryEventHasASentenceInEveryLanguage(t *testing.T) {
	l := &Lab{}
	l.topology.Store(&Topology{})
	told := map[string]bool{}
	for _, e := range slices.Concat(everyEvent, sentinelEvents()) {
		told[reflect.TypeOf(e).Name()] = true
		saying, _ := l.caption(Stamped{Node: "7002", Event: e})
		require.NotEmpty(t, saying.ID, "%T says nothing: %s", e, e.Describe())
		for _, language := range words.Languages {
			known, err := words.Catalogue(language)
			require.NoError(t, err)
			require.Contains(t, known, saying.ID, language)
			for name, value := range saying.Args {
				if id, ok := strings.CutPrefix(value, "@"); ok {
					require.Contains(t, known, id, "%s: %s of %s", language, name, saying.ID)
				}
			}
			sentence := words.In(language).Say(saying.ID, saying.Args)
			require.NotContains(t, sentence, "<no value>", "%s: %T", language, e)
		}
	}
	for _, name := range eventTypes(t, filepath.Join("..", "node", "event"), ".") {
		require.True(t, told[name], "%s is not among the events of this test", name)
	}
}

func TestEveryReasonHasItsWordsInEveryLanguage(t *testing.T) {
	for _, language := range words.Languages {
		known, err := words.Catalogue(language)
		require.NoError(t, err)
		for _, reason := range constants(t, filepath.Join("..", "node", "event"), "Reason") {
			require.Contains(t, known, "reason."+reason, language)
		}
	}
}

func TestADetailIsToldWhenItIsAskedFor(t *testing.T) {
	line := (&Lab{}).Line(Stamped{Node: "7002", Event: event.LinkUp{Node: here}})
	require.Equal(t, Detail, line.Level)
	require.Empty(t, line.Caption, "thousands of links open while a large lab forms")
	require.Equal(t, "7002 has a bus link to 7000.", line.Say.English())
	require.Equal(t, "7002 到 7000 的总线连接已建立。", words.In("zh").Say(line.Say.ID, line.Say.Args))
}

func TestASentenceNamesTheFirstOfManySlots(t *testing.T) {
	require.Equal(t, "0-5460", shortSlots("0-5460"))
	many := strings.TrimSpace(strings.Repeat("100-200 ", 20))
	require.Equal(t, strings.Repeat("100-200 ", 7)+"…", shortSlots(many))
}

// eventTypes are the names of the types in some directories that describe themselves.
func eventTypes(t *testing.T, dirs ...string) []string {
	t.Helper()
	var names []string
	for _, dir := range dirs {
		for _, file := range sources(t, dir) {
			for _, decl := range file.Decls {
				f, ok := decl.(*ast.FuncDecl)
				if ok && f.Recv != nil && f.Name.Name == "Describe" {
					names = append(names, f.Recv.List[0].Type.(*ast.Ident).Name)
				}
			}
		}
	}
	require.Greater(t, len(names), 45)
	return names
}

// constants are the values of the string constants of one type.
func constants(t *testing.T, dir, typ string) []string {
	t.Helper()
	var values []string
	for _, file := range sources(t, dir) {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) == 0 {
				return true
			}
			if name, ok := spec.Type.(*ast.Ident); ok && name.Name == typ {
				text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				require.NoError(t, err)
				values = append(values, text)
			}
			return true
		})
	}
	require.Greater(t, len(values), 25)
	return values
}

// sources parses the files of a package, without its tests.
func sources(t *testing.T, dir string) []*ast.File {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := syntax.ParseFile(token.NewFileSet(), path, nil, 0)
		require.NoError(t, err)
		files = append(files, file)
	}
	return files
}

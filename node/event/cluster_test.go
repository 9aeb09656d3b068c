package event

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// clusterEvents is one of each, with all fields set.
var clusterEvents = []Event{
	PFail{Node: a, Silent: 15001},
	PFailCleared{Node: a},
	Fail{Node: a, Reporters: Nodes{b}, Votes: 2, Needed: 2},
	Fail{Node: a, From: b},
	FailCleared{Node: a, Reason: "no-slots"},
	FailReported{Node: a, By: b},
	FailReportWithdrawn{Node: a, By: b},
	ClusterState{State: "fail", Reason: "minority", Reachable: 1, Needed: 2},
	ClusterState{State: "ok", Reachable: 3, Needed: 2},
	RejoinDelay{Wait: 2000, Reason: "started"},
	Met{Addr: "127.0.0.1:7000", Self: true},
	Met{Addr: "127.0.0.1:7000"},
	HandshakeTimeout{Addr: "127.0.0.1:7000"},
	NodeAdded{Node: a, Reason: "handshake"},
	NodeAdded{Node: a, Reason: "gossip", By: b},
	NodeRemoved{Node: a, Reason: "forgotten"},
	RoleSeen{Node: a, Role: "master"},
	RoleSeen{Node: a, Role: "replica", Primary: b},
	AddressChanged{Node: a, From: "127.0.0.1:7009"},
	LinkUp{Node: a},
	LinkDown{Node: a, Reason: "silent"},
	LinkDown{Node: a, Reason: "hangup", Error: "connection reset"},
	PacketRefused{From: "127.0.0.1:7000", Reason: "bad-length"},
	Vote{For: a, Primary: b, Epoch: 7},
	VoteRefused{For: a, Epoch: 7, Reason: "already-voted"},
	ElectionScheduled{Delay: 642, Rank: 1, Offset: 99},
	ElectionDelayed{Added: 1000, Rank: 1},
	ElectionStarted{Epoch: 7, Primary: a, Needed: 2},
	ElectionExpired{Epoch: 7, Votes: 1, Needed: 2},
	GotVote{From: a, Epoch: 7, Votes: 1, Needed: 2},
	NoElection{Reason: "no-failover"},
	NoElection{Reason: "waiting", Detail: "642 ms to go"},
	Promoted{Epoch: 7, Primary: a, Slots: "0-5460", Reason: "elected"},
	Demoted{Primary: a, Reason: "lost-slots"},
	Demoted{Primary: a, From: b, Reason: "migration"},
	ManualFailover{Step: "started", With: a},
	ManualFailover{Step: "ready", With: a, Offset: 99},
	ManualFailover{Step: "timeout", With: a},
	ReplicaMigration{From: a, To: b, Orphaned: 5100},
	SlotOwner{Slots: "0-5460", From: a, To: b, Epoch: 7, Reason: "claim"},
	SlotOwner{Slots: "0-5460", To: b, Epoch: 7, Reason: "assigned"},
	SlotsDropped{Slots: "5", Keys: 3},
	OpenSlot{Slots: "5", State: "migrating", With: a},
	OpenSlot{Slots: "5", State: "importing", With: a},
	OpenSlot{Slots: "5", State: "stable"},
	Epoch{Kind: "current", Epoch: 7, From: a, Reason: "heard"},
	Epoch{Kind: "config", Epoch: 7, Reason: "elected"},
	EpochCollision{With: a, Epoch: 7, New: 8},
	UpdateSent{To: a, About: b, Epoch: 7, Slot: 5},
	UpdateReceived{From: a, About: b, Epoch: 7},
}

var (
	a = Node{ID: strings.Repeat("a", 40), Addr: "127.0.0.1:7000"}
	b = Node{ID: strings.Repeat("b", 40)}
)

func TestClusterEventsReadAsTheirNameAndASentence(t *testing.T) {
	types := map[string]reflect.Type{}
	for _, e := range clusterEvents {
		line := e.Describe()
		t.Run(line, func(t *testing.T) {
			require.Regexp(t, `^[+-][a-z-]+$`, e.Name())
			require.True(t, line == e.Name() || strings.HasPrefix(line, e.Name()+" ") || strings.HasPrefix(line, e.Name()+":"))
			require.NotContains(t, line, "%!")
			require.NotContains(t, line, a.ID, "an address is shown in place of the id")
			if kind, taken := types[e.Name()]; taken {
				require.Equal(t, kind, reflect.TypeOf(e), "one name, one type")
			}
			types[e.Name()] = reflect.TypeOf(e)
		})
	}
}

func TestClusterEventsTravelAsJSONWithoutLoss(t *testing.T) {
	for _, e := range clusterEvents {
		t.Run(e.Describe(), func(t *testing.T) {
			text, err := json.Marshal(e)
			require.NoError(t, err)
			back := reflect.New(reflect.TypeOf(e))
			require.NoError(t, json.Unmarshal(text, back.Interface()))
			require.Equal(t, e, back.Elem().Interface())
		})
	}
}

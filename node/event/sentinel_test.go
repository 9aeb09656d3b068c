package event

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	runID       = strings.Repeat("89009d", 6) + "daa1"
	watched     = Monitored{Kind: "master", Label: "mymaster", IP: "127.0.0.1", Port: 7000}
	ofWatched   = &Master{Label: "mymaster", IP: "127.0.0.1", Port: 7000}
	itsReplica  = Monitored{Kind: "slave", Label: "127.0.0.1:7001", IP: "127.0.0.1", Port: 7001, Of: ofWatched}
	itsSentinel = Monitored{Kind: "sentinel", Label: runID, IP: "127.0.0.1", Port: 26380, Of: ofWatched}
)

// What an instance is called in a payload.
const (
	aMaster   = "master mymaster 127.0.0.1 7000"
	aReplica  = "slave 127.0.0.1:7001 127.0.0.1 7001 @ mymaster 127.0.0.1 7000"
	aSentinel = "sentinel 89009d89009d89009d89009d89009d89009ddaa1 127.0.0.1 26380 @ mymaster 127.0.0.1 7000"
)

// published is every event Redis publishes, with its level, name and message.
var published = []struct {
	event   Published
	level   Level
	name    string
	payload string
}{
	{MonitorStarted{watched, 2}, Warning, "+monitor", aMaster + " quorum 2"},
	{MonitorEnded{watched}, Warning, "-monitor", aMaster},
	{MasterReset{watched}, Warning, "+reset-master", aMaster},
	{MonitorSet{watched, "quorum", []string{"3"}}, Warning, "+set", aMaster + " quorum 3"},
	{MonitorSet{watched, "rename-command", []string{"INFO", "i"}}, Warning, "+set", aMaster + " rename-command INFO i"},
	{ReplicaFound{itsReplica}, Notice, "+slave", aReplica},
	{SentinelFound{itsSentinel}, Notice, "+sentinel", aSentinel},
	{SentinelMoved{watched, "127.0.0.1", 26381, runID}, Notice, "+sentinel-address-switch", aMaster + " ip 127.0.0.1 port 26381 for " + runID},
	{SentinelAddressUpdated{itsSentinel, 2}, Notice, "+sentinel-address-update", aSentinel + " 2 additional matching instances"},
	{SentinelAddressInvalid{itsSentinel}, Notice, "+sentinel-invalid-addr", aSentinel},
	{Rebooted{itsReplica}, Notice, "+reboot", aReplica},
	{RoleReported{itsReplica, "slave", true}, Verbose, "+role-change", aReplica + " new reported role is slave"},
	{RoleReported{itsReplica, "master", false}, Verbose, "-role-change", aReplica + " new reported role is master"},
	{SDown{watched}, Warning, "+sdown", aMaster},
	{SDownCleared{itsSentinel}, Warning, "-sdown", aSentinel},
	{ODown{watched, 2, 2}, Warning, "+odown", aMaster + " #quorum 2/2"},
	{ODownCleared{watched}, Warning, "-odown", aMaster},
	{NewEpoch{7}, Warning, "+new-epoch", "7"},
	{TryFailover{watched}, Warning, "+try-failover", aMaster},
	{VoteForLeader{runID, 7, "mymaster"}, Warning, "+vote-for-leader", runID + " 7"},
	{ElectedLeader{Monitored: watched, Votes: 2, Needed: 2}, Warning, "+elected-leader", aMaster},
	{FailoverState{watched, "select-slave"}, Warning, "+failover-state-select-slave", aMaster},
	{ReplicaSelected{itsReplica}, Warning, "+selected-slave", aReplica},
	{FailoverState{itsReplica, "send-slaveof-noone"}, Notice, "+failover-state-send-slaveof-noone", aReplica},
	{FailoverState{itsReplica, "wait-promotion"}, Notice, "+failover-state-wait-promotion", aReplica},
	{ReplicaPromoted{itsReplica}, Warning, "+promoted-slave", aReplica},
	{FailoverState{watched, "reconf-slaves"}, Warning, "+failover-state-reconf-slaves", aMaster},
	{ReplicaReconf{itsReplica, "sent"}, Notice, "+slave-reconf-sent", aReplica},
	{ReplicaReconf{itsReplica, "inprog"}, Notice, "+slave-reconf-inprog", aReplica},
	{ReplicaReconf{itsReplica, "done"}, Notice, "+slave-reconf-done", aReplica},
	{ReplicaReconf{itsReplica, "sent-be"}, Notice, "+slave-reconf-sent-be", aReplica},
	{ReplicaReconfTimeout{itsReplica}, Notice, "-slave-reconf-sent-timeout", aReplica},
	{FailoverEnd{watched}, Warning, "+failover-end", aMaster},
	{FailoverEndForTimeout{watched}, Warning, "+failover-end-for-timeout", aMaster},
	{FailoverGivenUp{watched, NotElected, 1, 2}, Warning, "-failover-abort-not-elected", aMaster},
	{FailoverGivenUp{Monitored: watched, Why: NoGoodReplica}, Warning, "-failover-abort-no-good-slave", aMaster},
	{FailoverGivenUp{Monitored: watched, Why: ReplicaTooSlow}, Warning, "-failover-abort-slave-timeout", aMaster},
	{ConfigUpdateFrom{itsSentinel}, Warning, "+config-update-from", aSentinel},
	{SwitchMaster{"mymaster", "127.0.0.1", 7000, "127.0.0.1", 7001}, Warning, "+switch-master", "mymaster 127.0.0.1 7000 127.0.0.1 7001"},
	{ReplicaConverted{itsReplica}, Notice, "+convert-to-slave", aReplica},
	{ReplicaFixed{itsReplica}, Notice, "+fix-slave-config", aReplica},
	{Tilt{}, Warning, "+tilt", "#tilt mode entered"},
	{TiltEnded{}, Warning, "-tilt", "#tilt mode exited"},
	{ScriptError{"/bin/notify", 0, 2}, Warning, "-script-error", "/bin/notify 0 2"},
	{ScriptTimeout{"/bin/notify", 4711}, Warning, "-script-timeout", "/bin/notify 4711"},
}

// unpublished is what only we tell: why something was not done.
var unpublished = []Event{
	LeaderVoteRefused{Master: watched, Candidate: runID, Epoch: 7, VotedFor: runID, VoteEpoch: 7, Why: VotedAlready},
	LeaderVoteRefused{Master: watched, Candidate: runID, Epoch: 6, Why: EpochTooOld},
	NoFailoverYet{Master: watched, Why: FailoverRecent, Wait: 12000},
	NoFailoverYet{Master: watched, Why: InTilt},
	ReplicaNotSelectable{Replica: itsReplica, Why: PriorityZero},
	ReplicaNotSelectable{Replica: itsReplica, Why: InfoTooOld, Detail: "31000 ms"},
}

func TestASentinelPublishesWhatRedisPublishes(t *testing.T) {
	for _, c := range published {
		t.Run(c.event.Describe(), func(t *testing.T) {
			require.Equal(t, c.name, c.event.Name())
			require.Equal(t, c.payload, c.event.Payload())
			require.Equal(t, c.level, LevelOf(c.event))
			require.True(t, strings.HasPrefix(c.event.Describe(), c.name+" "+c.payload))
		})
	}
}

func TestARefusalIsToldButNotPublished(t *testing.T) {
	for _, e := range unpublished {
		_, is := e.(Published)
		require.False(t, is, e.Name())
		require.True(t, strings.HasPrefix(e.Describe(), e.Name()+" "))
	}
}

func TestSentinelEventsTravelAsJSONWithoutLoss(t *testing.T) {
	all := append([]Event(nil), unpublished...)
	for _, c := range published {
		all = append(all, c.event)
	}
	for _, e := range all {
		t.Run(e.Describe(), func(t *testing.T) {
			text, err := json.Marshal(e)
			require.NoError(t, err)
			back := reflect.New(reflect.TypeOf(e))
			require.NoError(t, json.Unmarshal(text, back.Interface()))
			require.Equal(t, e, back.Elem().Interface())
		})
	}
}

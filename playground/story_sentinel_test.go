package playground

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/event"
	"clusterplay/playground/words"
)

// TestEverySentinelEventIsToldInEveryLanguage keeps the story whole: an event without a sentence
// would be silent, one with a wrong id would show the id.
func TestEverySentinelEventIsToldInEveryLanguage(t *testing.T) {
	told := sentinelEvents()
	lab := &Lab{}
	for _, e := range told {
		line := lab.Line(Stamped{Node: "26379", Event: e})
		require.NotEmpty(t, line.Say.ID, e.Describe())
		require.NotEqual(t, Detail, line.Level, e.Describe())
		for _, lang := range []string{"en", "zh"} {
			known, err := words.Catalogue(lang)
			require.NoError(t, err)
			require.NotEmpty(t, known[line.Say.ID], lang)
			if why, is := strings.CutPrefix(line.Say.Args["why"], "@"); is {
				require.NotEmpty(t, known[why], "%s %s", lang, why)
			}
			text := words.In(lang).Say(line.Say.ID, line.Say.Args)
			require.NotContains(t, text, "<no value>", e.Describe())
		}
	}
	require.Equal(t, "For Sentinel 26379 and its clients, mymaster is at 127.0.0.1:7001 now and no longer at 127.0.0.1:7000.",
		lab.Line(Stamped{Node: "26379", Event: event.SwitchMaster{Label: "mymaster", OldIP: "127.0.0.1", OldPort: 7000, NewIP: "127.0.0.1", NewPort: 7001}}).Caption)
}

// sentinelEvents is one of each event of a Sentinel, and one for each sentence that it can have.
func sentinelEvents() []event.Event {
	of := &event.Master{Label: "mymaster", IP: "127.0.0.1", Port: 7000}
	master := event.Monitored{Kind: "master", Label: "mymaster", IP: "127.0.0.1", Port: 7000}
	replica := event.Monitored{Kind: "slave", Label: "127.0.0.1:7001", IP: "127.0.0.1", Port: 7001, Of: of}
	sentinel := event.Monitored{Kind: "sentinel", Label: strings.Repeat("ab", 20), IP: "127.0.0.1", Port: 26380, Of: of}
	told := []event.Event{
		event.MonitorStarted{Monitored: master, Quorum: 2}, event.MonitorEnded{Monitored: master}, event.MasterReset{Monitored: master},
		event.MonitorSet{Monitored: master, Option: "quorum", Values: []string{"3"}}, event.ReplicaFound{Monitored: replica},
		event.SentinelFound{Monitored: sentinel}, event.SentinelMoved{Monitored: master, NewIP: "127.0.0.1", NewPort: 26381, RunID: sentinel.Label},
		event.SentinelAddressInvalid{Monitored: sentinel}, event.SentinelAddressUpdated{Monitored: sentinel, Others: 2}, event.Rebooted{Monitored: replica},
		event.RoleReported{Monitored: replica, Role: "master"}, event.RoleReported{Monitored: replica, Role: "slave", Expected: true},
		event.ConfigNotSaved{Why: "disk full"}, event.ConfigSaved{}, event.ScriptError{Path: "/n.sh", Exit: 2}, event.ScriptTimeout{Path: "/n.sh", PID: 4},
		event.SDown{Monitored: master}, event.SDownCleared{Monitored: replica}, event.ODown{Monitored: master, Agree: 2, Quorum: 2},
		event.ODownCleared{Monitored: master}, event.Tilt{}, event.TiltEnded{}, event.NewEpoch{Epoch: 7},
		event.VoteForLeader{Leader: sentinel.Label, Epoch: 7, Master: "mymaster"},
		event.LeaderVoteRefused{Master: master, Candidate: sentinel.Label, Epoch: 7, Why: event.VotedAlready},
		event.LeaderVoteRefused{Master: master, Candidate: sentinel.Label, Epoch: 7, Why: event.EpochTooOld},
		event.TryFailover{Monitored: master}, event.NoFailoverYet{Master: master, Why: event.FailoverRecent, Wait: 7000},
		event.NoFailoverYet{Master: master, Why: event.FailoverRuns}, event.NoFailoverYet{Master: master, Why: event.InTilt},
		event.ElectedLeader{Monitored: master, Votes: 2, Needed: 2}, event.ElectedLeader{Monitored: master, Forced: true},
		event.FailoverGivenUp{Monitored: master, Why: event.NotElected, Votes: 1, Needed: 2},
		event.FailoverGivenUp{Monitored: master, Why: event.NoGoodReplica}, event.FailoverGivenUp{Monitored: master, Why: event.ReplicaTooSlow},
		event.ReplicaSelected{Monitored: replica}, event.ReplicaPromoted{Monitored: replica},
		event.ReplicaReconf{Monitored: replica, Step: "sent"}, event.ReplicaReconf{Monitored: replica, Step: "inprog"},
		event.ReplicaReconf{Monitored: replica, Step: "done"}, event.ReplicaReconf{Monitored: replica, Step: "sent-be"},
		event.ReplicaReconfTimeout{Monitored: replica}, event.FailoverEnd{Monitored: master}, event.FailoverEndForTimeout{Monitored: master},
		event.ConfigUpdateFrom{Monitored: sentinel}, event.SwitchMaster{Label: "mymaster", OldIP: "127.0.0.1", OldPort: 7000, NewIP: "127.0.0.1", NewPort: 7001},
		event.ConfigWithdrawn{Master: master, Epoch: 7, Kept: 6, Agree: 2},
		event.ReplicaConverted{Monitored: replica}, event.ReplicaFixed{Monitored: replica},
	}
	for _, why := range []event.Reason{event.IsSDown, event.IsDisconnected, event.PingTooOld, event.PriorityZero, event.InfoTooOld, event.LinkDownLong} {
		told = append(told, event.ReplicaNotSelectable{Replica: replica, Why: why})
	}
	return told
}

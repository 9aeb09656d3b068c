package scenarios

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/playground"
	"clusterplay/playground/workload"
)

// someLab is a lab in which something of everything is going on: 7001 is dead and failed, 7002 is
// suspected by 7000 alone, 7004 collects votes, slot 5 moves from 7000 to 7002, a load has run.
func someLab() *playground.Snapshot {
	suspects := func(flag string) []playground.Belief {
		return []playground.Belief{{Node: "7001", Flags: []string{"master", "fail"}}, {Node: "7002", Flags: []string{"master", flag}}}
	}
	return &playground.Snapshot{
		State: "mixed", SlotsCovered: 10923,
		Nodes: []playground.Node{
			{Name: "7000", State: "up", Role: "master", Slots: [][2]int{{0, 5460}}, Keys: 3, Epoch: 1, Offset: 100, ClusterState: "ok",
				Beliefs: suspects("fail?"), Migrating: []playground.Leaving{{Slot: 5, To: "7002"}}},
			{Name: "7001", State: "killed", Role: "master", Slots: [][2]int{{5461, 10922}}, Epoch: 2},
			{Name: "7002", State: "up", Role: "master", Slots: [][2]int{{10923, 16383}}, Epoch: 3, ClusterState: "fail",
				Importing: []playground.Coming{{Slot: 5, From: "7000"}}},
			{Name: "7003", State: "frozen", Role: "replica", Master: "7000", LinkUp: true},
			{Name: "7004", State: "up", Role: "replica", Master: "7001", Lag: 20, Election: &playground.Election{Votes: 1, Needed: 2}},
			{Name: "7005", State: "up", Role: "replica", Master: "7002", LinkUp: true},
			{Name: "7006", State: "up", Role: "master"},
			{Name: "7007", State: "up", Role: "master", Stream: &playground.Stream{
				Backlog: playground.BacklogView{Length: 64}, MinReplicas: &playground.MinReplicas{Wanted: 1, Refuses: true}}},
			{Name: "7008", State: "up", Role: "replica", Master: "7007", Stream: &playground.Stream{
				Link: &playground.LinkView{Sync: playground.SyncView{Kind: "full", Why: "unknown-replid"}}}},
		},
		Sentinels: []playground.SentinelView{
			watching("7010", "up", "7007", "wait_start", "odown"), watching("7011", "up", "7008", "none", "sdown"),
			watching("7012", "killed", "7009", "reconf_slaves", "odown"),
		},
		Held:  []playground.HeldView{{From: "7000", To: "7004", Type: "AUTH_ACK", Bytes: 2256}, {From: "7000", To: "7002", Type: "PING", Bytes: 2568}},
		Moves: []playground.MoveView{{State: playground.Done}, {State: playground.Running}},
		Load:  playground.LoadView{Counts: workload.Counts{Acked: 50, Replicated: 40, Lost: 2, Unknown: 1}},
		Story: []playground.Line{{Seq: 3, Name: "+vote", Node: "7000"}, {Seq: 9, Name: "+pfail", Node: "7000"}},
	}
}

// watching is a Sentinel that sends clients to a node and thinks 7007 down.
func watching(name, state, current, failover, down string) playground.SentinelView {
	return playground.SentinelView{Name: name, State: state, Watches: []playground.Watch{{
		Current: current, Failover: playground.FailoverState{State: failover},
		Instances: []playground.Opinion{{Node: "7007", Down: down}, {Node: "7008"}},
	}}}
}

func TestConditionsHoldOrDoNot(t *testing.T) {
	m := moment{someLab(), 5}
	tests := []struct {
		text string
		want bool
	}{
		{"pfail 7002", true}, {"pfail 7001", true}, {"pfail 7000", false},
		{"pfail 7002 by 7000", true}, {"pfail 7002 by 7004", false},
		{"fail 7001", true}, {"fail 7002", false}, {"fail 7001 by 7000", true}, {"fail 7001 by 7002", false},
		{"alive 7000", true}, {"alive 7002", false},
		{"running 7000", true}, {"running 7001", false}, {"killed 7001", true}, {"frozen 7003", true}, {"running 7010", true}, {"killed 7012", true}, {"running 7012", false}, {"frozen 7000", false},
		{"master 7000", true}, {"master 7001", false}, {"master 7004", false},
		{"replica 7004", true}, {"replica 7004 of 7001", true}, {"replica 7004 of 7000", false}, {"replica 7003", false},
		{"promoted 7000", true}, {"promoted 7006", false},
		{"link-up 7005", true}, {"link-up 7004", false}, {"link-up 7003", false},
		{"owner 5 == 7000", true}, {"master-of 5 == 7002", false}, {"owner 6000 == 7001", false},
		{"migrating 5", true}, {"migrating 6", false}, {"importing 5", true}, {"importing 6", false},
		{"moves done", false},
		{"state ok", false}, {"state 7000 ok", true}, {"state 7002 ok", false}, {"state 7002 fail", true}, {"state 7001 fail", false},
		{"covered", false},
		{"held AUTH_ACK", true}, {"held auth-ack from 7000 to 7004", true}, {"held AUTH_ACK to 7002", false}, {"held FAIL", false},
		{"event +pfail", true}, {"event +pfail 7000", true}, {"event +pfail 7002", false}, {"event +vote 7000", false},
		{"slots 7000 == 5461", true}, {"slots 7006 == 0", true}, {"keys 7000 >= 3", true}, {"keys 7001 >= 0", false},
		{"epoch 7002 > 2", true}, {"offset 7000 < 100", false}, {"lag 7004 != 0", true},
		{"votes 7004 == 1", true}, {"votes 7005 <= 0", true},
		{"acked >= 50", true}, {"replicated == 40", true}, {"lost == 0", false}, {"unknown < 2", true}, {"errors > 0", false},
		{"nodes == 7", true}, {"masters == 3", true},
		{"synced 7008 full", true}, {"synced 7008 full unknown-replid", true}, {"synced 7008 full no-backlog", false},
		{"synced 7008 partial", false}, {"synced 7007 full", false}, {"refuses 7007", true}, {"refuses 7000", false},
		{"backlog 7007 == 64", true}, {"backlog 7000 == 0", true},
		{"sdown 7007", true}, {"sdown 7007 by 7011", true}, {"odown 7007", true}, {"odown 7007 by 7011", false},
		{"odown 7007 by 7012", false}, {"sdown 7008", false},
		{"address 7007", false}, {"address 7007 by 7010", true}, {"address 7008 by 7011", true}, {"address 7009 by 7012", false},
		{"failover wait_start", true}, {"failover none by 7010", false}, {"failover reconf_slaves", false},
		{"bytes PING == 2568", true}, {"bytes AUTH_ACK > 2256", false}, {"bytes FAIL > 0", false},
		{"not covered", true}, {"not fail 7001", false},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			c, err := parseCondition(strings.Fields(tt.text))
			require.NoError(t, err)
			require.Equal(t, tt.text, c.text)
			require.Equal(t, tt.want, c.holds(m))
			require.NotEmpty(t, c.failure(m).Error())
		})
	}
}

func TestAConditionThatFailsSaysWhatIsThereInstead(t *testing.T) {
	m := moment{someLab(), 0}
	tests := []struct{ text, want string }{
		{"fail 7000", "expected fail 7000, but it does not hold"},
		{"state ok", "expected state ok, but it is mixed"},
		{"covered", "expected covered, but it is 10923 of 16384"},
		{"keys 7000 == 4", "expected keys 7000 == 4, but it is 3"},
		{"keys 7001 == 4", "expected keys 7001 == 4, but it is not there: the node does not run"},
		{"lost == 0", "expected lost == 0, but it is 2"},
		{"running 7001", "expected running 7001, but it is killed"},
		{"address 7009", "expected address 7009, but it is 7007 by 7010, 7008 by 7011"},
		{"synced 7008 partial", "expected synced 7008 partial, but it is full unknown-replid"},
		{"synced 7007 full", "expected synced 7007 full, but it is not there: it follows nobody"},
		{"running 7009", "expected running 7009, but it is not there"},
		{"bytes PING == 2256", "expected bytes PING == 2256, but it is 2568"},
		{"bytes FAIL == 2296", "expected bytes FAIL == 2296, but it is not there: no such frame waits; hold one first"},
	}
	for _, tt := range tests {
		c, err := parseCondition(strings.Fields(tt.text))
		require.NoError(t, err)
		require.EqualError(t, c.failure(m), tt.want)
	}
}

func TestWhatIsNoConditionIsRefusedWithTheReason(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", "is not a condition; the conditions are:\n  pfail NODE"},
		{"sunshine", `"sunshine" is not a condition`},
		{"not", `"not" is not a condition`},
		{"not not covered", "is not a condition"},
		{"not sunshine", `"sunshine" is not a condition`},
		{"pfail", `"pfail" is not a condition`},
		{"pfail 7000 of 7001", "is not a condition"},
		{"state maybe", "is not a condition"},
		{"owner 5 is 7000", "is not a condition"},
		{"owner 16384 == 7000", `"owner 16384 == 7000": `},
		{"keys 7000 = 3", "= compares nothing; write ==, !=, <, <=, > or >="},
		{"keys 7000 == many", "many is not a whole number"},
		{"bytes GOSSIP == 3", "no frame has the type GOSSIP"},
		{"held PING by 7000", "by 7000 is neither from NODE nor to NODE"},
	}
	for _, tt := range tests {
		_, err := parseCondition(strings.Fields(tt.text))
		require.ErrorContains(t, err, tt.want, tt.text)
	}
}

func TestAConditionNamesItsNodes(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"covered", nil}, {"pfail 7001", []string{"7001"}}, {"fail 7001 by 7000", []string{"7001", "7000"}},
		{"replica 7004 of 7001", []string{"7004", "7001"}}, {"owner 5 == 7002", []string{"7002"}}, {"migrating 5", nil},
		{"state 7000 ok", []string{"7000"}}, {"held PING from 7000 to 7001", []string{"7000", "7001"}}, {"event +vote 7000", []string{"7000"}},
		{"keys 7000 == 3", []string{"7000"}}, {"frozen 7003", []string{"7003"}}, {"not alive 7005", []string{"7005"}},
	}
	for _, tt := range tests {
		c, err := parseCondition(strings.Fields(tt.text))
		require.NoError(t, err)
		require.ElementsMatch(t, tt.want, c.nodes, tt.text)
	}
}

func TestEveryFormOfAConditionIsParsed(t *testing.T) {
	fill := strings.NewReplacer("full|partial", "full", "WHY", "forced", "SENTINEL", "7010", "STATE", "none", "NODE", "7000", "SLOT", "5", "ok|fail", "ok", "TYPE", "PING", "OP", ">=", "NAME", "+vote", "CONDITION", "covered", "[", "", "]", "")
	for _, form := range conditionForms {
		for _, text := range strings.Split(strings.SplitN(form, "  ", 2)[0], ", ") {
			words := strings.Fields(fill.Replace(text))
			for _, name := range strings.Split(words[0], "|") {
				args := append([]string{name}, words[1:]...)
				for i, w := range args {
					if w == "N" {
						args[i] = "1"
					}
				}
				_, err := parseCondition(args)
				require.NoError(t, err, form)
			}
		}
	}
}

package cluster

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/slot"
)

// keys is a Presence with fixed counts.
type keys struct{ present, missing int }

func (k keys) Count() (present, missing int) { return k.present, k.missing }

// The slots of confText that the table speaks of: 93 migrates from A to B, 9000 is imported from B.
const (
	slotOurs, slotNobodys, slotTheirs, slotMigrating, slotImporting = 100, 0, 6000, 93, 9000
)

func TestRoutesAreThoseOfARealServer(t *testing.T) {
	const asked, moved = "ASK 93 127.0.0.1:7001", "MOVED 6000 127.0.0.1:7001"
	down := func(s *State) { s.health.ok = false }
	reads := func(s *State) { down(s); s.cfg.AllowReadsWhenDown = true }
	replica := func(s *State) {
		s.dropAllSlots(time.Time{}, s.myself, "removed")
		s.follow(time.Time{}, s.find(idB), "replicate")
	}
	for _, tt := range []struct {
		name  string
		setup func(*State)
		query Query
		want  string
	}{
		{"ours", nil, Query{Slot: slotOurs, Write: true}, ""},
		{"nobody's", nil, Query{Slot: slotNobodys}, "CLUSTERDOWN Hash slot not served"},
		{"nobody's while down", down, Query{Slot: slotNobodys}, "CLUSTERDOWN Hash slot not served"},
		{"nobody's before cross-slot", nil, Query{Slot: slotNobodys, CrossSlot: true}, "CLUSTERDOWN Hash slot not served"},
		{"two slots", nil, Query{Slot: slotTheirs, CrossSlot: true}, "CROSSSLOT Keys in request don't hash to the same slot"},
		{"two slots while down", down, Query{Slot: slotOurs, CrossSlot: true}, "CROSSSLOT Keys in request don't hash to the same slot"},
		{"down", down, Query{Slot: slotOurs}, "CLUSTERDOWN The cluster is down"},
		{"down, shard channel", down, Query{Slot: slotOurs, ShardPubsub: true}, ""},
		{"down, shard channel not allowed", func(s *State) { down(s); s.cfg.NoPubsubShardWhenDown = true },
			Query{Slot: slotOurs, ShardPubsub: true}, "CLUSTERDOWN The cluster is down"},
		{"down, reads allowed, read", reads, Query{Slot: slotOurs}, ""},
		{"down, reads allowed, write", reads, Query{Slot: slotOurs, Write: true}, "CLUSTERDOWN The cluster is down and only accepts read commands"},
		{"down, reads allowed, elsewhere", reads, Query{Slot: slotTheirs}, moved},
		{"theirs", nil, Query{Slot: slotTheirs}, moved},
		{"theirs with ASKING", nil, Query{Slot: slotTheirs, Asking: true}, moved},
		{"migrating, present", nil, Query{Slot: slotMigrating, Keys: keys{1, 0}}, ""},
		{"migrating, missing", nil, Query{Slot: slotMigrating, Keys: keys{0, 1}}, asked},
		{"migrating, all missing", nil, Query{Slot: slotMigrating, Multiple: true, Keys: keys{0, 2}}, asked},
		{"migrating, missing write", nil, Query{Slot: slotMigrating, Write: true, Keys: keys{0, 1}}, asked},
		{"migrating, mixed", nil, Query{Slot: slotMigrating, Multiple: true, Keys: keys{1, 1}}, "TRYAGAIN Multiple keys request during rehashing of slot"},
		{"migrating, MIGRATE", nil, Query{Slot: slotMigrating, Migrate: true, Keys: keys{0, 1}}, ""},
		{"migrating, shard channel", nil, Query{Slot: slotMigrating, ShardPubsub: true, Keys: keys{0, 1}}, ""},
		{"importing, not asking", nil, Query{Slot: slotImporting, Keys: keys{1, 0}}, "MOVED 9000 127.0.0.1:7001"},
		{"importing, asking", nil, Query{Slot: slotImporting, Asking: true, Keys: keys{0, 1}}, ""},
		{"importing, asking, same key twice", nil, Query{Slot: slotImporting, Asking: true, Keys: keys{0, 2}}, ""},
		{"importing, asking, incomplete", nil, Query{Slot: slotImporting, Asking: true, Multiple: true, Keys: keys{1, 1}},
			"TRYAGAIN Multiple keys request during rehashing of slot"},
		{"importing, asking, complete", nil, Query{Slot: slotImporting, Asking: true, Multiple: true, Keys: keys{2, 0}}, ""},
		{"importing, MIGRATE", nil, Query{Slot: slotImporting, Migrate: true, Keys: keys{0, 1}}, ""},
		{"replica, no READONLY", replica, Query{Slot: slotTheirs}, moved},
		{"replica, READONLY read", replica, Query{Slot: slotTheirs, ReadOnly: true}, ""},
		{"replica, READONLY write", replica, Query{Slot: slotTheirs, ReadOnly: true, Write: true}, moved},
		{"replica, shard channel", replica, Query{Slot: slotTheirs, ShardPubsub: true}, ""},
		{"host name", func(s *State) { s.cfg.PreferredEndpoint = EndpointHostname }, Query{Slot: slotTheirs}, "MOVED 6000 b.example.com:7001"},
		{"host name unknown", func(s *State) { s.cfg.PreferredEndpoint = EndpointHostname; s.find(idB).hostname = shared{} },
			Query{Slot: slotTheirs}, "MOVED 6000 ?:7001"},
		{"endpoint unknown", func(s *State) { s.cfg.PreferredEndpoint = EndpointUnknown }, Query{Slot: slotTheirs}, "MOVED 6000 :7001"},
		{"mutant", func(s *State) { s.cfg.Mutants.AskAsMoved = true }, Query{Slot: slotMigrating, Keys: keys{0, 1}}, "MOVED 93 127.0.0.1:7001"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := loaded(confText)
			require.NoError(t, err)
			s.health.ok = true
			if tt.setup != nil {
				tt.setup(s)
			}
			before := string(s.Conf())
			r := s.Route(&tt.query)
			require.Equal(t, tt.want, r.Error())
			require.Equal(t, tt.want == "", r.Verdict == Serve)
			require.Equal(t, before, string(s.Conf()), "looking changes nothing")
		})
	}
}

func TestBlockedClientsAreSentAfterTheirSlot(t *testing.T) {
	s, err := loaded(confText)
	require.NoError(t, err)
	require.Equal(t, "CLUSTERDOWN The cluster is down", s.RouteBlocked(slotOurs, false).Error())
	s.health.ok = true
	require.Equal(t, "", s.RouteBlocked(slotOurs, false).Error())
	require.Equal(t, "", s.RouteBlocked(slotImporting, false).Error())
	require.Equal(t, "MOVED 6000 127.0.0.1:7001", s.RouteBlocked(slotTheirs, true).Error())
	require.Equal(t, "CLUSTERDOWN Hash slot not served", s.RouteBlocked(slotNobodys, false).Error())
	s.dropAllSlots(time.Time{}, s.myself, "removed")
	s.follow(time.Time{}, s.find(idB), "replicate")
	require.Equal(t, "", s.RouteBlocked(slotTheirs, true).Error())
	require.Equal(t, "MOVED 6000 127.0.0.1:7001", s.RouteBlocked(slotTheirs, false).Error())
}

func TestRoutingAllocatesNothing(t *testing.T) {
	s, err := loaded(confText)
	require.NoError(t, err)
	s.health.ok = true
	q := &Query{Slot: slotOurs, Keys: keys{1, 0}}
	require.Zero(t, testing.AllocsPerRun(100, func() { s.Route(q) }))
	q.Slot = slotTheirs
	require.Zero(t, testing.AllocsPerRun(100, func() { s.Route(q) }))
}

func TestSlotCommandsRefuseInRedisWords(t *testing.T) {
	r := func(first, last slot.Slot) []slot.Range { return []slot.Range{{First: first, Last: last}} }
	now := time.Unix(1, 0)
	for _, tt := range []struct {
		name string
		do   func(s *State) error
		want string
	}{
		{"busy", func(s *State) error { return s.AddSlots(now, r(2, 2)) }, "ERR Slot 2 is already busy"},
		{"unassigned", func(s *State) error { return s.DelSlots(now, r(0, 0)) }, "ERR Slot 0 is already unassigned"},
		{"twice", func(s *State) error { return s.AddSlots(now, append(r(0, 1), r(1, 1)...)) }, "ERR Slot 1 specified multiple times"},
		{"reversed", func(s *State) error { return s.AddSlots(now, r(1, 0)) }, "ERR start slot number 1 is greater than end slot number 0"},
		{"too large", func(s *State) error { return s.AddSlots(now, r(0, 16384)) }, "ERR Invalid or out of range slot"},
		{"not mine", func(s *State) error { return s.SetSlotMigrating(now, 6000, idB) }, "ERR I'm not the owner of hash slot 6000"},
		{"mine already", func(s *State) error { return s.SetSlotImporting(now, 100, idB) }, "ERR I'm already the owner of hash slot 100"},
		{"to nobody", func(s *State) error { return s.SetSlotMigrating(now, 100, "xx") }, "ERR I don't know about node xx"},
		{"to a replica", func(s *State) error { return s.SetSlotMigrating(now, 100, idC) }, "ERR Target node is not a master"},
		{"node unknown", func(s *State) error { return s.SetSlotNode(now, 100, "xx") }, "ERR Unknown node xx"},
		{"node replica", func(s *State) error { return s.SetSlotNode(now, 100, idC) }, "ERR Target node is not a master"},
		{"keys left", func(s *State) error { return s.SetSlotNode(now, 100, idB) },
			"ERR Can't assign hashslot 100 to a different node while I still hold keys for this hash slot."},
		{"forget unknown", func(s *State) error { return s.Forget(now, "xx") }, "ERR Unknown node xx"},
		{"forget self", func(s *State) error { return s.Forget(now, idA) }, "ERR I tried hard but I can't forget myself..."},
		{"replicate self", func(s *State) error { return s.Replicate(now, idA) }, "ERR Can't replicate myself"},
		{"replicate a replica", func(s *State) error { return s.Replicate(now, idC) }, "ERR I can only replicate a master, not a replica."},
		{"replicate with slots", func(s *State) error { return s.Replicate(now, idB) },
			"ERR To set a master the node must be empty and without assigned slots."},
		{"replicas of a replica", func(s *State) error { _, err := s.ReplicaLines(idC); return err }, "ERR The specified node is not a master"},
		{"flush with keys", func(s *State) error { return s.FlushSlots(now) }, "ERR DB must be empty to perform CLUSTER FLUSHSLOTS."},
		{"reset with keys", func(s *State) error { return s.Reset(now, false) }, "ERR CLUSTER RESET can't be called with master nodes containing keys"},
		{"negative epoch", func(s *State) error { return s.SetConfigEpoch(now, -1) }, "ERR Invalid config epoch specified: -1"},
		{"epoch among others", func(s *State) error { return s.SetConfigEpoch(now, 1) },
			"ERR The user can assign a config epoch only when the node does not know any other node."},
		{"failover of a master", func(s *State) error { return s.Failover(now, FailoverDefault) }, "ERR You should send CLUSTER FAILOVER to a replica"},
		{"meet a name", func(s *State) error { return s.Meet(now, "evil.example.com", 7000, 17000) },
			"ERR Invalid node address specified: evil.example.com:7000"},
		{"meet beyond the ports", func(s *State) error { return s.Meet(now, "127.0.0.1", 60000, 70000) },
			"ERR Invalid node address specified: 127.0.0.1:60000"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := loaded(confText)
			require.NoError(t, err)
			s.host.(*fakeHost).keys[100] = 1
			before := string(s.Conf())
			require.EqualError(t, tt.do(s), tt.want)
			require.Equal(t, before, string(s.Conf()))
		})
	}
}

func TestImportEndsWithAnEpochAboveAllOthers(t *testing.T) {
	s, err := loaded(confText)
	require.NoError(t, err)
	require.NoError(t, s.SetSlotNode(time.Time{}, slotImporting, idA))
	require.True(t, s.Mine(slotImporting))
	require.False(t, s.Importing(slotImporting))
	require.Equal(t, Epoch(13), s.myself.configEpoch)
	epoch, bumped := s.BumpEpoch(time.Time{})
	require.Equal(t, Epoch(13), epoch)
	require.False(t, bumped, "it is the highest already")
}

func TestResetForgetsAllAndHardAlsoItself(t *testing.T) {
	for _, hard := range []bool{false, true} {
		s, err := loaded(confText)
		require.NoError(t, err)
		require.NoError(t, s.Reset(time.Time{}, hard))
		require.NoError(t, s.Verify())
		require.Equal(t, 1, s.nodes.len())
		require.Zero(t, s.myself.numSlots)
		require.Empty(t, s.openSlots().Ranges())
		require.Equal(t, hard, s.Myself().String() != idA)
		require.Equal(t, hard, s.currentEpoch == 0)
	}
}

func TestSlotsAndShardsListWhoServes(t *testing.T) {
	s, err := loaded(confText)
	require.NoError(t, err)
	rows := s.ServedSlots()
	require.Len(t, rows, 3)
	require.Equal(t, "5461-16383", rows[2].Range.String())
	require.Len(t, rows[2].Nodes, 1, "a replica without data is not listed")
	s.find(idC).offset = 5
	require.Len(t, s.ServedSlots()[2].Nodes, 2)
	shards := s.Shards()
	require.Len(t, shards, 2)
	require.Equal(t, "online", shards[1].Nodes[1].Health())
	require.Contains(t, string(s.InfoText()), "cluster_slots_assigned:16381\r\ncluster_slots_ok:16381\r\n")
}

func TestSlotsThatArriveTogetherAreOneEvent(t *testing.T) {
	s, err := loaded(confText)
	require.NoError(t, err)
	s.BeforeSleep(mutantNow)
	for sl := slot.Slot(6000); sl < 6003; sl++ {
		require.NoError(t, s.SetSlotImporting(mutantNow, sl, idB))
	}
	require.NoError(t, s.SetSlotImporting(mutantNow, 7000, idB))
	require.NoError(t, s.SetSlotMigrating(mutantNow, 7, idB))
	require.Equal(t, []string{"+open-slot 6000-6002 7000 importing from 127.0.0.1:7001", "+open-slot 7 migrating to 127.0.0.1:7001"}, told(s))

	for sl := slot.Slot(6000); sl < 6003; sl++ {
		require.NoError(t, s.SetSlotNode(mutantNow, sl, idA))
	}
	require.Equal(t, []string{
		"+slot-owner 6000 from 127.0.0.1:7001 to 127.0.0.1:7000, epoch 10 (setslot)",
		"+epoch current 13 (bump)", "+epoch config 13 (bump)", "-open-slot 6000-6002 stable",
		"+slot-owner 6001-6002 from 127.0.0.1:7001 to 127.0.0.1:7000, epoch 13 (setslot)",
	}, told(s), "the first of them brings the epoch")
	require.NoError(t, s.SetSlotStable(mutantNow, 7))
	require.Equal(t, []string{"-open-slot 7 stable"}, told(s), "what was told is not added to")
}

// told is what a state has to tell of its last turn.
func told(s *State) (lines []string) {
	for _, e := range s.BeforeSleep(mutantNow).Emit {
		lines = append(lines, e.Describe())
	}
	return lines
}

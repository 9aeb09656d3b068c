package cluster

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/bus"
	"clusterplay/node/slot"
)

const idD = "dddddddddddddddddddddddddddddddddddddddd"

// followerConf is how a replica of A sees a cluster of A and B, C being B's replica and D itself.
var followerConf = strings.NewReplacer("myself,master", "master", " connected 2-4747 4749-5460 [93->-"+idB+"] [9000-<-"+idB+"]", " disconnected 0-5460",
	"vars", idD+" 127.0.0.1:7003@17003 myself,slave "+idA+" 0 0 10 connected\nvars").Replace(confText)

func words(text string) (list [][]byte) {
	for _, w := range strings.Fields(text) {
		list = append(list, []byte(w))
	}
	return list
}

func follower(t *testing.T) *State {
	t.Helper()
	s, err := loaded(followerConf)
	require.NoError(t, err)
	s.health.ok = true
	s.host.(*fakeHost).heard = mutantNow
	return s
}

func TestAReplicaKeepsWhatItIsToldOfOpenSlotsToItself(t *testing.T) {
	s := follower(t)
	require.True(t, s.Mirror(mutantNow, 93, words("MIGRATING "+idB)))
	require.True(t, s.Mirror(mutantNow, 9000, words("importing "+idB)))
	require.Contains(t, string(s.Conf()), "[93->-"+idB+"] [9000-<-"+idB+"]", "it survives a restart")
	require.NotContains(t, string(s.NodesText()), "[", "redis-cli would take it for a slot that was left open")
	require.Empty(t, s.View().Migrating)
	require.False(t, s.Importing(9000))
	require.False(t, s.Migrating(93))
	require.Equal(t, Moved, s.Route(&Query{Slot: 9000, Asking: true}).Verdict, "a replica imports nothing")

	again, err := loaded(string(s.Conf()))
	require.NoError(t, err)
	require.Equal(t, string(s.Conf()), string(again.Conf()))

	s.replacePrimary(mutantNow, "elected")
	require.True(t, s.Importing(9000))
	require.True(t, s.Migrating(93))
	require.Contains(t, string(s.NodesText()), "[93->-"+idB+"] [9000-<-"+idB+"]")
	require.Len(t, s.OpenSlotCommands(), 2)
	require.Equal(t, words("CLUSTER SETSLOT 93 MIGRATING "+idB), s.OpenSlotCommands()[0])
	require.Equal(t, words("CLUSTER SETSLOT 9000 IMPORTING "+idB), s.OpenSlotCommands()[1])
}

func TestAReplicaClosesSlotsWithItsMaster(t *testing.T) {
	for _, tt := range []struct{ name, words, owner string }{
		{"stable", "STABLE", idB},
		{"taken by its master, under a new epoch", "NODE " + idA + " EPOCH 13", idA},
		{"given to another", "NODE " + idB, idB},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := follower(t)
			require.True(t, s.Mirror(mutantNow, 9000, words("IMPORTING "+idB)))
			require.True(t, s.Mirror(mutantNow, 9000, words(tt.words)))
			require.Empty(t, s.slots.importing)
			require.Equal(t, tt.owner, s.slots.of(9000).id.String())
		})
	}
	s := follower(t)
	require.True(t, s.Mirror(mutantNow, 9000, words("NODE "+idA+" EPOCH 13")))
	require.Equal(t, Epoch(13), s.find(idA).configEpoch)
	require.Equal(t, Epoch(13), s.currentEpoch)
	var claimed slot.Set
	claimed.Add(9000)
	s.applyClaim(mutantNow, &claim{by: s.find(idB), epoch: 12, slots: &claimed})
	require.Equal(t, idA, s.slots.of(9000).id.String(), "the old owner's word is older")
}

func TestWordsThatMeanNothingChangeNothing(t *testing.T) {
	s := follower(t)
	before := string(s.Conf())
	for _, text := range []string{
		"", "MIGRATING", "IMPORTING", "NODE", "MIGRATING nobody", "MIGRATING " + idD, "NODE " + strings.Repeat("e", 40), "HELP " + idB,
	} {
		require.False(t, s.Mirror(mutantNow, 93, words(text)), text)
	}
	require.False(t, s.Mirror(mutantNow, slot.Count, words("STABLE")))
	require.Equal(t, before, string(s.Conf()))
	master, err := loaded(confText)
	require.NoError(t, err)
	require.False(t, master.Mirror(mutantNow, 93, words("STABLE")), "a master is told by nobody")
}

func TestOpenSlotsFollowAFailoverAtTheOtherEnd(t *testing.T) {
	s, err := loaded(confText)
	require.NoError(t, err)
	s.setFlags(s.find(idB), bus.Failed, true)
	s.becomesPrimary(s.find(idC))
	require.Equal(t, idC, s.slots.migrating[93].id.String())
	require.Equal(t, idC, s.slots.importing[9000].id.String())
	all := s.find(idB).slots.Set()
	s.applyClaim(mutantNow, &claim{by: s.find(idC), epoch: 13, slots: &all})
	require.Equal(t, idC, s.slots.of(9000).id.String(), "it still comes from where it came from")

	faithful, err := loaded(confText)
	require.NoError(t, err)
	faithful.cfg.Switches.LocalOpenSlots = true
	faithful.setFlags(faithful.find(idB), bus.Failed, true)
	faithful.becomesPrimary(faithful.find(idC))
	faithful.applyClaim(mutantNow, &claim{by: faithful.find(idC), epoch: 13, slots: &all})
	require.Equal(t, idB, faithful.slots.migrating[93].id.String())
	require.Equal(t, idB, faithful.slots.of(9000).id.String())
}

func TestAReplicaOfAnEmptyImporterMayTakeItsPlace(t *testing.T) {
	s := follower(t)
	s.dropAllSlots(mutantNow, s.find(idA), "removed")
	s.setFlags(s.find(idA), bus.Failed, true)
	require.Equal(t, "no-slots", mayElect(s))
	require.True(t, s.Mirror(mutantNow, 9000, words("IMPORTING "+idB)))
	require.Empty(t, mayElect(s))
	s.cfg.Switches.LocalOpenSlots = true
	require.Equal(t, "no-slots", mayElect(s))
}

func TestAReplicaWithoutDataMayNotTakeItsMastersPlace(t *testing.T) {
	s := follower(t)
	s.setFlags(s.find(idA), bus.Failed, true)
	require.Empty(t, mayElect(s))
	s.host.(*fakeHost).unborn = true
	require.Equal(t, "empty", mayElect(s))
	s.manual.canStart = true
	require.Empty(t, mayElect(s), "an operator may know better")
	s.manual.canStart, s.cfg.Switches.ElectEmpty = false, true
	require.Empty(t, mayElect(s))
}

func mayElect(s *State) string {
	why, _ := s.mayElect(mutantNow)
	return string(why)
}

func TestOfTwoMastersInOneEpochTheLongerHistoryKeepsTheShard(t *testing.T) {
	for _, tt := range []struct {
		name         string
		mine, theirs int64
		rival, byID  bool
		moves        bool
	}{
		{"strangers: the smaller id", 5, 9, false, false, true},
		{"rivals: theirs is longer", 5, 9, true, false, false},
		{"rivals: mine is longer", 9, 5, true, false, true},
		{"rivals as long: the smaller id", 9, 9, true, false, true},
		{"rivals as in 7.0", 5, 9, true, true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := loaded(confText)
			require.NoError(t, err)
			s.cfg.Switches.CollisionByID = tt.byID
			s.host.(*fakeHost).offset = tt.mine
			claimed := s.find(idB).slots.Set()
			if tt.rival {
				claimed = s.myself.slots.Set()
			}
			p := bus.Message{Header: bus.Header{Type: bus.Ping, ConfigEpoch: 10, Offset: tt.theirs, Slots: (*bus.Slots)(&claimed)}}
			packet, err := bus.Decode(p.Append(nil))
			require.NoError(t, err)
			s.resolveCollision(&inbox{sender: s.find(idB), packet: packet})
			require.Equal(t, tt.moves, s.myself.configEpoch != 10)
		})
	}
}

// Package invariant knows what must hold in a cluster whatever goes wrong, and says when it does
// not. A Checker is told everything that happens: events, packets, and each node's view after
// each step. It never asks and changes nothing.
//
// What sounds natural and is false ("one writable master per slot at any instant", "an acknowledged
// write survives", "the highest offset wins") is not here. The promises, by their numbers, and the
// file that keeps each. H: at every step. C: under its condition, else counted. E: at rest.
//
//	 1 H votes.go    one vote for each voter and epoch over its whole life, on disk before it leaves
//	 2 C votes.go    one winner an epoch, if the rivals count the same number of masters
//	 3 H votes.go    who wins has a majority of distinct masters that own slots
//	 4 H votes.go    what is counted was given in this very epoch
//	 5 H votes.go    votes go to replicas of failed masters, or to who forces them
//	 6 H epochs.go   a node's clock and its last vote never go back, restarts included
//	 7 H epochs.go   no configEpoch is ahead of the clock
//	 8 H epochs.go   no observed configEpoch of a master goes back
//	 9 H slots.go    each slot has at most one owner, a master, and counts are right
//	10 H rebind.go   slots go to newer epochs, from who claims them no more, or by hand; slots.go: never while imported
//	11 H epochs.go   an epoch claims a slot for one node only (C: nobody took it unasked, W11), an importer takes a new one (H)
//	12 E rest.go     masters rest with different epochs and clocks stand; in a collision the smaller id moves (H)
//	13 H failure.go  who declares a failure has a fresh majority behind it
//	14 H failure.go  a failed owner of slots is not believed again before its time
//	15 H failure.go  a master that hears nobody refuses
//	16 H failure.go  a master waits after its start and after a minority
//	17 H votes.go    votes are asked for when due, by rank, in a new epoch that is on disk
//	18 C world       manual failover alone loses nothing
//	19 H slots.go    a node answers only for slots it owns or imports
//	20 H slots.go    a master holds keys only of slots it owns or imports (C: none inherited, W10)
//	21 C world       moving slots alone loses nothing and duplicates nothing
//	22 E rest.go     every slot is owned and none is open
//	23 H slots.go    nobody follows itself over others; E rest.go: replicas follow masters and own nothing
//	24 H world       packets of strangers change nothing, a MEET begins a handshake
//	25 H slots.go    a process comes back as it was; the file itself is package cluster's test
//	26 E rest.go     all see the same; H epochs.go: an UPDATE from a known node is believed
//	27 E world       a replica takes its crashed master's place in time
//	28 H failure.go  gossip does not bring back who was forgotten
//	29 H history.go  no two nodes remember one stream differently
//	30 H history.go  the offset of a history goes back only with a load; names.go: nor does a restart go further
//	31 H history.go  nobody acknowledges what it has not executed
//	32 H names.go    a replica continues only what it shares, with bytes that are kept
//	33 H names.go    a name means one history and shares with the former one what there was; history.go: nothing with another shard's
//	34 E rest.go     the same byte of the same history means the same data; H history.go, data.go: and the same keys, at any time
//	35 H data.go     a replica changes with its history only, and is not read while it loads
//	36 H acks.go     WAIT counts those who are connected and have acknowledged
//	37 C acks.go     what every replica acknowledged, the next master has, if none was disturbed
//	38 C world       every acknowledged write that is lost is explained by a named window
//	39 H data.go     nobody shows a value after its end
//	40 H acks.go     a master that wants replicas refuses without them
//	41 H acks.go     what is kept for replicas stays within its limits
//	42 H data.go     a transaction is there as a whole or not at all
//
// Of Sentinels:
//
//	43 H sentinel.go         one vote for each Sentinel, master and epoch, in the file before it leaves
//	44 C sentinel.go         one leader an epoch, if all who are asked know the same
//	45 H sentinel.go         a leader has the quorum and a majority of all it ever saw, and the votes were given
//	46 H sentinel_down.go    a master is down by fresh agreement; nothing in TILT; no failover too soon
//	47 H sentinel_config.go  configurations get newer; C: one epoch names one master, unless somebody acted without votes
//	48 H sentinel_config.go  who is promoted may be, and nobody comes before
//	49 E sentinel_config.go  Sentinels that hear each other agree in time; world: then all follow one master
package invariant

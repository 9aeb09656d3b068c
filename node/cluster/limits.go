package cluster

import "time"

// The time constants of Redis 7.0. NT is the node timeout.
const (
	cronsPerSample      = 10                     // a random ping each second
	samplesPerRound     = 5                      // of five nodes, the one unheard of longest
	minHandshake        = time.Second            // a handshake lasts max(NT, 1 s)
	reportValidity      = 2                      // × NT: how long a suspicion counts
	failUndo            = 2                      // × NT: a failed master may return if nobody took over
	voteCoolDown        = 2                      // × NT between votes for replicas of one master
	authTimeoutFactor   = 2                      // × NT: how long an election lasts
	minAuthTimeout      = 2 * time.Second        // and at least this long
	retryFactor         = 2                      // × that: when the next may begin
	electionDelay       = 500 * time.Millisecond // lets FAIL spread before the vote
	electionJitter      = 500                    // ms of chance on top, so that siblings differ
	rankDelay           = time.Second            // for each sibling with more data
	manualTimeout       = 5 * time.Second        // CLUSTER FAILOVER gives up
	manualPauseFactor   = 2                      // × that: how long writes are asked to stop
	migrationDelay      = 5 * time.Second        // a master is orphaned this long before replicas move
	writableDelay       = 2 * time.Second        // a fresh master waits to hear what it missed
	minRejoinDelay      = 500 * time.Millisecond // after a minority: NT, within these bounds
	maxRejoinDelay      = 5 * time.Second
	blacklistTTL        = time.Minute            // CLUSTER FORGET must reach all nodes within
	pongFutureTolerance = 500 * time.Millisecond // clocks may differ that much
	minGossip           = 3                      // entries in a heartbeat
	gossipShare         = 10                     // or a tenth of the nodes
	gossipTries         = 3                      // × the wanted number of random picks
)

// The bounds that Redis does not have.
const (
	// maxPending bounds the packets waiting for a link to open; Redis queues without end. What
	// is dropped would be as lost if the connect failed.
	maxPending = 64
	// maxEpochJump bounds how far one packet may raise the currentEpoch. No honest cluster sees
	// four billion elections between two heartbeats, and an epoch near 2^64 can never be raised again.
	maxEpochJump = 1 << 32
	// maxHostname is Redis' limit on cluster-announce-hostname, NUL excluded.
	maxHostname = 255
	// maxNodes bounds the node table against invented gossip; Redis recommends up to 1000 nodes.
	maxNodes = 4096
	// maxBlacklist bounds the ids remembered after CLUSTER FORGET; they go after a minute anyway.
	maxBlacklist = 4096
	// manyNodes is where nodes.conf gets too long to be written for every piece of news, PINGs are too many to wait
	// for links that open, and suspicions too many to be told; heardPerNode is how long such news wait at most, for
	// each node: a thousand of them a second.
	manyNodes    = 64
	heardPerNode = time.Millisecond
)

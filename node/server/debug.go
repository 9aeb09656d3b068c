package server

import (
	"errors"
	"strconv"
	"strings"

	"clusterplay/node/event"
	"clusterplay/node/keyspace"
	"clusterplay/node/machine"
)

// debugCommands are the subcommands of DEBUG by lower-case name, with the number of words each
// wants; 0 is any.
var debugCommands = map[string]struct {
	words int
	run   handler
}{
	"sleep":             {3, (*Server).debugSleep},
	"segfault":          {2, (*Server).debugSegfault},
	"panic":             {2, (*Server).debugAbort},
	"restart":           {0, (*Server).debugRestart},
	"crash-and-recover": {0, (*Server).debugRestart},
	"aof-flush-sleep":   {3, (*Server).debugAOFFlushSleep},
	"loadaof":           {2, (*Server).debugLoadAOF},
	"reload":            {0, (*Server).debugReload},
	"object":            {3, (*Server).debugObject},
	"digest":            {2, (*Server).debugDigest},
	"digest-value":      {0, (*Server).debugDigestValue},
	"set-active-expire": {3, (*Server).debugSetActiveExpire},
	"change-repl-id":    {2, (*Server).debugChangeReplID},
	"error":             {3, (*Server).debugError},
	"protocol":          {3, (*Server).debugProtocol},
	"populate":          {0, (*Server).debugPopulate},
	"replicate":         {0, (*Server).debugReplicate},
	"sdslen":            {3, (*Server).debugSdslen},
	"structsize":        {2, (*Server).debugStructsize},
	"stringmatch-test":  {2, (*Server).debugStringmatch},
	"log":               {3, (*Server).debugLog},
	"pause-cron":        {3, (*Server).debugPauseCron},
	"clusterlink":       {0, (*Server).debugClusterlink},
	"assert":            {2, (*Server).debugAbort},
	"leak":              {3, (*Server).debugOK},

	"config-rewrite-force-all":   {2, (*Server).debugRewrite},
	"replybuffer":                {4, (*Server).debugOK},
	"quicklist-packed-threshold": {3, (*Server).debugPackedThreshold},

	"set-skip-checksum-validation": {3, (*Server).debugUnsealed},
	"drop-cluster-packet-filter":   {3, (*Server).debugDropPackets},
	"help":                         {2, (*Server).debugHelp},
	"set-disable-deny-scripts":     {3, (*Server).debugDenyScripts},
}

// debugCommand: DEBUG subcommand [arg ...]
func (s *Server) debugCommand(c *client) {
	name := string(c.ctx.Args[1])
	sub, ok := debugCommands[strings.ToLower(name)]
	if !ok || sub.words != 0 && len(c.ctx.Args) != sub.words {
		c.ctx.Error(unknownDebug(c.ctx.Args[1]))
		return
	}
	sub.run(s, c)
}

func unknownDebug(name []byte) string {
	return "ERR unknown subcommand or wrong number of arguments for '" + string(name[:min(len(name), 128)]) + "'. Try DEBUG HELP."
}

// debugSegfault: DEBUG SEGFAULT. Only this node dies, as its process would.
func (s *Server) debugSegfault(c *client) {
	s.exit(139, "DEBUG "+strings.ToUpper(string(c.ctx.Args[1])))
}

// debugAbort: DEBUG PANIC and DEBUG ASSERT, after which Redis aborts.
func (s *Server) debugAbort(c *client) {
	line := "=== ASSERTION FAILED ==="
	if strings.EqualFold(string(c.ctx.Args[1]), "panic") {
		line = "Guru Meditation: called by Unittest"
	}
	s.log(event.Warning, "%s", line)
	s.exit(134, "DEBUG "+strings.ToUpper(string(c.ctx.Args[1])))
}

// debugRestart: DEBUG RESTART [delay]
func (s *Server) debugRestart(c *client) { s.exit(0, "DEBUG RESTART") }

// debugReload: DEBUG RELOAD [MERGE] [NOFLUSH] [NOSAVE]. The data go through the RDB codec and back, on the spot, and
// become the file on the disk; with NOSAVE they come from there.
func (s *Server) debugReload(c *client) {
	merge, keep, stored := false, false, false
	for _, word := range c.ctx.Args[2:] {
		switch strings.ToLower(string(word)) {
		case "merge":
			merge = true
		case "noflush":
			keep = true
		case "nosave":
			stored = true
		default:
			c.ctx.Error("ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.")
			return
		}
	}
	if s.saves.running != nil || s.loading != nil {
		c.ctx.Error(errReload)
		return
	}
	data, err := s.dumped(stored)
	if !keep {
		s.flushData()
		s.flushFunctions()
	}
	if err == nil {
		err = s.reload(data, merge)
	}
	if err != nil {
		s.log(event.Warning, "DEBUG RELOAD: %v", err)
		c.ctx.Error(errReload)
		return
	}
	c.ctx.OK()
}

const errReload = "ERR Error trying to load the RDB dump, check server logs."

// dumped is an RDB file: what the data are now, which goes to the disk as well, or the one on the disk.
func (s *Server) dumped(stored bool) (data []byte, err error) {
	if stored {
		data, there, err := s.readFile(s.settings.text("dbfilename"))
		if err == nil && !there {
			err = errors.New("there is no such file")
		}
		return data, err
	}
	snap := s.startSnapshot(everything)
	for snap.keys != nil && !snap.keys.Step(sliceKeys) {
		continue
	}
	data = snap.finish()
	s.save(machine.Save{Op: machine.Replace, Name: s.settings.text("dbfilename"), Data: data})
	return data, nil
}

// debugError: DEBUG ERROR text
func (s *Server) debugError(c *client) { c.ctx.Error(string(c.ctx.Args[2])) }

// debugSetActiveExpire: DEBUG SET-ACTIVE-EXPIRE 0|1
func (s *Server) debugSetActiveExpire(c *client) {
	n, _ := strconv.Atoi(string(c.ctx.Args[2]))
	s.noExpiry = n == 0
	c.ctx.OK()
}

// debugChangeReplID: DEBUG CHANGE-REPL-ID
func (s *Server) debugChangeReplID(c *client) {
	s.repl.ChangeID()
	c.ctx.OK()
}

// debugObject: DEBUG OBJECT key
func (s *Server) debugObject(c *client) {
	key := c.ctx.Args[2]
	s.space.Expiry = keyspace.ShowExpired // a key is there until somebody has found that its time is over
	e := c.ctx.DB.Peek(s.nowMs, key)
	s.setExpiry()
	if e == nil {
		c.ctx.Error("ERR no such key")
		return
	}
	idle := e.Idle(s.nowMs)
	c.ctx.Status("Value at:0x0 refcount:1 encoding:" + e.Value.Encoding() +
		" serializedlength:" + strconv.Itoa(serializedLength(e)) +
		" lru:" + strconv.FormatInt((s.now.Unix()-idle)&(1<<24-1), 10) +
		" lru_seconds_idle:" + strconv.FormatInt(idle, 10))
}

// debugAOFFlushSleep: DEBUG AOF-FLUSH-SLEEP microseconds. It widens a gap between a write of the append
// only file and its reply that does not exist here: a reply leaves only after the write. So it does nothing.
func (s *Server) debugAOFFlushSleep(c *client) { c.ctx.OK() }

// debugHelp: DEBUG HELP
func (s *Server) debugHelp(c *client) {
	lines := []string{
		"DEBUG <subcommand> [<arg> ...]. Subcommands are:",
		"CHANGE-REPL-ID", "    Begins a new replication history, which no replica can continue.",
		"DIGEST", "    Shows a hash of the whole data set.",
		"DIGEST-VALUE <key> [<key> ...]", "    Shows a hash of each value.",
		"CLUSTERLINK KILL <to|from|all> <node-id>", "    Closes the bus links with a node.",
		"DROP-CLUSTER-PACKET-FILTER <type>", "    Ignores bus packets of a type; -1 ends that.",
		"ERROR <text>", "    Answers an error with that text.",
		"LOADAOF", "    Throws the data away and reads them from the append only file.",
		"LOG <text>", "    Writes a line into the log.",
		"OBJECT <key>", "    Shows how a value is stored.",
		"PAUSE-CRON <0|1>", "    Stops the timers, or lets them go on.",
		"QUICKLIST-PACKED-THRESHOLD <size>", "    Checks the size. A list here cuts its links by size alone.",
		"POPULATE <count> [<prefix> [<size>]]", "    Makes keys of which replicas hear nothing.",
		"PROTOCOL <type>", "    Answers a sample of a reply type.",
		"REPLICATE <word> [<word> ...]", "    Sends replicas a command that never ran here.",
		"RELOAD", "    Writes the data set as RDB and reads it back.",
		"RESTART", "    Ends the node in good order.",
		"SEGFAULT", "    Ends the node as a crash would.",
		"SDSLEN <key>", "    Shows the length of a key and of its string.",
		"SET-ACTIVE-EXPIRE <0|1>", "    Turns the background deletion of expired keys off or on.",
		"SLEEP <seconds>", "    Stops the whole node for a while.",
	}
	c.ctx.Array(len(lines))
	for _, line := range lines {
		c.ctx.Status(line)
	}
}

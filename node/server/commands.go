package server

import "clusterplay/node/command"

// handler is a command that needs the server, not only the data.
type handler func(s *Server, c *client)

// sharedTable is the table of commands, the same for all servers of the process. Server keeps a
// pointer to it because its own methods are in it.
var sharedTable = newTable()

// newTable binds the server's commands to the rows that have no handler yet.
func newTable() *command.Table {
	t := command.NewTable()
	for _, h := range handlers {
		t.Bind(h.name, bound(h.run))
	}
	for _, h := range aclHandlers {
		t.Bind("acl|"+h.name, bound(h.run))
	}
	for _, h := range clusterHandlers {
		t.Bind("cluster|"+h.name, bound(inCluster(h.run)))
	}
	for _, c := range t.Commands() {
		if help := c.Sub([]byte("help")); help != nil && help.Run == nil {
			t.Bind(help.Full, bound((*Server).help))
		}
	}
	return t
}

func bound(run handler) func(*command.Context) {
	return func(ctx *command.Context) {
		s := ctx.Host.(*Server)
		run(s, s.current)
	}
}

// handlers are the server's commands by full name.
var handlers = []struct {
	name string
	run  handler
}{
	{"asking", (*Server).askingCommand},
	{"auth", (*Server).authCommand},
	{"bgrewriteaof", (*Server).bgrewriteaofCommand},
	{"bgsave", (*Server).bgsaveCommand},
	{"client|caching", (*Server).clientCaching},
	{"client|getname", (*Server).clientGetName},
	{"client|getredir", (*Server).clientGetRedir},
	{"client|id", (*Server).clientID},
	{"client|info", (*Server).clientInfo},
	{"client|kill", (*Server).clientKill},
	{"client|list", (*Server).clientListCommand},
	{"client|no-evict", (*Server).clientNoEvict},
	{"client|pause", (*Server).clientPause},
	{"client|reply", (*Server).clientReply},
	{"client|setname", (*Server).clientSetName},
	{"client|tracking", (*Server).clientTracking},
	{"client|trackinginfo", (*Server).clientTrackingInfo},
	{"client|unblock", (*Server).clientUnblock},
	{"client|unpause", (*Server).clientUnpause},
	{"command", (*Server).commandCommand},
	{"command|count", (*Server).commandCount},
	{"command|docs", (*Server).commandDocs},
	{"command|getkeys", (*Server).commandGetKeys},
	{"command|getkeysandflags", (*Server).commandGetKeysAndFlags},
	{"command|info", (*Server).commandInfo},
	{"command|list", (*Server).commandList},
	{"config|get", (*Server).configGet},
	{"config|resetstat", (*Server).configResetStat},
	{"config|rewrite", (*Server).configRewrite},
	{"config|set", (*Server).configSet},
	{"debug", (*Server).debugCommand},
	{"discard", (*Server).discardCommand},
	{"echo", (*Server).echo},
	{"exec", (*Server).execCommand},
	{"hello", (*Server).hello},
	{"info", (*Server).infoCommand},
	{"lastsave", (*Server).lastSaveCommand},
	{"latency|doctor", (*Server).latencyDoctor},
	{"latency|graph", (*Server).latencyGraph},
	{"latency|histogram", (*Server).latencyHistogram},
	{"latency|history", (*Server).latencyHistory},
	{"latency|latest", (*Server).latencyLatest},
	{"latency|reset", (*Server).latencyReset},
	{"lolwut", (*Server).lolwut},
	{"memory|doctor", (*Server).memoryDoctor},
	{"memory|malloc-stats", (*Server).memoryMallocStats},
	{"memory|purge", (*Server).memoryPurge},
	{"memory|stats", (*Server).memoryStats},
	{"migrate", (*Server).migrateCommand},
	{"module|list", (*Server).moduleList},
	{"module|load", (*Server).moduleLoad},
	{"module|loadex", (*Server).moduleLoad},
	{"module|unload", (*Server).moduleUnload},
	{"monitor", (*Server).monitorCommand},
	{"multi", (*Server).multiCommand},
	{"ping", (*Server).ping},
	{"psubscribe", (*Server).psubscribe},
	{"eval", (*Server).evalCommand},
	{"eval_ro", (*Server).evalReadOnlyCommand},
	{"evalsha", (*Server).evalSHACommand},
	{"evalsha_ro", (*Server).evalSHAReadOnlyCommand},
	{"failover", (*Server).failoverCommand},
	{"fcall", (*Server).fcallCommand},
	{"fcall_ro", (*Server).fcallReadOnlyCommand},
	{"function|delete", (*Server).functionDelete},
	{"function|dump", (*Server).functionDump},
	{"function|flush", (*Server).functionFlush},
	{"function|kill", (*Server).functionKill},
	{"function|list", (*Server).functionList},
	{"function|load", (*Server).functionLoad},
	{"function|restore", (*Server).functionRestore},
	{"function|stats", (*Server).functionStats},
	{"psync", (*Server).psyncCommand},
	{"publish", (*Server).publishCommand},
	{"pubsub|channels", (*Server).pubsubChannels},
	{"pubsub|numpat", (*Server).pubsubNumpat},
	{"pubsub|numsub", (*Server).pubsubNumsub},
	{"pubsub|shardchannels", (*Server).pubsubShardChannels},
	{"pubsub|shardnumsub", (*Server).pubsubShardNumsub},
	{"punsubscribe", (*Server).punsubscribe},
	{"quit", (*Server).quit},
	{"readonly", (*Server).readonlyCommand},
	{"readwrite", (*Server).readwriteCommand},
	{"replconf", (*Server).replconfCommand},
	{"replicaof", (*Server).replicaofCommand},
	{"reset", (*Server).reset},
	{"role", (*Server).roleCommand},
	{"save", (*Server).saveCommand},
	{"script|debug", (*Server).scriptDebug},
	{"script|exists", (*Server).scriptExists},
	{"script|flush", (*Server).scriptFlush},
	{"script|kill", (*Server).scriptKill},
	{"script|load", (*Server).scriptLoad},
	{"select", (*Server).selectCommand},
	{"shutdown", (*Server).shutdownCommand},
	{"slaveof", (*Server).replicaofCommand},
	{"slowlog|get", (*Server).slowlogGet},
	{"slowlog|len", (*Server).slowlogLen},
	{"slowlog|reset", (*Server).slowlogReset},
	{"spublish", (*Server).spublish},
	{"ssubscribe", (*Server).ssubscribe},
	{"subscribe", (*Server).subscribe},
	{"sunsubscribe", (*Server).sunsubscribe},
	{"swapdb", (*Server).swapdb},
	{"sync", (*Server).syncCommand},
	{"time", (*Server).timeCommand},
	{"unsubscribe", (*Server).unsubscribe},
	{"unwatch", (*Server).unwatchCommand},
	{"wait", (*Server).waitCommand},
	{"watch", (*Server).watchCommand},
}

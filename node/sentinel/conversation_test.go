package sentinel

// conversation is asked of a real Sentinel and of ours.
var conversation = []string{
	// What there is at all.
	"PING", "ping hello", "PING a b", "GET k", "SET k v", "QUIT", "RESET", "SELECT 0", "PUBSUB CHANNELS", "CONFIG GET port", "MONITOR", "MULTI", "ECHO x",
	"DBSIZE", "SLAVEOF NO ONE", "CLUSTER INFO", "DEBUG SLEEP 0", "what 'a b' c", `"with\x00nul" 1`, "SUBSCRIBE", "PSUBSCRIBE", "PUBLISH", "PUBLISH c",
	"COMMAND COUNT", "COMMAND INFO ping", "COMMAND INFO role shutdown publish subscribe unsubscribe psubscribe punsubscribe hello auth info", "COMMAND INFO get",
	"COMMAND INFO sentinel", "COMMAND INFO sentinel|set", "COMMAND GETKEYS ping", "COMMAND GETKEYS get k", "COMMAND GETKEYS", "COMMAND WHAT", "COMMAND LIST FILTERBY WHAT x",
	"COMMAND LIST FILTERBY MODULE x", "COMMAND LIST FILTERBY PATTERN sentinel|master", "COMMAND LIST FILTERBY", "COMMAND DOCS nobody",
	"ROLE", "ROLE x", "ACL WHOAMI", "ACL USERS", "ACL LIST", "ACL WHAT", "ACL", "AUTH x", "AUTH default x", "AUTH bob x", "HELLO 4", "HELLO x", "HELLO 2 SETNAME", "HELLO 2 WHAT",
	"SHUTDOWN WHAT", "SHUTDOWN ABORT", "SHUTDOWN SAVE NOSAVE", "SHUTDOWN ABORT NOW",

	// CLIENT.
	"CLIENT", "CLIENT WHAT", "CLIENT SETINFO lib-name x", "CLIENT GETNAME", "CLIENT SETNAME me", "CLIENT GETNAME", "CLIENT SETNAME 'a b'", "CLIENT SETNAME", "CLIENT INFO", "CLIENT INFO x",
	"CLIENT LIST", "CLIENT LIST TYPE normal", "CLIENT LIST TYPE pubsub", "CLIENT LIST TYPE what", "CLIENT LIST ID x", "CLIENT LIST ID 0", "CLIENT LIST ID 99999", "CLIENT LIST WHAT",
	"CLIENT KILL 1.2.3.4:5", "CLIENT KILL TYPE what", "CLIENT KILL ID 99999", "CLIENT KILL ID 0", "CLIENT KILL WHAT x", "CLIENT KILL TYPE normal", "CLIENT KILL SKIPME maybe",
	"CLIENT KILL", "CLIENT KILL USER bob", "CLIENT NO-EVICT on", "CLIENT NO-EVICT off", "CLIENT NO-EVICT x", "CLIENT UNBLOCK 99999", "CLIENT UNBLOCK x", "CLIENT UNBLOCK 1 x",
	"CLIENT PAUSE x", "CLIENT PAUSE -1", "CLIENT PAUSE 1 WHAT", "CLIENT PAUSE 0", "CLIENT UNPAUSE", "CLIENT TRACKINGINFO", "CLIENT TRACKING what", "CLIENT TRACKING off", "CLIENT GETREDIR",
	"CLIENT CACHING yes", "CLIENT REPLY what", "CLIENT REPLY on",
	"CLIENT TRACKING on OPTIN", "CLIENT INFO", "CLIENT LIST", "INFO clients", "CLIENT CACHING no", "CLIENT CACHING yes", "CLIENT TRACKINGINFO", "PING", "CLIENT TRACKINGINFO", "CLIENT TRACKING on BCAST",
	"CLIENT TRACKING off", "CLIENT TRACKING on BCAST PREFIX a PREFIX b NOLOOP", "CLIENT TRACKING on BCAST PREFIX ab", "CLIENT TRACKINGINFO", "CLIENT INFO", "CLIENT GETREDIR",
	"CLIENT TRACKING off", "CLIENT TRACKING on REDIRECT 99999", "CLIENT TRACKING on OPTIN OPTOUT", "CLIENT TRACKING on PREFIX a", "CLIENT TRACKING on WHAT", "CLIENT TRACKINGINFO", "INFO clients",

	// Publish.
	"PUBLISH news x", "PUBLISH __sentinel__:hello x", "PUBLISH __sentinel__:hello a,b,c,d,e,f,g,h",

	// INFO.
	"INFO", "INFO all", "INFO everything", "INFO default", "INFO sentinel", "INFO server", "INFO SENTINEL clients", "INFO replication", "INFO what", "INFO cpu stats",

	// Questions about masters.
	"SENTINEL", "SENTINEL WHAT", "SENTINEL MASTERS", "SENTINEL MASTERS x", "SENTINEL MASTER one", "SENTINEL MASTER nobody", "SENTINEL MASTER", "SENTINEL REPLICAS one", "SENTINEL SLAVES one",
	"SENTINEL REPLICAS nobody", "SENTINEL SLAVES nobody", "SENTINEL REPLICAS", "SENTINEL SENTINELS one", "SENTINEL SENTINELS nobody", "SENTINEL SENTINELS",
	"SENTINEL GET-MASTER-ADDR-BY-NAME one", "SENTINEL get-master-addr-by-name nobody", "SENTINEL GET-MASTER-ADDR-BY-NAME", "SENTINEL MYID", "SENTINEL MYID x",
	"SENTINEL CKQUORUM one", "SENTINEL CKQUORUM nobody", "SENTINEL CKQUORUM", "SENTINEL PENDING-SCRIPTS", "SENTINEL PENDING-SCRIPTS x", "SENTINEL INFO-CACHE", "SENTINEL INFO-CACHE one",
	"SENTINEL INFO-CACHE nobody", "SENTINEL INFO-CACHE one one nobody", "SENTINEL FLUSHCONFIG", "SENTINEL FLUSHCONFIG x", "SENTINEL FAILOVER one", "SENTINEL FAILOVER nobody", "SENTINEL FAILOVER",

	// Votes.
	"SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 1 5 *", "SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 9 5 *", "SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 x 5 *",
	"SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 1 x *", "SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 1 5", "SENTINEL IS-MASTER-DOWN-BY-ADDR nowhere 1 5 *",
	"SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 1 6 bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
	"SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 1 6 cccccccccccccccccccccccccccccccccccccccc",
	"SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 1 4 cccccccccccccccccccccccccccccccccccccccc",
	"SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 1 9 *",
	"SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 9 9 cccccccccccccccccccccccccccccccccccccccc",
	"SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 1 7 cccccccccccccccccccccccccccccccccccccccc",

	// MONITOR and REMOVE.
	"SENTINEL MONITOR", "SENTINEL MONITOR two 127.0.0.1 4", "SENTINEL MONITOR two 127.0.0.1 4 x", "SENTINEL MONITOR two 127.0.0.1 x 1", "SENTINEL MONITOR two 127.0.0.1 x y",
	"SENTINEL MONITOR two 127.0.0.1 4 0", "SENTINEL MONITOR two localhost 4 1", "SENTINEL MONITOR two nowhere.invalid 4 1", "SENTINEL MONITOR two 127.0.0.1 70000 1",
	"SENTINEL MONITOR two 127.0.0.1 -1 1", "SENTINEL MONITOR two 127.0.0.1 4 1", "SENTINEL MONITOR two 127.0.0.1 5 1", "SENTINEL MASTER two", "SENTINEL CKQUORUM two", "ROLE",
	"SENTINEL SET two quorum 3", "SENTINEL CKQUORUM two", "SENTINEL MASTERS", "INFO sentinel", "SENTINEL FAILOVER two", "SENTINEL REPLICAS two", "SENTINEL SENTINELS two",
	"SENTINEL REMOVE", "SENTINEL REMOVE nobody", "SENTINEL REMOVE two", "SENTINEL REMOVE two", "SENTINEL MASTER two",

	// SET.
	"SENTINEL SET", "SENTINEL SET one", "SENTINEL SET one quorum", "SENTINEL SET nobody quorum 2", "SENTINEL SET one what 1", "SENTINEL SET one WHAT 1", "SENTINEL SET one quorum 0",
	"SENTINEL SET one quorum x", "SENTINEL SET one quorum -1", "SENTINEL SET one quorum 3", "SENTINEL SET one QUORUM 2", "SENTINEL SET one down-after-milliseconds 0",
	"SENTINEL SET one down-after-milliseconds -5", "SENTINEL SET one down-after-milliseconds 1.5", "SENTINEL SET one down-after-milliseconds 500000", "SENTINEL SET one failover-timeout x",
	"SENTINEL SET one failover-timeout 60000", "SENTINEL SET one parallel-syncs 0", "SENTINEL SET one parallel-syncs 2", "SENTINEL SET one parallel-syncs x",
	"SENTINEL SET one master-reboot-down-after-period -1", "SENTINEL SET one master-reboot-down-after-period 0", "SENTINEL SET one master-reboot-down-after-period 1000",
	"SENTINEL SET one notification-script /bin/true", "SENTINEL SET one client-reconfig-script /bin/true", "SENTINEL SET one auth-pass secret", "SENTINEL SET one auth-user bob",
	"SENTINEL SET one auth-pass ''", "SENTINEL SET one auth-user ''", "SENTINEL SET one rename-command CONFIG", "SENTINEL SET one rename-command CONFIG ''", "SENTINEL SET one rename-command '' x",
	"SENTINEL SET one rename-command CONFIG GUESSME", "SENTINEL SET one rename-command config config", "SENTINEL SET one quorum 4 what 1", "SENTINEL MASTER one",
	"SENTINEL SET one quorum 5 parallel-syncs 0", "SENTINEL MASTER one", "SENTINEL SET one quorum 2 failover-timeout", "SENTINEL SET one quorum 2 parallel-syncs 1 failover-timeout 180000",
	"SENTINEL MASTER one",

	// CONFIG, DEBUG, SIMULATE-FAILURE.
	"SENTINEL CONFIG", "SENTINEL CONFIG GET", "SENTINEL CONFIG SET", "SENTINEL CONFIG SET announce-port", "SENTINEL CONFIG WHAT x", "SENTINEL CONFIG GET *", "SENTINEL CONFIG get ANNOUNCE*",
	"SENTINEL CONFIG GET nothing", "SENTINEL CONFIG GET a b", "SENTINEL CONFIG SET announce-port x", "SENTINEL CONFIG SET announce-port 70000", "SENTINEL CONFIG SET announce-port -1",
	"SENTINEL CONFIG SET announce-port 1234", "SENTINEL CONFIG SET announce-ip 10.0.0.1", "SENTINEL CONFIG SET resolve-hostnames maybe", "SENTINEL CONFIG SET resolve-hostnames yes",
	"SENTINEL CONFIG SET announce-hostnames yes", "SENTINEL CONFIG SET sentinel-user bob", "SENTINEL CONFIG SET sentinel-pass pw", "SENTINEL CONFIG GET *", "SENTINEL CONFIG SET what 1",
	"SENTINEL CONFIG SET announce-ip ''", "SENTINEL CONFIG SET announce-port 0", "SENTINEL CONFIG SET sentinel-user ''", "SENTINEL CONFIG SET sentinel-pass ''",
	"SENTINEL CONFIG SET resolve-hostnames NO", "SENTINEL CONFIG SET announce-hostnames no", "SENTINEL CONFIG GET *-hostnames",
	"SENTINEL DEBUG", "SENTINEL DEBUG what 1", "SENTINEL DEBUG info-period", "SENTINEL DEBUG info-period 0", "SENTINEL DEBUG info-period x", "SENTINEL DEBUG INFO-PERIOD 9000",
	"SENTINEL DEBUG ping-period 900 ask-period 800 publish-period 1900 default-down-after 29000 default-failover-timeout 170000 tilt-trigger 2100 tilt-period 29000",
	"SENTINEL DEBUG slave-reconf-timeout 9900 min-link-reconnect-period 14000 election-timeout 9000 script-max-runtime 59000 script-retry-delay 29000",
	"SENTINEL DEBUG ask-period 700 what 1", "SENTINEL DEBUG ask-period 600 tilt-period -1", "SENTINEL DEBUG",
	"SENTINEL SIMULATE-FAILURE", "SENTINEL SIMULATE-FAILURE help", "SENTINEL SIMULATE-FAILURE what", "SENTINEL SIMULATE-FAILURE crash-after-election", "INFO sentinel",
	"SENTINEL SIMULATE-FAILURE crash-after-promotion CRASH-AFTER-ELECTION", "INFO sentinel", "SENTINEL SIMULATE-FAILURE crash-after-promotion", "INFO sentinel",
	"SENTINEL SIMULATE-FAILURE crash-after-election what", "INFO sentinel", "SENTINEL SIMULATE-FAILURE help", "INFO sentinel",

	// RESET.
	"SENTINEL RESET", "SENTINEL RESET nobody", "SENTINEL RESET o*", "SENTINEL MASTER one", "SENTINEL REPLICAS one", "SENTINEL SENTINELS one", "SENTINEL RESET *", "SENTINEL CKQUORUM one",
	"SENTINEL REMOVE one", "SENTINEL MASTERS", "ROLE", "INFO sentinel", "SENTINEL RESET *",

	// Subscribing, at the end: what may be asked afterwards depends on the protocol.
	"SUBSCRIBE +sdown", "PSUBSCRIBE +s*", "UNSUBSCRIBE nothing", "SENTINEL MYID", "PING", "PING x", "UNSUBSCRIBE", "PUNSUBSCRIBE", "PUNSUBSCRIBE", "PING",
}

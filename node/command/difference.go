package command

import "strings"

// Difference says how a command differs from that of 7.0.15 although it is there, and why; empty for
// one that answers the same.
func Difference(full string) string {
	if strings.HasSuffix(full, "|help") {
		return "the words are our own"
	}
	return differences[full]
}

// The differences that several commands share.
const (
	ourEstimate = "figures are estimates: memory belongs to the Go runtime, which all nodes of a process share"
	ourAdvice   = "the words are our own"
	noDuration  = "commands take no time inside a node, but for those that wait on purpose (DEBUG SLEEP)"
	lastDigit   = "distances are right to the last bit, where those of a real server are one bit off in 1 of 200; seen only with STOREDIST. " +
		"Places at exactly the same distance come in the order in which they are found"
	boundedDraw = "with a negative count a reply of more than 256 MiB is refused"
	noModules   = "modules are C and cannot be loaded"
)

var differences = map[string]string{
	"command|docs":         "summaries and complexities are our own words",
	"config|set":           "TLS and activedefrag stay off, for nothing here would read them; what tunes the inside of Redis, such as hz or active-defrag-cycle-max, is kept and tunes nothing",
	"debug":                "a part of the subcommands; DEBUG HELP lists them. They are allowed in a lab",
	"geodist":              lastDigit,
	"georadius":            lastDigit,
	"georadius_ro":         lastDigit,
	"georadiusbymember":    lastDigit,
	"georadiusbymember_ro": lastDigit,
	"geosearch":            lastDigit,
	"geosearchstore":       lastDigit,
	"hrandfield":           boundedDraw,
	"info":                 "figures of processor time and of the allocator are 0 or estimates: nodes share a process",
	"latency|doctor":       ourAdvice,
	"latency|graph":        "drawn our own way",
	"latency|histogram":    noDuration,
	"latency|latest":       noDuration,
	"lolwut":               "the version and no art, whatever VERSION says",
	"memory|doctor":        ourAdvice,
	"memory|malloc-stats":  ourAdvice,
	"memory|purge":         "answers OK; the Go runtime gives memory back by itself",
	"memory|stats":         ourEstimate,
	"memory|usage":         ourEstimate,
	"module|load":          noModules,
	"module|loadex":        noModules,
	"module|unload":        noModules,
	"pfselftest":           "tries a tenth of what Redis tries, because other nodes of the process would wait",
	"save":                 "other clients are served meanwhile",
	"script|debug":         "YES debugs on a copy that a node makes, of at most 1 GiB for all sessions together; it has no other clients and counts anew what INFO counts; CLUSTER changes nothing there; a script in a transaction is not debugged",
	"slowlog|get":          noDuration + "; with a limit of 0 all are listed, with the time 0",
	"srandmember":          boundedDraw,
	"zrandmember":          boundedDraw,
}

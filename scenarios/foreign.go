package scenarios

import (
	"regexp"
	"strconv"
	"strings"

	"clusterplay/playground"
)

// A foreign lesson was brought by somebody and not looked at. It speaks only to the nodes of its
// lab, and says nothing there that reaches outside them, ends the program or writes a file.

// refusedCommands are the commands it may not send, with the reason.
var refusedCommands = map[string]string{
	"shutdown": "it would end a node behind the lab's back; write kill in a play fence",
	"debug":    "DEBUG can stop or fill a node",
	"pfdebug":  "it is for those who test Redis", "pfselftest": "it keeps a node busy for seconds",
	"monitor": "a transcript cannot wait for what comes later",
	"sync":    "only replicas speak so", "psync": "only replicas speak so", "replconf": "only replicas speak so",
	"migrate":   "it connects to an address; write move-slots in a play fence",
	"replicaof": "it connects to an address; write CLUSTER REPLICATE, or add-replica in a play fence",
	"slaveof":   "it connects to an address; write CLUSTER REPLICATE, or add-replica in a play fence",
	"failover":  "it may name an address; write failover in a play fence",
	"module":    "it loads a file", "acl": "it could lock the lab's own clients out",
	"eval": "a lesson runs no programs", "eval_ro": "a lesson runs no programs", "evalsha": "a lesson runs no programs",
	"evalsha_ro": "a lesson runs no programs", "script": "a lesson runs no programs",
	"fcall": "a lesson runs no programs", "fcall_ro": "a lesson runs no programs", "function": "a lesson runs no programs",
	"restore": "it reads a dump that nobody has looked at", "restore-asking": "it reads a dump that nobody has looked at",
	"save": "it writes a file", "bgsave": "it writes a file", "bgrewriteaof": "it writes a file",
	"connect": "it speaks to another address; write {node=7001}",
}

var (
	plainWord = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)
	// harmlessSetting are settings that change how nodes behave towards each other and nothing else.
	harmlessSetting = regexp.MustCompile(`^(cluster-(node-timeout|require-full-coverage|allow-reads-when-down|allow-replica-migration|` +
		`migration-barrier|replica-validity-factor|replica-no-failover)|repl-(backlog-size|backlog-ttl|ping-replica-period|timeout|diskless-sync|diskless-sync-delay)|` +
		`replica-(priority|serve-stale-data|read-only)|min-replicas-(to-write|max-lag)|maxmemory-policy|maxmemory|hz|slowlog-[a-z-]+|notify-keyspace-events)$`)
)

const (
	// maxGrowth bounds how far a foreign lesson may stretch one value: a thousand of them are 64 MiB.
	maxGrowth = 64 << 10
	// maxRepeat bounds "3 INCR x", which is one step.
	maxRepeat = 50
)

// checkCommand refuses a command that a foreign lesson may not send. column is where it begins.
func checkCommand(line string, column int) *fault {
	words := strings.Fields(line)
	if len(words) > 1 {
		if times, err := strconv.Atoi(words[0]); err == nil { // "3 INCR x" runs it three times
			if times > maxRepeat {
				return wrongAt(column, "at most "+itoa(maxRepeat), "%d times is too often", times)
			}
			words = words[1:]
		}
	}
	if !plainWord.MatchString(words[0]) {
		return wrongAt(column, "PING", "a command is written without quotes: %.40s", words[0])
	}
	name, args := strings.ToLower(words[0]), words[1:]
	if reason, refused := refusedCommands[name]; refused {
		return wrongAt(column, "", "%s is not for lessons that somebody brought: %s", strings.ToUpper(name), reason)
	}
	switch name {
	case "config":
		return checkConfig(args, column)
	case "cluster":
		return checkClusterCommand(args, column)
	case "setrange", "setbit":
		return checkGrowth(name, args, column)
	}
	return nil
}

// checkConfig lets a lesson read everything and set what is harmless.
func checkConfig(args []string, column int) *fault {
	sub := ""
	if len(args) > 0 {
		sub = strings.ToLower(args[0])
	}
	switch {
	case sub == "get" || sub == "resetstat" || sub == "help":
		return nil
	case sub != "set":
		return wrongAt(column, "CONFIG GET, CONFIG SET", "CONFIG %.20s is not for lessons that somebody brought", sub)
	}
	for i := 1; i < len(args); i += 2 {
		if !harmlessSetting.MatchString(strings.ToLower(args[i])) {
			return wrongAt(column, "settings such as cluster-node-timeout", "CONFIG SET %.40s is not for lessons that somebody brought", args[i])
		}
	}
	return nil
}

// checkClusterCommand keeps CLUSTER MEET among the nodes of the lab.
func checkClusterCommand(args []string, column int) *fault {
	if len(args) == 0 || !plainWord.MatchString(args[0]) {
		return wrongAt(column, "CLUSTER NODES", "a subcommand is written without quotes")
	}
	if !strings.EqualFold(args[0], "meet") {
		return nil
	}
	port := 0
	if len(args) >= 3 {
		port, _ = strconv.Atoi(args[2])
	}
	if len(args) != 3 || args[1] != "127.0.0.1" || port < lessonPort || port >= lessonPort+maxNodes {
		return wrongAt(column, "CLUSTER MEET 127.0.0.1 7003", "CLUSTER MEET may only name nodes of the lesson's lab")
	}
	return nil
}

func checkGrowth(name string, args []string, column int) *fault {
	if len(args) < 2 {
		return nil // the node says what is missing
	}
	if offset, err := strconv.Atoi(args[1]); err != nil || offset > maxGrowth {
		return wrongAt(column, "an offset up to "+itoa(maxGrowth), "%s would stretch a value too far", strings.ToUpper(name))
	}
	return nil
}

// harmless refuses a deed that a foreign lesson may not do.
func (d *deed) harmless() *fault {
	switch a := d.action.(type) {
	case playground.ConfigSet:
		if !harmlessSetting.MatchString(strings.ToLower(a.Name)) {
			return wrongAt(columnOf(d.words, a.Name), "settings such as cluster-node-timeout", "config-set %.40s is not for lessons that somebody brought", a.Name)
		}
	case playground.Setup:
		return wrongAt(d.column, "say it in the front matter, cluster: {masters: 4}", "setup is not for lessons that somebody brought")
	}
	return nil
}

// checkForeignHeader refuses settings that a foreign lesson may not have.
func (f *findings) checkForeignHeader(h header, head []byte) {
	for name := range h.Cluster.Settings {
		if !harmlessSetting.MatchString(name) {
			line, column := keyPlace(head, name)
			f.add(line, column, "settings such as cluster-require-full-coverage", "the setting %.40s is not for lessons that somebody brought", name)
		}
	}
}

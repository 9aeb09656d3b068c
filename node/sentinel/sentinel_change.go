package sentinel

import (
	"math"
	"strings"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/resp"
)

// maxMasters bounds what may be watched: names come from clients and each is kept for ever.
const maxMasters = 10000

// monitorCommand: SENTINEL MONITOR name ip port quorum
func (s *Sentinel) monitorCommand(c *client, args [][]byte) {
	name, host := string(args[2]), string(args[3])
	quorum, okQuorum := resp.ParseInt(args[5])
	port, okPort := resp.ParseInt(args[4])
	ip, settled := s.resolve(host)
	at := address{host: host, ip: ip, port: int(port)}
	refusal := ""
	switch {
	case !okQuorum:
		refusal = "ERR Invalid quorum"
	case !okPort:
		refusal = "ERR Invalid port"
	case quorum <= 0:
		refusal = "ERR " + errConfQuorum
	case !settled:
		s.waitForName(c, args)
		return
	case !at.ip.IsValid():
		refusal = "ERR Invalid IP address or hostname specified"
	case port < 0 || port > math.MaxUint16:
		refusal = "ERR " + errConfPort
	case s.find(name) != nil:
		refusal = "ERR " + errConfDuplicate
	case len(s.masters) >= maxMasters:
		refusal = "ERR Too many masters"
	}
	if refusal != "" {
		c.Error(refusal)
		return
	}
	s.monitor(name, at, int(min(quorum, math.MaxInt32)))
	s.saveAndAnswer(c)
}

// removeCommand: SENTINEL REMOVE name
func (s *Sentinel) removeCommand(c *client, m *master, _ [][]byte) {
	s.remove(m)
	s.saveAndAnswer(c)
}

// setCommand: SENTINEL SET name option value [option value ...]. Options are taken one after the other;
// what stands before a mistake stays.
func (s *Sentinel) setCommand(c *client, m *master, args [][]byte) {
	for args = args[3:]; len(args) > 0; {
		n, refusal := s.setOption(m, args)
		if refusal != "" {
			c.Error(refusal)
			return
		}
		s.save()
		s.tell(m, event.MonitorSet{Monitored: s.monitored(&m.instance), Option: string(args[0]), Values: shownValues(args[:n])})
		args = args[n:]
	}
	s.saveAndAnswer(c)
}

// shownValues are an option's values as an event may show them.
func shownValues(args [][]byte) (values []string) {
	for _, arg := range args[1:] {
		values = append(values, string(arg))
	}
	if word(args[0]) == "auth-pass" {
		values = []string{"******"}
	}
	return values
}

// setOption changes the option that args begin with. It returns how many words it took, or why not.
func (s *Sentinel) setOption(m *master, args [][]byte) (n int, refusal string) {
	option := word(args[0])
	if option == "rename-command" && len(args) >= 3 {
		return 3, m.rename(string(args[0]), string(args[1]), string(args[2]))
	}
	set, known := setters[option]
	if !known || len(args) < 2 {
		return 0, "ERR Unknown option or number of arguments for SENTINEL SET '" + resp.Quoted(args[0]) + "'"
	}
	switch why := set(s, m, string(args[1])); why {
	case "":
		return 2, ""
	case badValue:
		return 0, badArgument(args[1], args[0])
	default:
		return 0, why
	}
}

// badValue is what a setter returns for a value it cannot take.
const badValue = "bad value"

func badArgument(value, option []byte) string {
	return "ERR Invalid argument '" + resp.Quoted(value) + "' for SENTINEL SET '" + resp.Quoted(option) + "'"
}

// What is said of a script that cannot be executed.
const (
	errNotificationScript = "Notification script seems non existing or non executable"
	errReconfigScript     = "Client reconfiguration script seems non existing or non executable"
)

const errScriptsDenied = "ERR Reconfiguration of scripts path is denied for security reasons. " +
	"Check the deny-scripts-reconfig configuration directive in your Sentinel configuration"

// setters change one setting of a master and return badValue, another refusal, or nothing.
var setters = map[string]func(s *Sentinel, m *master, value string) string{
	"down-after-milliseconds": func(_ *Sentinel, m *master, v string) string { return setMillis(&m.downAfter, v, 1) },
	"failover-timeout":        func(_ *Sentinel, m *master, v string) string { return setMillis(&m.failoverTimeout, v, 1) },
	"master-reboot-down-after-period": func(_ *Sentinel, m *master, v string) string {
		return setMillis(&m.rebootDownAfter, v, 0)
	},
	"parallel-syncs": func(_ *Sentinel, m *master, v string) string { return setPositive(&m.parallelSyncs, v) },
	"quorum":         func(_ *Sentinel, m *master, v string) string { return setPositive(&m.quorum, v) },
	"notification-script": func(s *Sentinel, m *master, v string) string {
		return s.setScript(&m.notifyScript, v, errNotificationScript)
	},
	"client-reconfig-script": func(s *Sentinel, m *master, v string) string {
		return s.setScript(&m.reconfigScript, v, errReconfigScript)
	},
	"auth-pass": func(s *Sentinel, m *master, v string) string {
		m.authPass = v
		s.reconnectNodes(m)
		return ""
	},
	"auth-user": func(s *Sentinel, m *master, v string) string {
		m.authUser = v
		s.reconnectNodes(m)
		return ""
	},
}

func setMillis(to *time.Duration, value string, least int64) string {
	ms, ok := resp.ParseInt([]byte(value))
	if !ok || ms < least || ms > math.MaxInt32 { // the file has 32 bits for it
		return badValue
	}
	*to = time.Duration(ms) * time.Millisecond
	return ""
}

func setPositive(to *int, value string) string {
	n, ok := resp.ParseInt([]byte(value))
	if !ok || n <= 0 || n > math.MaxInt32 {
		return badValue
	}
	*to = int(n)
	return ""
}

// setScript names a program. Where the driver runs none, nobody may.
func (s *Sentinel) setScript(to *string, path, refusal string) string {
	switch {
	case !s.allowScripts || s.cfg.Runnable == nil:
		return errScriptsDenied
	case path != "" && !s.cfg.Runnable(path):
		return "ERR " + refusal
	}
	*to = path
	return ""
}

// rename says what a command is called on a master; its own name ends the renaming.
func (m *master) rename(option, old, other string) (refusal string) {
	switch {
	case other == "":
		return badArgument([]byte(other), []byte(option))
	case old == "":
		return badArgument([]byte(old), []byte(option))
	}
	for known := range m.renamed {
		if strings.EqualFold(known, old) {
			delete(m.renamed, known)
		}
	}
	if !strings.EqualFold(old, other) {
		m.renamed[old] = other
	}
	return ""
}

// reconnectSentinels closes the links to all other Sentinels: they must be made anew with another
// password.
func (s *Sentinel) reconnectSentinels() {
	for _, m := range s.masters {
		for _, o := range m.sentinels {
			s.closeLink(o.link)
		}
	}
}

package sentinel

import (
	"math"
	"strings"
	"time"

	"clusterplay/node/command"
	"clusterplay/node/resp"
)

// configCommand: SENTINEL CONFIG GET pattern | SENTINEL CONFIG SET option value
func (s *Sentinel) configCommand(c *client, args [][]byte) {
	switch {
	case word(args[2]) == "set" && len(args) == 5:
		s.configSet(c, args[3], args[4])
	case word(args[2]) == "get" && len(args) == 4:
		s.configGet(c, args[3])
	default:
		c.Error("ERR Only SENTINEL CONFIG GET <option> / SET <option> <value> are supported.")
	}
}

func (s *Sentinel) configGet(c *client, pattern []byte) {
	glob := command.ReadGlob(pattern, true)
	var shown fields
	for _, pair := range [][2]string{
		{"resolve-hostnames", yesOrNo(s.resolveHostnames)}, {"announce-hostnames", yesOrNo(s.announceHostnames)},
		{"announce-ip", s.announceIP}, {"announce-port", itoa(int64(s.announcePort))},
		{"sentinel-user", s.peerUser}, {"sentinel-pass", s.peerPass},
	} {
		if command.Match(glob, pair[0]) {
			shown.text(pair[0], pair[1])
		}
	}
	shown.write(&c.Writer)
}

func yesOrNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

func (s *Sentinel) configSet(c *client, option, value []byte) {
	ok := true
	switch word(option) {
	case "resolve-hostnames":
		ok = yesNo(&s.resolveHostnames, string(value), "no") == ""
	case "announce-hostnames":
		ok = yesNo(&s.announceHostnames, string(value), "no") == ""
	case "announce-ip":
		s.announceIP = string(value)
	case "announce-port":
		var port int64
		if port, ok = resp.ParseInt(value); ok && port >= 0 && port <= math.MaxUint16 {
			s.announcePort = int(port)
		} else {
			ok = false
		}
	case "sentinel-user":
		s.peerUser = string(value)
		s.reconnectSentinels()
	case "sentinel-pass":
		s.peerPass = string(value)
		s.reconnectSentinels()
	default:
		c.Error("ERR Invalid argument '" + resp.Quoted(option) + "' to SENTINEL CONFIG SET")
		return
	}
	if !ok {
		c.Error("ERR Invalid value '" + resp.Quoted(value) + "' to SENTINEL CONFIG SET '" + resp.Quoted(option) + "'")
		return
	}
	s.saveAndAnswer(c)
}

// period is one of the times that SENTINEL DEBUG shows.
type period struct {
	name string
	of   func(p *Periods) *time.Duration
}

// debugPeriods are those times in the order of the reply.
var debugPeriods = []period{
	{"INFO-PERIOD", func(p *Periods) *time.Duration { return &p.Info }},
	{"PING-PERIOD", func(p *Periods) *time.Duration { return &p.Ping }},
	{"ASK-PERIOD", func(p *Periods) *time.Duration { return &p.Ask }},
	{"PUBLISH-PERIOD", func(p *Periods) *time.Duration { return &p.Publish }},
	{"DEFAULT-DOWN-AFTER", func(p *Periods) *time.Duration { return &p.DefaultDownAfter }},
	{"DEFAULT-FAILOVER-TIMEOUT", func(p *Periods) *time.Duration { return &p.DefaultFailoverTimeout }},
	{"TILT-TRIGGER", func(p *Periods) *time.Duration { return &p.TiltTrigger }},
	{"TILT-PERIOD", func(p *Periods) *time.Duration { return &p.Tilt }},
	{"SLAVE-RECONF-TIMEOUT", func(p *Periods) *time.Duration { return &p.ReconfTimeout }},
	{"MIN-LINK-RECONNECT-PERIOD", func(p *Periods) *time.Duration { return &p.MinLinkReconnect }},
	{"ELECTION-TIMEOUT", func(p *Periods) *time.Duration { return &p.ElectionTimeout }},
	{"SCRIPT-MAX-RUNTIME", func(p *Periods) *time.Duration { return &p.ScriptMaxRuntime }},
	{"SCRIPT-RETRY-DELAY", func(p *Periods) *time.Duration { return &p.ScriptRetryDelay }},
}

// debugCommand: SENTINEL DEBUG [name milliseconds ...]
func (s *Sentinel) debugCommand(c *client, args [][]byte) {
	if len(args) == 2 {
		var shown fields
		for _, p := range debugPeriods {
			shown.millis(p.name, *p.of(&s.periods))
		}
		shown.write(&c.Writer)
		return
	}
	for args = args[2:]; len(args) > 0; args = args[2:] {
		if refusal := s.setPeriod(args); refusal != "" {
			c.Error(refusal)
			return
		}
	}
	c.OK()
}

// setPeriod sets the period that args begin with.
func (s *Sentinel) setPeriod(args [][]byte) (refusal string) {
	for _, p := range debugPeriods {
		if len(args) < 2 || !strings.EqualFold(p.name, string(args[0])) {
			continue
		}
		ms, ok := resp.ParseInt(args[1])
		if !ok || ms <= 0 || ms > math.MaxInt32 {
			return "ERR Invalid argument '" + resp.Quoted(args[1]) + "' for SENTINEL DEBUG '" + resp.Quoted(args[0]) + "'"
		}
		*p.of(&s.periods) = time.Duration(ms) * time.Millisecond
		return ""
	}
	return "ERR Unknown option or number of arguments for SENTINEL DEBUG '" + resp.Quoted(args[0]) + "'"
}

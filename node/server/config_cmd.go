package server

import (
	"strings"

	"clusterplay/node/command"
	"clusterplay/node/resp"
)

// absentReason is why a parameter known to Redis is refused here: nothing would read it.
const absentReason = "this node has nothing that this parameter governs"

// configGet: CONFIG GET pattern [pattern ...]
func (s *Server) configGet(c *client) {
	var found []string
	for i, p := range parameters {
		for _, name := range []string{p.name, p.alias} {
			if name != "" && matchesAny(c.ctx.Args[2:], name) {
				found = append(found, name, s.shown(i))
			}
		}
	}
	c.ctx.Map(len(found) / 2)
	for _, text := range found {
		c.ctx.BulkString(text)
	}
}

// shown is the value CONFIG GET prints; replicaof follows the server's present master.
func (s *Server) shown(i int) string {
	if parameters[i].name == "replicaof" {
		return s.replicaofText()
	}
	return s.settings[i].text
}

func matchesAny(patterns [][]byte, name string) bool {
	for _, pattern := range patterns {
		if command.Match(pattern, []byte(name), true) {
			return true
		}
	}
	return false
}

// configSet: CONFIG SET parameter value [parameter value ...]. All pairs are checked before any
// is applied.
func (s *Server) configSet(c *client) {
	args := c.ctx.Args
	if len(args)%2 != 0 {
		c.ctx.Error(resp.ErrSyntax)
		return
	}
	changed := make(map[int]setting, len(args)/2)
	order := make([]int, 0, len(args)/2)
	for i := 2; i < len(args); i += 2 {
		name := string(args[i])
		at, ok := parameterIndex[strings.ToLower(name)]
		if !ok {
			c.ctx.Error("ERR Unknown option or number of arguments for CONFIG SET - '" + name + "'")
			return
		}
		value, refusal := s.settable(at, string(args[i+1]))
		if _, twice := changed[at]; twice {
			refusal = "duplicate parameter"
		}
		if refusal != "" {
			c.ctx.Error("ERR CONFIG SET failed (possibly related to argument '" + name + "') - " + refusal)
			return
		}
		changed[at] = value
		order = append(order, at)
	}
	for _, at := range order {
		s.settings[at] = changed[at]
		s.settingChanged(parameters[at].name)
	}
	s.configureProtocols()
	c.ctx.OK()
}

// settable returns what a parameter would become, or why it may not.
func (s *Server) settable(at int, text string) (setting, string) {
	p := parameters[at]
	switch p.fixity {
	case immutable:
		return setting{}, "can't set immutable config"
	case protected:
		return setting{}, "can't set protected config"
	}
	canonical, n, refusal := p.kind(text)
	if refusal == "" && p.fixity == absent && canonical != s.settings[at].text {
		refusal = absentReason
	}
	return setting{canonical, n}, refusal
}

// settingChanged does what a new value asks for at once; most parameters are read when needed.
func (s *Server) settingChanged(name string) {
	switch name {
	case "requirepass":
		s.passwordChanged()
	case "notify-keyspace-events":
		s.notify = parseEventClasses(s.settings.text(name))
	case "slowlog-max-len":
		s.slow.trim(s.settings.number(name))
	case "save":
		s.saves.points = parseSavePoints(s.settings.text(name))
	}
}

// configResetStat: CONFIG RESETSTAT
func (s *Server) configResetStat(c *client) {
	s.stats.reset()
	s.space.Stats.Hits, s.space.Stats.Misses, s.space.Stats.Expired = 0, 0, 0
	s.repl.ResetStats()
	c.ctx.OK()
}

// configRewrite: CONFIG REWRITE
func (s *Server) configRewrite(c *client) {
	if s.config.ConfigFile == "" {
		c.ctx.Error("ERR The server is running without a config file")
		return
	}
	s.save(saveConfig(s.config.ConfigFile, s.configText()))
	c.ctx.OK()
}

package server

import (
	"slices"
	"strings"

	"clusterplay/node/command"
	"clusterplay/node/event"
	"clusterplay/node/resp"
)

// absentReason is why a parameter known to Redis is refused here: nothing would read it.
const absentReason = "this node has nothing that this parameter governs"

// configGet: CONFIG GET pattern [pattern ...]
func (s *Server) configGet(c *client) {
	var found []string
	var patterns []wanted
	for _, pattern := range c.ctx.Args[2:] {
		patterns = append(patterns, want(pattern))
	}
	for i, p := range parameters {
		for _, name := range []string{p.name, p.alias} {
			if spelled := spelling(patterns, name, hidden(i)); spelled != "" {
				found = append(found, spelled, s.shown(i))
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

// wanted is one argument of CONFIG GET.
type wanted struct {
	text string
	glob *command.Glob // nil for a name
}

// want reads one argument of CONFIG GET: without any of [*? it is a name, whatever else is in it.
func want(pattern []byte) wanted {
	w := wanted{text: string(pattern)}
	if strings.ContainsAny(w.text, "[*?") {
		w.glob = command.ReadGlob(pattern, true)
	}
	return w
}

// spelling returns name as the client wrote it when one of the patterns is that very name, as it is
// when a pattern matches it, and nothing otherwise. No pattern matches a hidden name.
func spelling(patterns []wanted, name string, hidden bool) string {
	for _, pattern := range patterns {
		switch {
		case name == "":
		case strings.EqualFold(pattern.text, name):
			return pattern.text
		case pattern.glob != nil && !hidden && command.Match(pattern.glob, name):
			return name
		}
	}
	return ""
}

// configSet: CONFIG SET parameter value [parameter value ...]. All pairs are checked before any
// is applied: first whether they may be changed at all, then their values.
func (s *Server) configSet(c *client) {
	args := c.ctx.Args
	if len(args)%2 != 0 {
		c.ctx.Error(resp.ErrSyntax)
		return
	}
	if s.loading != nil && slices.ContainsFunc(args[2:], notWhileLoading) {
		c.ctx.Error(resp.ErrLoading)
		return
	}
	rows, refusal := s.changeable(c, args[2:])
	if refusal != "" {
		c.ctx.Error(refusal)
		return
	}
	values := make([]setting, len(rows))
	for i, at := range rows {
		if values[i], refusal = s.settable(at, string(args[3+2*i])); refusal != "" {
			c.ctx.Error(configFailed(args[2+2*i], refusal))
			return
		}
	}
	if at, refusal := s.setOutside(rows, values); refusal != "" {
		c.ctx.Error(configFailed(args[2+2*at], refusal))
		return
	}
	for i, at := range rows {
		s.settings[at] = values[i]
		s.settingChanged(parameters[at].name)
	}
	s.configureProtocols()
	c.ctx.OK()
}

// notWhileLoading names what CONFIG SET leaves alone until the data are there (DENY_LOADING_CONFIG).
func notWhileLoading(name []byte) bool {
	switch strings.ToLower(string(name)) {
	case "dir", "appendonly", "repl-diskless-load":
		return true
	}
	return false
}

// setOutside has the process around do what some of the new values ask of it. If it cannot for one,
// which is returned, it goes back to the present values of those before.
func (s *Server) setOutside(rows []int, values []setting) (failed int, refusal string) {
	for i, at := range rows {
		p := parameters[at]
		if values[i].text == s.settings[at].text || p.fixity != outside && p.fixity != opened && p.fixity != told && p.name != "dir" {
			continue
		}
		if s.config.World == nil {
			if p.fixity == told {
				continue
			}
			return i, absentReason
		}
		if err := s.config.World.Set(p.name, values[i].text); err != nil {
			for _, done := range slices.Backward(rows[:i]) {
				_ = s.config.World.Set(parameters[done].name, s.settings[done].text)
			}
			return i, err.Error()
		}
	}
	return 0, ""
}

func configFailed(name []byte, refusal string) string {
	return "ERR CONFIG SET failed (possibly related to argument '" + string(name) + "') - " + refusal
}

// changeable finds the rows of the named parameters, or says why one of them cannot be set.
func (s *Server) changeable(c *client, words [][]byte) (rows []int, refusal string) {
	for i := 0; i < len(words); i += 2 {
		at, known := parameterIndex[strings.ToLower(string(words[i]))]
		switch {
		case !known:
			return nil, "ERR Unknown option or number of arguments for CONFIG SET - '" + string(words[i]) + "'"
		case parameters[at].fixity == immutable:
			return nil, configFailed(words[i], "can't set immutable config")
		case parameters[at].fixity == protected && !s.allowed("enable-protected-configs", c):
			return nil, configFailed(words[i], "can't set protected config")
		case slices.Contains(rows, at):
			return nil, configFailed(words[i], "duplicate parameter")
		}
		rows = append(rows, at)
	}
	return rows, ""
}

// settable returns what a parameter would become, or why it may not.
func (s *Server) settable(at int, text string) (setting, string) {
	p := parameters[at]
	canonical, n, refusal := p.kind(text)
	if p.name == outputLimitName {
		canonical, n, refusal = changedLimits(s.settings[at].text, text)
	}
	if refusal == "" && canonical != s.settings[at].text {
		switch p.fixity {
		case absent:
			refusal = absentReason
		case opened:
			if s.config.World == nil {
				refusal = "Unable to listen on this port. Check server logs."
			}
		}
	}
	return setting{canonical, n}, refusal
}

// settingChanged does what a new value asks for at once; most parameters are read when needed.
func (s *Server) settingChanged(name string) {
	switch name {
	case "port":
		s.config.Port = int(s.settings.number(name))
	case "requirepass":
		s.users.SetPassword(s.settings.text(name))
	case "acl-pubsub-default":
		s.users.OpenChannels(s.settings.text(name) == "allchannels")
	case "notify-keyspace-events":
		s.notify = parseEventClasses(s.settings.text(name))
		s.listenToSpace()
	case "slowlog-log-slower-than":
		s.slow.limit = s.settings.number(name)
	case "latency-monitor-threshold":
		s.latency.threshold = s.settings.number(name)
	case "slowlog-max-len":
		s.slow.trim(s.settings.number(name))
	case "appendonly":
		s.appendonlyChanged()
	case "maxmemory":
		s.configureMemory()
		s.memory.running = true // as soon as this command is done
	case "maxmemory-policy", "maxmemory-samples", "lfu-log-factor", "lfu-decay-time", "maxmemory-clients":
		s.configureMemory()
	case "lazyfree-lazy-user-del", "lazyfree-lazy-user-flush", "lazyfree-lazy-server-del", "lazyfree-lazy-expire", "lazyfree-lazy-eviction":
		s.configureLazy()
	case "save":
		s.saves.points = parseSavePoints(s.settings.text(name))
	}
}

// configResetStat: CONFIG RESETSTAT
func (s *Server) configResetStat(c *client) {
	s.stats.reset()
	s.space.Stats.Hits, s.space.Stats.Misses, s.space.Stats.Expired = 0, 0, 0
	s.space.Stats.Evicted, s.space.Stats.Freed = 0, 0
	s.repl.ResetStats()
	c.ctx.OK()
}

// configRewrite: CONFIG REWRITE
func (s *Server) configRewrite(c *client) {
	if s.config.ConfigFile == "" {
		c.ctx.Error("ERR The server is running without a config file")
		return
	}
	s.rewriteConfig(c, false)
}

// rewriteConfig saves the configuration; the answer waits for the disk.
func (s *Server) rewriteConfig(c *client, all bool) {
	op := saveConfig(s.config.ConfigFile, s.configText(all))
	if c.ctx.NoBlock {
		s.save(op)
		c.ctx.OK()
		return
	}
	s.saves.token++
	op.Token = s.saves.token
	s.save(op)
	p := &parked{client: c, reason: waitsForSave}
	s.park(p)
	s.fileSaves[op.Token] = func(err error) { s.rewroteConfig(p, err) }
}

// rewroteConfig answers whoever asked for it.
func (s *Server) rewroteConfig(p *parked, err error) {
	if err == nil {
		s.log(event.Warning, "CONFIG REWRITE executed with success.")
	} else {
		s.log(event.Warning, "CONFIG REWRITE failed: %v", err)
	}
	switch c := p.client; {
	case c.parked != p:
	case err != nil:
		s.unpark(c)
		s.fail(c, "ERR Rewriting config file: "+err.Error())
	default:
		s.unpark(c)
		s.to(c).OK()
	}
}

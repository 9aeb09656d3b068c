package server

import (
	"strings"

	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// configText is a whole redis.conf that says how this server differs from the defaults.
func (s *Server) configText() []byte {
	var b strings.Builder
	b.WriteString("# Written by CONFIG REWRITE\n")
	for i, p := range parameters {
		value := s.shown(i)
		initial, _, _ := p.kind(p.initial)
		if value == initial || p.name == "replicaof" && value == "" {
			continue
		}
		b.WriteString(p.name)
		b.WriteByte(' ')
		b.WriteString(configValue(p.name, value))
		b.WriteByte('\n')
	}
	if s.settings.text("aclfile") == "" {
		for _, words := range s.users.Lines() {
			b.WriteString("user")
			for _, word := range words {
				b.WriteString(" " + configValue("user", word))
			}
			b.WriteByte('\n')
		}
	}
	return []byte(b.String())
}

// configValue quotes what redis.conf would otherwise cut into words.
func configValue(name, value string) string {
	if value != "" && (name == "replicaof" || name == "save" || !strings.ContainsAny(value, " \t\"'\\")) {
		return value
	}
	return string(resp.AppendQuoted(nil, []byte(value)))
}

// saveConfig writes the file durably.
func saveConfig(name string, text []byte) machine.Save {
	return machine.Save{Op: machine.Replace, Name: name, Data: text, Sync: true}
}

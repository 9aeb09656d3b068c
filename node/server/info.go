package server

import (
	"fmt"
	"slices"
	"strings"

	"clusterplay/node/session"
)

// infoSection is one part of INFO.
type infoSection struct {
	name  string
	extra bool // only with "all" or by name
	write func(s *Server, b *infoText)
}

// infoSections are all parts in INFO's order.
var infoSections = []infoSection{
	{"server", false, (*Server).infoServer},
	{"clients", false, (*Server).infoClients},
	{"memory", false, (*Server).infoMemory},
	{"persistence", false, (*Server).infoPersistence},
	{"stats", false, (*Server).infoStats},
	{"replication", false, (*Server).infoReplication},
	{"cpu", false, (*Server).infoCPU},
	{"modules", false, (*Server).infoModules},
	{"commandstats", true, (*Server).infoCommandStats},
	{"errorstats", false, (*Server).infoErrorStats},
	{"latencystats", true, (*Server).infoLatencyStats},
	{"cluster", false, (*Server).infoCluster},
	{"keyspace", false, (*Server).infoKeyspace},
}

// infoText collects "name:value" lines.
type infoText struct{ session.Info }

// human adds a size twice: in bytes and readable.
func (b *infoText) human(name string, size int64) {
	b.Field(name, size)
	b.Field(name+"_human", humanSize(size))
}

// humanSize writes a size as Redis does (bytesToHuman).
func humanSize(n int64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%dB", n)
	case n < 1<<20:
		return fmt.Sprintf("%.2fK", float64(n)/(1<<10))
	case n < 1<<30:
		return fmt.Sprintf("%.2fM", float64(n)/(1<<20))
	case n < 1<<40:
		return fmt.Sprintf("%.2fG", float64(n)/(1<<30))
	}
	return fmt.Sprintf("%.2fT", float64(n)/(1<<40))
}

// infoCommand: INFO [section [section ...]]
func (s *Server) infoCommand(c *client) { c.ctx.Verbatim("txt", s.Info(c.ctx.Args[1:])) }

// infoRoom is about as much as INFO without sections says.
const infoRoom = 4096

// Info returns the text of INFO for the named sections; none means the default ones.
func (s *Server) Info(sections [][]byte) string {
	var wanted []string
	for _, name := range sections {
		wanted = append(wanted, strings.ToLower(string(name)))
	}
	all := slices.Contains(wanted, "all") || slices.Contains(wanted, "everything")
	usual := all || len(wanted) == 0 || slices.Contains(wanted, "default")
	var b infoText
	if usual {
		b.Grow(infoRoom)
	}
	for _, section := range infoSections {
		if all || usual && !section.extra || slices.Contains(wanted, section.name) {
			section.write(s, &b)
		}
	}
	return b.String()
}

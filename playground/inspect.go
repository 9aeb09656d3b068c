package playground

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// Inspection is what a node answers to one command that reads about it, laid out as tables.
type Inspection struct {
	Node    string      `json:"node"`
	Command string      `json:"command"` // as a person would type it
	Now     int64       `json:"now"`     // the lab's time, in milliseconds
	Tables  []InfoTable `json:"tables"`
	Next    string      `json:"next,omitempty"` // of keys: the cursor behind which there are more
}

// InfoTable is a part of an answer. The first column tells its rows apart. Without Columns a row is
// a name and a value.
type InfoTable struct {
	Title   string     `json:"title"`
	Columns []string   `json:"columns"`
	Rows    [][]string `json:"rows"`
}

// slowlogShown is how many slow commands are listed.
const slowlogShown = "32"

// inspections are what can be asked, by the name under which it is asked.
var inspections = map[string]struct {
	words []string
	read  func(resp.Value) []InfoTable
}{
	"info":    {[]string{"INFO", "everything"}, infoTables},
	"cluster": {[]string{"CLUSTER", "INFO"}, infoTables},
	"nodes":   {[]string{"CLUSTER", "NODES"}, nodesTable},
	"shards":  {[]string{"CLUSTER", "SHARDS"}, shardTables},
	"links":   {[]string{"CLUSTER", "LINKS"}, linksTable},
	"config":  {[]string{"CONFIG", "GET", "*"}, configTable},
	"clients": {[]string{"CLIENT", "LIST"}, clientsTable},
	"slowlog": {[]string{"SLOWLOG", "GET", slowlogShown}, slowlogTable},
}

// peeker is a machine that tells about itself without counting who asks.
type peeker interface {
	Peek(now time.Time, words ...string) []byte
}

// Inspect asks a node about itself. It is no client of the node: nothing is counted, a paused lab
// answers, and so does a frozen node, with what it last knew.
func (l *Lab) Inspect(name, what string) (Inspection, error) {
	m, err := l.find("node", name)
	if err != nil {
		return Inspection{}, err
	}
	ask, known := inspections[what]
	if !known {
		return Inspection{}, wrong("what", strings.Join(inspectionNames(), ", "), "there is no inspection %q", what)
	}
	v, now, err := l.peek(m, ask.words...)
	switch {
	case err != nil:
		return Inspection{}, err
	case v.IsError():
		return Inspection{}, wrong("", "", "%s answers: %s", name, v.Text)
	}
	return Inspection{Node: name, Command: strings.Join(ask.words, " "), Now: now.UnixMilli(), Tables: ask.read(v)}, nil
}

// peek asks a member something that it answers without noticing.
func (l *Lab) peek(m *member, words ...string) (v resp.Value, now time.Time, err error) {
	now = l.clock.Now()
	var reply []byte
	err = m.Look(func(machine machine.Machine) {
		if p, ok := machine.(peeker); ok {
			reply = p.Peek(now, words...)
		}
	})
	if err != nil {
		return v, now, notRunning(m.Name())
	}
	if reply == nil {
		return v, now, wrong("what", "", "%s has nothing to say to %s", m.Name(), strings.Join(words, " "))
	}
	v, _, err = resp.ReadReply(reply)
	return v, now, err
}

// CheckQuorum is what a Sentinel answers to SENTINEL CKQUORUM for a master, and whether it is good news.
func (l *Lab) CheckQuorum(name, master string) (answer string, reached bool, err error) {
	m, err := l.find("node", name)
	if err != nil {
		return "", false, err
	}
	v, _, err := l.peek(m, "SENTINEL", "CKQUORUM", master)
	return v.Text, err == nil && !v.IsError(), err
}

// LastPing is how long ago a master answered a Sentinel's PING well, as SENTINEL MASTER tells it.
func (l *Lab) LastPing(name, master string) (time.Duration, error) {
	m, err := l.find("node", name)
	if err != nil {
		return 0, err
	}
	v, _, err := l.peek(m, "SENTINEL", "MASTER", master)
	if err != nil {
		return 0, err
	}
	for i := 0; i+1 < len(v.List); i += 2 {
		if v.List[i].Text == "last-ok-ping-reply" {
			ms, err := strconv.ParseInt(v.List[i+1].Text, 10, 64)
			return time.Duration(ms) * time.Millisecond, err
		}
	}
	return 0, wrong("master", "", "%s answers: %s", name, v.Text)
}

func inspectionNames() []string {
	var names []string
	for name := range inspections {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// infoTables reads "# Section" and "name:value" lines.
func infoTables(v resp.Value) []InfoTable {
	tables := []InfoTable{}
	for line := range strings.SplitSeq(v.Text, "\r\n") {
		if title, found := strings.CutPrefix(line, "# "); found {
			tables = append(tables, InfoTable{Title: title, Rows: [][]string{}})
			continue
		}
		name, value, found := strings.Cut(line, ":")
		if !found {
			continue
		}
		if len(tables) == 0 {
			tables = append(tables, InfoTable{Title: "Cluster", Rows: [][]string{}})
		}
		last := &tables[len(tables)-1]
		last.Rows = append(last.Rows, []string{Readable(name), Readable(value)})
	}
	return tables
}

// nodesTable reads the lines of CLUSTER NODES.
func nodesTable(v resp.Value) []InfoTable {
	t := InfoTable{Columns: []string{"id", "address", "flags", "master", "ping-sent", "pong-recv", "config-epoch", "link-state", "slots"}, Rows: [][]string{}}
	slots := len(t.Columns) - 1
	for line := range strings.SplitSeq(strings.TrimSpace(v.Text), "\n") {
		words := strings.Fields(line)
		if len(words) < slots {
			continue
		}
		t.Rows = append(t.Rows, append(slices.Clone(words[:slots]), strings.Join(words[slots:], " ")))
	}
	return []InfoTable{t}
}

// shardTables makes a table of each shard of CLUSTER SHARDS.
func shardTables(v resp.Value) []InfoTable {
	tables := []InfoTable{}
	for _, shard := range v.List {
		fields := pairsOf(shard)
		t := tableOf(fields["nodes"].List)
		t.Title = "slots " + rangesText(fields["slots"].List)
		if len(fields["slots"].List) == 0 {
			t.Title = "no slots"
		}
		tables = append(tables, t)
	}
	return tables
}

// rangesText writes first, last, first, last as ranges.
func rangesText(bounds []resp.Value) string {
	var parts []string
	for i := 0; i+1 < len(bounds); i += 2 {
		parts = append(parts, textOf(bounds[i])+"-"+textOf(bounds[i+1]))
	}
	return strings.Join(parts, " ")
}

func linksTable(v resp.Value) []InfoTable { return []InfoTable{tableOf(v.List)} }

// tableOf makes a table of maps that have the same names in the same order.
func tableOf(maps []resp.Value) InfoTable {
	t := InfoTable{Columns: []string{}, Rows: [][]string{}}
	for i, m := range maps {
		var row []string
		for j := 0; j+1 < len(m.List); j += 2 {
			if i == 0 {
				t.Columns = append(t.Columns, textOf(m.List[j]))
			}
			row = append(row, textOf(m.List[j+1]))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// pairsOf is a map by its names.
func pairsOf(m resp.Value) map[string]resp.Value {
	fields := map[string]resp.Value{}
	for i := 0; i+1 < len(m.List); i += 2 {
		fields[m.List[i].Text] = m.List[i+1]
	}
	return fields
}

func configTable(v resp.Value) []InfoTable {
	t := InfoTable{Rows: [][]string{}}
	for i := 0; i+1 < len(v.List); i += 2 {
		t.Rows = append(t.Rows, []string{textOf(v.List[i]), textOf(v.List[i+1])})
	}
	slices.SortFunc(t.Rows, slices.Compare)
	return []InfoTable{t}
}

// clientsTable reads the "name=value" words of CLIENT LIST.
func clientsTable(v resp.Value) []InfoTable {
	t := InfoTable{Columns: []string{}, Rows: [][]string{}}
	for line := range strings.SplitSeq(strings.TrimSpace(v.Text), "\n") {
		var columns, row []string
		for _, word := range strings.Fields(line) {
			name, value, _ := strings.Cut(word, "=")
			columns, row = append(columns, name), append(row, Readable(value))
		}
		if len(row) > 0 {
			t.Columns, t.Rows = columns, append(t.Rows, row)
		}
	}
	return []InfoTable{t}
}

// slowlogTable reads the entries of SLOWLOG GET.
func slowlogTable(v resp.Value) []InfoTable {
	t := InfoTable{Columns: []string{"id", "time", "microseconds", "command", "client", "name"}, Rows: [][]string{}}
	for _, entry := range v.List {
		row := make([]string, len(t.Columns))
		for i := range min(len(row), len(entry.List)) {
			row[i] = textOf(entry.List[i])
		}
		t.Rows = append(t.Rows, row)
	}
	return []InfoTable{t}
}

// textOf is a value on one line.
func textOf(v resp.Value) string {
	switch v.Kind {
	case resp.KindInt, resp.KindBool:
		return strconv.FormatInt(v.Int, 10)
	case resp.KindNull:
		return "–"
	}
	if len(v.List) == 0 {
		return Readable(v.Text)
	}
	words := make([]string, len(v.List))
	for i, element := range v.List {
		words[i] = textOf(element)
	}
	return strings.Join(words, " ")
}

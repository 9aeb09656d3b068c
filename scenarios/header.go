package scenarios

import (
	"bytes"
	"errors"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"

	"clusterplay/playground"
)

// header is the front matter. Unknown fields are errors: a typing mistake must not be silent.
type header struct {
	ID      string  `yaml:"id"`
	Title   string  `yaml:"title"`
	Summary string  `yaml:"summary"`
	Level   int     `yaml:"level"`
	Minutes int     `yaml:"minutes"`
	Cluster Cluster `yaml:"cluster"`
	Lab     Cluster `yaml:"lab"` // instead of cluster: any kind of lab
	Seed    uint64  `yaml:"seed"`
	Speed   float64 `yaml:"speed"`
}

// What a lesson may ask for.
const (
	maxNodes      = 100 // of a lesson's lab, with those it adds
	maxMinutes    = 60
	maxHeaderFlow = 4 // brackets in one another; settings in cluster are two
)

const headExample = "begin with a line ---, then id:, level:, minutes:, cluster:, and another ---"

// cutHeader splits the front matter off and parses it strictly.
func (f *findings) cutHeader(source []byte) (h header, head, body []byte, bodyLine int) {
	rest, found := bytes.CutPrefix(source, []byte("---\n"))
	if !found {
		f.add(1, 1, headExample, "the lesson has no front matter")
		return h, nil, nil, 0
	}
	head, body, found = bytes.Cut(append([]byte("\n"), rest...), []byte("\n---\n"))
	if !found {
		f.add(1, 1, "close it with a line ---", "the front matter does not end")
		return h, nil, nil, 0
	}
	head = bytes.TrimPrefix(head, []byte("\n"))
	if f.plainHeader(head) {
		h.prefill(head)
		if err := yaml.UnmarshalWithOptions(head, &h, yaml.Strict()); err != nil {
			f.yaml(err)
		}
		f.chooseLab(&h, head)
	}
	return h, head, body, bytes.Count(head, []byte("\n")) + 4
}

// prefill puts in what stands where the front matter says nothing, which depends on the kind of lab.
func (h *header) prefill(head []byte) {
	h.Cluster = clusterOf(playground.DefaultTopology())
	var said struct {
		Lab struct {
			Topology string `yaml:"topology"`
		} `yaml:"lab"`
	}
	if yaml.Unmarshal(head, &said) == nil && playground.IsKind(said.Lab.Topology) {
		h.Lab = clusterOf(playground.DefaultsOf(said.Lab.Topology))
	}
}

func clusterOf(t playground.Topology) Cluster {
	return Cluster{
		Masters: t.Masters, Replicas: t.Replicas, NodeTimeout: t.NodeTimeout,
		Sentinels: t.Sentinels, DownAfter: t.DownAfter, FailoverIn: t.FailoverTimeout, Parallel: t.ParallelSyncs,
	}
}

// chooseLab makes one of cluster and lab, which say the same in the words of a cluster and of any lab.
func (f *findings) chooseLab(h *header, head []byte) {
	given := func(key string) bool { return regexp.MustCompile(`(?m)^` + key + `:`).Match(head) }
	line, column := keyPlace(head, "lab")
	switch {
	case !given("lab"):
		if c := h.Cluster; c.Kind != "" || c.ReplicaOf != nil || c.Sentinels+c.Quorum+c.DownAfter+c.FailoverIn+c.Parallel != 0 {
			line, column = keyPlace(head, "cluster")
			f.add(line, column, "lab: {topology: chain}", "what is not of a cluster stands in lab, not in cluster")
		}
	case given("cluster"):
		f.add(line, column, "leave cluster out", "lab and cluster are given both")
	case !playground.IsKind(h.Lab.Kind):
		f.add(line, column, "lab: {topology: replication}", "lab.topology must be one of %s", strings.Join(playground.Kinds(), ", "))
	default:
		h.Cluster = h.Lab
		if h.Cluster.Kind == playground.Sentinel && h.Cluster.Quorum == 0 {
			h.Cluster.Quorum = h.Cluster.Sentinels/2 + 1
		}
		if len(h.Cluster.ReplicaOf) > 0 {
			h.Cluster.Replicas = len(h.Cluster.ReplicaOf)
		}
	}
}

// plainHeader refuses YAML that a lesson does not need and that could make a parser work for ever.
func (f *findings) plainHeader(head []byte) bool {
	if len(head) > maxHeaderBytes {
		f.add(1, 1, "a lesson's has about ten lines", "the front matter has more than %d bytes", maxHeaderBytes)
		return false
	}
	depth := 0
	for _, t := range lexer.Tokenize(string(head)) {
		switch t.Type {
		case token.AnchorType, token.AliasType, token.MergeKeyType, token.TagType:
			f.add(t.Position.Line+1, t.Position.Column, "write the value itself", "anchors, aliases and tags are not read here")
			return false
		case token.MappingStartType, token.SequenceStartType:
			depth++
		case token.MappingEndType, token.SequenceEndType:
			depth--
		}
		if depth > maxHeaderFlow {
			f.add(t.Position.Line+1, t.Position.Column, "cluster: {masters: 3, replicas: 1}", "the front matter is nested too deeply")
			return false
		}
	}
	return true
}

// yaml notes an error of the YAML parser where it happened.
func (f *findings) yaml(err error) {
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil && at.GetToken().Position != nil {
		p := at.GetToken().Position
		f.add(p.Line+1, p.Column, "the fields are id, title, summary, level, minutes, cluster or lab, seed, speed; in cluster: masters, replicas, cluster-node-timeout, settings; in lab also topology, replica-of, sentinels, quorum, down-after-milliseconds, failover-timeout, parallel-syncs",
			"front matter: %s", firstLine(at.GetMessage()))
		return
	}
	f.add(2, 1, "", "front matter: %s", firstLine(err.Error()))
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// keyPlace is the line and column of a field in the front matter; its beginning when it is not there.
func keyPlace(head []byte, key string) (line, column int) {
	at := regexp.MustCompile(`(?m)(?:^|[{,\s])(` + regexp.QuoteMeta(key) + `)\s*:`).FindSubmatchIndex(head)
	if at == nil {
		return 2, 1
	}
	before := head[:at[2]]
	return 2 + bytes.Count(before, []byte("\n")), at[2] - bytes.LastIndexByte(before, '\n')
}

var idPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// checkHeader holds the front matter against what every lesson needs.
func (f *findings) checkHeader(h header, head []byte) {
	field := func(bad bool, key, hint, format string, args ...any) {
		if bad {
			line, column := keyPlace(head, key)
			f.add(line, column, hint, format, args...)
		}
	}
	c := h.Cluster
	f.checkSettings(c, head)
	field(h.ID == "", "id", "id: a-master-dies", "id is missing")
	field(h.ID != "" && !idPattern.MatchString(h.ID), "id", "id: a-master-dies", "the id %q is not of small letters, digits and hyphens", h.ID)
	field(h.Level < 0 || h.Level > 5, "level", "level: 1", "level must be 1 to 5")
	field(h.Minutes < 0 || h.Minutes > maxMinutes, "minutes", "minutes: 10", "minutes must be 1 to %d", maxMinutes)
	field(h.Speed != 0 && !(h.Speed >= 0.01 && h.Speed <= 100), "speed", "speed: 1", "speed must be 0.01 to 100")
	field(c.Masters < 1 || c.Masters > 50, "masters", "masters: 3", "cluster.masters must be 1 to 50")
	field(c.Replicas < 0 || c.Replicas > 5, "replicas", "replicas: 1", "cluster.replicas must be 0 to 5")
	if c.kind() != playground.Cluster {
		f.checkLab(c, head)
		return
	}
	field(c.Masters*(1+c.Replicas) > maxNodes, "masters", "fewer masters or replicas", "a lesson has at most %d nodes", maxNodes)
	field(c.NodeTimeout < 100 || c.NodeTimeout > 600_000, "cluster-node-timeout", "cluster-node-timeout: 5000",
		"cluster.cluster-node-timeout must be 100 to 600000 (milliseconds)")
}

// checkLab refuses a lab without a cluster that cannot be started.
func (f *findings) checkLab(c Cluster, head []byte) {
	t := c.topology()
	t.Port, t.Speed, t.Links = lessonPort, 1, playground.AutoLinks
	if t.Nodes() > maxNodes {
		line, column := keyPlace(head, "lab")
		f.add(line, column, "fewer replicas or Sentinels", "a lesson has at most %d nodes", maxNodes)
		return
	}
	if err := t.Check(); err != nil {
		e := playground.AsError(err)
		line, column := keyPlace(head, e.Field)
		f.add(line, column, e.Hint, "lab: %s", e.Message)
	}
}

func (f *findings) checkSettings(c Cluster, head []byte) {
	if err := playground.CheckSettings(c.Settings); err != nil {
		line, column := keyPlace(head, "settings")
		f.add(line, column, "names and values as in redis.conf", "%s", playground.AsError(err).Message)
	}
}

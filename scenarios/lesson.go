package scenarios

import (
	"cmp"
	"encoding/json"
	"time"

	"clusterplay/playground"
)

// Lesson is one lesson in one language, parsed and checked.
type Lesson struct {
	ID       string  `json:"id"`
	Title    string  `json:"title"`
	Summary  string  `json:"summary,omitempty"`
	Level    int     `json:"level"`
	Minutes  int     `json:"minutes"`
	Language string  `json:"language"`
	Cluster  Cluster `json:"-"`
	Seed     uint64  `json:"-"`
	Speed    float64 `json:"-"` // of the lab's clock; 0 is 1
	Blocks   []Block `json:"blocks"`
	Foreign  bool    `json:"foreign,omitempty"` // brought by somebody: within its budgets, and only harmless commands
	Source   string  `json:"-"`                 // the file, for messages

	head  []byte  // the front matter, for places in it
	links []place // what the text points to
}

// place is something in the text and where it stands.
type place struct {
	text string
	line int
}

// Setup is the action that gives a lab what the lesson wants.
func (l *Lesson) Setup() playground.Setup {
	c := l.Cluster
	replicas := c.Replicas
	return playground.Setup{
		Topology: c.kind(), Masters: c.Masters, Replicas: &replicas, ReplicaOf: playground.WriteTree(c.ReplicaOf),
		Sentinels: c.Sentinels, Quorum: c.Quorum, DownAfterMs: c.DownAfter, FailoverMs: c.FailoverIn, ParallelSyncs: c.Parallel,
		NodeTimeoutMs: c.NodeTimeout, Seed: max(l.Seed, 1), Speed: l.speed(), Settings: playground.WriteSettings(c.Settings),
	}
}

// Topology is the lab that the lesson wants, with client ports from port on.
func (l *Lesson) Topology(port int) playground.Topology {
	t := l.Cluster.topology()
	t.Port, t.Seed, t.Speed = port, l.Seed, l.speed()
	return t
}

// Nodes is how many nodes the lesson's lab begins with.
func (l *Lesson) Nodes() int { return l.Cluster.topology().Nodes() }

func (l *Lesson) speed() float64 {
	if l.Speed == 0 {
		return 1
	}
	return l.Speed
}

// Cluster is the lab a lesson wants, from its front matter.
type Cluster struct {
	Kind        string            `yaml:"topology"` // only in lab:, "" is a cluster
	ReplicaOf   []int             `yaml:"replica-of"`
	Sentinels   int               `yaml:"sentinels"`
	Quorum      int               `yaml:"quorum"`
	DownAfter   int               `yaml:"down-after-milliseconds"`
	FailoverIn  int               `yaml:"failover-timeout"` // milliseconds
	Parallel    int               `yaml:"parallel-syncs"`
	Masters     int               `yaml:"masters"`
	Replicas    int               `yaml:"replicas"`
	NodeTimeout int               `yaml:"cluster-node-timeout"` // milliseconds
	Settings    map[string]string `yaml:"settings"`
}

// kind is what kind of lab it is.
func (c Cluster) kind() string { return cmp.Or(c.Kind, playground.Cluster) }

// topology is the lab in the words of package playground.
func (c Cluster) topology() playground.Topology {
	return playground.Topology{
		Mode: c.kind(), Masters: c.Masters, Replicas: c.Replicas, ReplicaOf: c.ReplicaOf, NodeTimeout: c.NodeTimeout, Settings: c.Settings,
		Sentinels: c.Sentinels, Quorum: c.Quorum, DownAfter: c.DownAfter, FailoverTimeout: c.FailoverIn, ParallelSyncs: c.Parallel,
	}
}

// BlockKind says what a block is.
type BlockKind string

// The kinds of block.
const (
	KindProse BlockKind = "prose"
	KindRedis BlockKind = "redis"
	KindPlay  BlockKind = "play"
	KindQuiz  BlockKind = "quiz"
)

// Block is one piece of a lesson, in the order of the text. Which fields are set follows from Kind.
type Block struct {
	Kind  BlockKind `json:"kind"`
	Fence string    `json:"fence,omitempty"` // "1", "2", … counted over the live fences
	Line  int       `json:"-"`               // the line in the file where its content begins

	Nodes []Prose `json:"nodes,omitempty"` // prose

	Node    string        `json:"node,omitempty"` // redis: the node spoken to, by client port
	Cluster bool          `json:"cluster"`        // redis: follow redirects, as redis-cli -c does
	Within  time.Duration `json:"-"`              // redis: try again until it matches, for so long
	Text    string        `json:"text,omitempty"` // redis: the transcript as written

	Lines []string `json:"lines,omitempty"` // play: the verbs as written, a line each
	Steps []int    `json:"steps,omitempty"` // redis, play: the lines that can be run one by one, from 0

	Question []Prose  `json:"question,omitempty"` // quiz
	Choices  []Choice `json:"choices,omitempty"`
	Reveal   []Prose  `json:"reveal,omitempty"` // what is said once it is answered
}

// MarshalJSON adds within in seconds, as the page shows it.
func (b Block) MarshalJSON() ([]byte, error) {
	type plain Block
	return json.Marshal(struct {
		plain
		Within float64 `json:"within"`
	}{plain(b), b.Within.Seconds()})
}

// Choice is one answer of a quiz.
type Choice struct {
	Nodes []Prose `json:"nodes"`
	Right bool    `json:"right"`
}

// Prose is a piece of text: plain when Tag is empty, else an element with children. The page
// builds it node by node; it is never turned into markup.
type Prose struct {
	Tag      string
	Text     string
	Href     string
	Kind     string // of an alert: note, tip, important, warning or caution
	Children []Prose
}

// MarshalJSON writes a string for plain text and {t, c, href} for an element.
func (p Prose) MarshalJSON() ([]byte, error) {
	if p.Tag == "" {
		return json.Marshal(p.Text)
	}
	return json.Marshal(struct {
		T    string  `json:"t"`
		C    []Prose `json:"c,omitempty"`
		Href string  `json:"href,omitempty"`
		Kind string  `json:"kind,omitempty"`
	}{p.Tag, p.Children, p.Href, p.Kind})
}

package scenarios

import (
	"encoding/json"
	"time"
)

// Lesson is one lesson in one language, parsed and checked.
type Lesson struct {
	ID       string  `json:"id"`
	Title    string  `json:"title"`
	Level    int     `json:"level"`
	Minutes  int     `json:"minutes"`
	Language string  `json:"language"`
	Cluster  Cluster `json:"-"`
	Seed     uint64  `json:"-"`
	Blocks   []Block `json:"blocks"`
}

// Cluster is the lab a lesson wants, from its front matter.
type Cluster struct {
	Masters     int               `yaml:"masters"`
	Replicas    int               `yaml:"replicas"`
	NodeTimeout int               `yaml:"cluster-node-timeout"` // milliseconds
	Settings    map[string]string `yaml:"settings"`
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

	Question []Prose  `json:"question,omitempty"` // quiz
	Choices  []Choice `json:"choices,omitempty"`
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
	}{p.Tag, p.Children, p.Href})
}

// Problem is something wrong in a lesson's text: where, what, and what to write instead.
type Problem struct {
	File    string
	Line    int
	Message string
	Hint    string
}

// Error is "file:line: message (hint)".
func (p *Problem) Error() string {
	text := p.File + ":" + itoa(p.Line) + ": " + p.Message
	if p.Hint != "" {
		text += " (" + p.Hint + ")"
	}
	return text
}

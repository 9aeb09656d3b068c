package playground

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"clusterplay/node/server"
)

// Reset starts again from the present topology, with empty nodes on the same ports.
type Reset struct{}

// Verb is "reset".
func (Reset) Verb() string { return "reset" }

// Do ends all nodes and forms the cluster anew.
func (Reset) Do(ctx context.Context, l *Lab) (Result, error) {
	return l.begin(ctx, func() (Topology, error) { return l.Topology(), nil })
}

// Setup gives the lab another topology and starts from it. What is left out is as the lab was
// launched; without any argument the lab goes back to what it was launched as. A lab with a data
// directory keeps its files meanwhile: the nodes of another topology live in memory.
type Setup struct {
	Topology      string  `json:"topology,omitempty"`
	Masters       int     `json:"masters,omitempty"`
	Replicas      *int    `json:"replicas,omitempty"`
	ReplicaOf     string  `json:"replicaOf,omitempty"` // "0,1,1", as replica-of in a file
	Sentinels     int     `json:"sentinels,omitempty"`
	Quorum        int     `json:"quorum,omitempty"`
	DownAfterMs   int     `json:"downAfterMs,omitempty"`
	FailoverMs    int     `json:"failoverTimeoutMs,omitempty"`
	ParallelSyncs int     `json:"parallelSyncs,omitempty"`
	NodeTimeoutMs int     `json:"nodeTimeoutMs,omitempty"`
	Faithful      string  `json:"faithful,omitempty"` // yes or no: the known defects of 7.0.15
	Seed          uint64  `json:"seed,omitempty"`
	Speed         float64 `json:"speed,omitempty"`
	Settings      string  `json:"settings,omitempty"` // name=value name=value; "none" for none
}

// Verb is "setup".
func (Setup) Verb() string { return "setup" }

// Do replaces all nodes by those of the topology.
func (a Setup) Do(ctx context.Context, l *Lab) (Result, error) {
	return l.begin(ctx, func() (Topology, error) { return l.setUp(a) })
}

// setUp is the topology that a person asks for.
func (l *Lab) setUp(a Setup) (Topology, error) {
	t := l.launched
	if a == (Setup{}) {
		return t, nil
	}
	if kind := strings.ToLower(a.Topology); kind != "" && kind != t.Mode {
		if !IsKind(kind) {
			return t, wrong("topology", strings.Join(Kinds(), ", "), "topology %q is not known", a.Topology)
		}
		t = t.turnedInto(kind)
	}
	t.DataDir = ""
	override(&t.Masters, a.Masters)
	override(&t.NodeTimeout, a.NodeTimeoutMs)
	override(&t.Seed, a.Seed)
	override(&t.Speed, a.Speed)
	if err := t.believe(a.Faithful); err != nil {
		return t, err
	}
	t.guard(a)
	if err := t.plant(a); err != nil {
		return t, err
	}
	if a.Settings != "" {
		settings, err := readSettings(a.Settings)
		if err != nil {
			return t, err
		}
		t.Settings = settings
	}
	t.Port = l.BasePort()
	if err := t.Check(); err != nil {
		return t, err
	}
	return t, checkSettings(t)
}

// turnedInto is a lab of another kind, with that kind's defaults, on the same computer.
func (t Topology) turnedInto(kind string) Topology {
	fresh := DefaultsOf(kind)
	fresh.Name, fresh.Seed, fresh.Speed, fresh.Links = t.Name, t.Seed, t.Speed, t.Links
	fresh.unrecorded, fresh.recordCap = t.unrecorded, t.recordCap
	return fresh
}

// believe says whether the nodes have 7.0.15's defects.
func (t *Topology) believe(word string) error {
	switch strings.ToLower(word) {
	case "":
	case "yes":
		t.Faithful = true
	case "no":
		t.Faithful = false
	default:
		return wrong("faithful", "yes or no", "faithful %q is neither yes nor no", word)
	}
	return nil
}

// guard says which Sentinels there are. As long as nobody names a quorum it is a majority.
func (t *Topology) guard(a Setup) {
	if a.Sentinels != 0 && a.Quorum == 0 && t.watched() {
		t.Quorum = a.Sentinels/2 + 1
	}
	override(&t.Sentinels, a.Sentinels)
	override(&t.Quorum, a.Quorum)
	override(&t.DownAfter, a.DownAfterMs)
	override(&t.FailoverTimeout, a.FailoverMs)
	override(&t.ParallelSyncs, a.ParallelSyncs)
}

// plant says how many replicas there are and, if a person said so, whom each follows.
func (t *Topology) plant(a Setup) error {
	if a.ReplicaOf == "" && a.Replicas != nil {
		t.ReplicaOf, t.Replicas = nil, *a.Replicas
		return nil
	}
	if a.ReplicaOf == "" {
		return nil
	}
	t.ReplicaOf = nil
	for _, word := range strings.Split(a.ReplicaOf, ",") {
		of, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil {
			return wrong("replicaOf", "0,1,1: node 1 follows node 0, nodes 2 and 3 follow node 1", "%q is not the number of a node", word)
		}
		t.ReplicaOf = append(t.ReplicaOf, of)
	}
	t.Replicas = len(t.ReplicaOf)
	if a.Replicas != nil {
		t.Replicas = *a.Replicas
	}
	return nil
}

// WriteTree is the text that Setup reads from whom each replica follows.
func WriteTree(replicaOf []int) string {
	words := make([]string, 0, len(replicaOf))
	for _, of := range replicaOf {
		words = append(words, strconv.Itoa(of))
	}
	return strings.Join(words, ",")
}

func override[T comparable](field *T, value T) {
	var zero T
	if value != zero {
		*field = value
	}
}

// noSettings is how a person says that no setting differs from the defaults.
const noSettings = "none"

// readSettings reads "maxmemory=100mb save=60 1000": a word with a = begins the next setting, other
// words go on with the value.
func readSettings(text string) (map[string]string, error) {
	settings, last := map[string]string{}, ""
	if text == noSettings {
		return settings, nil
	}
	for _, word := range strings.Fields(text) {
		name, value, begins := strings.Cut(word, "=")
		switch {
		case begins && name != "":
			settings[name], last = value, name
		case last == "":
			return nil, wrong("settings", "maxmemory=100mb cluster-require-full-coverage=no", "%q is not a setting", word)
		default:
			settings[last] += " " + word
		}
	}
	return settings, nil
}

// WriteSettings is the text that Setup reads settings from.
func WriteSettings(settings map[string]string) string {
	if len(settings) == 0 {
		return noSettings
	}
	var words []string
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		words = append(words, name+"="+settings[name])
	}
	return strings.Join(words, " ")
}

// checkSettings refuses settings with which no node would start, before the nodes that run are ended
// for it.
func checkSettings(t Topology) error {
	cfg := server.Config{Port: t.Port, AnnounceIP: loopback.String(), Settings: settingsOf(t), ClusterEnabled: t.clustered()}
	if _, err := server.New(cfg, rand.New(rand.NewPCG(t.Seed, 0))); err != nil {
		return wrong("settings", "names and values as in redis.conf", "%v", err)
	}
	return nil
}

// begin ends what there is and starts from the topology that choose chooses.
func (l *Lab) begin(ctx context.Context, choose func() (Topology, error)) (Result, error) {
	t, err := choose()
	if err == nil {
		err = l.among.admit(l, t)
	}
	if err != nil {
		return Result{}, err
	}
	l.moves.stopAll()
	if err := l.load.SetRate(0); err != nil {
		return Result{}, err
	}
	l.endScene()
	l.stage.Lock()
	defer l.stage.Unlock()
	began := time.Now()
	if err := l.shape(func() error { return l.rebuild(ctx, t) }); err != nil {
		return Result{}, fmt.Errorf("start the nodes again: %w", err)
	}
	l.among.seatClients()
	took := time.Since(began)
	l.publish("", l.clock.Now(), Formed{Nodes: t.Nodes(), Took: took})
	return said(fmt.Sprintf("%s, formed in %v.", t.members(), took.Round(time.Millisecond))), nil
}

// rebuild replaces all nodes by fresh ones. The caller holds stage for writing.
func (l *Lab) rebuild(ctx context.Context, t Topology) error {
	l.net.Heal()
	l.closeNodes()
	l.moves.forget()
	l.load.Forget()
	l.setPaused(false)
	if t.DataDir == l.Topology().DataDir { // files kept while the lab was something else are still wanted
		if err := l.wipe(l.BasePort()); err != nil {
			return err
		}
	}
	l.mu.Lock()
	l.scene = newScene()
	l.letters = 0
	l.wired = ""
	clear(l.seen)
	clear(l.seenSentinels)
	l.mu.Unlock()
	l.topology.Store(&t)
	l.net.SetMemory(l.keepsLinks(t))
	if err := l.reopen(); err != nil {
		return err
	}
	return l.form(ctx)
}

// reopen starts the nodes on the ports there were or, when one that is new was taken meanwhile, on
// others.
func (l *Lab) reopen() error {
	err := error(syscall.EADDRINUSE)
	if l.among.free(l, l.BasePort(), l.Topology().Nodes()) {
		err = l.openAt(l.BasePort())
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		l.closeNodes()
		return l.open()
	}
	return err
}

// CheckSettings refuses redis.conf settings with which no node of a cluster would start.
func CheckSettings(settings map[string]string) error {
	t := DefaultTopology()
	t.Settings = settings
	return checkSettings(t)
}

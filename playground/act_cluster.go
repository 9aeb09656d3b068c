package playground

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"

	"clusterplay/playground/network"
)

// AddMaster starts a node and adds it as a master without slots.
type AddMaster struct{}

// Verb is "add-master".
func (AddMaster) Verb() string { return "add-master" }

// Do adds the node.
func (AddMaster) Do(ctx context.Context, l *Lab) (Result, error) {
	if !l.Topology().clustered() {
		return Result{}, wrong("", "add-replica, or setup --topology cluster", "a lab of %s has one master", l.Topology().Mode)
	}
	m, err := l.grow(ctx, nil)
	if err != nil {
		return Result{}, err
	}
	m.shard.Store(l.newLetter())
	// A fresh master refuses clients for two seconds of the lab's time, also those that bring slots. Where
	// time goes slowly nobody waits for that: it has joined.
	switch err := l.untilSoon(ctx, m.Name()+" to serve", func() bool { return l.serves(m) }); {
	case ctx.Err() != nil:
		return Result{}, ctx.Err()
	case err != nil:
		return Result{Text: m.Name() + " is a master without slots. It does not serve yet.", Data: m.Name()}, nil
	}
	return Result{Text: m.Name() + " is a master without slots; move-slots gives it some.", Data: m.Name()}, nil
}

// serves tells whether a node thinks that the cluster is well, as far as anybody thinks so.
func (l *Lab) serves(m *member) bool {
	if l.viewOf(m).ClusterState == "ok" {
		return true
	}
	for _, other := range l.all() {
		if other != m && other.up() && l.viewOf(other).ClusterState == "ok" {
			return false
		}
	}
	return true
}

// AddReplica starts a node and makes it a replica.
type AddReplica struct {
	Of string `json:"of,omitempty"`
}

// Verb is "add-replica".
func (AddReplica) Verb() string { return "add-replica" }

// Do adds the node.
func (a AddReplica) Do(ctx context.Context, l *Lab) (Result, error) {
	of, err := l.masterFor(a.Of)
	if err != nil {
		return Result{}, err
	}
	m, err := l.grow(ctx, of)
	if err != nil {
		return Result{}, err
	}
	if l.Topology().clustered() {
		if err = l.replicate(ctx, m, of); err != nil {
			return Result{}, err
		}
		err = l.untilSoon(ctx, "the others to know the replica", func() bool { return l.agreed(m) })
	}
	if err != nil {
		return Result{}, err
	}
	return Result{Text: fmt.Sprintf("%s is a replica of %s.", m.Name(), of.Name()), Data: m.Name()}, nil
}

// masterFor is the master that a person names, or the one with the fewest replicas.
func (l *Lab) masterFor(name string) (*member, error) {
	if name != "" {
		m, err := l.server("of", name)
		if err != nil {
			return nil, err
		}
		if v := l.viewOf(m); v.Role != "master" && l.Topology().clustered() {
			return nil, wrong("of", "", "%s is a replica itself", m.Name())
		}
		return m, nil
	}
	replicas := map[string]int{}
	for _, n := range l.Nodes() {
		if n.Role == "replica" {
			replicas[n.Master]++
		}
	}
	var best *member
	for _, m := range l.servers() {
		if v := l.viewOf(m); m.up() && v.Role == "master" && (best == nil || replicas[m.Name()] < replicas[best.Name()]) {
			best = m
		}
	}
	if best == nil {
		return nil, wrong("of", "", "no master is running")
	}
	return best, nil
}

// grow starts a node on the next free port. In a cluster it introduces it to all others; elsewhere
// the node's redis.conf names its master, if it is to have one.
func (l *Lab) grow(ctx context.Context, of *member) (*member, error) {
	if l.isPaused() {
		return nil, wrong("", "resume first", "a node cannot join while the lab is paused")
	}
	m, err := l.startNext(&member{}, of)
	if err != nil || !l.Topology().clustered() {
		return m, err
	}
	if err = l.join(ctx, m); err != nil {
		l.dismiss(m)
		return nil, err
	}
	return m, nil
}

// join introduces a node to all others and waits until they know each other.
func (l *Lab) join(ctx context.Context, m *member) error {
	if err := m.learnID(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, joinLimit)
	defer cancel()
	what := "all nodes to know " + m.Name()
	return inVain(what, l.meetUntil(ctx, what, func() bool { return l.known(m) },
		func(a, _ *member) bool { return a == m }))
}

// known tells whether m and every running node know each other.
func (l *Lab) known(m *member) bool {
	for _, other := range l.all() {
		if other != m && other.up() && !(m.knows(other) && other.knows(m)) {
			return false
		}
	}
	return true
}

// startNext starts a node of a kind on the first port after the last that is free.
func (l *Lab) startNext(kind, of *member) (*member, error) {
	members := l.all()
	if err := l.among.admitOne(l); err != nil {
		return nil, err
	}
	port := l.base
	for _, m := range members {
		port = max(port, m.port+1)
	}
	for tries := 0; tries < 100 && port+busOffset <= 65535; port++ {
		if !l.among.free(l, port, 1) {
			continue
		}
		tries++
		m := &member{port: port, guard: kind.guard}
		if of != nil && !l.Topology().clustered() {
			m.of = of.port
		}
		m, err := l.newMember(m)
		if err != nil {
			return nil, err
		}
		if of != nil && !l.Topology().clustered() {
			m.shard.Store(of.letter())
		}
		err = m.Start()
		if err == nil {
			l.mu.Lock()
			l.members = append(l.members, m)
			l.mu.Unlock()
			l.among.seatClients()
			return m, nil
		}
		if !errors.Is(err, syscall.EADDRINUSE) {
			return nil, err
		}
	}
	return nil, wrong("", "", "no port is free after %d", members[len(members)-1].port)
}

// Remove makes the others forget a node that owns no slots, and ends it.
type Remove struct {
	Node string `json:"node"`
}

// Verb is "remove".
func (Remove) Verb() string { return "remove" }

// Do removes the node.
func (a Remove) Do(ctx context.Context, l *Lab) (Result, error) {
	m, err := l.find("node", a.Node)
	if err != nil {
		return Result{}, err
	}
	if err := l.removable(m); err != nil {
		return Result{}, err
	}
	m.Kill()
	for _, other := range l.all() {
		if other == m || !other.up() || !l.Topology().clustered() {
			continue
		}
		if _, err := other.call(ctx, "CLUSTER", "FORGET", m.identity()); err != nil && !strings.Contains(err.Error(), "Unknown node") {
			return Result{}, err
		}
	}
	l.dismiss(m)
	return said(m.Name() + " is gone" + l.afterwards(m)), nil
}

// afterwards says what the others know of a node that is gone.
func (l *Lab) afterwards(m *member) string {
	switch {
	case l.Topology().clustered():
		return ", and the others forget it."
	case m.guard:
		return ". The other Sentinels go on counting it as a voter, until SENTINEL RESET " + masterName + " on each of them."
	case l.Topology().watched():
		return ". The Sentinels remember it as a replica that is down, until SENTINEL RESET " + masterName + " on each of them."
	}
	return "."
}

// dismiss ends a node and takes it off the list.
func (l *Lab) dismiss(m *member) {
	l.mu.Lock()
	l.members = slices.DeleteFunc(slices.Clone(l.members), func(other *member) bool { return other == m })
	delete(l.seen, m.Name())
	delete(l.seenSentinels, m.Name())
	l.mu.Unlock()
	m.Kill()
}

// removable refuses nodes that others still need.
func (l *Lab) removable(m *member) error {
	nodes := l.Nodes()
	if m.guard {
		return nil
	}
	if len(nodes) == 1 {
		return wrong("node", "", "%s is the only node", m.Name())
	}
	for _, n := range nodes {
		if n.State == "up" && n.Role == "replica" && n.Master == m.Name() {
			return wrong("node", "remove its replicas first, or fail over", "%s has the replica %s", m.Name(), n.Name)
		}
	}
	if !l.Topology().clustered() {
		return nil
	}
	if v := l.viewOf(m); m.up() && v.Role == "master" && len(v.Slots) > 0 {
		return wrong("node", "move its slots away first", "%s owns slots", m.Name())
	}
	for _, other := range l.servers() {
		if other.up() && !m.up() && other.opinion(m).Slots > 0 {
			return wrong("node", "restart it, or fail over to a replica of it", "%s owns slots that nobody else has", m.Name())
		}
	}
	return nil
}

// Failover makes a replica take over from its master.
type Failover struct {
	Node string `json:"node"`
	Mode string `json:"mode,omitempty"`
}

// Verb is "failover".
func (Failover) Verb() string { return "failover" }

// Do asks the replica to take over.
func (a Failover) Do(ctx context.Context, l *Lab) (Result, error) {
	if l.Topology().watched() {
		return l.failOverBySentinel(ctx, a)
	}
	m, err := l.find("node", a.Node)
	if err != nil {
		return Result{}, err
	}
	if m, err = l.candidate(m); err != nil {
		return Result{}, err
	}
	if !l.Topology().clustered() {
		return l.failOver(ctx, m, a.Mode)
	}
	command := []string{"CLUSTER", "FAILOVER"}
	switch mode := strings.ToLower(a.Mode); mode {
	case "", "default":
	case "force", "takeover":
		command = append(command, strings.ToUpper(mode))
	default:
		return Result{}, wrong("mode", "default, force or takeover", "mode %q is not known", a.Mode)
	}
	if _, err := m.call(ctx, command...); err != nil {
		return Result{}, err
	}
	return said(m.Name() + " is asked to take over."), nil
}

// candidate is m itself if it is a replica, else its running replica that lacks the fewest bytes.
func (l *Lab) candidate(m *member) (*member, error) {
	if l.viewOf(m).Role == "replica" {
		return m, nil
	}
	best, name := int64(-1), ""
	for _, n := range l.Nodes() {
		if n.Role == "replica" && n.Master == m.Name() && n.State == "up" && n.Offset > best {
			best, name = n.Offset, n.Name
		}
	}
	if name == "" {
		return nil, wrong("node", "add-replica "+m.Name(), "%s has no running replica", m.Name())
	}
	return l.find("node", name)
}

// ConfigSet changes a setting of a node, or of all.
type ConfigSet struct {
	Node  string `json:"node"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Verb is "config-set".
func (ConfigSet) Verb() string { return "config-set" }

// Do sends CONFIG SET.
func (a ConfigSet) Do(ctx context.Context, l *Lab) (Result, error) {
	members := l.servers()
	if a.Node != network.Any && a.Node != "all" {
		m, err := l.server("node", a.Node)
		if err != nil {
			return Result{}, err
		}
		members = []*member{m}
	}
	for _, m := range members {
		if len(members) > 1 && !m.up() {
			continue
		}
		if _, err := m.call(ctx, "CONFIG", "SET", a.Name, a.Value); err != nil {
			e := AsError(err)
			return Result{}, &Error{Field: "name", Message: e.Message, Hint: e.Hint}
		}
	}
	if isSecret(a.Name) {
		return said(a.Name + " is set."), nil
	}
	return said(fmt.Sprintf("%s is now %q.%s", a.Name, a.Value, inVainHere(a.Name, a.Value))), nil
}

// inVainHere says so when a setting that Redis has changes nothing in a lab.
func inVainHere(name, value string) string {
	if strings.EqualFold(name, "repl-disable-tcp-nodelay") && strings.EqualFold(value, "yes") {
		return " It changes nothing here: a node sends what it has at once and in one piece, and a delay between nodes is made with delay."
	}
	return ""
}

// LoadRate turns the built-in clients on or off.
type LoadRate struct {
	Rate int `json:"rate"`
}

// Verb is "load".
func (LoadRate) Verb() string { return "load" }

// Do sets the rate.
func (a LoadRate) Do(_ context.Context, l *Lab) (Result, error) {
	if err := l.load.SetRate(a.Rate); err != nil {
		return Result{}, wrong("rate", "load off turns it off", "%v", err)
	}
	if a.Rate == 0 {
		return Result{Text: "The load is off.", Data: l.load.Counts()}, nil
	}
	to := ""
	if target := l.target(); target != "" {
		to = " to " + target
	}
	return said(fmt.Sprintf("The clients write %d values per second%s.", a.Rate, to)), nil
}

// Verify asks the present owners for everything that the load wrote, and returns the ledger.
func (l *Lab) Verify(ctx context.Context) (LoadView, error) {
	_, err := l.load.Verify(ctx)
	return l.loadView(), err
}

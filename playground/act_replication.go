package playground

import (
	"context"
	"fmt"
	"strings"
)

// NoOne is what a node follows that is made a master: replicaof 7001 no-one.
const NoOne = "no-one"

// ReplicaOf makes a node of a lab without a cluster follow another, or nobody, and lets it remember
// that: REPLICAOF and CONFIG REWRITE.
type ReplicaOf struct {
	Node string `json:"node"`
	Of   string `json:"of"`
}

// Verb is "replicaof".
func (ReplicaOf) Verb() string { return "replicaof" }

// Do sends the commands.
func (a ReplicaOf) Do(ctx context.Context, l *Lab) (Result, error) {
	m, err := l.server("node", a.Node)
	if err != nil {
		return Result{}, err
	}
	if l.Topology().clustered() {
		return Result{}, wrong("", "failover "+m.Name()+", or add-replica",
			"nodes of a cluster refuse REPLICAOF: their bus says who follows whom")
	}
	command, text := []string{"REPLICAOF", "NO", "ONE"}, m.Name()+" is a master now."
	if !isNoOne(a.Of) {
		of, err := l.newMaster(m, a.Of)
		if err != nil {
			return Result{}, err
		}
		host, port := addressOf(of)
		command, text = []string{"REPLICAOF", host, port}, fmt.Sprintf("%s follows %s now.", m.Name(), of.Name())
	}
	if _, err := m.call(ctx, command...); err != nil {
		return Result{}, err
	}
	if _, err := m.call(ctx, "CONFIG", "REWRITE"); err != nil {
		return Result{}, err
	}
	if target := l.target(); target != m.Name() && isNoOne(a.Of) {
		text += fmt.Sprintf(" The clients still use %s; rewire %s sends them here.", target, m.Name())
	}
	return said(text), nil
}

// isNoOne reads no-one, NO ONE and nobody's other spellings.
func isNoOne(word string) bool {
	return strings.EqualFold(strings.NewReplacer("-", "", "_", "", " ", "").Replace(word), "noone")
}

// newMaster is the node that m is to follow; not itself, and nobody who follows m already.
func (l *Lab) newMaster(m *member, name string) (*member, error) {
	of, err := l.server("of", name)
	if err != nil {
		return nil, err
	}
	nodes := l.Nodes()
	at := of.Name()
	for range nodes {
		if at == m.Name() {
			return nil, wrong("of", "replicaof "+of.Name()+" no-one first", "%s cannot follow %s: they would follow each other", m.Name(), of.Name())
		}
		n, found := nodeNamed(at, nodes)
		if !found || n.Role == "master" {
			break
		}
		at = n.Master
	}
	return of, nil
}

// askSentinels sends the clients of a lab with Sentinels back to asking these for the master.
const askSentinels = "sentinels"

// Rewire gives the built-in clients of a lab without a cluster another address.
type Rewire struct {
	Of string `json:"of"`
}

// Verb is "rewire".
func (Rewire) Verb() string { return "rewire" }

// Do gives them the address.
func (a Rewire) Do(_ context.Context, l *Lab) (Result, error) {
	if l.Topology().clustered() {
		return Result{}, wrong("", "", "the clients of a cluster ask its nodes where to write")
	}
	if l.Topology().watched() && strings.EqualFold(a.Of, askSentinels) {
		l.mu.Lock()
		l.wired = ""
		l.mu.Unlock()
		return said("The clients ask the Sentinels for the address of the master."), nil
	}
	m, err := l.server("of", a.Of)
	if err != nil {
		return Result{}, err
	}
	l.mu.Lock()
	l.wired = m.Name()
	l.mu.Unlock()
	text := fmt.Sprintf("The clients use %s now.", m.Name())
	if v := l.viewOf(m); v.Role == "replica" {
		text += " It is a replica, which refuses writes unless replica-read-only is no."
	}
	return said(text), nil
}

// failOver hands a master's place to its replica by Redis' FAILOVER: writes stop until the replica has
// everything, then both change roles.
func (l *Lab) failOver(ctx context.Context, m *member, mode string) (Result, error) {
	n := l.viewOf(m)
	of, err := l.find("node", n.Master)
	if err != nil {
		return Result{}, wrong("node", "replicaof "+m.Name()+" no-one", "the master %s of %s is not in this lab", n.Master, m.Name())
	}
	host, port := addressOf(m)
	command := []string{"FAILOVER", "TO", host, port}
	switch strings.ToLower(mode) {
	case "", "default":
	case "force":
		command = append(command, "FORCE", "TIMEOUT", "1000")
	default:
		return Result{}, wrong("mode", "default or force; replicaof "+m.Name()+" no-one asks nobody", "mode %q is not for a lab of %s", mode, l.Topology().Mode)
	}
	if v := l.viewOf(of); of.up() && v.Role != "master" {
		return Result{}, wrong("node", "failover "+v.Master+", or replicaof "+m.Name()+" no-one", "%s follows %s, which is a replica itself and has no place to hand over", m.Name(), of.Name())
	}
	if !of.up() {
		return Result{}, wrong("node", "replicaof "+m.Name()+" no-one promotes it by hand", "the master %s does not run, so it cannot hand over", of.Name())
	}
	if _, err := of.call(ctx, command...); err != nil {
		return Result{}, err
	}
	return said(fmt.Sprintf("%s hands its place over to %s.", of.Name(), m.Name())), nil
}

package playground

import (
	"net"
	"slices"
	"strconv"
	"strings"

	"clusterplay/node"
	"clusterplay/node/event"
	"clusterplay/node/slot"
)

// shortestID is how much of a node's id names it, so that a mistyped port is not taken for one.
const shortestID = 6

// find is the node that a person means: a client port ("7001"), an id or its beginning,
// "master-of:SLOT", "master-of:KEY" in the form master-of:{key}, a shard's letter for its master, or a
// role ("master", "replica 2"). field names the argument in the error.
func (l *Lab) find(field, name string) (*member, error) {
	name = strings.TrimSpace(name)
	if of, ok := strings.CutPrefix(name, "master-of:"); ok {
		return l.findOwner(field, of)
	}
	members := l.all()
	var names []string
	for _, m := range members {
		if m.Name() == name {
			return m, nil
		}
		names = append(names, m.Name())
	}
	if m := findID(members, strings.ToLower(name)); m != nil {
		return m, nil
	}
	if m := l.findShard(members, name); m != nil {
		return m, nil
	}
	if m := l.findRole(members, name, (*member).up); m != nil {
		return m, nil
	}
	if name == "" {
		return nil, wrong(field, "one of "+strings.Join(names, ", "), "which node?")
	}
	return nil, wrong(field, "one of "+strings.Join(names, ", "), "no node is called %q", name)
}

// sleeper is find for a node that is to go on: a role means those first that are frozen.
func (l *Lab) sleeper(field, name string) (*member, error) {
	frozen := func(m *member) bool { return m.Status().State == node.Frozen }
	if m := l.findRole(l.all(), name, frozen); m != nil {
		return m, nil
	}
	return l.find(field, name)
}

// server is find for those that are Redis servers.
func (l *Lab) server(field, name string) (*member, error) {
	m, err := l.find(field, name)
	if err == nil && m.guard {
		return nil, wrong(field, "", "%s is a Sentinel: it holds no data", m.Name())
	}
	return m, err
}

// findID is the only member whose id begins so; nil when there is none or more than one.
func findID(members []*member, prefix string) *member {
	var found *member
	if len(prefix) < shortestID {
		return nil
	}
	for _, m := range members {
		if strings.HasPrefix(m.identity(), prefix) {
			if found != nil {
				return nil
			}
			found = m
		}
	}
	return found
}

// roles are the words for what a node is to the others.
var roles = [...]string{"master", "replica", "sentinel"}

// readRole reads a role and which of those that have it is meant: "replica 2" or "replica-2"; without a
// number the first.
func readRole(name string) (role string, number int, ok bool) {
	role, which, numbered := strings.Cut(strings.Replace(name, "-", " ", 1), " ")
	if !slices.Contains(roles[:], role) {
		return "", 0, false
	}
	if !numbered {
		return role, 1, true
	}
	number, err := strconv.Atoi(which)
	return role, number, err == nil && number > 0
}

// roleOf is what a member is to the others.
func (l *Lab) roleOf(m *member) string {
	if m.guard {
		return roles[len(roles)-1]
	}
	return l.viewOf(m).Role
}

// findRole is the node that a role means: of those with that role, which are counted in the order of
// their ports, the likely ones first.
func (l *Lab) findRole(members []*member, name string, likely func(*member) bool) *member {
	role, number, ok := readRole(name)
	if !ok {
		return nil
	}
	var first, rest []*member
	for _, m := range members {
		switch {
		case l.roleOf(m) != role:
		case likely(m):
			first = append(first, m)
		default:
			rest = append(rest, m)
		}
	}
	if all := append(first, rest...); number <= len(all) {
		return all[number-1]
	}
	return nil
}

// findShard is the master of the shard with a letter.
func (l *Lab) findShard(members []*member, letter string) *member {
	if letter == "" || len(letter) > 2 {
		return nil
	}
	for _, m := range members {
		if !m.guard && m.letter() == strings.ToUpper(letter) && l.viewOf(m).Role == "master" {
			return m
		}
	}
	return nil
}

// findOwner is the master that owns a slot in its own eyes; of several, the one with the greatest
// epoch.
func (l *Lab) findOwner(field, of string) (*member, error) {
	s, err := slot.Parse(of)
	if err != nil {
		if !strings.HasPrefix(of, "{") {
			return nil, wrong(field, "master-of:0 to master-of:16383, or master-of:{key}", "%q is not a slot", of)
		}
		s = slot.OfString(of)
	}
	m := l.ownerOf(s)
	if m == nil {
		return nil, wrong(field, "", "nobody owns slot %d", s)
	}
	return m, nil
}

// ownerOf is the member that owns a slot in its own eyes; nil when nobody does.
func (l *Lab) ownerOf(s slot.Slot) *member {
	var owner *member
	var epoch uint64
	for _, m := range l.all() {
		if !m.up() {
			continue
		}
		v := l.viewOf(m)
		if v.owns(int(s)) && (owner == nil || v.Epoch > epoch) {
			owner, epoch = m, v.Epoch
		}
	}
	return owner
}

// nameAt is what people call the node at an address.
func (l *Lab) nameAt(addr string) string { return l.nameOf(event.Node{Addr: addr, ID: addr}) }

// nameOf is what people call a node that an event names.
func (l *Lab) nameOf(n event.Node) string {
	if _, port, err := net.SplitHostPort(n.Addr); err == nil {
		return port
	}
	if m := findID(l.all(), n.ID); m != nil {
		return m.Name()
	}
	if len(n.ID) > 8 {
		return n.ID[:8]
	}
	return n.String()
}

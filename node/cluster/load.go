package cluster

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/slot"
)

// The ways in which a nodes.conf as a whole can be wrong.
var (
	errNoMyself = errors.New("no line describes the node itself")
	errNoVars   = errors.New("the line with the epochs is missing: the file is incomplete")
)

// The fields of a node's line.
const (
	fieldID = iota
	fieldAddr
	fieldFlags
	fieldPrimary
	fieldPing
	fieldPong
	fieldEpoch
	fieldLink
	fieldSlots
)

// load reads nodes.conf, or makes a new node when there is none.
func (s *State) load(conf []byte) error {
	if len(conf) == 0 {
		s.myself = s.addNode(time.Time{}, s.randomID(), bus.Myself|bus.Master)
		return nil
	}
	text, ended := strings.CutSuffix(string(conf), "\n")
	lines := strings.Split(text, "\n")
	vars := false
	for i, line := range lines {
		fields := strings.Fields(line)
		var err error
		switch {
		case len(fields) == 0:
		case fields[0] == "vars":
			vars = ended
			err = s.loadVars(fields[1:])
		default:
			err = s.loadNode(fields)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	if s.myself == nil {
		return errNoMyself
	}
	if !vars {
		return errNoVars
	}
	if err := s.loadRelations(lines); err != nil {
		return err
	}
	s.currentEpoch = max(s.maxEpoch(), s.lastVote)
	return nil
}

// loadVars reads pairs of names and numbers; unknown names are skipped.
func (s *State) loadVars(fields []string) error {
	for i := 0; i+1 < len(fields); i += 2 {
		n, err := strconv.ParseUint(fields[i+1], 10, 64)
		switch {
		case fields[i] != "currentEpoch" && fields[i] != "lastVoteEpoch":
		case err != nil:
			return fmt.Errorf("%s is not a number: %q", fields[i], fields[i+1])
		case fields[i] == "currentEpoch":
			s.currentEpoch = n
		default:
			s.lastVote = n
		}
	}
	return nil
}

// loadNode makes a node from its line, without what refers to other nodes.
func (s *State) loadNode(fields []string) error {
	if len(fields) <= fieldLink {
		return fmt.Errorf("only %d fields", len(fields))
	}
	id, ok := bus.ParseID(fields[fieldID])
	if !ok {
		return fmt.Errorf("not a node id: %q", fields[fieldID])
	}
	if s.nodes.lookup(id) != nil {
		return fmt.Errorf("node %v appears twice", id)
	}
	flags, err := parseFlags(fields[fieldFlags])
	if err != nil {
		return err
	}
	n := s.addNode(time.Time{}, id, flags)
	if flags.Has(bus.Myself) {
		if s.myself != nil {
			return errors.New("a second line describes the node itself")
		}
		s.myself = n
	}
	if n.master() || fields[fieldPrimary] == "-" { // a replica of somebody shows its master's
		epoch, err := strconv.ParseUint(fields[fieldEpoch], 10, 64)
		if err != nil {
			return fmt.Errorf("epoch is not a number: %q", fields[fieldEpoch])
		}
		s.setEpoch(n, epoch)
	}
	return s.loadAddr(n, fields[fieldAddr])
}

// parseFlags reads "myself,master". A line needs a role for ourselves; others learn theirs.
func parseFlags(text string) (flags bus.Flags, err error) {
	for _, name := range strings.Split(text, ",") {
		flag, ok := bus.FlagNamed(name)
		if !ok {
			return 0, fmt.Errorf("unknown flag: %q", name)
		}
		flags |= flag
	}
	role := flags & (bus.Master | bus.Replica)
	if role == bus.Master|bus.Replica || (role == 0 && flags.Has(bus.Myself)) {
		return 0, fmt.Errorf("no single role: %q", text)
	}
	return flags, nil
}

// loadAddr reads "ip:port@busport,hostname,name=value…". What newer versions add is skipped.
func (s *State) loadAddr(n *node, text string) error {
	addr, extra, _ := strings.Cut(text, ",")
	hostname, _, _ := strings.Cut(extra, ",")
	addr, busPort, hasBus := strings.Cut(addr, "@")
	colon := strings.LastIndexByte(addr, ':')
	if colon < 0 || !validHostname([]byte(hostname)) {
		return fmt.Errorf("not an address: %q", text)
	}
	n.hostname = sharedOf(hostname)
	ip := addr[:colon]
	port, err := strconv.ParseUint(addr[colon+1:], 10, 16)
	if err != nil || (ip != "" && !validIP([]byte(ip))) {
		return fmt.Errorf("not an address: %q", text)
	}
	busAt := port + defaultBusOffset
	if hasBus {
		if busAt, err = strconv.ParseUint(busPort, 10, 16); err != nil {
			return fmt.Errorf("not a bus port: %q", text)
		}
	}
	if busAt > math.MaxUint16 {
		return fmt.Errorf("no room for the bus port: %q", text)
	}
	s.setAddress(n, ip, uint16(port), n.plainPort, uint16(busAt))
	return nil
}

// loadRelations reads from each line what needs all nodes to be known: masters and slots.
func (s *State) loadRelations(lines []string) error {
	for i, line := range lines {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "vars" {
			continue
		}
		id, _ := bus.ParseID(fields[fieldID])
		n := s.nodes.lookup(id)
		err := s.loadPrimary(n, fields[fieldPrimary])
		for _, item := range fields[fieldSlots:] {
			if err == nil {
				err = s.loadSlots(n, item)
			}
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return nil
}

func (s *State) loadPrimary(n *node, text string) error {
	if text == "-" {
		return nil
	}
	id, ok := bus.ParseID(text)
	primary := s.nodes.lookup(id)
	if !ok || primary == nil || primary == n || !n.is(bus.Replica) {
		return fmt.Errorf("not a master: %q", text)
	}
	s.setPrimary(n, primary)
	s.addReplica(primary, n)
	return nil
}

// loadSlots reads "5", "0-5460", "[93->-id]" or "[93-<-id]".
func (s *State) loadSlots(n *node, item string) error {
	if strings.HasPrefix(item, "[") {
		return s.loadOpen(n, item)
	}
	r, err := slot.ParseRange(item)
	if err != nil || !n.master() {
		return fmt.Errorf("slots %q: %w", item, errors.Join(err, errOwner(n)))
	}
	for sl := int(r.First); sl <= int(r.Last); sl++ {
		if s.slots.owner.at(slot.Slot(sl)) != 0 {
			return fmt.Errorf("slot %d has two owners", sl)
		}
		s.assign(n, slot.Slot(sl))
	}
	return nil
}

// errOwner is the error of a node that cannot own slots.
func errOwner(n *node) error {
	if n.master() {
		return nil
	}
	return errors.New("only masters own slots")
}

func (s *State) loadOpen(n *node, item string) error {
	body := strings.TrimSuffix(item[1:], "]")
	open, number, id := s.slots.migrating, "", ""
	if from, to, found := strings.Cut(body, "->-"); found {
		number, id = from, to
	} else if from, to, found := strings.Cut(body, "-<-"); found {
		open, number, id = s.slots.importing, from, to
	}
	sl, err := slot.Parse(number)
	who, ok := bus.ParseID(id)
	with := s.nodes.lookup(who)
	if err != nil || !ok || with == nil || n != s.myself || with == n {
		return fmt.Errorf("not an open slot: %q", item)
	}
	open[sl] = with
	return nil
}

// wakeUp sets the times that a file cannot hold: the nodes in it were heard of just now, and
// those that had failed failed now.
func (s *State) wakeUp(now time.Time) {
	for _, n := range s.nodes.order {
		if n == s.myself || n.created != never {
			continue
		}
		n.created = instantOf(now)
		if n.pongReceived == never {
			n.pongReceived = n.created
		}
		if n.is(bus.Failed) && n.troubles().failed == never {
			n.inTrouble().failed = n.created
		}
	}
}

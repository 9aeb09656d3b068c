package playground

import (
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"

	"clusterplay/node"
)

const (
	// MainLab is the name of the first lab of a process: what does not say which lab it means, means
	// that one.
	MainLab = "main"
	// MaxLabs bounds the labs of a process: each has a clock, a recorder and clients of its own.
	MaxLabs = 16
)

// Labs are the labs of one process. No two have the same name, ports or files, and together they fit
// the computer; apart from that none knows of another. The methods may be called from any goroutine.
type Labs struct {
	limits  func() limits // what the computer allows
	clients node.Crowd    // the clients of all nodes
	opening sync.Mutex    // one lab at a time looks for its place

	mu     sync.Mutex // guards what follows
	list   []*Lab     // in the order in which they were opened; the first is the main one
	theirs *Lab       // was opened by somebody else, who closes it
	closed bool
}

// NewLabs makes a process without labs.
func NewLabs() *Labs {
	ls := &Labs{limits: theComputer}
	ls.seatClients()
	return ls
}

// Around makes the labs whose main one is open already. Whoever opened that one closes it; it does not
// ask the others before it grows.
func Around(main *Lab) *Labs {
	ls := NewLabs()
	ls.list, ls.theirs = []*Lab{main}, main
	return ls
}

// labName is what a lab may be called: its name stands in addresses, files and command lines.
var labName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

// Open starts the nodes of another lab on ports that no other lab claims, from the topology's on; the
// first is the main one, whatever id says. Without an id it gets one. Form makes a cluster of the nodes.
func (ls *Labs) Open(id string, t Topology) (*Lab, error) {
	ls.opening.Lock()
	defer ls.opening.Unlock()
	id, err := ls.name(id)
	if err != nil {
		return nil, err
	}
	if main := ls.Main(); main != nil {
		t.Name, t.DataDir = id, ls.directory(t.DataDir, id)
		// Asked before anything else is looked at: it says for how many nodes there is room, also to whoever
		// wants more than there could ever be.
		if err := ls.admit(nil, t.withDefaults()); err != nil {
			return nil, err
		}
	}
	l, err := openAmong(ls, id, t)
	if err != nil {
		return nil, err
	}
	if !ls.add(l) {
		l.Close()
		return nil, errors.New("the playground is closing")
	}
	ls.seatClients()
	return l, nil
}

// name is what the next lab is called.
func (ls *Labs) name(id string) (string, error) {
	all := ls.All()
	switch {
	case len(all) == 0:
		return MainLab, nil
	case len(all) >= MaxLabs:
		return "", full("labs", 0, "close one first", "there are %d labs, and there can be no more", len(all))
	case id == "":
		for n := len(all) + 1; ; n++ {
			if id = "lab-" + strconv.Itoa(n); ls.Get(id) == nil {
				return id, nil
			}
		}
	case !labName.MatchString(id):
		return "", wrong("id", "small letters, digits and hyphens, 32 at most, such as chain-2", "a lab cannot be called %q", id)
	case ls.Get(id) != nil:
		return "", wrong("id", "another name, or close that one first", "there is a lab %q already", id)
	}
	return id, nil
}

// directory is where a lab keeps its files: where it was told to or, beside a main lab that keeps its
// own, in a folder of that one's.
func (ls *Labs) directory(wanted, id string) string {
	if beside := ls.Main().launched.DataDir; wanted == "" && beside != "" {
		return filepath.Join(beside, "labs", id)
	}
	return wanted
}

// add makes a lab one of the labs, unless they have been closed meanwhile.
func (ls *Labs) add(l *Lab) bool {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if !ls.closed {
		ls.list = append(ls.list, l)
	}
	return !ls.closed
}

// All are the labs in the order in which they were opened.
func (ls *Labs) All() []*Lab {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	return slices.Clone(ls.list)
}

// Main is the first lab; nil when there is none.
func (ls *Labs) Main() *Lab {
	if all := ls.All(); len(all) > 0 {
		return all[0]
	}
	return nil
}

// Get is the lab with that name; nil when there is none.
func (ls *Labs) Get(id string) *Lab {
	for _, l := range ls.All() {
		if l.id == id {
			return l
		}
	}
	return nil
}

// Close ends one lab. Its name and ports are free when it returns; files in a data directory stay. The
// main lab ends with all.
func (ls *Labs) Close(id string) error {
	l := ls.Get(id)
	switch {
	case l == nil:
		return wrong("lab", "", "there is no lab %q", id)
	case l == ls.Main():
		return wrong("lab", "setup gives it another shape, reset empties it", "the main lab ends with the playground")
	}
	l.Close()
	defer ls.seatClients()
	ls.mu.Lock()
	defer ls.mu.Unlock()
	ls.list = slices.DeleteFunc(ls.list, func(other *Lab) bool { return other == l })
	return nil
}

// CloseAll ends all labs at the same time, but for one that somebody else opened.
func (ls *Labs) CloseAll() {
	ls.mu.Lock()
	ls.closed = true
	ls.mu.Unlock()
	var group sync.WaitGroup
	for _, l := range ls.All() {
		if l != ls.theirs {
			group.Go(l.Close)
		}
	}
	group.Wait()
}

// others are the labs but for one. A lab that knows of no other has none.
func (ls *Labs) others(l *Lab) []*Lab {
	if ls == nil {
		return nil
	}
	return slices.DeleteFunc(ls.All(), func(other *Lab) bool { return other == l })
}

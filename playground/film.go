package playground

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"clusterplay/playground/history"
)

// film is what recorded pictures show.
type film struct {
	whole   Snapshot
	changes []Change        // after whole, and after later whole pictures
	known   map[string]bool // the nodes of the last picture
}

// develop unpacks pictures; the first is whole.
func develop(pictures []history.Picture) (film, error) {
	f := film{known: map[string]bool{}}
	var like []byte
	for i, p := range pictures {
		base := like
		if p.Whole {
			base = nil
		}
		text, err := unpack(p.Data, base)
		if err == nil && p.Whole {
			like = text
			err = f.addWhole(text, i == 0)
		} else if err == nil {
			err = f.addChange(text)
		}
		if err != nil {
			return f, fmt.Errorf("read history: %w", err)
		}
	}
	return f, nil
}

func (f *film) addChange(text []byte) error {
	var c Change
	if err := json.Unmarshal(text, &c); err != nil {
		return err
	}
	for _, node := range c.Nodes {
		var named struct{ Name string }
		if err := json.Unmarshal(node, &named); err != nil {
			return err
		}
		f.known[named.Name] = true
	}
	for _, name := range c.Gone {
		delete(f.known, name)
	}
	f.changes = append(f.changes, c)
	return nil
}

// addWhole begins with a whole picture, or goes on with one: as a change that tells everything, for
// something may have been lost before it.
func (f *film) addWhole(text []byte, first bool) error {
	var s Snapshot
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	present := map[string]bool{}
	for _, n := range s.Nodes {
		present[n.Name] = true
	}
	if first {
		f.whole, f.known = s, present
		return nil
	}
	c := new(Picture).Advance(&s, s.Seq, LookAll)
	for _, name := range slices.Sorted(maps.Keys(f.known)) {
		if !present[name] {
			c.Gone = append(c.Gone, name)
		}
	}
	f.changes, f.known = append(f.changes, *c), present
	return nil
}

// at is the lab at a moment, or as soon after as everything up to event seq had happened.
func (f *film) at(t int64, seq uint64) (Snapshot, error) {
	s := f.whole
	for i := range f.changes {
		if f.changes[i].Now > t && s.Seq >= seq {
			break
		}
		if err := s.apply(&f.changes[i]); err != nil {
			return Snapshot{}, err
		}
	}
	s.Now = max(t, f.whole.Now)
	return s, nil
}

// after are the changes after a moment.
func (f *film) after(t int64) []Change {
	kept := []Change{}
	for _, c := range f.changes {
		if c.Now > t {
			kept = append(kept, c)
		}
	}
	return kept
}

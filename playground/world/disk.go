package world

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"slices"

	"clusterplay/node/machine"
)

// disk is a node's directory in memory. It remembers separately what has been made durable, so
// that a crash can lose exactly what a real one would.
type disk struct {
	files   map[string][]byte // as the running process sees them
	durable map[string][]byte // as they would be after the power went
}

func newDisk() *disk {
	return &disk{files: map[string][]byte{}, durable: map[string][]byte{}}
}

// save performs one file operation. What is durable shares its bytes with the file: an Append never
// writes into what is there, and a Truncate takes a copy.
func (d *disk) save(s machine.Save) {
	switch s.Op {
	case machine.Replace:
		d.files[s.Name] = append([]byte(nil), s.Data...)
	case machine.Append:
		d.files[s.Name] = append(d.files[s.Name], s.Data...)
	case machine.Rename:
		d.files[s.To] = d.files[s.Name]
		delete(d.files, s.Name)
	case machine.Remove:
		delete(d.files, s.Name)
	case machine.Truncate:
		d.files[s.Name] = append([]byte(nil), d.files[s.Name][:s.Size]...)
	}
	if s.Sync || s.Op == machine.Sync {
		d.sync(s)
	}
}

// sync makes one operation's outcome durable. A rename carries its content with it: the rim
// syncs a file before it renames it.
func (d *disk) sync(s machine.Save) {
	name := s.Name
	if s.Op == machine.Rename {
		delete(d.durable, s.Name)
		name = s.To
	}
	if data, ok := d.files[name]; ok {
		d.durable[name] = data[:len(data):len(data)]
		return
	}
	delete(d.durable, name)
}

// losePower forgets what was not made durable. Of what was appended to a file any part may have
// reached the disk all the same.
func (d *disk) losePower(rng *rand.Rand) {
	kept := cloneFiles(d.durable)
	for _, name := range slices.Sorted(maps.Keys(kept)) {
		whole, safe := d.files[name], len(kept[name])
		if len(whole) > safe && bytes.HasPrefix(whole, kept[name]) {
			kept[name] = append(kept[name], whole[safe:safe+rng.IntN(len(whole)-safe+1)]...)
		}
	}
	d.files, d.durable = kept, cloneFiles(kept)
}

// wipe empties the disk.
func (d *disk) wipe() { *d = *newDisk() }

func cloneFiles(files map[string][]byte) map[string][]byte {
	out := maps.Clone(files)
	for name, data := range out {
		out[name] = append([]byte(nil), data...)
	}
	return out
}

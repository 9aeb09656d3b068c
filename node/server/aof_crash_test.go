package server

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
	"time"

	"clusterplay/node/machine"

	"github.com/stretchr/testify/require"
)

// crashDisk records every file operation of a life, so that the life can be thought to have ended
// after any of them, or within one.
type crashDisk struct {
	ops  []crashOp
	born int // operations before the first client
}

// crashOp is one operation, and what the data were when the machine asked for it.
type crashOp struct {
	machine.Save
	before, after string // digests: acknowledged by then, and executed
}

// image is what a disk holds after n operations and the first part of the next one. durable is what
// of it would survive a power loss.
func (d *crashDisk) image(n, part int) (files, durable map[string][]byte) {
	files, durable = map[string][]byte{}, map[string][]byte{}
	for i, op := range d.ops[:min(n+1, len(d.ops))] {
		save := op.Save
		if i == n {
			if save.Op != machine.Append || part == 0 {
				break
			}
			save.Data, save.Sync = save.Data[:min(part, len(save.Data))], false
		}
		do(files, durable, save)
	}
	return files, durable
}

// do performs one operation.
func do(files, durable map[string][]byte, save machine.Save) {
	clip := func(b []byte) []byte { return b[:len(b):len(b)] }
	name := save.Name
	switch save.Op {
	case machine.Replace:
		files[name] = clip(save.Data)
	case machine.Append:
		files[name] = append(clip(files[name]), save.Data...)
	case machine.Truncate:
		files[name] = clip(files[name][:save.Size])
	case machine.Remove:
		delete(files, name)
	case machine.Rename:
		files[save.To] = files[name]
		delete(files, name)
		name = save.To
	}
	if !save.Sync && save.Op != machine.Sync {
		return
	}
	if save.Op == machine.Rename {
		delete(durable, save.Name)
	}
	if data, there := files[name]; there {
		durable[name] = data
	} else {
		delete(durable, name)
	}
}

// lifeOfChanges plays a life full of changes, rewrites and switches, and records what it asks of the disk.
func lifeOfChanges(t *testing.T, seed uint64, policy string) *crashDisk {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 7))
	disk := &crashDisk{}
	settings := []string{"appendonly", "yes", "appendfsync", policy, "auto-aof-rewrite-percentage", "0"}
	if rng.IntN(2) == 0 {
		settings = append(settings, "aof-use-rdb-preamble", "no")
	}
	d := newDriver(t, settings...)
	said := d.s.Digest()
	for name, data := range d.files {
		disk.ops = append(disk.ops, crashOp{machine.Save{Op: machine.Replace, Name: name, Data: data, Sync: true}, said, said})
	}
	disk.born = len(disk.ops)
	d.onSave = func(save machine.Save) {
		save.Data = append([]byte(nil), save.Data...)
		disk.ops = append(disk.ops, crashOp{save, said, d.s.Digest()})
	}
	for i := range 60 {
		switch rng.IntN(8) {
		case 0:
			d.do("a", "BGREWRITEAOF")
		case 1:
			for _, line := range []string{"MULTI", fmt.Sprintf("SET left %d", i), fmt.Sprintf("SET right %d", i), "EXEC"} {
				d.do("a", line)
			}
		case 2:
			d.pass(time.Duration(rng.IntN(300)) * time.Millisecond)
		default:
			d.do("a", fmt.Sprintf("RPUSH list:%d %d", rng.IntN(3), i))
		}
		said = d.s.Digest()
	}
	d.do("a", "SHUTDOWN")
	return disk
}

// TestCrashAtAnyByteFindsEverythingThatReachedTheDisk cuts a life at every operation and, within those
// that append, at some bytes: the next life has what was acknowledged, and nothing that was not asked
// for. After a power loss that is promised under always only.
func TestCrashAtAnyByteFindsEverythingThatReachedTheDisk(t *testing.T) {
	points := map[string]int{} // of each policy
	for seed := range uint64(30) {
		policy := []string{"always", "everysec", "no"}[seed%3]
		disk := lifeOfChanges(t, seed, policy)
		rng := rand.New(rand.NewPCG(seed, 9))
		for n := disk.born; n < len(disk.ops); n++ {
			part := 0
			if size := len(disk.ops[n].Data); size > 0 {
				part = rng.IntN(size)
			}
			files, durable := disk.image(n, part)
			now := disk.ops[n]
			found := bornDriver(t, Config{Port: 7000, Settings: pairs([]string{"appendonly", "yes"}), Files: files}).s
			require.Contains(t, []string{now.before, now.after}, found.Digest(),
				"seed %d: the process is killed %d bytes into operation %d: %v %s", seed, part, n, now.Op, now.Name)
			points[policy]++
			if policy != "always" {
				continue
			}
			found = bornDriver(t, Config{Port: 7000, Settings: pairs([]string{"appendonly", "yes"}), Files: maps.Clone(durable)}).s
			require.Contains(t, []string{now.before, now.after}, found.Digest(),
				"seed %d: the power is lost at operation %d: %v %s", seed, n, now.Op, now.Name)
		}
	}
	t.Logf("points: %v", points)
	for policy, n := range points {
		require.Greater(t, n, 1000, policy)
	}
	require.Len(t, points, 3)
}

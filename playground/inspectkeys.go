package playground

import (
	"fmt"
	"strconv"
	"time"

	"clusterplay/node/machine"
	"clusterplay/node/server"
	"clusterplay/node/slot"
)

// keysShown is how many keys one look lists: a page to read, not a dump.
const keysShown = 200

// keyLooker is a machine whose keys can be looked at.
type keyLooker interface {
	GlanceKeys(now time.Time, cursor uint64, count int) (keys []server.KeyGlance, next uint64)
}

// InspectKeys lists the keys of a node behind a cursor of SCAN; "" and "0" are the beginning. Like
// Inspect it is no client of the node, and it changes nothing: no key is deleted because it expired.
func (l *Lab) InspectKeys(name, cursor string) (Inspection, error) {
	m, err := l.find("node", name)
	if err != nil {
		return Inspection{}, err
	}
	from, err := strconv.ParseUint(cursor, 10, 64)
	if err != nil && cursor != "" {
		return Inspection{}, wrong("cursor", "0, or the cursor of the page before", "%q is no cursor", cursor)
	}
	now := l.clock.Now()
	t := InfoTable{Columns: []string{"key", "type", "ttl", "bytes", "slot"}, Rows: [][]string{}}
	var next uint64
	err = m.Look(func(machine machine.Machine) {
		v, ok := machine.(keyLooker)
		if !ok {
			return
		}
		var keys []server.KeyGlance
		keys, next = v.GlanceKeys(now, from, keysShown)
		for _, k := range keys {
			t.Rows = append(t.Rows, keyRow(k))
		}
	})
	if err != nil {
		return Inspection{}, notRunning(name)
	}
	seen := Inspection{Node: name, Command: fmt.Sprintf("SCAN %d COUNT %d", from, keysShown), Now: now.UnixMilli(), Tables: []InfoTable{t}}
	if next != 0 {
		seen.Next = strconv.FormatUint(next, 10)
	}
	return seen, nil
}

func keyRow(k server.KeyGlance) []string {
	return []string{
		Readable(k.Key), k.Kind, strconv.FormatInt(k.TTL, 10), strconv.Itoa(k.Bytes), strconv.Itoa(int(slot.OfString(k.Key))),
	}
}

// notRunning is the answer to who asks a node that is down.
func notRunning(name string) error {
	return wrong("", "restart "+name+" starts it again", "%s is not running", name)
}

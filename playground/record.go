package playground

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"clusterplay/playground/history"
)

const (
	// recordBuffer is how many events may wait for the recorder.
	recordBuffer = 4096
	// snapshotEvery is the time between two recorded snapshots: a replay starts at one and goes
	// through the events after it.
	snapshotEvery = 2 * time.Second
	// historyFile is the name of the history in the data directory.
	historyFile = "history.db"
)

func openHistory(dir string) (*history.Recorder, error) {
	return history.Open(filepath.Join(dir, historyFile), history.Config{})
}

// record writes events and snapshots to the history until the lab ends.
func (l *Lab) record() {
	events := l.Subscribe(recordBuffer)
	defer events.Close()
	tick := time.NewTicker(snapshotEvery)
	defer tick.Stop()
	for {
		select {
		case e, open := <-events.C:
			if !open {
				return
			}
			l.recordEvent(e)
		case <-tick.C:
			l.recordSnapshot()
		}
	}
}

func (l *Lab) recordEvent(e Stamped) {
	data, err := json.Marshal(e.Event)
	if err != nil {
		data = nil
	}
	line := l.Line(e)
	l.history.Event(history.Event{
		Seq: e.Seq, T: e.T, Wall: e.Wall, Node: e.Node,
		Name: line.Name, Line: line.Line, Caption: line.Caption, Level: line.Level, Data: data,
	})
}

func (l *Lab) recordSnapshot() {
	s := l.Snapshot()
	s.Story = nil // the events are there anyway
	if data, err := json.Marshal(s); err == nil {
		l.history.Snapshot(history.Snapshot{Seq: s.Seq, T: time.UnixMilli(s.Now), Data: data})
	}
}

// wipe deletes the files of all nodes, so that a reset begins with empty ones.
func (l *Lab) wipe(base int) error {
	if l.Topology().DataDir == "" {
		return nil
	}
	root, err := os.OpenRoot(l.Topology().DataDir)
	if err != nil {
		return fmt.Errorf("delete old data: %w", err)
	}
	defer func() { _ = root.Close() }()
	for i := range MaxNodes {
		if err := root.RemoveAll(strconv.Itoa(base + i)); err != nil {
			return fmt.Errorf("delete old data: %w", err)
		}
	}
	return nil
}

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
	// historyFile is the name of the history in the data directory.
	historyFile = "history.db"
)

// openRecord opens the history of a data directory and goes on where it ended. A lab without one
// keeps a history for as long as it lives.
func (l *Lab) openRecord(dir string) error {
	path := ""
	if dir != "" {
		path = filepath.Join(dir, historyFile)
	}
	record, err := history.Open(path, history.Config{Cap: l.launched.recordCap})
	if err != nil {
		return err
	}
	l.history = record
	l.journal.seq, l.recordedTo, err = record.Last(l.ctx)
	return err
}

// firstMoment is when the lab begins: head behind the computer's clock, so that forming catches up with
// it, but never before the end of what is recorded already.
func (l *Lab) firstMoment() time.Time {
	now := time.Now().Add(-head)
	if after := l.recordedTo.Add(time.Second); now.Before(after) {
		return after
	}
	return now
}

// record writes events, pictures and frames to the history until the lab ends.
func (l *Lab) record() {
	events := l.Subscribe(recordBuffer)
	defer events.Close()
	packer := newPacker()
	camera := newCamera(l, packer)
	defer camera.close()
	numbers := newNumbers(l, packer)
	defer numbers.close()
	for {
		select {
		case e, open := <-events.C:
			if !open {
				return
			}
			level := l.recordEvent(e)
			camera.soon(level != Detail && level != Note && level != Info)
		case <-camera.due():
			camera.look()
		case <-numbers.ticker.C:
			numbers.record(time.Now())
		}
	}
}

// recordEvent records an event and tells how much a watcher should care.
func (l *Lab) recordEvent(e Stamped) (level string) {
	data, err := json.Marshal(e.Event)
	if err != nil {
		data = nil
	}
	line := l.Line(e)
	saying, err := json.Marshal(line.Say)
	if err != nil {
		saying = nil
	}
	l.history.Event(history.Event{
		Seq: e.Seq, T: e.T, Wall: e.Wall, Node: e.Node,
		Name: line.Name, Line: line.Line, Caption: line.Caption, Level: line.Level, Data: data, Say: saying,
	})
	return line.Level
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

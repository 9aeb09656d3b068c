//lint:file-ignore ST1005 errors are told in Redis' words

package server

import (
	"fmt"
	"time"

	"clusterplay/node/aof"
	"clusterplay/node/keyspace"
	"clusterplay/node/rdb"
)

// logReader reads the files of an append only file into the keyspace, some commands at a time.
type logReader struct {
	s        *Server
	manifest aof.Manifest
	files    []logFile // that have not been read to their end; the first is being read
	sizes    []int64   // of all, as they are from now on
	total    int64     // what all files have
	read     int64     // what the files behind us had
	commands int64
	cut      string // the file that ended within a command
	cutAt    int
	began    time.Time
}

// logFile is one file of a log: an RDB file, commands, or commands behind an RDB file.
type logFile struct {
	name   string
	data   []byte
	base   bool     // it is the base of the log
	last   bool     // none follows: it may end within a command
	rdb    *loading // the RDB file in front, until it is read
	at     int      // where the commands begin
	good   int      // how much of them is executed; a transaction counts when its EXEC has been read
	words  *aof.Reader
	unit   []queued // the transaction that is being read
	open   bool
	db     int
	opened bool
	began  time.Time
}

// offset is how much has been read.
func (r *logReader) offset() int64 {
	if len(r.files) == 0 {
		return r.read
	}
	switch f := &r.files[0]; {
	case f.rdb != nil:
		return r.read + int64(f.rdb.decoder.Offset())
	case f.words != nil:
		return r.read + int64(f.at+f.words.Offset())
	}
	return r.read
}

// all reads everything at once.
func (r *logReader) all() error {
	for {
		done, err := r.step(sliceKeys)
		if done || err != nil {
			return err
		}
	}
}

// step reads up to n keys or commands, and reports whether that was all there is.
func (r *logReader) step(n int) (done bool, err error) {
	for n > 0 && len(r.files) > 0 {
		f := &r.files[0]
		if !f.opened {
			r.open(f)
		}
		var ended bool
		if f.rdb != nil {
			n -= min(n, sliceKeys)
			err = r.stepBase(f)
		} else {
			n, ended, err = r.stepCommands(f, n)
		}
		if err != nil {
			return false, err
		}
		if ended {
			r.next()
		}
	}
	return len(r.files) == 0, nil
}

// open begins a file.
func (r *logReader) open(f *logFile) {
	f.opened, f.began = true, r.s.now
	if len(f.data) >= 5 && string(f.data[:5]) == "REDIS" {
		f.rdb = &loading{decoder: rdb.NewDecoder(f.data), size: len(f.data)}
		r.s.tellBase(f.name)
		return
	}
	f.words = aof.NewReader(f.data)
}

// stepBase reads a slice of the RDB file in front of a file's commands.
func (r *logReader) stepBase(f *logFile) error {
	r.s.space.Expiry = keyspace.ShowExpired
	done, err := r.s.loadSlice(f.rdb, sliceKeys)
	r.s.tellFile(f.rdb)
	switch {
	case err != nil:
		return fmt.Errorf("Error reading the RDB base file %s, AOF loading aborted: %w", f.name, err)
	case done:
		r.s.tellDone(f.rdb)
		f.at = f.rdb.decoder.Offset()
		f.rdb, f.words = nil, aof.NewReader(f.data[f.at:])
	}
	return nil
}

// stepCommands executes up to n commands of a file, and returns how many of the n are left and whether the file
// is at its end.
func (r *logReader) stepCommands(f *logFile, n int) (left int, ended bool, err error) {
	for ; n > 0 && !ended && err == nil; n-- {
		ended, err = r.replay(f)
	}
	if err != nil {
		err = r.forgive(f, err)
		ended = err == nil
	}
	return n, ended, err
}

// next goes to the next file.
func (r *logReader) next() {
	f := &r.files[0]
	r.read += int64(len(f.data))
	if r.cut == f.name {
		r.sizes[len(r.sizes)-len(r.files)] = int64(r.cutAt)
	}
	r.tellRead(f)
	r.files[0] = logFile{} // its memory goes
	r.files = r.files[1:]
}

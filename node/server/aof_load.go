//lint:file-ignore ST1005 errors are told in Redis' words

package server

import (
	"errors"
	"fmt"
	"strconv"

	"clusterplay/node/aof"
	"clusterplay/node/event"
	"clusterplay/node/keyspace"
	"clusterplay/node/machine"
)

// newLogReader finds the append only file of the last life. A file that is named and missing is an error: the
// server never starts with less than it had.
func (s *Server) newLogReader() (*logReader, error) {
	manifest, moved, err := s.findManifest()
	if err != nil {
		return nil, err
	}
	r := &logReader{s: s, manifest: manifest}
	return r, r.findFiles(moved)
}

// findFiles reads the files from the disk.
func (r *logReader) findFiles(moved bool) error {
	names := r.manifest.Files()
	for i, name := range names {
		data, err := r.find(name, moved)
		if err != nil {
			return err
		}
		r.files = append(r.files, logFile{name: name, data: data, base: name == r.manifest.Base.Name, last: i == len(names)-1})
		r.sizes = append(r.sizes, int64(len(data)))
		r.total += int64(len(data))
	}
	return nil
}

// finish takes over the log once it is read.
func (r *logReader) finish() {
	s := r.s
	s.aof.Adopt(r.manifest, r.sizes)
	if len(r.sizes) > 0 {
		s.todo.Emit = append(s.todo.Emit, event.LogLoaded{
			Files: len(r.sizes), Commands: r.commands, Cut: r.cut, At: int64(r.cutAt),
		})
		r.tellLoaded()
	}
}

// adoptAOF takes note of a log that is not kept now, so that the next one goes on with its numbers.
func (s *Server) adoptAOF() error {
	manifest, err := s.readManifest()
	if err == nil {
		s.aof.Adopt(manifest, nil)
	}
	return err
}

func (s *Server) readManifest() (m aof.Manifest, err error) {
	text, there, err := s.readFile(s.aof.ManifestPath())
	if err == nil && there {
		m, err = aof.ParseManifest(text)
	}
	if err != nil {
		return m, fmt.Errorf("read the AOF manifest %s: %w", s.aof.ManifestPath(), err)
	}
	return m, nil
}

// findManifest reads the manifest. moved says that its base, one file of a Redis before 7, is still
// where that Redis left it.
func (s *Server) findManifest() (m aof.Manifest, moved bool, err error) {
	if m, err = s.readManifest(); err != nil {
		return m, false, err
	}
	old := s.settings.text("appendfilename")
	_, there, err := s.readFile(old)
	if err != nil || !there {
		return m, false, err
	}
	_, there, err = s.readFile(s.settings.text("appenddirname") + "/" + old)
	if err != nil || !s.aof.Upgrades(m, there) {
		return m, false, err
	}
	return s.aof.Upgrade(), true, nil
}

// find returns one file of the log.
func (r *logReader) find(name string, moved bool) ([]byte, error) {
	path := r.s.settings.text("appenddirname") + "/" + name
	if moved {
		path = name
	}
	data, there, err := r.s.readFile(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("Fatal error: can't open the append log file %s for reading: %w", name, err)
	case !there:
		return nil, fmt.Errorf("Fatal error: can't open the append log file %s for reading: No such file or directory", name)
	}
	return data, nil
}

// forgive takes the end of a file that ends within a command, where that may be, for its proper end.
func (r *logReader) forgive(f *logFile, err error) error {
	at := f.at + f.good
	switch {
	case !errors.Is(err, aof.ErrShort):
		return fmt.Errorf("%w; it is in %s at byte %d", r.damage(err, f.name), f.name, f.at+f.words.Offset())
	case !r.s.settings.yes("aof-load-truncated"):
		return fmt.Errorf("Unexpected end of file reading the append only file %s. You can: "+
			"1) Make a backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest>. "+
			"2) Alternatively you can set the 'aof-load-truncated' configuration option to yes and restart the server. "+
			"What can be read ends at byte %d", f.name, at)
	case !f.last:
		return fmt.Errorf("Fatal error: the truncated file is not the last file: %s ends within a command behind byte %d", f.name, at)
	}
	r.cut, r.cutAt = f.name, at
	r.s.aof.Cut(f.name, int64(at))
	r.tellCut(f)
	return nil
}

// damage is what Redis says of a file that cannot be read.
func (r *logReader) damage(err error, name string) error {
	if unknown := (unknownCommand{}); errors.As(err, &unknown) {
		return fmt.Errorf("Unknown command '%s' reading the append only file %s", unknown.name, name)
	}
	return fmt.Errorf("Bad file format reading the append only file %s: "+
		"make a backup of your AOF file, then use ./redis-check-aof --fix <filename.manifest>", name)
}

// unknownCommand is a command in the log that this server does not know.
type unknownCommand struct{ name string }

// Error names it.
func (e unknownCommand) Error() string { return "unknown command " + e.name }

// replay executes the next command of a file and tells when there is none. Redis keeps the whole commands of an
// unfinished transaction when the file ends within one, so that its next life reads everything later as a part of
// it; we cut before the MULTI.
func (r *logReader) replay(f *logFile) (ended bool, err error) {
	args, err := f.words.Next()
	switch {
	case err != nil:
		return false, err
	case args == nil && f.open:
		return false, aof.ErrShort
	case args == nil:
		return true, nil
	}
	cmd, _ := r.s.table.Resolve(args)
	if cmd == nil || cmd.Run == nil {
		return false, unknownCommand{string(args[0])}
	}
	r.commands++
	switch {
	case cmd.Full == "multi":
		f.open = true
	case cmd.Full == "exec":
		for _, q := range f.unit {
			f.db = r.execute(f.db, q)
		}
		f.unit, f.open = f.unit[:0], false
	case f.open:
		f.unit = append(f.unit, queued{cmd, append([][]byte(nil), args...)})
	default:
		f.db = r.execute(f.db, queued{cmd, args})
	}
	if !f.open {
		f.good = f.words.Offset()
	}
	return false, nil
}

// execute executes one command in a database and returns the one that is selected then.
func (r *logReader) execute(db int, q queued) int {
	s := r.s
	if q.cmd.Full == "select" && len(q.args) == 2 {
		if n, err := strconv.Atoi(string(q.args[1])); err == nil && s.space.DB(n) != nil {
			return n
		}
		return db
	}
	s.space.Expiry = keyspace.ShowExpired
	if failed := s.apply(db, q.args); failed != "" {
		s.complain(fromLog, failed)
	}
	return db
}

// debugLoadAOF: DEBUG LOADAOF. The data are thrown away and read from the log again, once everything
// that was logged has reached the file.
func (s *Server) debugLoadAOF(c *client) {
	if s.aof.Manifest().Empty() || s.aof.Mode() == aof.Waiting || s.busyWriting() || s.loading != nil || c.ctx.NoBlock || s.config.ReadFile == nil {
		c.ctx.Error(errLoadAOF)
		return
	}
	p := &parked{client: c, reason: waitsForSave}
	s.park(p)
	s.saves.token++
	s.fileSaves[s.saves.token] = func(error) {
		err := s.reloadAOF()
		if c.parked != p {
			return
		}
		w := s.to(c)
		s.unpark(c)
		if err != nil {
			s.log(event.Warning, "%v", err)
			w.Error(errLoadAOF)
			return
		}
		w.OK()
	}
	s.save(machine.Save{Op: machine.Sync, Name: s.aof.ManifestPath(), Token: s.saves.token})
}

const errLoadAOF = "ERR Error trying to load the AOF files, check server logs."

// reloadAOF reads the log into an empty keyspace. What it reads is not logged again.
func (s *Server) reloadAOF() error {
	defer s.setExpiry()
	s.flushData()
	s.flushFunctions()
	s.aof.Mute(true)
	s.rereading = true // a slow script in the log lets others in
	defer func() {
		s.aof.Mute(false)
		s.rereading = false
	}()
	r := &logReader{s: s, manifest: *s.aof.Manifest()}
	if err := r.findFiles(false); err != nil {
		return err
	}
	for i := range r.files {
		r.files[i].last = false // none of them may be short: they have just been written
	}
	if err := r.all(); err != nil {
		return err
	}
	s.saves.dirty = 0
	return nil
}

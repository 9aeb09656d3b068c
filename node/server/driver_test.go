package server

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"

	"github.com/stretchr/testify/require"
)

// birth is the moment all tests begin.
var birth = time.UnixMilli(1_700_000_000_000)

// driver plays the world for one server: it opens clients, calls doors, performs the Todo with
// files in memory, and prints replies.
type driver struct {
	t       testing.TB
	s       *Server
	now     time.Time
	clients map[string]*machine.Client
	lastID  uint64
	files   map[string][]byte
	events  []event.Event
	todo    machine.Todo // the last, with its lists copied
	dialled []machine.Dial
	sent    map[machine.LinkID][]byte
	exit    *machine.Exit
	wake    time.Time
	onSend  func(machine.LinkID, []byte)
	onSave  func(machine.Save)
	onDial  func(machine.Dial)
	onClose func(machine.LinkID)
	noDisk  error
	late    *lateDisk // performs what is Beside; nil performs everything at once
	log     []string
}

func newDriver(t testing.TB, settings ...string) *driver {
	return bornDriver(t, Config{Port: 7000, Settings: pairs(settings)})
}

func newClusterDriver(t testing.TB, settings ...string) *driver {
	all := pairs(settings)
	return bornDriver(t, Config{Port: 7000, AnnounceIP: "127.0.0.1", ClusterEnabled: true, Settings: all})
}

func bornDriver(t testing.TB, config Config) *driver {
	t.Helper()
	if config.Settings == nil {
		config.Settings = map[string]string{}
	}
	if _, set := config.Settings["save"]; !set {
		config.Settings["save"] = ""
	}
	if _, set := config.Settings["repl-diskless-sync-delay"]; !set {
		config.Settings["repl-diskless-sync-delay"] = "0" // a stream begins when it is asked for
	}
	if _, set := config.Settings["enable-debug-command"]; !set {
		config.Settings["enable-debug-command"] = "yes"
	}
	d := &driver{t: t, now: birth, clients: map[string]*machine.Client{}, files: maps.Clone(config.Files), sent: map[machine.LinkID][]byte{}}
	if d.files == nil {
		d.files = map[string][]byte{}
	}
	config.ReadFile = func(name string) ([]byte, bool, error) {
		data, there := d.files[name]
		return data, there, nil
	}
	if config.Log == nil {
		config.Log = func(_ event.Level, line string) { d.log = append(d.log, line) }
	}
	s, err := New(config, rand.New(rand.NewPCG(1, uint64(config.Port))))
	require.NoError(t, err)
	d.s = s
	d.rest()
	return d
}

func pairs(words []string) map[string]string {
	m := map[string]string{}
	for i := 0; i+1 < len(words); i += 2 {
		m[words[i]] = words[i+1]
	}
	return m
}

// client returns the named client, connecting it first if need be.
func (d *driver) client(name string) *machine.Client {
	c := d.clients[name]
	if c == nil {
		d.lastID++
		c = &machine.Client{ID: d.lastID, Addr: fmt.Sprintf("127.0.0.1:%d", 50000+d.lastID), LocalAddr: "127.0.0.1:7000"}
		d.clients[name] = c
		d.s.Open(d.now, c)
		d.rest()
	}
	return c
}

func (d *driver) drop(name string) {
	d.s.Shut(d.now, d.clients[name])
	delete(d.clients, name)
	d.rest()
}

// do runs one inline command for a client and returns everything the client was told.
func (d *driver) do(name, line string) string {
	return d.call(name, split(line)...)
}

func (d *driver) call(name string, words ...string) string {
	d.t.Helper()
	d.ask(name, words...)
	return d.heard(name)
}

// ask has a client send a command; what it is told stays in its Out.
func (d *driver) ask(name string, words ...string) {
	d.t.Helper()
	c := d.client(name)
	require.False(d.t, c.Blocked, "%s is blocked and cannot send %q", name, words)
	args := make([][]byte, len(words))
	for i, w := range words {
		args[i] = []byte(w)
	}
	d.s.Call(d.now, c, args)
	d.rest()
}

// split cuts a line into words; 'a b' in single quotes is one word.
func split(line string) []string {
	var words []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}

// heard takes what a client was told since the last time, in the manner of redis-cli's raw bytes
// with CRLF as |.
func (d *driver) heard(name string) string {
	c := d.clients[name]
	text := strings.ReplaceAll(string(c.Out), "\r\n", "|")
	c.Out = nil
	return text
}

// rest performs what the machine wants done, until it has nothing more to do at once.
func (d *driver) rest() {
	for range 10000 {
		todo := d.s.BeforeSleep(d.now)
		d.wake = todo.Wake
		if !d.perform(todo) && (d.wake.IsZero() || d.wake.After(d.now)) {
			return
		}
	}
	d.t.Fatal("the machine never sleeps")
}

// perform reports whether doing so was input for the machine again.
func (d *driver) perform(todo *machine.Todo) (again bool) {
	d.events = append(d.events, todo.Emit...)
	if todo.Exit != nil {
		d.exit = todo.Exit
	}
	d.todo = *todo
	saves := append([]machine.Save(nil), todo.Save...)
	dials := append([]machine.Dial(nil), todo.Dial...)
	sends := append([]machine.Send(nil), todo.Send...)
	closes := append([]machine.LinkID(nil), todo.Close...)
	for _, save := range saves {
		d.save(save)
		again = again || save.Token != 0
	}
	for _, dial := range dials {
		d.dialled = append(d.dialled, dial)
		if d.onDial != nil {
			d.onDial(dial)
		}
	}
	for _, send := range sends {
		d.sent[send.Link] = append(d.sent[send.Link], send.Data...)
		if d.onSend != nil {
			d.onSend(send.Link, send.Data)
		}
	}
	for _, link := range closes {
		if d.onClose != nil {
			d.onClose(link)
		}
	}
	return again
}

func (d *driver) save(save machine.Save) {
	if d.onSave != nil {
		d.onSave(save)
	}
	if d.late != nil && (save.Beside || save.Op == machine.Sync) {
		d.late.take(save)
		return
	}
	d.performSave(save)
}

func (d *driver) performSave(save machine.Save) {
	if d.noDisk == nil {
		switch save.Op {
		case machine.Replace:
			d.files[save.Name] = save.Data
		case machine.Append:
			d.files[save.Name] = append(d.files[save.Name], save.Data...)
		case machine.Rename:
			d.files[save.To] = d.files[save.Name]
			delete(d.files, save.Name)
		case machine.Remove:
			delete(d.files, save.Name)
		case machine.Truncate:
			d.files[save.Name] = d.files[save.Name][:save.Size:save.Size]
		}
	}
	var short *machine.ShortWrite
	if errors.As(d.noDisk, &short) && save.Op == machine.Append {
		d.files[save.Name] = append(d.files[save.Name], save.Data[:min(short.Written, len(save.Data))]...)
	}
	if d.noDisk != nil && save.Token == 0 && save.Op != machine.Sync {
		d.exit = &machine.Exit{Code: 1, Reason: d.noDisk.Error()}
	}
	if save.Token != 0 && (!save.Quiet || d.noDisk != nil) {
		d.s.Saved(d.now, save.Token, d.noDisk)
	}
}

// pass lets time go by, with crons and wake-ups where they belong.
func (d *driver) pass(duration time.Duration) {
	end := d.now.Add(duration)
	cron := d.now.Add(100 * time.Millisecond)
	for {
		next := end
		if cron.Before(next) {
			next = cron
		}
		if !d.wake.IsZero() && d.wake.Before(next) && d.wake.After(d.now) {
			next = d.wake
		}
		d.now = next
		if next.Equal(cron) {
			d.s.Cron(d.now)
			cron = cron.Add(100 * time.Millisecond)
		}
		d.rest()
		if !next.Before(end) {
			return
		}
	}
}

// play runs a conversation: lines "client> command" followed by the expected reply lines of any
// clients as "client: reply". "...500ms" lets time pass.
func (d *driver) play(script string) {
	d.t.Helper()
	for n, line := range strings.Split(strings.TrimSpace(script), "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "..."):
			duration, err := time.ParseDuration(line[3:])
			require.NoError(d.t, err)
			d.pass(duration)
		case isCommand(line):
			name, command, _ := strings.Cut(line, "> ")
			d.keep(name, d.call(name, split(command)...))
		default:
			name, want, _ := strings.Cut(line, ":")
			d.client(name)
			require.Equal(d.t, strings.TrimSpace(want), strings.TrimSpace(d.heard(name)), "line %d: %s", n+1, line)
		}
	}
}

// keep puts a reply back for the next line of the script to look at.
func (d *driver) keep(name, text string) {
	c := d.clients[name]
	c.Out = append([]byte(strings.ReplaceAll(text, "|", "\r\n")), c.Out...)
}

// isCommand tells "a> PING" from "a: +PONG|".
func isCommand(line string) bool {
	name, _, found := strings.Cut(line, "> ")
	return found && !strings.Contains(name, ":")
}

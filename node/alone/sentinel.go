package alone

import (
	"context"
	crand "crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"clusterplay/node"
	"clusterplay/node/machine"
	"clusterplay/node/sentinel"
)

// exitFailure is the exit status of whatever could not start.
const exitFailure = 1

// usage is what --help says.
const usage = `Usage: redis-sentinel CONF [--option value ...]
       redis-server CONF --sentinel [--option value ...]
       playground node --sentinel CONF [--option value ...]

Runs one Sentinel until SIGTERM or SIGINT. CONF is a sentinel.conf; it must be writable, because
the Sentinel keeps there what it has promised.
`

// Sentinel runs one Sentinel with the arguments of redis-sentinel until ctx ends, and returns the
// exit status. What it says goes to out, or to the file's logfile.
func Sentinel(ctx context.Context, args []string, out io.Writer) int {
	a, err := parse(args)
	switch {
	case err == nil && a.help:
		fmt.Fprint(out, usage)
		return 0
	case err == nil && a.version:
		fmt.Fprintln(out, versionText)
		return 0
	case err == nil && a.file == "":
		err = errNoFile
	}
	if err == nil {
		var s *process
		if s, err = prepare(a, out); err == nil {
			defer s.close()
			if s.conf.Server.Daemonize && !detached() {
				return goOnAlone(s.log.say, nil)
			}
			return s.run(ctx)
		}
	}
	var wrong *sentinel.ConfError
	if errors.As(err, &wrong) {
		fmt.Fprintf(out, "\n*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***\n%v\n", wrong)
	} else {
		fmt.Fprintln(out, err)
	}
	return exitFailure
}

// process is a Sentinel that is about to run.
type process struct {
	arguments
	conf  sentinel.Conf
	addr  netip.AddrPort
	dir   string
	log   *log
	files []io.Closer
	ended chan node.Status
}

// prepare reads the file and checks all that can be wrong before anything runs.
func prepare(a arguments, out io.Writer) (*process, error) {
	text, err := os.ReadFile(a.file)
	if err != nil {
		return nil, refuse("Fatal error, can't open config file '%s': %v", a.file, err)
	}
	if a.file, err = filepath.EvalSymlinks(a.file); err != nil { // what is written is the file itself
		return nil, err
	}
	s := &process{arguments: a, ended: make(chan node.Status, 1)}
	text = sentinel.WithOptions(text, a.options)
	if s.conf, err = sentinel.ParseConf(text); err != nil {
		return nil, err
	}
	if err := writable(a.file); err != nil {
		return nil, refuse("Sentinel config file %s is not writable: %v. Exiting...", a.file, err)
	}
	if s.addr, err = address(s.conf.Server); err != nil {
		return nil, err
	}
	if s.dir, err = directory(s.conf.Server.Dir); err != nil {
		return nil, err
	}
	if err := sentinel.CheckScripts(text, s.runnable); err != nil {
		return nil, err
	}
	s.log = newLog(func() byte { return 'X' }, s.conf.Server.LogLevel, out)
	return s, s.openLog()
}

// writable tries whether the file could be written anew: that takes a new file beside it.
func writable(file string) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	probe, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// address is where clients are served: this computer only without a bind line, and in protected mode
// as long as anybody could come in without a password.
func address(c sentinel.ConfServer) (netip.AddrPort, error) {
	ip := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	if c.Protected && !c.WantsPassword() {
		return netip.AddrPortFrom(ip, uint16(c.Port)), nil
	}
	chosen := ""
	for _, name := range c.Bind {
		if strings.HasPrefix(name, "-") { // it may be missing
			continue
		}
		if chosen != "" {
			return netip.AddrPort{}, fmt.Errorf("bind %s %s: one address is supported", chosen, name)
		}
		chosen = name
	}
	switch chosen {
	case "":
	case "*":
		ip = netip.IPv4Unspecified()
	default:
		parsed, err := netip.ParseAddr(chosen)
		if err != nil {
			return netip.AddrPort{}, fmt.Errorf("bind %s: %w", chosen, err)
		}
		ip = parsed
	}
	return netip.AddrPortFrom(ip, uint16(c.Port)), nil
}

// directory is the absolute directory that the file names, by default the present one.
func directory(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = syscall.ENOTDIR
	}
	if err != nil {
		return "", refuse("Can't chdir to '%s': %s", dir, reason(err))
	}
	return dir, nil
}

// openLog sends the log to the file's logfile, if it names one.
func (s *process) openLog() error {
	name := s.conf.Server.LogFile
	if name == "" {
		return nil
	}
	f, err := os.OpenFile(s.inDir(name), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return refuse("Can't open the log file: %v", err)
	}
	s.log.out = f
	s.files = append(s.files, f)
	return nil
}

func (s *process) close() {
	for _, f := range s.files {
		_ = f.Close()
	}
}

// run lives until ctx ends or the Sentinel ends itself, and returns the exit status.
func (s *process) run(ctx context.Context) int {
	n, err := node.New(node.Config{
		Name: "sentinel", Addr: s.addr, Dir: filepath.Dir(s.file), New: s.born, MaxClients: s.conf.Server.MaxClients, Run: s.program,
		Resolve: resolve,
		OnEvent: func(e node.Stamped) { s.log.event(e.Event) },
		OnState: func(st node.Status) {
			if st.State == node.Stopped || st.State == node.Crashed || st.State == node.Killed {
				s.ended <- st
			}
		},
	})
	s.log.starting()
	if err == nil {
		s.log.say(markWarning, "Configuration loaded")
		s.log.say(markNotice, "Running mode=sentinel, port=%d.", s.addr.Port())
		err = n.Start()
	}
	if err != nil {
		s.log.say(markWarning, "%v", err)
		return exitFailure
	}
	writePid(s.pidFile(), s.inDir)
	s.announce(n)
	select {
	case <-ctx.Done():
		s.log.say(markWarning, "User requested shutdown...")
		if err := n.Stop(false); err != nil {
			s.log.say(markWarning, "%v", err)
		}
		return s.goodbye()
	case st := <-s.ended:
		return s.farewell(st)
	}
}

// announce says who runs, and what a sentinel.conf asked for in vain.
func (s *process) announce(n *node.Node) {
	_ = n.Look(func(m machine.Machine) { s.log.say(markWarning, "Sentinel ID is %s", m.(*sentinel.Sentinel).ID()) })
	if ignored := s.conf.Server.Ignored; len(ignored) > 0 {
		s.log.say(markWarning, "The file has settings that mean nothing here: %s", strings.Join(ignored, ", "))
	}
}

// pidFile is where the Sentinel leaves its number.
func (s *process) pidFile() string { return pidFile(s.conf.Server.PidFile, s.conf.Server.Daemonize) }

// goodbye is an orderly end, and its exit status.
func (s *process) goodbye() int {
	removePid(s.pidFile(), s.inDir, s.log.say)
	s.log.say(markWarning, "Sentinel is now ready to exit, bye bye...")
	return 0
}

// farewell says why the Sentinel ended itself and is its exit status.
func (s *process) farewell(st node.Status) int {
	if st.State == node.Stopped && st.Code == 0 {
		s.log.say(markWarning, "User requested shutdown...")
		return s.goodbye()
	}
	s.log.say(markWarning, "%s", st.Why)
	if st.Stack != "" {
		fmt.Fprintln(s.log.out, st.Stack)
	}
	if st.Code != 0 {
		return st.Code
	}
	return exitFailure
}

// born makes the machine from the file as it is now.
func (s *process) born(b node.Birth) (machine.Machine, error) {
	name := filepath.Base(s.file)
	text, err := b.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var seed [16]byte
	if _, err := crand.Read(seed[:]); err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(binary.LittleEndian.Uint64(seed[:8]), binary.LittleEndian.Uint64(seed[8:])))
	return sentinel.New(sentinel.Config{
		Port: int(b.Addr.Port()), Name: name, Conf: text, Options: s.options, Dir: s.dir,
		ProcessID: os.Getpid(), Executable: startedAs, ConfigFile: s.file, Runnable: s.runnable, Resolves: true,
	}, rng)
}

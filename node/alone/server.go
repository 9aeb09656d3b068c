package alone

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"clusterplay/node"
	"clusterplay/node/bus"
	"clusterplay/node/machine"
	"clusterplay/node/resp"
	"clusterplay/node/server"
)

const serverUsage = `Usage: redis-server [CONF] [-] [--option value ...]
       playground node [CONF] [-] [--option value ...]

Runs one server until SIGTERM, SIGINT or SHUTDOWN. CONF is a redis.conf, - reads one from the standard
input, options are lines of such a file. With --sentinel it is a Sentinel.
`

// Process is what a program has around it: its arguments, its streams and the signals it gets.
type Process struct {
	Name    string   // as it was called
	Args    []string // without that
	In      io.Reader
	Out     io.Writer // the log, unless there is a logfile
	Err     io.Writer // why it does not start
	Signals <-chan os.Signal
	Title   func(title string) error // changes what ps shows of it; nil: nobody can
}

// Server runs one server with the arguments of redis-server until a signal or SHUTDOWN, and returns
// the exit status.
func Server(p Process) int {
	if len(p.Args) > 0 {
		switch p.Args[0] {
		case "--check-system":
			return checkSystem(p.Out)
		case "--test-memory":
			return testMemory(p.Args[1:], p.Out, p.Err)
		}
	}
	a, err := parse(p.Args)
	switch {
	case err != nil:
	case a.help:
		fmt.Fprint(p.Err, serverUsage)
		return exitFailure
	case a.version:
		fmt.Fprintln(p.Out, versionText)
		return 0
	}
	s := &serverProcess{Process: p, arguments: a, ended: make(chan node.Status, 1)}
	if err == nil {
		err = s.prepare()
	}
	if err == nil {
		background := s.conf.Settings["daemonize"] == "yes"
		if background && !detached() {
			return goOnAlone(s.say, s.input)
		}
		return s.run()
	}
	var wrong *server.ConfError
	if errors.As(err, &wrong) {
		fmt.Fprintf(p.Err, "\n*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***\n%v\n", wrong)
	} else {
		s.say(markWarning, "%v", err)
	}
	return exitFailure
}

// serverProcess is a server that is about to run, or runs.
type serverProcess struct {
	Process
	arguments
	conf       *server.Conf
	input      []byte // what came from the standard input
	log        *log
	begun      atomic.Bool // it is more than a command line and a file
	loading    bool        // it began with data to read, and says when it is ready
	serving    atomic.Bool // it is ready
	replica    atomic.Bool
	quietCrash atomic.Bool // crash-log-enabled no
	linked     bool        // the stream from the master flows; for told alone
	files      *files
	clients    *doors
	bus        *doors // nil outside a cluster
	alive      atomic.Int64
	source     atomic.Pointer[string] // where links to others come from; "" for anywhere
	node       *node.Node
	ended      chan node.Status
	pidfile    string
	score      oomScore
	guard      watchdog
	lock       *os.File // on nodes.conf, as long as the process lives
	began      time.Time
}

func (s *serverProcess) say(mark byte, format string, args ...any) {
	if s.log == nil {
		s.log = newLog(s.role, "notice", s.Out)
	}
	s.log.say(mark, format, args...)
}

// role is the letter of the log: M for a master, S for a replica, C for what is neither yet.
func (s *serverProcess) role() byte {
	switch {
	case !s.begun.Load():
		return 'C'
	case s.replica.Load():
		return 'S'
	}
	return 'M'
}

// prepare reads the configuration and checks what can be wrong before anything runs.
func (s *serverProcess) prepare() error {
	var text []byte
	if s.file != "" {
		found, err := readAll(s.file)
		if err != nil {
			return err
		}
		for _, one := range found {
			text = append(text, one...)
		}
	}
	if s.stdin {
		s.say(markWarning, "Reading config from stdin")
		var err error
		if s.input, err = io.ReadAll(s.In); err != nil {
			return err
		}
		text = append(text, s.input...)
	}
	if len(s.options) > 0 {
		text = append(append(text, '\n'), s.options...)
	}
	conf, err := server.ParseConf(text, readAll)
	if err != nil {
		return err
	}
	s.conf = conf
	s.quietCrash.Store(conf.Settings["crash-log-enabled"] == "no")
	if len(conf.Modules) > 0 {
		return refuse("Can't load module from %s: server aborting", conf.Modules[0])
	}
	s.replica.Store(conf.Settings["replicaof"] != "")
	return s.openFilesAndLog()
}

// readAll reads the file of that name or, with *, ? or [ in it, every file that it matches.
func readAll(pattern string) (texts [][]byte, err error) {
	names := []string{pattern}
	if strings.ContainsAny(pattern, "*?[") {
		if names, err = filepath.Glob(pattern); err != nil {
			return nil, nil
		}
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, refuse("Fatal error, can't open config file '%s': %s", name, reason(err))
		}
		texts = append(texts, text)
	}
	return texts, nil
}

// reason is an error without the operation and the path.
func reason(err error) string {
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:]
}

// setting is a value of the configuration, by default what Redis has.
func (s *serverProcess) setting(name string) string {
	if value, given := s.conf.Settings[name]; given {
		return value
	}
	return server.DefaultSetting(name)
}

func (s *serverProcess) number(name string) int {
	n, _ := strconv.Atoi(s.setting(name))
	return n
}

// openFilesAndLog goes to the directory. Paths in the file begin there, but for the logfile's that
// was tried before: Redis opens it by its name each time.
func (s *serverProcess) openFilesAndLog() error {
	dir := s.setting("dir")
	named := map[string]string{}
	if s.file != "" {
		path, err := filepath.EvalSymlinks(s.file)
		if err != nil {
			return err
		}
		named[confName] = path
	}
	var err error
	if s.files, err = openFiles(dir, named); err != nil {
		return &server.ConfError{Reason: err.Error()}
	}
	if name := s.setting("cluster-config-file"); name != nodesName {
		named[nodesName] = s.inDir(name)
	}
	if name := s.setting("aclfile"); name != "" {
		named[name] = s.inDir(name)
	}
	s.pidfile = pidFile(s.setting("pidfile"), s.setting("daemonize") == "yes")
	s.log = newLog(s.role, s.setting("loglevel"), s.Out)
	if name := s.setting("logfile"); name != "" {
		f, err := os.OpenFile(s.inDir(name), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
		if err != nil {
			return &server.ConfError{Reason: fmt.Sprintf("Can't open the log file: %s", reason(err))}
		}
		s.log.out = f
	}
	return nil
}

// inDir is a path that begins in the server's directory.
func (s *serverProcess) inDir(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(s.files.dir, name)
}

// run lives until a signal or the server ends, and returns the exit status.
func (s *serverProcess) run() int {
	s.began = time.Now()
	s.log.starting()
	if s.none {
		s.say(markWarning, "Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf")
	} else {
		s.say(markWarning, "Configuration loaded")
	}
	s.begun.Store(true)
	s.guard.bark = s.barked
	defer s.guard.watch(0)
	if err := s.listen(); err != nil {
		s.say(markWarning, "%v", err)
		return exitFailure
	}
	n, err := node.New(s.rim())
	if err == nil {
		s.node = n
		err = n.Start()
	}
	if err != nil {
		var why refusal // without what the rim was doing
		if errors.As(err, &why) {
			err = why
		}
		s.say(markWarning, "%v", err)
		return exitFailure
	}
	if !s.loading {
		s.Ready()
	}
	return s.live()
}

// rim is how the server is driven. Its limits are Redis' own: nothing is narrowed.
func (s *serverProcess) rim() node.Config {
	patient := 10 * 365 * 24 * time.Hour
	unlimited := node.OutputLimit{Hard: math.MaxInt / 2}
	c := node.Config{
		Name: "server", Addr: addrOf(s.clients), Disk: s.files, New: s.born, Network: network{s: s},
		OnEvent: s.told, OnState: s.became, MaxClients: math.MaxInt32,
		Limits:      resp.Limits{MaxArgs: math.MaxInt32, MaxBulk: math.MaxInt / 2, MaxBuffer: math.MaxInt / 2},
		Output:      node.Output{Normal: unlimited, PubSub: unlimited, Replica: unlimited, Link: unlimited},
		HalfCommand: patient, WriteWait: patient, StopReading: math.MaxInt / 2,
	}
	if s.bus != nil {
		c.BusAddr, c.BusFrame = addrOf(s.bus), bus.Need
	}
	return c
}

func addrOf(d *doors) netip.AddrPort { return netip.MustParseAddrPort(d.Addr().String()) }

// became hears of the server's state.
func (s *serverProcess) became(st node.Status) {
	if st.State == node.Stopped || st.State == node.Crashed || st.State == node.Killed {
		s.ended <- st
	}
}

// listen opens the doors.
func (s *serverProcess) listen() error {
	s.alive.Store(int64(s.number("tcp-keepalive")))
	source := s.setting("bind-source-addr")
	s.source.Store(&source)
	warn := func(format string, args ...any) { s.say(markWarning, format, args...) }
	bind, port := strings.Fields(s.setting("bind")), s.number("port")
	var err error
	if s.clients, err = newDoors(bind, port, s.number("tcp-backlog"), &s.alive, warn); err != nil {
		return refuse("Failed listening on port %d (TCP), aborting.", port)
	}
	if path := s.setting("unixsocket"); path != "" {
		mode, _ := strconv.ParseUint(s.setting("unixsocketperm"), 8, 32)
		if err := s.clients.openUnix(s.inDir(path), os.FileMode(mode)); err != nil {
			return refuse("Failed opening Unix socket: %s", cause(err))
		}
	}
	if len(s.clients.tcp) == 0 && s.clients.unix == nil {
		return refuse("Configured to not listen anywhere, exiting.")
	}
	if s.setting("cluster-enabled") != "yes" {
		return nil
	}
	return s.listenBus(bind, port, warn)
}

// listenBus opens the doors of the cluster bus.
func (s *serverProcess) listenBus(bind []string, port int, warn func(string, ...any)) error {
	at := s.busPort(port)
	switch {
	case port == 0:
		return refuse("Cluster requires a plaintext port: port 0 is not one.")
	case at > math.MaxUint16:
		return refuse("Redis port number too high for cluster mode: "+
			"%d plus 10000 is beyond 65535. Choose a port below 55536, or set cluster-port.", port)
	}
	var err error
	if s.bus, err = newDoors(bind, at, s.number("tcp-backlog"), &s.alive, warn); err != nil {
		return refuse("Failed listening on port %d (cluster), aborting.", at)
	}
	return s.lockNodes()
}

func (s *serverProcess) busPort(port int) int {
	if at := s.number("cluster-port"); at != 0 {
		return at
	}
	return port + 10000
}

// lockNodes keeps two servers from using one nodes.conf. The file stays open as long as the process.
func (s *serverProcess) lockNodes() error {
	name := s.setting("cluster-config-file")
	f, err := os.OpenFile(s.inDir(name)+".lock", os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return refuse("Can't open %s in order to acquire a lock: %s", name, reason(err))
	}
	s.lock = f
	if err := lockFile(f); err != nil {
		return refuse("Sorry, the cluster configuration file %s is already used by a different Redis Cluster node. "+
			"Please make sure that different nodes use different cluster configuration files.", name)
	}
	return nil
}

// network opens plain sockets; what the node listens to are the process' own doors.
type network struct {
	node.SystemNetwork
	s *serverProcess
}

// Listen gives the doors that are open already.
func (n network) Listen(_ string, addr netip.AddrPort) (net.Listener, error) {
	if n.s.bus != nil && addr == addrOf(n.s.bus) {
		return n.s.bus, nil
	}
	return n.s.clients, nil
}

// Dial opens a connection, from the address that bind-source-addr names.
func (n network) Dial(_ string, _ machine.LinkKind, to netip.AddrPort) (net.Conn, error) {
	d := net.Dialer{Timeout: node.DialTimeout}
	if source, err := netip.ParseAddr(*n.s.source.Load()); err == nil {
		d.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(source, 0))
	}
	return d.Dial("tcp", to.String())
}

// stop asks the machine to end as a signal does whose parameter that is.
func (s *serverProcess) stop(parameter string) {
	_ = s.node.Do(func(now time.Time, m machine.Machine) { m.(*server.Server).Stop(now, parameter) })
}

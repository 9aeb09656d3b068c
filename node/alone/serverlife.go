package alone

import (
	crand "crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"

	"clusterplay/node"
	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/server"
)

// born makes the server from its files as they are now. The doors are open.
func (s *serverProcess) born(b node.Birth) (machine.Machine, error) {
	writePid(s.pidfile, s.inDir)
	if s.setting("set-proc-title") == "yes" {
		_ = s.entitle(s.setting("proc-title-template"))
	}
	var seed [16]byte
	if _, err := crand.Read(seed[:]); err != nil {
		return nil, err
	}
	cfg := server.Config{
		Port: s.number("port"), ClusterEnabled: s.setting("cluster-enabled") == "yes", Settings: s.conf.Settings,
		Users: s.conf.Users, Renamed: s.conf.Renamed, Dir: s.files.dir, Executable: startedAs, ProcessID: os.Getpid(), ReadFile: b.Find,
		World: s, Log: func(level event.Level, line string) { s.say(markOf(level), "%s", line) }, Made: s.announce,
	}
	if cfg.ClusterEnabled {
		cfg.BusPort = s.busPort(cfg.Port)
	}
	if s.file != "" {
		cfg.ConfigFile, cfg.ConfigPath = confName, s.file
	}
	cfg.Settings["dir"] = s.files.dir
	rng := rand.New(rand.NewPCG(binary.LittleEndian.Uint64(seed[:8]), binary.LittleEndian.Uint64(seed[8:])))
	m, err := server.New(cfg, rng)
	if err != nil {
		return nil, refuse("%v", err)
	}
	s.loading = m.Loading()
	return m, nil
}

// banner is what a server shows at its start when its log is a terminal, or always-show-logo is yes.
const banner = `
      o---o
     / \ / \      Cluster Playground: a server that speaks as Redis 7.0.15 does, 64 bit
    o---o---o     Running in %s mode
     \ / \ /      Port: %d
      o---o       PID: %d

`

// announce shows the banner or says the same in one line (redisAsciiArt), when there is a server.
func (s *serverProcess) announce() {
	mode := "standalone"
	if s.bus != nil {
		mode = "cluster"
	}
	if s.setting("always-show-logo") == "yes" {
		s.log.raw(markNotice, fmt.Sprintf(banner, mode, s.number("port"), os.Getpid()))
	} else {
		s.say(markNotice, "Running mode=%s, port=%d.", mode, s.number("port"))
	}
	s.say(markWarning, "Server initialized")
}

// Ready says that everything is served, and what the file asked for in vain (server.World).
func (s *serverProcess) Ready() {
	s.serving.Store(true)
	if len(s.conf.Ignored) > 0 {
		s.say(markNotice, "The file has settings that tune nothing here: %s", strings.Join(s.conf.Ignored, ", "))
	}
	if len(s.clients.tcp) > 0 {
		s.say(markNotice, "Ready to accept connections")
	}
	if s.clients.unix != nil {
		s.say(markNotice, "The server is now ready to accept connections at %s", s.setting("unixsocket"))
	}
	_ = s.scored(func(o *oomScore) {
		o.mode, o.values, o.replica = s.setting("oom-score-adj"), s.setting("oom-score-adj-values"), s.replica.Load()
	})
	s.watchFor(s.setting("watchdog-period"))
	notifySystemd(s.setting("supervised"), "STATUS=Ready to accept connections\nREADY=1\n")
}

// live waits for signals and for the end, and returns the exit status.
func (s *serverProcess) live() int {
	interrupted := false
	for {
		select {
		case sig := <-s.Signals:
			if fatal, is := isCrash(sig); is {
				return s.crashed(fatal)
			}
			if interrupted && sig == syscall.SIGINT {
				s.log.handler("You insist... exiting now.")
				s.node.Kill()
				_ = os.Remove(s.inDir(fmt.Sprintf("temp-%d.rdb", os.Getpid())))
				return exitFailure
			}
			interrupted = interrupted || sig == syscall.SIGINT
			name, parameter := "SIGTERM", "shutdown-on-sigterm"
			if sig == syscall.SIGINT {
				name, parameter = "SIGINT", "shutdown-on-sigint"
			}
			if s.serving.Load() {
				s.log.handler("Received " + name + " scheduling shutdown...")
			} else {
				s.log.handler("Received shutdown signal during loading, scheduling shutdown.")
			}
			s.stop(parameter)
		case st := <-s.ended:
			return s.farewell(st)
		}
	}
}

// farewell says why the server ended and is its exit status.
func (s *serverProcess) farewell(st node.Status) int {
	if st.State != node.Stopped {
		s.fell(st)
		if st.Code != 0 {
			return st.Code
		}
		return exitFailure
	}
	removePid(s.pidfile, s.inDir, s.say)
	s.say(markWarning, "Redis is now ready to exit, bye bye...")
	return 0
}

// Set makes a setting true for the process (server.World).
func (s *serverProcess) Set(name, value string) error {
	switch name {
	case "dir":
		return s.files.move(value)
	case "loglevel":
		s.log.lower(value)
	case "tcp-keepalive":
		n, _ := strconv.Atoi(value)
		s.alive.Store(int64(n))
	case "bind-source-addr":
		s.source.Store(&value)
	case "maxclients":
		return enough(value)
	case "bind":
		if s.clients.move(strings.Fields(value), s.clients.port) != nil {
			//lint:ignore ST1005 Redis' words
			return errors.New("Failed to bind to specified addresses.")
		}
	case "port":
		n, _ := strconv.Atoi(value)
		if s.clients.move(s.clients.bind, n) != nil {
			//lint:ignore ST1005 Redis' words
			return errors.New("Unable to listen on this port. Check server logs.")
		}
	case "proc-title-template":
		if s.entitle(value) != nil {
			return errors.New("failed to set process title")
		}
	case "crash-log-enabled":
		s.quietCrash.Store(value == "no")
	case "watchdog-period":
		s.watchFor(value)
	case "oom-score-adj":
		return s.scored(func(o *oomScore) { o.mode = value })
	case "oom-score-adj-values":
		return s.scored(func(o *oomScore) { o.values = value })
	default:
		return fmt.Errorf("%s cannot be changed while the server runs", name)
	}
	return nil
}

// Follow gives the process the score of what it is now (server.World).
func (s *serverProcess) Follow(replica bool) { _ = s.scored(func(o *oomScore) { o.replica = replica }) }

// scored changes something about the score for when memory is short. The log hears what went wrong.
func (s *serverProcess) scored(change func(*oomScore)) error {
	if err := s.score.set(change); err != nil {
		s.say(markWarning, "%v", err)
		//lint:ignore ST1005 Redis' words
		return errors.New("Failed to set current oom_score_adj. Check server logs.")
	}
	return nil
}

// spareFiles are the descriptors that a server needs beside its clients' (CONFIG_MIN_RESERVED_FDS).
const spareFiles = 32

// enough tells whether the system lets so many clients in.
func enough(maxClients string) error {
	n, _ := strconv.ParseUint(maxClients, 10, 64)
	if most := descriptors(); n+spareFiles > most {
		//lint:ignore ST1005 Redis' words
		return fmt.Errorf("The operating system is not able to handle the specified number of clients, try with %d", most-spareFiles)
	}
	return nil
}

// notifySystemd tells the supervisor how far the server is, when there is one.
func notifySystemd(supervised, state string) {
	path := os.Getenv("NOTIFY_SOCKET")
	if path == "" || supervised != "systemd" && supervised != "auto" {
		return
	}
	conn, err := net.Dial("unixgram", path)
	if err != nil {
		return
	}
	_, _ = conn.Write([]byte(state))
	_ = conn.Close()
}

var _ server.World = (*serverProcess)(nil)

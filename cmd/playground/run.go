package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"clusterplay/assets"
	"clusterplay/playground"
	"clusterplay/scenarios"
	"clusterplay/web"
)

// runFlags is what `playground run` was asked for.
type runFlags struct {
	topology playground.Topology
	file     string
	addr     string
	asJSON   bool
	timeout  time.Duration
}

func runCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:     "run",
		Short:   "Start a cluster of real nodes and its console",
		Example: "  playground run\n  playground run --masters 5 --replicas 2 --node-timeout 5s\n  playground run --data ./my-cluster",
		Args:    usage(cobra.NoArgs),
		RunE:    func(cmd *cobra.Command, _ []string) error { return run(cmd, &f) },
	}
	flags := cmd.Flags()
	flags.IntVar(&f.topology.Masters, "masters", 3, "how many masters")
	flags.IntVar(&f.topology.Replicas, "replicas", 1, "how many replicas each master has")
	flags.IntVar(&f.topology.Port, "port", 7000, "the first client port; when taken, 17000 and 30001 are tried")
	flags.DurationVar(&f.timeout, "node-timeout", 15*time.Second, "cluster-node-timeout of every node")
	flags.StringVar(&f.topology.DataDir, "data", "", "keep the nodes' files here (default: in memory, gone at the end)")
	flags.Uint64Var(&f.topology.Seed, "seed", 0, "seed of every chance in the lab (default: drawn)")
	flags.StringVar(&f.file, "topology", "", "read the topology from a YAML file; flags given here win")
	flags.StringVar(&f.addr, "addr", "127.0.0.1:7070", "where the console listens; loopback only")
	flags.BoolVar(&f.asJSON, "json", false, "print one line of JSON when ready")
	return cmd
}

// run starts the lab and the console and waits for an interrupt.
func run(cmd *cobra.Command, f *runFlags) error {
	began := time.Now()
	topology, err := chooseTopology(cmd, f)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	listener, err := listenConsole(f.addr)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	defer listener.Close()
	ctx, stop := interrupted()
	defer stop()
	lab, err := playground.Launch(ctx, topology)
	if err != nil {
		return launchError(ctx, err)
	}
	defer lab.Close()
	server, forget, err := openConsole(lab, listener)
	if err != nil {
		return err
	}
	defer forget()
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	printReady(cmd.OutOrStdout(), f.asJSON, lab, server.Link(listener.Addr().String()), time.Since(began))
	select {
	case <-ctx.Done():
	case err = <-served:
	}
	fmt.Fprintln(cmd.ErrOrStderr(), "\nending the lab")
	server.Close()
	return err
}

// interrupted is a context that ends with the first interrupt. The second one ends the process at
// once, whatever it is doing. A terminal that is closed interrupts too, unless it was asked not to
// (nohup).
func interrupted() (context.Context, context.CancelFunc) {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// launchError tells an interrupt and a topology that cannot be from a failure.
func launchError(ctx context.Context, err error) error {
	var wrong *playground.Error
	switch {
	case ctx.Err() != nil:
		return errors.New("interrupted while the cluster was forming")
	case errors.As(err, &wrong):
		return &exitError{exitUsage, err}
	}
	return err
}

// chooseTopology reads the file, if any, and lays the flags over it.
func chooseTopology(cmd *cobra.Command, f *runFlags) (playground.Topology, error) {
	f.topology.NodeTimeout = int(f.timeout.Milliseconds())
	for _, name := range []string{"masters", "port", "node-timeout"} {
		if text := cmd.Flags().Lookup(name).Value.String(); text == "0" || text == "0s" { // a file may leave them out
			return f.topology, fmt.Errorf("--%s %s: it must be at least 1", name, text)
		}
	}
	if f.topology.Seed == 0 {
		f.topology.Seed = drawSeed()
	}
	if f.file == "" {
		return f.topology, nil
	}
	t, err := playground.LoadTopology(f.file)
	if err != nil {
		return t, err
	}
	for name, copy := range map[string]func(){
		"masters":      func() { t.Masters = f.topology.Masters },
		"replicas":     func() { t.Replicas = f.topology.Replicas },
		"port":         func() { t.Port = f.topology.Port },
		"node-timeout": func() { t.NodeTimeout = f.topology.NodeTimeout },
		"data":         func() { t.DataDir = f.topology.DataDir },
		"seed":         func() { t.Seed = f.topology.Seed },
	} {
		if cmd.Flags().Changed(name) {
			copy()
		}
	}
	return t, nil
}

// drawSeed draws a seed short enough to be read out: it is printed and shown, so that a person can
// ask for the same chances again.
func drawSeed() uint64 { return 1 + rand.Uint64N(1_000_000) }

// portsToTry is how many console ports are tried after the one asked for.
const portsToTry = 20

// listenConsole binds the console's port; when it is taken the next ones are tried.
func listenConsole(addr string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("--addr %s: write HOST:PORT, such as 127.0.0.1:7070", addr)
	}
	ip, err := netip.ParseAddr(host)
	if host == "localhost" {
		ip, err = netip.AddrFrom4([4]byte{127, 0, 0, 1}), nil
	}
	if err != nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("--addr %s: the console listens on this computer only; use 127.0.0.1:%s", addr, port)
	}
	first, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("--addr %s: %s is not a port", addr, port)
	}
	var last error
	for i := range uint64(portsToTry) {
		ln, err := net.Listen("tcp", netip.AddrPortFrom(ip, uint16(first+i)).String())
		if err == nil || first == 0 {
			return ln, err
		}
		last = err
		if !errors.Is(err, syscall.EADDRINUSE) {
			break
		}
	}
	return nil, fmt.Errorf("the console finds no free port from %s on: %w", addr, last)
}

// openConsole makes the console and tells `playground ctl` about it.
func openConsole(lab *playground.Lab, ln net.Listener) (*web.Server, func(), error) {
	lessons, err := scenarios.NewLibrary()
	if err != nil {
		return nil, nil, err
	}
	token := web.NewToken()
	forget, err := announce(console{Addr: ln.Addr().String(), Token: token, PID: os.Getpid()})
	if err != nil {
		return nil, nil, err
	}
	server := web.New(web.Config{Lab: lab, Lessons: lessons, Assets: assets.Files(), Token: token, Version: version})
	return server, forget, nil
}

// ready is the one line of --json.
type ready struct {
	Console string   `json:"console"`
	Link    string   `json:"link"`
	Nodes   []string `json:"nodes"`
	Seed    uint64   `json:"seed"`
	Links   string   `json:"links"`
	ReadyMS int64    `json:"readyMs"`
	PID     int      `json:"pid"`
}

func printReady(out io.Writer, asJSON bool, lab *playground.Lab, link string, took time.Duration) {
	s := lab.Snapshot()
	r := ready{Link: link, Seed: s.Seed, Links: s.Links, ReadyMS: took.Milliseconds(), PID: os.Getpid()}
	r.Console, _, _ = strings.Cut(link, "#")
	for _, n := range s.Nodes {
		r.Nodes = append(r.Nodes, "127.0.0.1:"+n.Name)
	}
	if asJSON {
		_ = json.NewEncoder(out).Encode(r)
		return
	}
	first := s.Nodes[0].Name
	fmt.Fprintf(out, "cluster_state:%s  %d nodes on ports %s-%s  seed %d  ready in %d ms\n\n", s.State, len(s.Nodes),
		first, s.Nodes[len(s.Nodes)-1].Name, s.Seed, r.ReadyMS)
	fmt.Fprintf(out, "  console   %s\n", link)
	fmt.Fprintf(out, "  talk      redis-cli -c -p %s\n", first)
	fmt.Fprintf(out, "  act       playground ctl kill %s\n\n", s.Nodes[1%len(s.Nodes)].Name)
	fmt.Fprintln(out, "The link opens one browser; playground ctl link prints another. Ctrl-C ends everything.")
}

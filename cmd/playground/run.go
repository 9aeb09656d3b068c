package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"clusterplay/node/garbage"
	"clusterplay/playground"
	"clusterplay/scenarios"
)

// runFlags is what `playground run` was asked for.
type runFlags struct {
	topology topologyFlags
	beside   []string // further labs: kinds or files
	addr     string
	lan      bool
	lessons  string
	open     bool
	asJSON   bool
	load     int
}

func runCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Start a lab of real nodes and its console",
		Example: "  playground run\n  playground run --masters 5 --replicas 2 --node-timeout 5s\n  playground run --data ./my-cluster\n" +
			"  playground run --topology chain\n  playground run --lab sentinel --lab my-lab.yaml",
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd, &f) },
	}
	flags := cmd.Flags()
	f.topology.add(cmd)
	flags.StringArrayVar(&f.beside, "lab", nil, "another lab beside this one: a kind or a YAML file; may be said several times")
	flags.StringVar(&f.addr, "addr", loopbackConsole, "where the console listens; other than loopback only with --lan")
	flags.BoolVar(&f.lan, "lan", false, "open the console to a class on this network: they join with a code and watch")
	flags.StringVar(&f.lessons, "lessons", "", "offer the lessons of this folder on the page, beside the built-in ones")
	flags.IntVar(&f.load, "load", 20, "writes per second of the built-in clients; 0 is none")
	flags.BoolVar(&f.open, "open", false, "open the console in the browser of this computer")
	flags.BoolVar(&f.asJSON, "json", false, "print one line of JSON when ready")
	return cmd
}

// run starts the lab and the console and waits for an interrupt.
func run(cmd *cobra.Command, f *runFlags) error {
	began := time.Now()
	garbage.Govern(garbage.OfLab)
	topology, err := f.topology.choose(cmd)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	if f.lan && !cmd.Flags().Changed("addr") {
		f.addr = everywhereConsole
	}
	lessons, err := chooseLessons(f.lessons)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	listener, err := listenConsole(f.addr, f.lan)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	defer listener.Close()
	ctx, stop := interrupted()
	defer stop()
	labs := playground.NewLabs()
	defer labs.CloseAll()
	lab, err := labs.Open(playground.MainLab, topology)
	if err != nil {
		return launchError(ctx, err)
	}
	if err := openBeside(labs, f.beside); err != nil {
		return launchError(ctx, err)
	}
	server, forget, err := openConsole(labs, listener, lessons, f.lan)
	if err != nil {
		return err
	}
	defer forget()
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	defer server.Close()
	f.invite(cmd, server.Link(ownAddress(listener)), lab.Topology().Nodes())
	if err := formAll(ctx, labs.All()); err != nil {
		return launchError(ctx, err)
	}
	for _, lab := range labs.All() {
		f.startLoad(cmd, lab)
	}
	f.tellTaken(cmd, lab, listener)
	printReady(cmd.OutOrStdout(), f.asJSON, readyNow(labs, server, listener, f.lan, time.Since(began)))
	select {
	case <-ctx.Done():
	case err = <-served:
	}
	fmt.Fprintln(cmd.ErrOrStderr(), "\nending the lab")
	return err
}

// patience is how many nodes form so quickly that nobody needs to be told where to watch it.
const patience = 20

// invite shows the console before there is a cluster: that one can be watched as it forms.
func (f *runFlags) invite(cmd *cobra.Command, link string, nodes int) {
	if nodes > patience && !f.asJSON {
		fmt.Fprintf(cmd.OutOrStdout(), "forming a cluster of %d nodes; watch it at %s\n", nodes, link)
	}
	if !f.open {
		return
	}
	if err := showInBrowser(link); err != nil {
		fmt.Fprintln(cmd.ErrOrStderr(), err)
	}
}

// tellTaken says that a port somebody asked for was taken, and which one is used instead.
func (f *runFlags) tellTaken(cmd *cobra.Command, lab *playground.Lab, ln net.Listener) {
	if wanted, base := lab.Topology().Port, lab.BasePort(); wanted != base {
		fmt.Fprintf(cmd.ErrOrStderr(), "one of the ports from %d on is taken: the nodes use those from %d on\n", wanted, base)
	}
	_, wanted, _ := net.SplitHostPort(f.addr)
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	if wanted != port && wanted != "0" {
		fmt.Fprintf(cmd.ErrOrStderr(), "port %s is taken: the console listens on %s\n", wanted, port)
	}
}

// startLoad lets the built-in clients write; a lab that will not have them runs without.
func (f *runFlags) startLoad(cmd *cobra.Command, lab *playground.Lab) {
	if f.load == 0 {
		return
	}
	if _, err := lab.Do(cmd.Context(), playground.LoadRate{Rate: f.load}); err != nil {
		fmt.Fprintln(cmd.ErrOrStderr(), err)
	}
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

// chooseLessons are the built-in lessons and those of a folder, if one is named.
func chooseLessons(folder string) (*scenarios.Library, error) {
	lessons, err := scenarios.NewLibrary()
	if err == nil && folder != "" {
		err = lessons.AddFolder(folder)
	}
	return lessons, err
}

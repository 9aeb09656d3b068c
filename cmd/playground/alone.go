package main

import (
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"clusterplay/node/alone"
	"clusterplay/node/garbage"
)

// calledAs finds the program that the name of this one stands for: redis-server or redis-sentinel.
func calledAs(args []string) (run func() (exit int), is bool) {
	switch name := filepath.Base(args[0]); {
	case strings.HasPrefix(name, "redis-sentinel"):
		return func() int { return sentinelAlone(args[1:]) }, true
	case strings.HasPrefix(name, "redis-server"):
		return func() int { return processAlone(args[1:]) }, true
	}
	return nil, false
}

// processAlone runs a server or, with --sentinel, a Sentinel.
func processAlone(args []string) int {
	garbage.Govern(garbage.OfServer)
	if slices.Contains(args, "--sentinel") {
		return sentinelAlone(args)
	}
	return serverAlone(args)
}

// serverAlone runs a server until a signal. A terminal that is closed is no reason to end.
func serverAlone(args []string) int {
	signal.Ignore(syscall.SIGHUP, syscall.SIGPIPE)
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, append(alone.CrashSignals, syscall.SIGTERM, syscall.SIGINT)...)
	alone.DefaultSignals()
	title := alone.OwnTitle()
	args = os.Args[len(os.Args)-len(args):] // which are copies now
	status := alone.Server(alone.Process{Name: os.Args[0], Args: args, Title: title, In: os.Stdin, Out: visible{os.Stdout}, Err: visible{os.Stderr}, Signals: signals})
	alone.Die(status)
	return status
}

// sentinelAlone runs a Sentinel until a signal. A terminal that is closed is no reason to end.
func sentinelAlone(args []string) int {
	signal.Ignore(syscall.SIGHUP)
	ctx, stop := interrupted()
	defer stop()
	return alone.Sentinel(ctx, args, visible{os.Stdout})
}

func nodeCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "node [CONF] [-] [--option value ...]",
		Short: "Run one server, or one Sentinel, alone, as redis-server does",
		Long: "Run one server alone, as redis-server does, with the redis.conf CONF. Options are lines of that file:\n" +
			"--port 6380; - reads one from the standard input. With --sentinel it is a Sentinel, and CONF its sentinel.conf.\n" +
			"A program of this name called redis-server or redis-sentinel does the same.",
		Example: "  playground node redis.conf --port 6380\n  playground node --port 6379 --cluster-enabled yes\n" +
			"  playground node --sentinel sentinel.conf",
		DisableFlagParsing: true, // the options are the file's
		RunE: func(cmd *cobra.Command, args []string) error {
			if slices.Contains(args, "--help") || slices.Contains(args, "-h") {
				return cmd.Help()
			}
			if len(args) > 0 && args[0] == "--sentinel" {
				os.Exit(sentinelAlone(args[1:]))
			}
			os.Exit(processAlone(args))
			return nil
		},
	}
}

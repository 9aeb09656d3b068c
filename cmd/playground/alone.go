package main

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"clusterplay/node/alone"
)

// errNoServer is what a server alone answers as long as there is none.
var errNoServer = errors.New("a server alone is not there yet; a Sentinel is: add --sentinel, or start a lab with playground run")

// calledAs finds the program that the name of this one stands for: redis-sentinel, or redis-server
// as far as it is one.
func calledAs(args []string) (run func() (exit int), is bool) {
	switch name := filepath.Base(args[0]); {
	case strings.HasPrefix(name, "redis-sentinel"):
		return func() int { return sentinelAlone(args[1:]) }, true
	case strings.HasPrefix(name, "redis-server"):
		return func() int {
			if !slices.Contains(args[1:], "--sentinel") {
				fmt.Fprintln(os.Stderr, name+":", errNoServer)
				return exitUsage
			}
			return sentinelAlone(args[1:])
		}, true
	}
	return nil, false
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
		Use:   "node --sentinel CONF [--option value ...]",
		Short: "Run one Sentinel alone, as redis-sentinel does",
		Long: "Run one Sentinel alone, as redis-sentinel does, with the sentinel.conf CONF. Options are lines of\n" +
			"that file: --port 26380. A program of this name called redis-sentinel does the same.",
		Example:            "  playground node --sentinel sentinel.conf\n  playground node --sentinel sentinel.conf --port 26380",
		DisableFlagParsing: true, // the options are the file's
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) == 0 || slices.Contains(args, "--help") || slices.Contains(args, "-h"):
				return cmd.Help()
			case !slices.Contains(args, "--sentinel"):
				return &exitError{exitUsage, errNoServer}
			}
			os.Exit(sentinelAlone(args))
			return nil
		},
	}
}

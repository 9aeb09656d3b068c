package main

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"clusterplay/playground"
	"clusterplay/playground/repl"
	"clusterplay/playground/repl/cli"
)

// usualPort is where the first node is when no lab says otherwise.
const usualPort = 7000

func cliCommand() *cobra.Command {
	return &cobra.Command{
		Use:                "cli [OPTIONS] [COMMAND [ARGS...]]",
		Short:              "Talk to a node as redis-cli does: cli -c SET user:1 ada",
		Example:            "  playground cli -c SET user:1 ada\n  playground cli -p 7001\n  echo PING | playground cli",
		DisableFlagParsing: true, // the options are redis-cli's
		RunE: func(cmd *cobra.Command, args []string) error {
			p := cli.Program{
				In: os.Stdin, Out: os.Stdout, Err: os.Stderr, ShownOut: term.IsTerminal(int(os.Stdout.Fd())),
				Env: os.Getenv, DefaultPort: firstPort, Version: version,
			}
			if p.ShownOut && term.IsTerminal(int(os.Stdin.Fd())) {
				p.Talk = func(sh *repl.Shell) error { return talk(cmd.Context(), sh) }
			}
			if code := p.Run(cmd.Context(), args); code != 0 {
				os.Exit(code) // everything has been said
			}
			return nil
		},
	}
}

// firstPort is the port of the first node of the lab that runs.
func firstPort() int {
	at, err := findConsole("")
	if err != nil {
		return usualPort
	}
	data, err := at.send(request{method: http.MethodGet, path: "/api/labs/main"})
	if err != nil {
		return usualPort
	}
	var s playground.Snapshot
	if json.Unmarshal(data, &s) != nil || len(s.Nodes) == 0 {
		return usualPort
	}
	return s.Nodes[0].Port
}

// talk gives the terminal to a shell, key by key, and gives it back as it was.
func talk(ctx context.Context, sh *repl.Shell) error {
	in := int(os.Stdin.Fd())
	before, err := term.MakeRaw(in)
	if err != nil {
		return err
	}
	defer func() { _ = term.Restore(in, before) }()
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	sh.In, sh.Out, sh.Widths = os.Stdin, os.Stdout, widths(ctx)
	sh.Kept = readHistory()
	return sh.Run(ctx)
}

// widths tells the columns of the terminal, now and whenever they change.
func widths(ctx context.Context) <-chan int {
	changed, told := make(chan os.Signal, 1), make(chan int, 1)
	signal.Notify(changed, syscall.SIGWINCH)
	changed <- syscall.SIGWINCH
	go func() {
		defer signal.Stop(changed)
		for {
			select {
			case <-ctx.Done():
				return
			case <-changed:
			}
			columns, _, err := term.GetSize(int(os.Stdout.Fd()))
			if err != nil {
				continue
			}
			select {
			case told <- columns:
			case <-ctx.Done():
				return
			}
		}
	}()
	return told
}

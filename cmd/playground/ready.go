package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"clusterplay/assets"
	"clusterplay/playground"
	"clusterplay/scenarios"
	"clusterplay/web"
)

// openConsole makes the console and tells `playground ctl` about it.
func openConsole(labs *playground.Labs, ln net.Listener, lessons *scenarios.Library, lan bool) (*web.Server, func(), error) {
	var joins []string
	var err error
	if lan {
		if joins, err = joinLinks(ln); err != nil {
			return nil, nil, err
		}
	}
	token := web.NewToken()
	forget, err := announce(console{Addr: ownAddress(ln), Token: token, PID: os.Getpid()})
	if err != nil {
		return nil, nil, err
	}
	server := web.New(web.Config{Labs: labs, Lessons: lessons, Assets: assets.Files(), Token: token, Version: version, JoinLinks: joins})
	return server, forget, nil
}

// ready is the one line of --json.
type ready struct {
	Console string   `json:"console"`
	Link    string   `json:"link"`
	Nodes   []string `json:"nodes"`
	Guards  []string `json:"sentinels,omitempty"`
	Seed    uint64   `json:"seed"`
	Links   string   `json:"links"`
	Kind    string   `json:"topology"`
	ReadyMS int64    `json:"readyMs"`
	PID     int      `json:"pid"`
	Join    []string `json:"join,omitempty"` // where a class joins
	Code    string   `json:"code,omitempty"` // and with what

	Beside []playground.Standing `json:"labs,omitempty"` // the labs beside the main one

	state string
}

// readyNow describes a playground that has just started.
func readyNow(labs *playground.Labs, server *web.Server, ln net.Listener, lan bool, took time.Duration) ready {
	all := labs.All()
	s := all[0].Snapshot()
	r := ready{Link: server.Link(ownAddress(ln)), Seed: s.Seed, Links: s.Links, Kind: s.Topology, ReadyMS: took.Milliseconds(), PID: os.Getpid(), state: s.State}
	r.Console, _, _ = strings.Cut(r.Link, "#")
	for _, n := range s.Nodes {
		r.Nodes = append(r.Nodes, "127.0.0.1:"+n.Name)
	}
	for i := range s.Sentinels {
		r.Guards = append(r.Guards, "127.0.0.1:"+s.Sentinels[i].Name)
	}
	for _, lab := range all[1:] {
		r.Beside = append(r.Beside, lab.Standing())
	}
	if lan {
		r.Join, _ = joinLinks(ln) // they could be listed a moment ago
		r.Code = server.JoinCode()
	}
	return r
}

func printReady(out io.Writer, asJSON bool, r ready) {
	if asJSON {
		_ = json.NewEncoder(out).Encode(r)
		return
	}
	me := typedAs(os.Args[0])
	port := func(i int) string { return strings.TrimPrefix(r.Nodes[i%len(r.Nodes)], "127.0.0.1:") }
	state, follow := "cluster_state:"+r.state, " -c"
	if r.Kind != playground.Cluster {
		state, follow = r.Kind+":"+r.state, ""
	}
	fmt.Fprintf(out, "%s  %d nodes on ports %s-%s  seed %d  ready in %d ms\n\n", state, len(r.Nodes),
		port(0), port(len(r.Nodes)-1), r.Seed, r.ReadyMS)
	fmt.Fprintf(out, "  console   %s\n", r.Link)
	fmt.Fprintf(out, "  talk      redis-cli%s -p %s\n", follow, port(0))
	if len(r.Guards) > 0 {
		fmt.Fprintf(out, "  sentinels %s\n", strings.Join(r.Guards, " "))
	}
	fmt.Fprintf(out, "  act       %s ctl kill %s\n", me, port(1))
	for _, l := range r.Beside {
		fmt.Fprintf(out, "  lab       %s: %s, %s; %s ctl --lab %s status\n", l.ID, l.Kind, nodesOf(l), me, l.ID)
	}
	fmt.Fprintln(out)
	if len(r.Join) > 0 {
		printClass(out, r, me)
	}
	fmt.Fprintf(out, "The link opens one browser; %s ctl link prints another. Ctrl-C ends everything.\n", me)
}

// printClass says exactly what others on the network can reach.
func printClass(out io.Writer, r ready, me string) {
	fmt.Fprintln(out, "Everybody on this network can reach the console, and nothing else:")
	for _, link := range r.Join {
		fmt.Fprintf(out, "  class     %s   code %s\n", link, r.Code)
	}
	fmt.Fprintln(out, "Whoever joins with the code watches and cannot act. The nodes and their bus ports listen on")
	fmt.Fprintln(out, "127.0.0.1 only. What the console sends is not encrypted.")
	fmt.Fprintf(out, "%s ctl room shows who is there; %s ctl room close sends everybody out.\n", me, me)
	fmt.Fprintln(out)
}

// typedAs is how the program is called in what it prints, so that it can be typed as it stands: by the path
// that somebody in this folder has typed, else by its name.
func typedAs(typed string) string {
	if filepath.IsAbs(typed) || !strings.ContainsRune(typed, filepath.Separator) {
		return "playground"
	}
	return typed
}

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"clusterplay/playground"
)

// ctlPatience bounds one action; moving many slots takes the longest.
const ctlPatience = 10 * time.Minute

func ctlCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "ctl VERB [ARGS...] [--lab ID] [--addr HOST:PORT] [--json]",
		Short: "Act on a running playground: kill 7001, pause, step, move-slots 7000 7001 100",
		Long: "Act on a running playground. The verbs:\n\n" + verbHelp() +
			"\n  --lab ID          the lab that is meant (default: the main one)\n  --labs A,B,C      several at the same time, or all; one line for each\n" +
			"  --addr HOST:PORT  the console to speak to (default: the one that runs)\n  --json            print the answer as JSON\n",
		Example: "  playground ctl kill 7001\n  playground ctl pause\n  playground ctl step\n" +
			"  playground ctl status\n  playground ctl link\n  playground ctl new chain --id b\n  playground ctl --labs main,b kill master\n" +
			"  playground ctl --labs all incident 'kill master' 'after 5s restart master'",
		DisableFlagParsing: true, // what follows the verb belongs to the verb
		RunE: func(cmd *cobra.Command, args []string) error {
			call, err := parseCall(args)
			switch {
			case err != nil:
				return &exitError{exitUsage, err}
			case call.help || len(call.words) > 0 && call.words[0] == "help":
				return cmd.Help()
			case len(call.words) == 0:
				return &exitError{exitUsage, errors.New("say what to do: playground ctl kill 7001; playground ctl --help lists the verbs")}
			}
			return call.do(cmd.OutOrStdout(), call.words[0], call.words[1:])
		},
	}
}

// call is one request to a console, as it stands on the command line.
type call struct {
	addr   string
	labs   []string // none is the main one
	many   bool     // they were named with --labs
	asJSON bool
	help   bool
	words  []string
}

// parseCall takes our own flags out of the words, wherever they stand. After "--" nothing is a flag
// of ours.
func parseCall(args []string) (call, error) {
	var c call
	for i := 0; i < len(args); i++ {
		name, value, inline := strings.Cut(args[i], "=")
		example, ours := valued[name]
		switch {
		case args[i] == "--":
			c.words = append(c.words, args[i+1:]...)
			return c, nil
		case ours && !inline && i+1 == len(args), ours && inline && value == "":
			return c, fmt.Errorf("%s needs a value, such as %s", name, example)
		case ours && !inline:
			i++
			c.take(name, args[i])
		case ours:
			c.take(name, value)
		case args[i] == "--json":
			c.asJSON = true
		case args[i] == "--help" || args[i] == "-h":
			c.help = true
		default:
			c.words = append(c.words, args[i])
		}
	}
	return c, nil
}

// valued are our flags that have a value, each with an example.
var valued = map[string]string{"--addr": "127.0.0.1:7070", "--lab": "b", "--labs": "main,b"}

// take takes the value of a flag.
func (c *call) take(flag, value string) {
	switch flag {
	case "--addr":
		c.addr = value
	case "--lab":
		c.labs, c.many = []string{value}, false
	case "--labs":
		c.labs, c.many = strings.Split(value, ","), true
	}
}

// verbHelp lists the verbs with their arguments.
func verbHelp() string {
	var b strings.Builder
	fmt.Fprintf(&b, "  %-14s %s\n", "status", "the nodes and the state of the cluster")
	fmt.Fprintf(&b, "  %-14s %s\n", "link", "another one-time link for a browser")
	fmt.Fprintf(&b, "  %-14s %s   e.g. %s\n", "room", "who has joined the class; open, close or remove NUMBER", "room close")
	fmt.Fprintf(&b, "  %-14s %s\n", "labs", "the labs side by side, and what they use of the computer")
	fmt.Fprintf(&b, "  %-14s %s   e.g. %s\n", "new", "another lab; its fields are those of a topology file", "new chain --id b --replicas 3")
	fmt.Fprintf(&b, "  %-14s %s   e.g. %s\n", "close", "end a lab; the main one ends with the playground", "close b")
	fmt.Fprintf(&b, "  %-14s %s   e.g. %s\n", "incident", "do the same to several labs, and tell how each comes through", `--labs main,b incident "kill master"`)
	for _, spec := range playground.Verbs() {
		fmt.Fprintf(&b, "  %-14s %s   e.g. %s\n", spec.Verb, spec.Help, spec.Example)
	}
	return b.String()
}

// do sends one verb to a console and prints its answer.
func (c call) do(out io.Writer, verb string, words []string) error {
	r, err := requestFor(c.labs, verb, words)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	at, err := findConsole(c.addr)
	if err != nil {
		return err
	}
	if c.many && r.ofLab {
		return c.onAll(out, at, verb, words)
	}
	data, err := at.send(r)
	if err != nil {
		return err
	}
	if c.asJSON {
		fmt.Fprintln(out, strings.TrimSpace(string(data)))
		return nil
	}
	return r.show(out, data)
}

// request is what a verb asks of the REST interface, and how its answer is shown.
type request struct {
	method, path string
	body         []byte
	show         func(out io.Writer, answer []byte) error
	ofLab        bool // it is of one lab, so that it can be sent to several
}

// requestFor is what a verb asks of some labs, or of the first of them.
func requestFor(labs []string, verb string, words []string) (request, error) {
	lab := playground.MainLab
	if len(labs) > 0 {
		lab = labs[0]
	}
	fixed := map[string]request{
		"status": {http.MethodGet, labPath(lab, ""), nil, showStatus, true},
		"link":   {http.MethodPost, "/api/link", nil, showLink, false},
		"labs":   {http.MethodGet, "/api/labs", nil, showLabs, false},
	}
	switch verb {
	case "room":
		return roomRequest(words)
	case "new":
		return newRequest(words)
	case "close":
		return closeRequest(words)
	case "incident":
		return incidentRequest(labs, words)
	}
	if r, ok := fixed[verb]; ok {
		if len(words) > 0 {
			return r, fmt.Errorf("%s does not take %q", verb, words[0])
		}
		return r, nil
	}
	action, err := playground.Parse(verb, words)
	if err != nil {
		return request{}, err
	}
	body, err := json.Marshal(action)
	return request{http.MethodPost, labPath(lab, "/actions/"+verb), body, showAction, true}, err
}

// showAction prints what came of an action. What a program may want to know of it is in the JSON.
func showAction(out io.Writer, data []byte) error {
	var answer struct {
		Text string `json:"text"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return err
	}
	fmt.Fprintln(out, answer.Text)
	return nil
}

func showLink(out io.Writer, data []byte) error {
	var answer struct {
		Link string `json:"link"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return err
	}
	fmt.Fprintln(out, answer.Link)
	return nil
}

func showStatus(out io.Writer, data []byte) error {
	var s playground.Snapshot
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	clock := fmt.Sprintf("speed %g", s.Clock.Speed)
	if s.Clock.Paused {
		clock = "paused"
	}
	if s.Topology != playground.Cluster {
		showReplication(out, s, clock)
		return nil
	}
	fmt.Fprintf(out, "%s  %d/16384 slots  epoch %d  %s  seed %d\n", clusterState(s.State), s.SlotsCovered, s.Epoch, clock, s.Seed)
	for _, n := range s.Nodes {
		of := ""
		if n.Role == "replica" {
			of = " of " + n.Master
		}
		fmt.Fprintf(out, "%s  %-8s %s%s  epoch %d  offset %d  keys %d%s\n", n.Name, n.State, n.Role, of, n.Epoch, n.Offset, n.Keys, reason(n))
	}
	return nil
}

// clusterState says in which state the nodes see their cluster, in the words of CLUSTER INFO where they agree.
func clusterState(state string) string {
	if state == "ok" || state == "fail" {
		return "cluster_state:" + state
	}
	return "the nodes disagree about cluster_state"
}

// reason is why a node has crashed: nobody asked for that, and a full disk or a panic can be mended.
func reason(n playground.Node) string {
	if n.State != "crashed" || n.Why == "" {
		return ""
	}
	return "  (" + n.Why + ")"
}

// showReplication is the status of a lab without a cluster.
func showReplication(out io.Writer, s playground.Snapshot, clock string) {
	fmt.Fprintf(out, "%s:%s  %s  seed %d\n", s.Topology, s.State, clock, s.Seed)
	for _, n := range s.Nodes {
		role := n.Role
		if n.Stream != nil && n.Stream.Link != nil {
			role = fmt.Sprintf("replica of %s (%s, %d bytes behind)", n.Master, n.Stream.Link.State, n.Lag)
		}
		fmt.Fprintf(out, "%s  %-8s %s  offset %d  keys %d%s\n", n.Name, n.State, role, n.Offset, n.Keys, reason(n))
	}
	for i := range s.Sentinels {
		showSentinel(out, &s.Sentinels[i])
	}
	if s.Load.Target != "" {
		fmt.Fprintf(out, "the clients use %s\n", s.Load.Target)
	}
}

// showSentinel is a Sentinel's line: where it has the master, and whom it holds for down.
func showSentinel(out io.Writer, v *playground.SentinelView) {
	fmt.Fprintf(out, "%s  %-8s sentinel  epoch %d", v.Name, v.State, v.Epoch)
	for _, w := range v.Watches {
		fmt.Fprintf(out, "  %s at %s, quorum %d, config-epoch %d", w.Master, w.Current, w.Quorum, w.ConfigEpoch)
		if w.Failover.State != "none" {
			fmt.Fprintf(out, ", failover %s", w.Failover.State)
		}
		for _, o := range w.Instances {
			if o.Down != "" {
				fmt.Fprintf(out, ", %s %s", o.Node, o.Down)
			}
		}
	}
	fmt.Fprintln(out)
}

// send makes one request with the console's token; a refusal becomes an error with its hint.
func (c console) send(r request) ([]byte, error) {
	req, err := http.NewRequest(r.method, "http://"+c.Addr+r.path, bytes.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+c.Token)
	req.Header.Set("Content-Type", "application/json")
	client := http.Client{Timeout: ctlPatience}
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("the console at %s does not answer: %w", c.Addr, err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode == http.StatusOK {
		return data, err
	}
	return nil, refusal(resp.StatusCode, data)
}

// refusal is the console's own words: what is wrong, in which argument, what to do.
func refusal(status int, data []byte) error {
	var p struct {
		Error, Field, Hint string
	}
	if json.Unmarshal(data, &p) != nil || p.Error == "" {
		return fmt.Errorf("the console answered %d", status)
	}
	text := p.Error
	if p.Field != "" {
		text = p.Field + ": " + text
	}
	if p.Hint != "" {
		text += " (" + p.Hint + ")"
	}
	return errors.New(text)
}

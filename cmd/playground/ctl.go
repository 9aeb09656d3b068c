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
	var addr string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "ctl VERB [ARGS...]",
		Short: "Act on a running playground: kill 7001, pause, step, move-slots 7000 7001 100",
		Long:  "Act on a running playground. The verbs:\n\n" + verbHelp(),
		Example: "  playground ctl kill 7001\n  playground ctl pause\n  playground ctl step\n" +
			"  playground ctl status\n  playground ctl link",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &exitError{exitUsage, errors.New("say what to do: playground ctl kill 7001; playground ctl --help lists the verbs")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return ctl(cmd.OutOrStdout(), addr, asJSON, args[0], args[1:])
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "", "the console to speak to, HOST:PORT (default: the one that runs)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the answer as JSON")
	cmd.Flags().SetInterspersed(false)
	return cmd
}

// verbHelp lists the verbs with their arguments.
func verbHelp() string {
	var b strings.Builder
	fmt.Fprintf(&b, "  %-14s %s\n", "status", "the nodes and the state of the cluster")
	fmt.Fprintf(&b, "  %-14s %s\n", "link", "another one-time link for a browser")
	for _, spec := range playground.Verbs() {
		fmt.Fprintf(&b, "  %-14s %s   e.g. %s\n", spec.Verb, spec.Help, spec.Example)
	}
	return b.String()
}

// ctl sends one verb to a console and prints its answer.
func ctl(out io.Writer, addr string, asJSON bool, verb string, words []string) error {
	c, err := findConsole(addr)
	if err != nil {
		return err
	}
	switch verb {
	case "status":
		return ctlStatus(out, c, asJSON)
	case "link":
		return ctlLink(out, c, asJSON)
	}
	action, err := playground.Parse(verb, words)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	body, err := json.Marshal(action)
	if err != nil {
		return err
	}
	data, err := c.do(http.MethodPost, "/api/labs/main/actions/"+verb, body)
	if err != nil || asJSON {
		return printJSON(out, data, err)
	}
	var answer struct {
		Command string          `json:"command"`
		Result  json.RawMessage `json:"result"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return err
	}
	if len(answer.Result) > 0 && string(answer.Result) != "null" {
		fmt.Fprintln(out, printable(answer.Result))
	}
	fmt.Fprintln(out, "ok  "+answer.Command)
	return nil
}

// printable shows a plain string as it is and everything else as JSON.
func printable(data json.RawMessage) string {
	var text string
	if json.Unmarshal(data, &text) == nil {
		return text
	}
	return string(data)
}

func printJSON(out io.Writer, data []byte, err error) error {
	if err == nil {
		fmt.Fprintln(out, strings.TrimSpace(string(data)))
	}
	return err
}

func ctlLink(out io.Writer, c console, asJSON bool) error {
	data, err := c.do(http.MethodPost, "/api/link", nil)
	if err != nil || asJSON {
		return printJSON(out, data, err)
	}
	var answer struct {
		Link string `json:"link"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return err
	}
	fmt.Fprintln(out, answer.Link)
	return nil
}

func ctlStatus(out io.Writer, c console, asJSON bool) error {
	data, err := c.do(http.MethodGet, "/api/labs/main", nil)
	if err != nil || asJSON {
		return printJSON(out, data, err)
	}
	var s playground.Snapshot
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	clock := fmt.Sprintf("speed %g", s.Clock.Speed)
	if s.Clock.Paused {
		clock = "paused"
	}
	fmt.Fprintf(out, "cluster_state:%s  %d/16384 slots  epoch %d  %s  seed %d\n", s.State, s.SlotsCovered, s.Epoch, clock, s.Seed)
	for _, n := range s.Nodes {
		of := ""
		if n.Role == "replica" {
			of = " of " + n.Master
		}
		fmt.Fprintf(out, "%s  %-8s %s%s  epoch %d  offset %d  keys %d\n", n.Name, n.State, n.Role, of, n.Epoch, n.Offset, n.Keys)
	}
	return nil
}

// do sends one request with the console's token; a refusal becomes an error with its hint.
func (c console) do(method, path string, body []byte) ([]byte, error) {
	req, err := http.NewRequest(method, "http://"+c.Addr+path, bytes.NewReader(body))
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

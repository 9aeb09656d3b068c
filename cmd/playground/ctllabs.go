package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"clusterplay/playground"
)

// allLabs is how --labs names every lab there is.
const allLabs = "all"

// labPath is the address of something of a lab.
func labPath(lab, rest string) string {
	return "/api/labs/" + url.PathEscape(lab) + rest
}

// newRequest is `ctl new KIND|FILE --id ID --load N --FIELD VALUE`; the fields are those of a topology file.
func newRequest(words []string) (request, error) {
	r := request{method: http.MethodPost, path: "/api/labs", show: showNew}
	if len(words) == 0 || strings.HasPrefix(words[0], "--") {
		return r, fmt.Errorf("say what kind of lab: new %s, or a topology file", strings.Join(playground.Kinds(), ", new "))
	}
	topology := map[string]any{"mode": words[0]}
	if !playground.IsKind(words[0]) {
		t, err := playground.LoadTopology(words[0])
		if err != nil {
			return r, err
		}
		if topology, err = t.Fields(); err != nil {
			return r, err
		}
	}
	body := map[string]any{"topology": topology}
	for words = words[1:]; len(words) > 0; {
		name, value, inline := strings.Cut(strings.TrimPrefix(words[0], "--"), "=")
		if !strings.HasPrefix(words[0], "--") || !inline && len(words) == 1 {
			return r, fmt.Errorf("new %s: write --FIELD VALUE, such as --id b --replicas 2", words[0])
		}
		if words = words[1:]; !inline {
			value, words = words[0], words[1:]
		}
		switch name {
		case "id":
			body["id"] = value
		case "load":
			body["load"] = fieldValue(value)
		case "node-timeout": // as run calls it
			topology["cluster-node-timeout"] = fieldValue(value)
		case "down-after": // likewise
			topology["down-after-milliseconds"] = fieldValue(value)
		case "port":
			r.show = func(out io.Writer, data []byte) error { return showNewAt(out, data, value) }
			fallthrough
		default:
			topology[name] = fieldValue(value)
		}
	}
	var err error
	r.body, err = json.Marshal(body)
	return r, err
}

// fieldValue reads a field's value: a number, a list, a time in milliseconds, or text.
func fieldValue(text string) any {
	if d, err := time.ParseDuration(text); err == nil && text != "0" {
		return d.Milliseconds()
	}
	var value any
	if json.Unmarshal([]byte(text), &value) == nil {
		return value
	}
	return text
}

// incidentRequest is `ctl incident --within 60s 'kill master' 'after 5s restart master'`.
func incidentRequest(labs []string, words []string) (request, error) {
	type act struct {
		Line    string `json:"line"`
		AfterMs int64  `json:"afterMs,omitempty"`
	}
	body := struct {
		Labs     []string `json:"labs"`
		Acts     []act    `json:"acts"`
		WithinMs int64    `json:"withinMs,omitempty"`
	}{Labs: labs}
	for i := 0; i < len(words); i++ {
		if words[i] == "--within" && i+1 < len(words) {
			within, err := time.ParseDuration(words[i+1])
			if err != nil {
				return request{}, fmt.Errorf("--within %s: write a time such as 60s", words[i+1])
			}
			body.WithinMs = within.Milliseconds()
			i++
			continue
		}
		line, after := words[i], time.Duration(0)
		if rest, ok := strings.CutPrefix(line, "after "); ok {
			when, what, _ := strings.Cut(strings.TrimSpace(rest), " ")
			var err error
			if after, err = time.ParseDuration(when); err != nil {
				return request{}, fmt.Errorf("%s: write a time, such as: after 5s restart master", line)
			}
			line = what
		}
		body.Acts = append(body.Acts, act{line, after.Milliseconds()})
	}
	if len(labs) == 0 {
		body.Labs = []string{playground.MainLab}
	}
	if len(labs) == 1 && labs[0] == allLabs {
		body.Labs = nil
	}
	if len(body.Acts) == 0 {
		return request{}, errors.New(`say what happens, each act a word of its own: incident "kill master" "after 5s restart master"`)
	}
	data, err := json.Marshal(body)
	return request{method: http.MethodPost, path: "/api/incident", body: data, show: showCourses}, err
}

// closeRequest is `ctl close ID`.
func closeRequest(words []string) (request, error) {
	if len(words) != 1 {
		return request{}, errors.New("say which lab: close b; playground ctl labs lists them")
	}
	return request{method: http.MethodDelete, path: labPath(words[0], ""), show: showAction}, nil
}

// onAll sends one verb to several labs at the same time and prints a line for each, in their order. The
// exit code is the worst.
func (c call) onAll(out io.Writer, at console, verb string, words []string) error {
	labs, err := at.labs(c.labs)
	if err != nil {
		return err
	}
	answers, faults := make([][]byte, len(labs)), make([]error, len(labs))
	var group sync.WaitGroup
	for i, lab := range labs {
		group.Go(func() {
			r, err := requestFor([]string{lab}, verb, words)
			if err == nil {
				answers[i], err = at.send(r)
			}
			faults[i] = err
		})
	}
	group.Wait()
	failed := 0
	for i, lab := range labs {
		if faults[i] != nil {
			failed++
		}
		c.tell(out, lab, answers[i], faults[i])
	}
	if failed > 0 {
		return &exitError{exitFailure, fmt.Errorf("%s: refused by %d of %d labs", verb, failed, len(labs))}
	}
	return nil
}

// tell prints what came of a verb in one lab, in a line.
func (c call) tell(out io.Writer, lab string, answer []byte, fault error) {
	var said struct {
		Text  string `json:"text"`
		State string `json:"state"`
	}
	_ = json.Unmarshal(answer, &said) // what is not understood tells nothing
	switch {
	case c.asJSON && fault != nil:
		answer, _ = json.Marshal(map[string]string{"error": fault.Error()})
		fallthrough
	case c.asJSON:
		fmt.Fprintf(out, `{"lab":%q,"answer":%s}`+"\n", lab, strings.TrimSpace(string(answer)))
	case fault != nil:
		fmt.Fprintf(out, "%-12s refused: %v\n", lab, fault)
	case said.Text != "":
		fmt.Fprintf(out, "%-12s %s\n", lab, said.Text)
	default:
		fmt.Fprintf(out, "%-12s %s\n", lab, clusterState(said.State))
	}
}

// labs are the labs of a console that are meant.
func (c console) labs(named []string) ([]string, error) {
	if len(named) != 1 || named[0] != allLabs {
		return named, nil
	}
	data, err := c.send(request{method: http.MethodGet, path: "/api/labs"})
	if err != nil {
		return nil, err
	}
	list, err := readLabs(data)
	var names []string
	for _, lab := range list.Labs {
		names = append(names, lab.ID)
	}
	return names, err
}

// labList is what GET /api/labs answers.
type labList struct {
	Labs    []playground.Standing
	Machine playground.Machine
}

func readLabs(data []byte) (list labList, err error) { return list, json.Unmarshal(data, &list) }

func showLabs(out io.Writer, data []byte) error {
	list, err := readLabs(data)
	if err != nil {
		return err
	}
	for _, l := range list.Labs {
		fmt.Fprintf(out, "%-12s %-11s %-8s %s\n", l.ID, l.Kind, l.State, nodesOf(l))
	}
	m := list.Machine
	fmt.Fprintf(out, "\n%d of %d labs, %d of %d nodes, %d of %d open files, %d of %d MB of memory\n", m.Labs.Used, m.Labs.Most,
		m.Nodes.Used, m.Nodes.Most, m.Files.Used, m.Files.Most, m.Memory.Used>>20, m.Memory.Most>>20)
	return nil
}

// nodesOf says how many nodes a lab has and where.
func nodesOf(l playground.Standing) string {
	text := strconv.Itoa(l.Nodes) + " nodes on ports " + strconv.Itoa(l.First) + "-" + strconv.Itoa(l.Last)
	if l.Up < l.Nodes {
		text += ", " + strconv.Itoa(l.Up) + " up"
	}
	return text
}

func showNew(out io.Writer, data []byte) error {
	var l playground.Standing
	if err := json.Unmarshal(data, &l); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %s, %s. Name it with --lab %s; its page is /labs/%s.\n", l.ID, l.Kind, nodesOf(l), l.ID, l.ID)
	return nil
}

// showNewAt is showNew for a lab whose first port was asked for: it may have another one.
func showNewAt(out io.Writer, data []byte, port string) error {
	var l playground.Standing
	if err := json.Unmarshal(data, &l); err != nil {
		return err
	}
	if first := strconv.Itoa(l.First); first != port {
		fmt.Fprintf(out, "Not from %s on: another lab claims that hundred of ports, or a port is taken.\n", port)
	}
	return showNew(out, data)
}

func showCourses(out io.Writer, data []byte) error {
	var answer struct{ Courses []playground.Course }
	if err := json.Unmarshal(data, &answer); err != nil {
		return err
	}
	refused := 0
	for _, c := range answer.Courses {
		fmt.Fprintf(out, "%-12s %s\n", c.Lab, cameThrough(c))
		if c.Error != "" {
			refused++
		}
	}
	if refused > 0 {
		return &exitError{exitFailure, fmt.Errorf("incident: refused by %d of %d labs", refused, len(answer.Courses))}
	}
	return nil
}

// cameThrough says how a lab came through an incident.
func cameThrough(c playground.Course) string {
	seconds := func(ms int64) string { return strconv.FormatFloat(float64(ms)/1000, 'f', 1, 64) + " s" }
	switch {
	case c.Error != "":
		return "refused: " + c.Error
	case c.Harmed == nil:
		return "served all the time, watched for " + seconds(c.Watched)
	case c.Recovered == nil:
		return "did not serve from " + seconds(*c.Harmed) + " on, and had not recovered after " + seconds(c.Watched)
	}
	return "did not serve from " + seconds(*c.Harmed) + " on, recovered at " + seconds(*c.Recovered)
}

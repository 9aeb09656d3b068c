package scenarios

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"clusterplay/playground"
	"clusterplay/playground/repl"
)

// retryEvery is how often a line is sent again at most while its reply does not match.
const retryEvery = time.Second / stepsPerSecond

// exchange sends one line until its reply matches or the fence's within has passed.
func (r *Runner) exchange(f *fenceRun, x exchange) error {
	r.report(f, StateRunning, x.prompt+x.send)
	var last error
	var tried time.Time
	try := func(*playground.Snapshot) bool {
		if time.Since(tried) < retryEvery {
			return false // events come faster
		}
		tried = time.Now()
		got, err := r.send(f, x.send)
		if err != nil {
			last = err
			return false
		}
		if last = match(x.want, got); last == nil {
			r.report(f, StateRunning, strings.Join(got, "\n"))
		}
		return last == nil
	}
	held, err := r.until(f.ctx, f.block.Within, try)
	if err == nil && !held {
		return last
	}
	return err
}

// send evaluates one line at the fence's node and gives the reply's lines.
func (r *Runner) send(f *fenceRun, line string) ([]string, error) {
	addr, err := r.lab.Addr(f.block.Node)
	if err != nil {
		return nil, err
	}
	key := fmt.Sprint(addr, f.block.Cluster)
	shell := r.shells[key]
	if shell == nil {
		shell = repl.New(addr, f.block.Cluster)
		r.shells[key] = shell
	}
	output, _, err := shell.Eval(f.ctx, line)
	switch {
	case errors.Is(err, repl.ErrQuit):
		delete(r.shells, key)
		return nil, nil
	case err != nil:
		return nil, err
	}
	return replyLines(output), nil
}

// replyLines cuts what was printed into lines. CLUSTER INFO, INFO and others are printed as they are,
// and their lines end in \r\n.
func replyLines(output string) []string {
	lines := strings.Split(strings.TrimRight(output, "\r\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSuffix(line, "\r")
	}
	return lines
}

package alone

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"clusterplay/node"
	"clusterplay/node/machine"
)

// exitNotRun is the exit code of a script that the computer cannot execute: it is not tried again.
const exitNotRun = 2

// program starts a script as Redis does: in the Sentinel's directory, with its environment and what it
// writes to. Only a process that could not be made is an error.
func (s *process) program(argv []string) (node.Program, error) {
	cmd := &exec.Cmd{Path: s.inDir(argv[0]), Args: argv, Dir: s.dir, Stdout: os.Stdout, Stderr: os.Stderr}
	err := cmd.Start()
	switch {
	case errors.Is(err, syscall.EAGAIN), errors.Is(err, syscall.ENOMEM):
		return node.Program{}, err
	case err != nil:
		return node.Program{Kill: func() {}, Wait: func() machine.Ending { return machine.Ending{Exit: exitNotRun} }}, nil
	}
	return node.Program{
		PID:  cmd.Process.Pid,
		Kill: func() { _ = cmd.Process.Kill() },
		Wait: func() machine.Ending { return ending(cmd) },
	}, nil
}

// ending waits for a script and says how it ended.
func ending(cmd *exec.Cmd) machine.Ending {
	_ = cmd.Wait()
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return machine.Ending{Signal: int(status.Signal())}
	}
	return machine.Ending{Exit: cmd.ProcessState.ExitCode()}
}

// inDir is a path as seen from the Sentinel's directory, into which Redis moves.
func (s *process) inDir(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(s.dir, path)
}

// runnable tells whether a file is there and somebody may execute it.
func (s *process) runnable(path string) bool {
	info, err := os.Stat(s.inDir(path))
	return err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0
}

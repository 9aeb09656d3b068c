package alone

import (
	"os"
	"os/exec"
	"strconv"
)

// detachedMark is the variable that tells a daemon that it is one already.
const detachedMark = "PLAYGROUND_DETACHED"

// detached tells whether this process was started by goOnAlone. It is asked once: what the process starts
// itself, a script of a Sentinel's, does not inherit the mark.
func detached() bool {
	_, is := os.LookupEnv(detachedMark)
	_ = os.Unsetenv(detachedMark)
	return is
}

// goOnAlone starts the same program again, without a terminal, and is the exit status of this one. What
// came from the standard input, which cannot be read twice, is handed on.
func goOnAlone(say func(mark byte, format string, args ...any), input []byte) int {
	if err := startDetached(input); err != nil {
		say(markWarning, "Can't become a daemon: %v", err)
		return exitFailure
	}
	return 0
}

func startDetached(input []byte) error {
	executable, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(executable)
	cmd.Args = append([]string{os.Args[0]}, os.Args[1:]...)
	cmd.Env = append(os.Environ(), detachedMark+"=1")
	detach(cmd)
	if input != nil {
		r, w, err := os.Pipe()
		if err != nil {
			return err
		}
		cmd.Stdin = r
		defer func() {
			_, _ = w.Write(input)
			_ = w.Close()
		}()
	}
	return cmd.Start()
}

// pidFile is where a process leaves its number: nowhere unless it is told to or is a daemon.
func pidFile(setting string, background bool) string {
	if setting == "" && background {
		return "/var/run/redis.pid"
	}
	return setting
}

// writePid leaves the process' number in its file, if there is one, as well as it can.
func writePid(file string, inDir func(string) string) {
	if file != "" {
		_ = os.WriteFile(inDir(file), []byte(strconv.Itoa(os.Getpid())+"\n"), 0o644)
	}
}

// removePid takes the file away at an orderly end.
func removePid(file string, inDir func(string) string, say func(mark byte, format string, args ...any)) {
	if file != "" {
		say(markNotice, "Removing the pid file.")
		_ = os.Remove(inDir(file))
	}
}

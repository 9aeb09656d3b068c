package garbage

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// leaveProgram lets go of the program's code and constants. A process that has started needs half of them, and the
// system maps those again at the next touch. Pages of which we have a copy of our own are no longer what the file
// says; a mapping that has any is left alone.
func leaveProgram() {
	path, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	maps, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer maps.Close()
	var from, to uintptr // the mapping that is described, if it is one of the program's
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		line := lines.Text()
		words := strings.Fields(line)
		switch {
		case len(words) < 2:
		case strings.Contains(words[0], "-"):
			from, to = 0, 0
			if len(words[1]) > 1 && words[1][1] == '-' && strings.HasSuffix(line, " "+path) {
				_, _ = fmt.Sscanf(words[0], "%x-%x", &from, &to) // nothing is read of what is not understood
			}
		case from < to && words[0] == "Anonymous:" && words[1] == "0":
			_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, from, to-from, syscall.MADV_DONTNEED) // advice
		}
	}
}

package playground

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// freeMemory is how many bytes the system and the container we may be in can still give us.
func freeMemory() (bytes int64, known bool) {
	bytes, known = availableMemory("/proc/meminfo")
	if free, limited := containerMemory("/sys/fs/cgroup", "/proc/self/cgroup"); limited && (!known || free < bytes) {
		return free, true
	}
	return bytes, known
}

// availableMemory is what the system could give without swapping, by its own estimate.
func availableMemory(path string) (bytes int64, known bool) {
	file, err := os.Open(path)
	if err != nil {
		return 0, false
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var kilobytes int64
		if n, _ := fmt.Sscanf(lines.Text(), "MemAvailable: %d kB", &kilobytes); n == 1 {
			return kilobytes << 10, true
		}
	}
	return 0, false
}

// containerMemory is what is left of the memory of our cgroup, of the second version or the first. A
// container sees its own group at the root, whatever its path is called outside.
func containerMemory(root, own string) (bytes int64, limited bool) {
	text, err := os.ReadFile(own)
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(text)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		most, used, in := "memory.limit_in_bytes", "memory.usage_in_bytes", filepath.Join(root, "memory")
		switch parts[1] {
		case "":
			most, used, in = "memory.max", "memory.current", root
		case "memory":
		default:
			continue
		}
		for _, dir := range []string{filepath.Join(in, parts[2]), in} {
			limit, ok := readNumber(filepath.Join(dir, most))
			taken, ok2 := readNumber(filepath.Join(dir, used))
			if ok && ok2 && limit < 1<<60 { // the first version's word for no limit is greater
				return max(limit-taken+cached(filepath.Join(dir, "memory.stat")), 0), true
			}
		}
	}
	return 0, false
}

// cached is what the group's files take that nobody has looked at lately: the system gives it back.
func cached(path string) int64 {
	file, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), " ")
		if name == "inactive_file" || name == "total_inactive_file" {
			n, _ := strconv.ParseInt(value, 10, 64)
			return n
		}
	}
	return 0
}

// readNumber reads a file that holds one number; "max" is none.
func readNumber(path string) (int64, bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return n, err == nil
}

package alone

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// checkSystem is --check-system: what of this computer would slow a server down, in the form in which Redis says it.
// What matters only to a server that forks is skipped. It returns the exit status.
func checkSystem(out io.Writer) int {
	status := 0
	for _, check := range []struct {
		name string
		look func() (warning string, known bool)
	}{
		{"slow-clocksource", slowClock}, {"xen-clocksource", xenClock}, {"overcommit", nothingForks}, {"THP", nothingForks},
	} {
		warning, known := check.look()
		switch {
		case !known:
			fmt.Fprintf(out, "[%s]...skipped\n", check.name)
		case warning == "":
			fmt.Fprintf(out, "[%s]...OK\n", check.name)
		default:
			fmt.Fprintf(out, "[%s]...WARNING:\n%s\n", check.name, warning)
			status = exitFailure
		}
	}
	return status
}

func nothingForks() (warning string, known bool) { return "", false }

// clockLook is how long slowClock reads the clock: five ticks of the system, in which it counts its work.
const clockLook = 50 * time.Millisecond

// slowClock tells a clock that cannot be read without a call into the system (checkClocksource).
func slowClock() (warning string, known bool) {
	user, system, known := cpuTime()
	for begin := time.Now(); time.Since(begin) < clockLook; {
		continue
	}
	userAfter, systemAfter, _ := cpuTime()
	inSystem := systemAfter - system
	if !known || inSystem*10 <= inSystem+userAfter-user {
		return "", known
	}
	return fmt.Sprintf("Reading the clock takes a call into the system each time. The clock source is %s; there are: %s. "+
		"Another can be written to %s/current_clocksource.", clockSource("current"), clockSource("available"), clockSources), true
}

// xenClock tells the clock of a Xen guest, which is slow (checkXenClocksource).
func xenClock() (warning string, known bool) {
	switch clockSource("current") {
	case "":
		return "", false
	case "xen":
		return "The clock source is xen, which may be slow: see what the check of slow-clocksource says.", true
	}
	return "", true
}

const clockSources = "/sys/devices/system/clocksource/clocksource0"

// clockSource reads the current clock source, or those that are available.
func clockSource(which string) string {
	text, _ := os.ReadFile(clockSources + "/" + which + "_clocksource")
	return strings.TrimSpace(string(text))
}

// memoryPasses is how often each pattern goes through the memory.
const memoryPasses = 50

// testMemory is --test-memory with a number of megabytes. It returns the exit status.
func testMemory(args []string, out, err io.Writer) int {
	if len(args) != 1 {
		fmt.Fprint(err, "Please specify the amount of memory to test in megabytes.\nExample: ./redis-server --test-memory 4096\n\n")
		return exitFailure
	}
	megabytes, _ := strconv.Atoi(args[0])
	words := make([]uint64, max(0, megabytes)<<20/8)
	for pass := range memoryPasses {
		if at := badWord(words, pass); at >= 0 {
			fmt.Fprintf(out, "\n*** MEMORY ERROR DETECTED: word %d of %d in pass %d\n", at, len(words), pass+1)
			return exitFailure
		}
	}
	fmt.Fprint(out, "\nYour memory passed this test.\n")
	return 0
}

// badWord writes patterns and returns the place of a word that did not keep one, -1 for none.
func badWord(words []uint64, pass int) int {
	const checkers = 0xAAAAAAAAAAAAAAAA
	for _, pattern := range []func(i int) uint64{
		func(i int) uint64 { return uint64(i) },
		func(i int) uint64 { return (uint64(i) + uint64(pass) + 1) * 0x9E3779B97F4A7C15 }, // bits without order
		func(i int) uint64 { return -uint64(i & 1) },
		func(i int) uint64 { return checkers >> (i & 1) },
	} {
		for i := range words {
			words[i] = pattern(i)
		}
		for i, word := range words {
			if word != pattern(i) {
				return i
			}
		}
	}
	return -1
}

package server

import "math"

// parametersHidden are known to CONFIG by their very names only, as in Redis: its suites slow a server
// down with them.
var parametersHidden = []parameter{
	{"key-load-delay", "", "0", number(math.MinInt32, math.MaxInt32), live},
	{"loading-process-events-interval-bytes", "", "2097152", number(1024, math.MaxInt32), idle},
	{"rdb-key-save-delay", "", "0", number(math.MinInt32, math.MaxInt32), live},
	{"use-exit-on-panic", "", "no", yesNo, idle},
	{"watchdog-period", "", "0", number(0, math.MaxInt32), told},
}

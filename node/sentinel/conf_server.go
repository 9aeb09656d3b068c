package sentinel

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"clusterplay/node/resp"
)

// errConfDirective is what Redis says of a line that is nobody's.
const errConfDirective = "Bad directive or wrong number of arguments"

// errConfYesNo is what Redis says of an answer that is neither.
const errConfYesNo = "argument must be 'yes' or 'no'"

// read takes one statement that is not about Sentinel, and returns why it cannot.
func (s *ConfServer) read(words []string) (refusal string) {
	name, args := words[0], words[1:]
	switch name {
	case "bind":
		s.Bind = args
		return ""
	case "user":
		return s.readUser(args)
	}
	if reader, known := serverReaders[name]; known && len(args) == 1 {
		return reader(s, args[0])
	}
	if len(args) == 0 || !keptDirectives[name] {
		return errConfDirective
	}
	if name != "latency-tracking-info-percentiles" && !slices.Contains(s.Ignored, name) { // every rewrite adds that one
		s.Ignored = append(s.Ignored, name)
	}
	return ""
}

// serverReaders take the settings that mean something here.
var serverReaders = map[string]func(s *ConfServer, value string) string{
	"port":       func(s *ConfServer, v string) string { return wholeNumber(&s.Port, v, 0, 65535) },
	"maxclients": func(s *ConfServer, v string) string { return wholeNumber(&s.MaxClients, v, 1, math.MaxUint32) },
	"loglevel":   (*ConfServer).readLogLevel,
	"dir":        func(s *ConfServer, v string) string { s.Dir = v; return "" },
	"logfile":    func(s *ConfServer, v string) string { s.LogFile = v; return "" },
	"pidfile":    func(s *ConfServer, v string) string { s.PidFile = v; return "" },
	"daemonize":  func(s *ConfServer, v string) string { return yesNo(&s.Daemonize, v, errConfYesNo) },
	"acllog-max-len": func(s *ConfServer, v string) string {
		n := 0
		refusal := wholeNumber(&n, v, 0, math.MaxInt64)
		s.DenialsKept = int64(n)
		return refusal
	},
	"acl-pubsub-default": func(s *ConfServer, v string) string {
		v = strings.ToLower(v)
		s.OpenChannels = v == "allchannels"
		if !s.OpenChannels && v != "resetchannels" {
			return "argument(s) must be one of the following: allchannels, resetchannels"
		}
		return ""
	},
	"requirepass":    func(s *ConfServer, v string) string { s.Password = v; return "" },
	"protected-mode": func(s *ConfServer, v string) string { return yesNo(&s.Protected, v, errConfYesNo) },
}

// wholeNumber reads a number within bounds.
func wholeNumber(to *int, text string, least, most int64) string {
	n, ok := resp.ParseInt([]byte(text))
	switch {
	case !ok:
		return "argument couldn't be parsed into an integer"
	case n < least || n > most:
		return fmt.Sprintf("argument must be between %d and %d inclusive", least, most)
	}
	*to = int(n)
	return ""
}

func (s *ConfServer) readLogLevel(level string) string {
	level = strings.ToLower(level)
	if !slices.Contains([]string{"debug", "verbose", "notice", "warning"}, level) {
		return "argument(s) must be one of the following: debug, verbose, notice, warning"
	}
	s.LogLevel = level
	return ""
}

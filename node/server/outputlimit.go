package server

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// outputLimitName is the parameter that bounds what waits for a client.
const outputLimitName = "client-output-buffer-limit"

// outputClasses are the classes of clients in the order in which CONFIG GET shows them.
var outputClasses = [...]string{"normal", "slave", "pubsub"}

// outputLimits is the value of client-output-buffer-limit.
type outputLimits [len(outputClasses)]outputLimit

// outputLimit bounds what waits for a client of one class; 0 is no bound.
type outputLimit struct {
	hard, soft uint64
	seconds    int32
}

// read changes the classes that text names; the others stay as they are
// (setConfigOutputBufferLimitOption). It says why not in CONFIG SET's words.
func (l *outputLimits) read(text string) (refusal string) {
	if text == "" {
		return ""
	}
	words := strings.Split(text, " ")
	if len(words)%4 != 0 {
		return "Wrong number of arguments in buffer limit configuration."
	}
	for ; len(words) > 0; words = words[4:] {
		class := outputClass(words[0])
		if class < 0 {
			return "Invalid client class specified in buffer limit configuration."
		}
		hard, ok1 := saturated(words[1])
		soft, ok2 := saturated(words[2])
		seconds, ok3 := cSeconds(words[3])
		if !ok1 || !ok2 || !ok3 {
			return "Error in hard, soft or soft_seconds setting in buffer limit configuration."
		}
		l[class] = outputLimit{hard, soft, seconds}
	}
	return ""
}

// outputClass is the number of a class, which may be called replica too; -1 for none.
func outputClass(name string) int {
	name = strings.ToLower(name)
	if name == "replica" {
		name = "slave"
	}
	for i, class := range outputClasses {
		if class == name {
			return i
		}
	}
	return -1
}

// saturated is memory for a value that may be beyond 63 bits: it ends at the greatest of 64.
func saturated(text string) (uint64, bool) {
	digits := strings.TrimRight(text, "bkmgBKMG")
	unit, ok := memoryUnits[strings.ToLower(text[len(digits):])]
	n, err := strconv.ParseUint(digits, 10, 64)
	if !ok || err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, false
	}
	return n * uint64(unit), true
}

// cSeconds is a number of seconds as C puts it into an int: what does not fit is cut off.
func cSeconds(text string) (int32, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return int32(n), (err == nil || errors.Is(err, strconv.ErrRange)) && int32(n) >= 0
}

// String is the value as CONFIG GET shows it.
func (l *outputLimits) String() string {
	var words []string
	for i, one := range l {
		words = append(words, outputClasses[i], strconv.FormatUint(one.hard, 10), strconv.FormatUint(one.soft, 10),
			strconv.FormatInt(int64(one.seconds), 10))
	}
	return strings.Join(words, " ")
}

// limitsText accepts a whole or a partial value and shows it as a change of the default.
func limitsText(text string) (string, int64, string) { return changedLimits(defaultOutputLimits, text) }

const defaultOutputLimits = "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60"

// changedLimits is present with what text changes of it.
func changedLimits(present, text string) (string, int64, string) {
	var l outputLimits
	if refusal := l.read(present); refusal != "" {
		return "", 0, refusal
	}
	if refusal := l.read(text); refusal != "" {
		return "", 0, refusal
	}
	return l.String(), 0, ""
}

// readLimits is the value of client-output-buffer-limit as it was read last: it is asked for by every cron.
type readLimits struct {
	text   string
	limits outputLimits
}

// OutputLimit is what may wait for a client of a class: hard, and soft for a time; 0 is no bound.
func (s *Server) OutputLimit(class string) (hard, soft int, softFor time.Duration) {
	if text := s.settings.text(outputLimitName); text != s.output.text {
		s.output.text, s.output.limits = text, outputLimits{}
		s.output.limits.read(text)
	}
	one := s.output.limits[outputClass(class)]
	return int(min(one.hard, math.MaxInt)), int(min(one.soft, math.MaxInt)), time.Duration(one.seconds) * time.Second
}

// replicaLimit is how much of the stream may wait for one replica. A hard limit below the size of the
// backlog means that size: what it kept is there anyway. No limit means most.
func (s *Server) replicaLimit(most int64) (hard, soft int64, softFor time.Duration) {
	h, so, softFor := s.OutputLimit("slave")
	hard, soft = int64(h), int64(so)
	if hard == 0 || hard > most {
		hard = most
	}
	return max(hard, s.settings.number("repl-backlog-size")), soft, softFor
}

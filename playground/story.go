package playground

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"clusterplay/node/event"
)

// The levels of a line, by how much a watcher should care.
const (
	Detail = "debug" // not in the story
	Note   = "note"  // in the story for who wants every line
	Info   = "info"
	Good   = "good"
	Warn   = "warn"
	Bad    = "bad"
)

// Line is an event as people read it. Times are the lab's, in milliseconds since 1970.
type Line struct {
	Seq     uint64 `json:"seq"`
	T       int64  `json:"t"`
	Node    string `json:"node"`
	Name    string `json:"name"`
	Line    string `json:"line"`
	Caption string `json:"caption"` // in English; empty for a Detail, of which there can be thousands
	Say     Saying `json:"say"`     // the same for every language
	Level   string `json:"level"`
}

// Line is the event as people read it: its canonical line, a sentence for a class, and a level.
func (l *Lab) Line(e Stamped) Line {
	saying, level := l.caption(e)
	line := Line{
		Seq: e.Seq, T: e.T.UnixMilli(), Node: e.Node,
		Name: e.Event.Name(), Line: oneLine(e.Event.Describe()), Say: saying, Level: level,
	}
	if level != Detail {
		line.Caption = saying.English()
	}
	return line
}

// oneLine spells out what would break a line, turn it around or hide in it: one event is one line,
// whatever somebody called a client or wrote into a mark.
func oneLine(text string) string {
	if strings.IndexFunc(text, outOfLine) < 0 {
		return text
	}
	var b strings.Builder
	for _, c := range text {
		if outOfLine(c) {
			quoted := strconv.QuoteRuneToASCII(c)
			b.WriteString(quoted[1 : len(quoted)-1])
		} else {
			b.WriteRune(c)
		}
	}
	return b.String()
}

func outOfLine(c rune) bool {
	if ' ' <= c && c <= '~' {
		return false // nearly all of what is told
	}
	return unicode.In(c, unicode.C, unicode.Zl, unicode.Zp)
}

// caption finds the sentence and the level for an event: each file of captions knows some of them.
func (l *Lab) caption(e Stamped) (Saying, string) {
	tell := []func(string, event.Event) (Saying, string){
		l.captionFailure, l.captionElection, l.captionNodes, l.captionSlots, l.captionReplica, l.captionSync, l.captionDisk, captionScript, l.captionSentinel, captionLab,
	}
	for _, f := range tell {
		if saying, level := f(e.Node, e.Event); saying.ID != "" {
			return saying, level
		}
	}
	return nothing, Detail
}

// seconds writes a time as a person says it: 5 s, 0.7 s.
func seconds(m event.Millis) string {
	d := time.Duration(m) * time.Millisecond
	if d%time.Second == 0 || d >= 10*time.Second {
		return fmt.Sprintf("%d s", d/time.Second)
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

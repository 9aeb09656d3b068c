package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"clusterplay/scenarios"
)

// lessonReport is what came of one run of a lesson, a case for each fence that runs.
type lessonReport struct {
	lesson *scenarios.Lesson
	cases  []fenceCase
	took   time.Duration
	err    error
}

// fenceCase is what came of one fence.
type fenceCase struct {
	fence string
	line  int // of the lesson's file
	began time.Time
	took  time.Duration
	ended bool
	why   string // it failed for; "" when it passed
}

func newReport(l *scenarios.Lesson) *lessonReport {
	r := &lessonReport{lesson: l}
	for _, b := range l.Blocks {
		if b.Kind == scenarios.KindRedis || b.Kind == scenarios.KindPlay {
			r.cases = append(r.cases, fenceCase{fence: b.Fence, line: b.Line})
		}
	}
	return r
}

// note takes a step over.
func (r *lessonReport) note(p scenarios.Progress) {
	for i := range r.cases {
		c := &r.cases[i]
		if c.fence != p.Fence {
			continue
		}
		if c.began.IsZero() {
			c.began = time.Now()
		}
		switch p.State {
		case scenarios.StatePassed, scenarios.StateFailed, scenarios.StateStopped:
			c.ended, c.took = true, time.Since(c.began)
		}
	}
}

// end notes how the run ended.
func (r *lessonReport) end(err error, took time.Duration) {
	r.err, r.took = err, took
	var check *scenarios.CheckError
	for i := range r.cases {
		if errors.As(err, &check) && check.Fence == r.cases[i].fence {
			r.cases[i].why = check.Error()
		}
	}
}

// The elements of JUnit's XML that its readers agree on.
type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Time     string      `xml:"time,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr"`
		Line    int           `xml:"line,attr"`
		Time    string        `xml:"time,attr"`
		Failure *junitMessage `xml:"failure,omitempty"`
		Error   *junitMessage `xml:"error,omitempty"`
		Skipped *struct{}     `xml:"skipped,omitempty"`
	}
	junitMessage struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit writes the reports where a CI server finds them; an empty name writes nothing.
func writeJUnit(name string, reports []*lessonReport) error {
	if name == "" {
		return nil
	}
	var all junitSuites
	for _, r := range reports {
		all.Suites = append(all.Suites, r.suite())
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err == nil {
		err = os.WriteFile(name, append([]byte(xml.Header), append(text, '\n')...), 0o644)
	}
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// suite is one lesson. A lab that broke is an error of the first fence that has not ended.
func (r *lessonReport) suite() junitSuite {
	s := junitSuite{Name: r.lesson.ID, Tests: len(r.cases), Time: seconds(r.took)}
	broke := r.err
	for _, c := range r.cases {
		j := junitCase{
			Name: fmt.Sprintf("fence %s, line %d", c.fence, c.line), Class: r.lesson.ID, File: r.lesson.Source, Line: c.line, Time: seconds(c.took),
		}
		switch {
		case c.why != "":
			s.Failures++
			j.Failure, broke = message(c.why), nil
		case !c.ended && broke != nil:
			s.Errors++
			j.Error, broke = message(broke.Error()), nil
		case !c.ended:
			s.Skipped++
			j.Skipped = &struct{}{}
		}
		s.Cases = append(s.Cases, j)
	}
	return s
}

func message(text string) *junitMessage {
	first, _, _ := strings.Cut(text, "\n")
	return &junitMessage{Message: first, Text: text}
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"clusterplay/playground"
)

// openBeside opens the labs of --lab: each a kind or a topology file.
func openBeside(labs *playground.Labs, wanted []string) error {
	for _, what := range wanted {
		topology, id, err := besideOf(what)
		if err != nil {
			return err
		}
		for n, base := 2, id; labs.Get(id) != nil; n++ {
			id = base + "-" + strconv.Itoa(n)
		}
		if _, err := labs.Open(id, topology); err != nil {
			return fmt.Errorf("lab %s: %w", id, err)
		}
	}
	return nil
}

// besideOf is what a lab of --lab consists of, and what it is called: as its file says, as the file is
// called, or as its kind.
func besideOf(what string) (t playground.Topology, id string, err error) {
	if playground.IsKind(what) {
		t = playground.DefaultsOf(what)
		t.Seed = drawSeed()
		return t, what, nil
	}
	if t, err = playground.LoadTopology(what); err != nil {
		return t, "", err
	}
	if t.Name != playground.MainLab {
		return t, t.Name, nil
	}
	name, _, _ := strings.Cut(filepath.Base(what), ".")
	return t, strings.Trim(notInNames.ReplaceAllString(strings.ToLower(name), "-"), "-"), nil
}

// notInNames is what a lab's name cannot hold.
var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// formAll lets all labs form at the same time and returns when they have, or why one cannot.
func formAll(ctx context.Context, labs []*playground.Lab) (fault error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	formed := make(chan error)
	for _, lab := range labs {
		go func() { formed <- lab.Form(ctx) }()
	}
	for range labs {
		if err := <-formed; err != nil && fault == nil {
			fault = err
			cancel()
		}
	}
	return fault
}

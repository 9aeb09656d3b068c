package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"clusterplay/scenarios"
)

func lessonCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lesson",
		Short: "List, run, test, check and write lessons",
		Long: "List, run, test, check and write lessons. A lesson is a Markdown file, or a folder with en.md and zh.md.\n" +
			"Exit codes: 1 something broke, 2 wrong usage or a lesson that cannot be read or does not pass lint, 3 a failed check.",
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(lessonList(), lessonRun(), lessonTest(), lessonLint(), lessonNew())
	return cmd
}

// openLessons reads the lessons that a person names: a path, or the id of a built-in lesson.
func openLessons(name string) (*scenarios.Library, error) {
	if lib, err := scenarios.Open(name); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return lib, err
	}
	if strings.HasSuffix(name, ".md") || strings.ContainsRune(name, os.PathSeparator) {
		return nil, fmt.Errorf("there is no file or folder %s", name)
	}
	lib, err := scenarios.NewLibrary()
	if err != nil {
		return nil, err
	}
	if lib = lib.Only(name); lib == nil {
		return nil, fmt.Errorf("there is neither a file nor a lesson %q; playground lesson list names them", name)
	}
	return lib, nil
}

// openAll reads the lessons that a person names; the built-in ones when none is named. What cannot be
// read comes as problems beside the rest.
func openAll(names []string) (libs []*scenarios.Library, problems scenarios.Problems, err error) {
	if len(names) == 0 {
		lib, err := scenarios.NewLibrary()
		return []*scenarios.Library{lib}, nil, err
	}
	for _, name := range names {
		lib, err := openLessons(name)
		var wrong scenarios.Problems
		switch {
		case errors.As(err, &wrong):
			problems = append(problems, wrong...)
		case err != nil:
			return nil, nil, err
		}
		libs = append(libs, lib)
	}
	return libs, problems, nil
}

// checkLanguage refuses a --lang that no lesson is written in; none is English.
func checkLanguage(language string) error {
	if all := scenarios.Languages(); !slices.Contains(all, language) {
		return &exitError{exitUsage, fmt.Errorf("--lang %s: the languages are %s", language, strings.Join(all, " and "))}
	}
	return nil
}

// unusable makes an error in what a person gave one of usage.
func unusable(err error) error {
	if err == nil {
		return nil
	}
	return &exitError{exitUsage, err}
}

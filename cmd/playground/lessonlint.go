package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/spf13/cobra"

	"clusterplay/scenarios"
)

func lessonLint() *cobra.Command {
	return &cobra.Command{
		Use:   "lint [PATH…]",
		Short: "Say what is wrong with lessons, and what to write instead",
		Long: "Say what is wrong with lessons, a line each: file:line:column: what (what to write instead).\n" +
			"The languages of a lesson are held against each other. Without a path the built-in lessons are checked.",
		Example: "  playground lesson lint my-lesson\n  playground lesson lint my-lesson/en.md",
		RunE: func(cmd *cobra.Command, args []string) error {
			libs, problems, err := openAll(args)
			if err != nil {
				return unusable(err)
			}
			count := 0
			for _, lib := range libs {
				problems = append(problems, lib.Lint()...)
				count += len(lib.List("en"))
			}
			for _, p := range problems {
				fmt.Fprintln(cmd.OutOrStdout(), p)
			}
			if len(problems) > 0 {
				return unusable(fmt.Errorf("%s", counted(len(problems), "problem")))
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s, no problems\n", counted(count, "lesson"))
			return nil
		},
	}
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func lessonNew() *cobra.Command {
	var language string
	cmd := &cobra.Command{
		Use:     "new DIR",
		Short:   "Write a small lesson that passes, to begin with",
		Long:    "Write a small lesson that passes, to begin with: DIR/en.md and DIR/zh.md. Its id is the folder's name.",
		Example: "  playground lesson new 030-my-lesson\n  playground lesson new my-lesson --lang zh",
		Args:    usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			chosen := scenarios.Languages()
			if cmd.Flags().Changed("lang") {
				if err := checkLanguage(language); err != nil {
					return err
				}
				chosen = []string{language}
			}
			files, err := newLesson(args[0], chosen)
			for _, file := range files {
				fmt.Fprintln(cmd.OutOrStdout(), file)
			}
			if err == nil {
				fmt.Fprintf(cmd.ErrOrStderr(), "watch it: playground lesson run %[1]s; check it: playground lesson lint %[1]s\n", args[0])
			}
			return err
		},
	}
	cmd.Flags().StringVar(&language, "lang", "en", "write only this language: en or zh (default: both)")
	return cmd
}

// numbered is what a folder's name begins with to have its place in the list.
var numbered = regexp.MustCompile(`^[0-9]+-`)

// newLesson writes a lesson's files and tells which. It never writes over one that is there.
func newLesson(dir string, chosen []string) (files []string, err error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, unusable(err)
	}
	id := numbered.ReplaceAllString(filepath.Base(absolute), "")
	texts := map[string][]byte{}
	for _, language := range chosen {
		if texts[language], err = scenarios.Skeleton(id, language); err != nil {
			return nil, unusable(err)
		}
		if _, err := os.Lstat(filepath.Join(dir, language+".md")); err == nil {
			return nil, unusable(fmt.Errorf("%s is there already", filepath.Join(dir, language+".md")))
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, unusable(fmt.Errorf("write the lesson: %w", err))
	}
	for _, language := range chosen {
		file := filepath.Join(dir, language+".md")
		if err := writeNew(file, texts[language]); err != nil {
			return files, unusable(fmt.Errorf("write the lesson: %w", err))
		}
		files = append(files, file)
	}
	return files, nil
}

// writeNew writes a file that must not be there yet.
func writeNew(name string, text []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

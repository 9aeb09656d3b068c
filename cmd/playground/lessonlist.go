package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"clusterplay/scenarios"
)

func lessonList() *cobra.Command {
	var language string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the built-in lessons", Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLanguage(language); err != nil {
				return err
			}
			lib, err := scenarios.NewLibrary()
			if err != nil {
				return err
			}
			all := lib.List(language)
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(all)
			}
			table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			for _, s := range all {
				fmt.Fprintf(table, "%s\tlevel %d\t%d min\t%s\t%s\n", s.ID, s.Level, s.Minutes, strings.Join(s.Languages, " "), s.Title)
			}
			return table.Flush()
		},
	}
	cmd.Flags().StringVar(&language, "lang", "en", "the titles' language: en or zh")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one line of JSON")
	return cmd
}

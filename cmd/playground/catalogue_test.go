package main_test

import (
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// catalogue is how many rows of bad input there are: A requests, B calls, C calls of a cluster, D packets
// of the bus, E files. Each has a test, or a row of one, whose name begins with the row's.
var catalogue = map[byte]int{'A': 40, 'B': 32, 'C': 11, 'D': 22, 'E': 38}

// inProse are the rows that are tests of their own and say so in their comment.
var inProse = regexp.MustCompile(`(?m)^// Row ([A-E]\d+) of the catalogue of bad input\.$`)

var rowName = regexp.MustCompile(`^([A-E]\d+) \S`)

func TestEveryRowOfTheCatalogueIsATest(t *testing.T) {
	found := map[string]bool{}
	for _, f := range sources(t) {
		if !f.isTest() || f.pkg == "cmd/playground" {
			continue
		}
		for _, m := range inProse.FindAllStringSubmatch(f.text, -1) {
			found[m[1]] = true
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok {
				if text, err := strconv.Unquote(lit.Value); err == nil {
					if m := rowName.FindStringSubmatch(text); m != nil {
						found[m[1]] = true
					}
				}
			}
			return true
		})
	}
	total := 0
	for section, rows := range catalogue {
		for row := range rows {
			name := fmt.Sprintf("%c%d", section, row+1)
			require.True(t, found[name], "no test is named after row %s", name)
			total++
		}
	}
	require.GreaterOrEqual(t, total, 120)
}

// TestTargetsOfMakeTestExist looks for what make test fuzzes: go test does not mind a target that is not there.
func TestTargetsOfMakeTestExist(t *testing.T) {
	makefile, err := os.ReadFile(filepath.Join("..", "..", "Makefile"))
	require.NoError(t, err)
	_, after, found := strings.Cut(string(makefile), "\nHOSTILE = ")
	require.True(t, found)
	list, _, _ := strings.Cut(strings.ReplaceAll(after, "\\\n", " "), "\n")
	there := map[string]bool{}
	for _, f := range sources(t) {
		for _, decl := range f.ast.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && f.isTest() {
				there[f.pkg+":"+fn.Name.Name] = true
			}
		}
	}
	targets := strings.Fields(list)
	require.Len(t, targets, 12)
	for _, target := range targets {
		require.True(t, there[target], "%s is not there", target)
	}
}

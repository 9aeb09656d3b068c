package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// module is the path every import of ours begins with.
const module = "clusterplay/"

// mayImport is the law of the house: which of our packages a package may import, by prefix.
// Imports point down and never up; the comment beside a row says what the row protects.
var mayImport = map[string][]string{
	"cmd/playground": {"web", "playground", "scenarios", "node", "assets"}, // wires, decides nothing
	"web":            {"playground", "scenarios", "assets", "web", "node/event", "node/slot"},
	"web/api":        {"playground", "scenarios"}, // the contract speaks of their types
	"web/metrics":    {"playground"},
	"web/door":       {}, // counts connections, knows no console
	"web/hub":        {"playground", "node/event", "node/slot", "web/seats"},
	"web/seats":      {},                               // counts sockets, knows no console
	"web/tty":        {"playground/repl", "web/seats"}, // a shell behind a socket
	"web/view":       {"playground", "scenarios", "node/event", "node/slot"},
	"scenarios":      {"playground", "node/event", "node/slot"}, // a lesson acts through the lab only
	"assets":         {},

	"playground":           {"playground", "node"},
	"playground/world":     {"node", "playground/invariant"}, // never the lab: the same code without it
	"playground/invariant": {"node"},
	"playground/clock":     {"node"},
	"playground/network":   {"node"},
	"playground/workload":  {"node", "playground/wire"},
	"playground/wire":      {"node/resp"}, // one connection to a node, for workload and terminal
	"playground/history":   {"node/event"},
	"playground/words":     {}, // sentences, for whoever speaks to people
	"playground/repl":      {"node/resp", "playground/wire", "playground/repl/edit"},
	"playground/repl/edit": {}, // bytes in, bytes out
	"playground/repl/cli":  {"playground/repl"},

	"node":             {"node/machine", "node/event", "node/resp"},                                                     // the rim drives any machine
	"node/berth":       {},                                                                                              // ports for tests
	"node/garbage":     {},                                                                                              // the process, not what it does
	"node/alone":       {"node", "node/sentinel", "node/server", "node/bus", "node/machine", "node/event", "node/resp"}, // one machine, a process of its own
	"node/hostile":     {},                                                                                              // seeds and bounds, for tests
	"node/machine":     {"node/event"},
	"node/event":       {},
	"node/slot":        {}, // codecs and arithmetic stand alone
	"node/hll":         {},
	"node/geo":         {},
	"node/resp":        {},
	"node/lua":         {},                        // a language, which knows no server
	"node/script":      {"node/lua", "node/resp"}, // the language in the server's words
	"node/bus":         {"node/slot"},
	"node/listpack":    {},
	"node/aof":         {"node/resp", "node/event", "node/machine"}, // what is written and when, not by whom
	"node/rdb":         {"node/listpack"},                           // small values are listpacks in the file
	"node/stream":      {"node/listpack"},                           // a stream's nodes are listpacks, and it knows no keys
	"node/keyspace":    {"node/slot", "node/stream"},
	"node/command":     {"node/keyspace", "node/stream", "node/listpack", "node/resp", "node/slot", "node/rdb", "node/hll", "node/geo"},
	"node/cluster":     {"node/bus", "node/slot", "node/event", "node/machine"},
	"node/acl":         {"node/command", "node/resp"}, // rules speak of the table's commands
	"node/pubsub":      {"node/command", "node/resp"}, // patterns are those of KEYS
	"node/tracking":    {"node/resp"},                 // who has read what, of any kind of connection
	"node/replication": {"node/resp", "node/event", "node/machine"},
	"node/sentinel":    {"node/acl", "node/command", "node/pubsub", "node/session", "node/tracking", "node/resp", "node/event", "node/machine"},
	"node/session":     {"node/resp"}, // CLIENT, HELLO: the same words for every kind of server
	"node/server": {"node/acl", "node/tracking", "node/cluster", "node/replication", "node/aof", "node/command", "node/keyspace", "node/stream", "node/pubsub", "node/session",
		"node/resp", "node/rdb", "node/bus", "node/slot", "node/event", "node/machine",
		"node/script"},
}

// home is the one place, by prefix, where a third-party package may be used outside tests.
var home = map[string][]string{
	"github.com/tidwall/redcon":           {"node", "node/resp"},
	"github.com/tidwall/btree":            {"node/keyspace", "node/stream"},
	"github.com/labstack/echo/v4":         {"web", "web/api"},
	"github.com/oapi-codegen":             {"web/api"},
	"github.com/gorilla/websocket":        {"web/hub", "web/tty", "web"},
	"github.com/a-h/templ":                {"web/view", "web"},
	"modernc.org/sqlite":                  {"playground/history"},
	"github.com/spf13/cobra":              {"cmd/playground"},
	"github.com/spf13/pflag":              {"cmd/playground"}, // cobra's flags: what is wrong with one
	"github.com/goccy/go-yaml":            {"playground", "scenarios"},
	"github.com/yuin/goldmark":            {"scenarios"},
	"github.com/nicksnyder/go-i18n/v2":    {"playground/words"},
	"github.com/BurntSushi/toml":          {"playground/words"},
	"github.com/prometheus/client_golang": {"web/metrics"},
	"golang.org/x/text":                   {"playground/words", "playground/repl/edit"},
	"golang.org/x/term":                   {"cmd/playground"},
	"golang.org/x/time":                   {"playground/workload", "playground/network", "scenarios", "web", "web/hub", "web/door"},
	"golang.org/x/sync":                   {"playground"},
	"golang.org/x/sys":                    {"node", "playground", "playground/network"},
}

// machines are the deterministic packages: given the same inputs they do the same, always.
var machines = []string{
	"node/slot", "node/resp", "node/bus", "node/rdb", "node/hll", "node/geo", "node/event", "node/machine", "node/keyspace",
	"node/listpack", "node/stream",
	"node/command", "node/cluster", "node/pubsub", "node/replication", "node/sentinel", "node/server",
	"node/session", "node/acl", "node/tracking", "node/aof", "playground/invariant",
	"node/lua", "node/script",
}

// bannedImports may not be imported by a machine: each is a door to the world.
var bannedImports = []string{"os", "net", "log", "log/slog", "sync", "sync/atomic", "io/fs", "os/exec", "math/rand",
	"crypto/rand", "path/filepath", "runtime", "context", "hash/maphash"}

// bannedCalls may not be called by a machine: the clock and chance come from outside.
var bannedCalls = []string{"time.Now", "time.Since", "time.Until", "time.Sleep", "time.After", "time.AfterFunc",
	"time.NewTimer", "time.NewTicker", "time.Tick", "rand.Int", "rand.IntN", "rand.N", "rand.Float64", "rand.Uint64",
	"rand.Uint32", "rand.Int64", "rand.Int64N", "rand.Perm", "rand.Shuffle"}

// The tail: a file's and a function's most lines. Existing sinners are named in the ratchet with
// the lines they have; they may shrink, never grow, and no new name is added.
const (
	fileWall     = 600
	functionWall = 70
)

var ratchet = map[string]int{}

// sourceFile is one parsed Go file of the project.
type sourceFile struct {
	path, pkg string // "node/slot/slot.go", "node/slot"
	ast       *ast.File
	fset      *token.FileSet
	text      string
}

func (f sourceFile) isTest() bool { return strings.HasSuffix(f.path, "_test.go") }
func (f sourceFile) isGenerated() bool {
	return strings.HasSuffix(f.path, "_templ.go") || strings.HasSuffix(f.path, ".gen.go")
}

func (f sourceFile) imports() []string {
	var paths []string
	for _, spec := range f.ast.Imports {
		paths = append(paths, strings.Trim(spec.Path.Value, `"`))
	}
	return paths
}

func (f sourceFile) at(p token.Pos) string {
	pos := f.fset.Position(p)
	return f.path + ":" + itoa(pos.Line)
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// sources parses every Go file below the module's root.
func sources(t *testing.T) []sourceFile {
	t.Helper()
	root := filepath.Join("..", "..")
	var files []sourceFile
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (name == "node_modules" || name == "testdata" || (strings.HasPrefix(name, ".") && path != root)) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, path, text, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		rel = filepath.ToSlash(rel)
		files = append(files, sourceFile{path: rel, pkg: filepath.ToSlash(filepath.Dir(rel)), ast: parsed, fset: fset, text: string(text)})
		return err
	})
	require.NoError(t, err)
	require.NotEmpty(t, files)
	return files
}

// allowed reports whether pkg is one of prefixes or, for prefixes other than "node", below one.
func allowed(pkg string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool {
		return pkg == p || strings.HasPrefix(pkg, p+"/")
	})
}

func TestImportsPointDownAndNeverUp(t *testing.T) {
	for _, f := range sources(t) {
		if f.isTest() {
			continue
		}
		may, known := mayImport[f.pkg]
		require.True(t, known, "%s: package %s is not in the import table: say what it may import", f.path, f.pkg)
		for _, path := range f.imports() {
			target, ours := strings.CutPrefix(path, module)
			if ours {
				require.True(t, allowed(target, may), "%s imports %s, which the table forbids", f.path, target)
			}
		}
	}
}

func TestEachThirdPartyPackageHasOneHome(t *testing.T) {
	for _, f := range sources(t) {
		if f.isTest() {
			continue
		}
		for _, path := range f.imports() {
			if !strings.Contains(strings.Split(path, "/")[0], ".") || strings.HasPrefix(path, module) {
				continue
			}
			at := slices.IndexFunc(homes(), func(h string) bool { return path == h || strings.HasPrefix(path, h+"/") })
			require.GreaterOrEqual(t, at, 0, "%s imports %s, which has no home in the table", f.path, path)
			require.Contains(t, home[homes()[at]], f.pkg, "%s imports %s away from its home", f.path, path)
		}
	}
}

func homes() []string {
	var names []string
	for name := range home {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func TestMachinesTouchNothingOfTheWorld(t *testing.T) {
	for _, f := range sources(t) {
		if f.isTest() || !slices.Contains(machines, f.pkg) {
			continue
		}
		for _, path := range f.imports() {
			require.NotContains(t, bannedImports, path, "%s imports %s", f.path, path)
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				t.Errorf("%s starts a goroutine", f.at(n.Pos()))
			case *ast.ChanType, *ast.SelectStmt:
				t.Errorf("%s uses a channel", f.at(n.Pos()))
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && x.Obj == nil && slices.Contains(bannedCalls, x.Name+"."+n.Sel.Name) {
					t.Errorf("%s uses %s.%s", f.at(n.Pos()), x.Name, n.Sel.Name)
				}
			}
			return true
		})
	}
}

func TestEveryPackageHasOneComment(t *testing.T) {
	comments := map[string][]string{}
	for _, f := range sources(t) {
		if f.isTest() {
			continue
		}
		if _, seen := comments[f.pkg]; !seen {
			comments[f.pkg] = nil
		}
		if f.ast.Doc != nil && !f.isGenerated() && !strings.HasPrefix(f.ast.Doc.Text(), "Code generated") {
			comments[f.pkg] = append(comments[f.pkg], f.path)
		}
	}
	for pkg, in := range comments {
		require.Len(t, in, 1, "package %s", pkg)
	}
}

func TestFilesAndFunctionsStayShort(t *testing.T) {
	for _, f := range sources(t) {
		if f.isGenerated() {
			continue
		}
		checkTail(t, f.path, strings.Count(f.text, "\n"), fileWall)
		for _, decl := range f.ast.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Body == nil || f.isTest() { // a table may be as long as it needs to be
				continue
			}
			lines := f.fset.Position(fn.End()).Line - f.fset.Position(fn.Pos()).Line + 1
			checkTail(t, f.path+":"+fn.Name.Name, lines, functionWall)
		}
	}
}

func checkTail(t *testing.T, name string, lines, wall int) {
	t.Helper()
	if most, sinner := ratchet[name]; sinner {
		require.LessOrEqual(t, lines, most, "%s grew", name)
		return
	}
	if lines > wall {
		t.Errorf("%s has %d lines; the wall is %d", name, lines, wall)
	}
}

func TestEveryExportedNameHasASentence(t *testing.T) {
	for _, f := range sources(t) {
		if f.isTest() || f.isGenerated() {
			continue
		}
		for _, decl := range f.ast.Decls {
			checkDocumented(t, f, decl)
		}
	}
}

func checkDocumented(t *testing.T, f sourceFile, decl ast.Decl) {
	t.Helper()
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && receiverExported(d) && !documented(d.Doc, d.Name.Name) {
			t.Errorf("%s: %s needs a sentence that names it", f.at(d.Pos()), d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			checkSpec(t, f, d, spec)
		}
	}
}

func checkSpec(t *testing.T, f sourceFile, d *ast.GenDecl, spec ast.Spec) {
	t.Helper()
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if s.Name.IsExported() && !documented(s.Doc, s.Name.Name) && !documented(d.Doc, s.Name.Name) {
			t.Errorf("%s: type %s needs a sentence that names it", f.at(s.Pos()), s.Name.Name)
		}
	case *ast.ValueSpec:
		if s.Names[0].IsExported() && s.Doc == nil && s.Comment == nil && d.Doc == nil {
			t.Errorf("%s: %s needs a sentence", f.at(s.Pos()), s.Names[0].Name)
		}
	}
}

// documented reports whether a comment speaks of name in its first sentence; methods may share
// one sentence ("Open and Shut tell ...").
func documented(doc *ast.CommentGroup, name string) bool {
	return doc != nil && strings.Contains(doc.Text(), name)
}

func receiverExported(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	typ := d.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	if index, ok := typ.(*ast.IndexExpr); ok {
		typ = index.X
	}
	id, ok := typ.(*ast.Ident)
	return ok && id.IsExported()
}

func TestNoTestSleepsWithoutAReason(t *testing.T) {
	for _, f := range sources(t) {
		if !f.isTest() {
			continue
		}
		for i, line := range strings.Split(f.text, "\n") {
			if strings.Contains(line, "time."+"Sleep(") && !strings.Contains(line, "// ") {
				t.Errorf("%s:%d sleeps: use virtual time, wait for an event, or say why beside it", f.path, i+1)
			}
		}
	}
}

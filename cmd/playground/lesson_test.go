package main_test

import (
	"bufio"
	"encoding/json"
	"encoding/xml"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// lessonHead begins the lessons of these tests; they take a second or two.
const lessonHead = "---\nid: tour\nlevel: 1\nminutes: 1\ncluster: {masters: 3, replicas: 0, cluster-node-timeout: 5000}\n---\n# A tour\n\n"

// writeLesson writes a lesson of its own folder and gives the file's name.
func writeLesson(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "tour", name)
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

// lesson runs `playground lesson` with words.
func lesson(t *testing.T, words ...string) answer {
	t.Helper()
	return runProgram(t, t.TempDir(), append([]string{"lesson"}, words...)...)
}

func TestTheLessonsAreListedInBothLanguages(t *testing.T) {
	t.Parallel()
	a := lesson(t, "list")
	require.Zero(t, a.code, a.stderr)
	require.Contains(t, a.stdout, "a-master-dies")
	require.Contains(t, a.stdout, "A master dies")
	a = lesson(t, "list", "--lang", "zh", "--json")
	var all []struct{ ID, Title string }
	require.NoError(t, json.Unmarshal([]byte(a.stdout), &all), a.stdout)
	require.NotEmpty(t, all)
	require.NotContains(t, a.stdout, "A master dies")
}

func TestANewLessonLintsCleanAndRunsGreen(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "030-mine")
	a := lesson(t, "new", dir)
	require.Zero(t, a.code, a.stderr)
	require.Equal(t, filepath.Join(dir, "en.md")+"\n"+filepath.Join(dir, "zh.md")+"\n", a.stdout)
	require.Contains(t, a.stderr, "playground lesson run "+dir)
	a = lesson(t, "lint", dir)
	require.Equal(t, answer{stdout: "1 lesson, no problems\n"}, a)
	report := filepath.Join(t.TempDir(), "report.xml")
	a = lesson(t, "test", filepath.Dir(dir), "--port", programPort(), "--junit", report)
	require.Zero(t, a.code, "%s%s", a.stdout, a.stderr)
	require.Regexp(t, `^ok    mine +\d+\.\d s\n1 passed, 0 failed\n$`, a.stdout)
	require.Equal(t, suite{Name: "mine", Tests: 2}, readSuite(t, report))
	a = lesson(t, "new", dir)
	require.Equal(t, 2, a.code, "it writes over nothing")
	require.Contains(t, a.stderr, "en.md is there already")
}

// suite is what a CI server reads first of a report.
type suite struct {
	Name     string `xml:"name,attr"`
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Errors   int    `xml:"errors,attr"`
	Skipped  int    `xml:"skipped,attr"`
}

func readSuite(t *testing.T, file string) suite {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var all struct {
		Suites []suite `xml:"testsuite"`
	}
	require.NoError(t, xml.Unmarshal(text, &all), "%s", text)
	require.Len(t, all.Suites, 1)
	return all.Suites[0]
}

func TestLintNamesThePlaceAndWhatToWriteInstead(t *testing.T) {
	t.Parallel()
	file := writeLesson(t, "en.md", lessonHead+"```play\nkil 7001\n```\n\n[more](nowhere.md)\n")
	a := lesson(t, "lint", file)
	require.Equal(t, 2, a.code)
	require.Contains(t, a.stdout, file+":10:1: kil is not a verb (kill; ")
	require.Equal(t, "playground: 1 problem\n", a.stderr)

	file = writeLesson(t, "en.md", lessonHead+"[more](nowhere.md)\n\n```play\nkill 7009\n```\n")
	other := strings.Replace(lessonHead, "minutes: 1", "minutes: 2", 1) + "```play\nkill 7001\n```\n"
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(file), "zh.md"), []byte(other), 0o600))
	a = lesson(t, "lint", filepath.Dir(file))
	require.Equal(t, 2, a.code)
	for _, want := range []string{file + ":9:1: the link nowhere.md leads nowhere", file + ":12:6: the lesson's lab has no node 7009",
		"zh.md:4:1: minutes differs from ", "zh.md:10:1: the line differs from "} {
		require.Contains(t, a.stdout, want)
	}
}

func TestEachExitCodeOfALesson(t *testing.T) {
	t.Parallel()
	green := writeLesson(t, "en.md", lessonHead+"```redis {node=7000}\n> PING\nPONG\n```\n")
	red := writeLesson(t, "en.md", lessonHead+"```redis {node=7000}\n> PING\nPONG\n```\n\n```redis {node=7000}\n> ECHO a\n\"b\"\n```\n\n```play\nmark x\n```\n")
	broken := writeLesson(t, "en.md", "# no front matter\n")
	report := filepath.Join(t.TempDir(), "report.xml")
	two := filepath.Join(t.TempDir())
	for _, id := range []string{"one", "two"} {
		require.Zero(t, lesson(t, "new", filepath.Join(two, id), "--lang", "en").code)
	}
	port := []string{"--headless", "--port", programPort()}
	tests := []struct {
		name  string
		words []string
		code  int
		says  string
	}{
		{"it passes", append([]string{"run", green}, port...), 0, "passed: A tour"},
		{"by folder", append([]string{"run", filepath.Dir(green), "--json"}, port...), 0, `"passed":true`},
		{"the report cannot be written", append([]string{"run", green, "--junit", two}, port...), 1, "write the report"},
		{"no such lesson", []string{"run", "nonesuch"}, 2, `neither a file nor a lesson "nonesuch"`},
		{"no such file", []string{"run", "none/such.md"}, 2, "there is no file"},
		{"no lesson at all", []string{"run", broken}, 2, "en.md:1:1: the lesson has no front matter"},
		{"two lessons", []string{"run", two}, 2, "holds 2 lessons"},
		{"a speed that cannot be", []string{"run", green, "--speed", "0"}, 2, "--speed 0"},
		{"a language that there is not", []string{"list", "--lang", "fr"}, 2, "--lang fr: the languages are en and zh"},
		{"an unknown flag", []string{"test", "--nonsense"}, 2, "nonsense"},
		{"a test of what cannot be read", []string{"test", broken}, 2, "en.md:1:1"},
		{"an id that cannot be", []string{"new", filepath.Join(two, "Große Lektion")}, 2, "cannot be a lesson's id"},
		{"a check fails", append([]string{"run", red, "--junit", report}, port...), 3, "lesson tour: line 15: expected:"},
		{"a test fails", []string{"test", red, "--port", programPort()}, 3, "0 passed, 1 failed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := lesson(t, tt.words...)
			require.Equal(t, tt.code, a.code, "%s%s", a.stdout, a.stderr)
			require.Contains(t, a.stdout+a.stderr, tt.says)
		})
	}
	require.Equal(t, suite{Name: "tour", Tests: 3, Failures: 1, Skipped: 1}, readSuite(t, report))
}

// watchLesson starts a lesson that waits for ever, with a console, and gives the line that names it.
func watchLesson(t *testing.T) (*program, string) {
	t.Helper()
	file := writeLesson(t, "en.md", lessonHead+"```play\nfocus 7000\nwait fail 7001 within 600s\n```\n")
	p := launch(t, "lesson", "run", file, "--json", "--addr", "127.0.0.1:0", "--port", programPort())
	lines := bufio.NewScanner(p.stdout)
	var first struct{ Link string }
	require.True(t, lines.Scan(), p.stderr)
	require.NoError(t, json.Unmarshal(lines.Bytes(), &first), lines.Text())
	for lines.Scan() && !strings.Contains(lines.Text(), `"waiting"`) {
	}
	return p, first.Link
}

func TestALessonIsWatchedInTheConsoleAndEndsWithAnInterrupt(t *testing.T) {
	t.Parallel()
	p, link := watchLesson(t)
	require.Contains(t, link, "/?view=learn&lesson=tour#code=")
	host, _, _ := strings.Cut(strings.TrimPrefix(link, "http://"), "/")
	require.Equal(t, "tour", now(t, p, host).ID)
	require.Equal(t, map[string]string{"1": "waiting"}, now(t, p, host).Fences)
	s := p.status()
	require.Len(t, s.Nodes, 3, "the lab that the lesson asks for")

	p.signal(syscall.SIGINT)
	require.Equal(t, 130, p.end(patience), p.stderr) // which is less than the lesson would wait
	for _, addr := range []string{host, "127.0.0.1:" + s.Nodes[0].Name} {
		_, err := net.Dial("tcp", addr)
		require.ErrorIs(t, err, syscall.ECONNREFUSED, "%s still listens", addr)
	}
}

// standing is how a lesson stands on a console.
type standing struct {
	ID     string
	Fences map[string]string
}

// now asks a console how the lesson stands.
func now(t *testing.T, p *program, host string) (s standing) {
	t.Helper()
	answered(t, p, host, "/api/lesson", &s)
	return s
}

// answered asks a console, with the token that `playground ctl` finds.
func answered(t *testing.T, p *program, host, path string, into any) {
	t.Helper()
	_, port, _ := strings.Cut(host, ":")
	text, err := os.ReadFile(filepath.Join(p.home, "clusterplay", "consoles", port+".json"))
	require.NoError(t, err)
	var c struct{ Token string }
	require.NoError(t, json.Unmarshal(text, &c))
	req, err := http.NewRequest(http.MethodGet, "http://"+host+path, nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+c.Token)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.NoError(t, json.NewDecoder(resp.Body).Decode(into))
}

func TestThePageOffersTheLessonsOfAFolder(t *testing.T) {
	t.Parallel()
	file := writeLesson(t, "en.md", lessonHead)
	p := start(t, "--replicas", "0", "--lessons", filepath.Dir(filepath.Dir(file)))
	var all []struct{ ID, Origin string }
	answered(t, p, strings.Trim(strings.TrimPrefix(p.ready.Console, "http://"), "/"), "/api/lessons", &all)
	require.Contains(t, all, struct{ ID, Origin string }{"tour", "folder"})
	a := runProgram(t, t.TempDir(), "run", "--lessons", filepath.Join(t.TempDir(), "none"))
	require.Equal(t, 2, a.code, a.stderr)
}

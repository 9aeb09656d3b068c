package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// readmeBlock is one fenced block of the README.
type readmeBlock struct{ language, text string }

// readme cuts the README's fences out.
func readme(t *testing.T) []readmeBlock {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	require.NoError(t, err)
	var blocks []readmeBlock
	for _, m := range regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$").FindAllStringSubmatch(string(source), -1) {
		blocks = append(blocks, readmeBlock{m[1], m[2]})
	}
	require.NotEmpty(t, blocks)
	return blocks
}

// readmePorts finds the ports the README speaks of: 7000 to 7005, and 7400.
var readmePorts = regexp.MustCompile(`\b7[04]0[0-9]\b`)

// rebase fits a piece of the README to a lab whose first port is first.
func rebase(text string, first int) string {
	return readmePorts.ReplaceAllStringFunc(text, func(port string) string {
		n, _ := strconv.Atoi(port)
		return strconv.Itoa(first + n%100 + 50*(n/100-70)/4)
	})
}

func TestEveryCommandOfTheREADMEWorks(t *testing.T) {
	t.Parallel()
	needTool(t, "redis-cli")
	p := start(t, "--port", labPorts(), "--node-timeout", "5s")
	_, port, _ := strings.Cut(p.ready.Nodes[0], ":")
	first, err := strconv.Atoi(port)
	require.NoError(t, err)
	path, err := build()
	require.NoError(t, err)
	for _, b := range readme(t) {
		if b.language != "console" || forAClass(b.text) {
			continue
		}
		for _, line := range strings.Split(strings.TrimSpace(b.text), "\n") {
			words := strings.Fields(strings.TrimPrefix(line, "$ "))
			t.Run(strings.ReplaceAll(strings.Join(words, " "), "/", " "), func(t *testing.T) {
				runREADME(t, p, path, first, words)
			})
		}
	}
}

// runREADME runs one command as a reader would. A make target that builds, runs or tests
// everything is only held against the Makefile: this test is part of it.
func runREADME(t *testing.T, p *program, path string, first int, words []string) {
	t.Helper()
	if words[0] == "make" {
		out, err := exec.Command("make", append([]string{"-n", "-C", filepath.Join("..", "..")}, words[1:]...)...).CombinedOutput()
		require.NoError(t, err, "%s", out)
		return
	}
	for i := range words {
		words[i] = rebase(words[i], first)
	}
	if words[0] == "bin/playground" {
		words[0] = path
	}
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+p.home, "HOME="+p.home)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.NotContains(t, string(out), "ERR ", "%v", words)
	switch strings.Join(words[1:3], " ") {
	case "ctl kill":
		watchPromotion(t, p, path, strconv.Itoa(first+4))
	case "-c -p":
		if words[len(words)-1] == "user:1" {
			require.Equal(t, "ada\n", string(out))
		}
	}
}

// watchPromotion does what a reader does after the kill: watch until the replica is a master.
func watchPromotion(t *testing.T, p *program, path, replica string) {
	t.Helper()
	promoted := regexp.MustCompile(replica + ` +up +master`)
	require.Eventually(t, func() bool {
		cmd := exec.Command(path, "ctl", "status")
		cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+p.home, "HOME="+p.home)
		out, err := cmd.Output()
		return err == nil && promoted.Match(out)
	}, patience, 10*lookEvery)
}

func TestTheGoExampleOfTheREADMEWorks(t *testing.T) {
	p := start(t, "--replicas", "0")
	_, port, _ := strings.Cut(p.ready.Nodes[0], ":")
	for _, b := range readme(t) {
		if b.language != "go" {
			continue
		}
		file := filepath.Join(t.TempDir(), "main.go")
		require.NoError(t, os.WriteFile(file, []byte(strings.ReplaceAll(b.text, "7000", port)), 0o600))
		out, err := exec.Command("go", "run", file).CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Equal(t, "Nantes\n", string(out))
	}
}

func TestTheJavaScriptExampleOfTheREADMEWorks(t *testing.T) {
	home, why := installClients(t)
	if why != "" {
		t.Skip(why)
	}
	p := start(t, "--replicas", "0")
	_, port, _ := strings.Cut(p.ready.Nodes[0], ":")
	for _, b := range readme(t) {
		if b.language != "js" {
			continue
		}
		file := filepath.Join(home, "readme-"+port+".cjs") // beside the libraries, where node finds them
		require.NoError(t, os.WriteFile(file, []byte(strings.ReplaceAll(b.text, "7000", port)), 0o600))
		t.Cleanup(func() { _ = os.Remove(file) })
		out, err := exec.Command("node", file).CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Equal(t, "Nantes\n", string(out))
	}
}

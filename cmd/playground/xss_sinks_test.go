package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/playground"
)

// each runs a piece of a script in the page for every script text, named p, and returns how often
// it answered true. The piece may wait.
func (p *page) each(piece string) int {
	p.t.Helper()
	payloads, err := json.Marshal(scripts)
	require.NoError(p.t, err)
	p.run(`window.count = -1; (async () => { let n = 0; for (const p of ` + string(payloads) + `) if (await (async (p) => {` + piece + `})(p)) n++; window.count = n; })()`)
	p.until("the last payload", "window.count >= 0")
	return ask[int](p, "window.count")
}

// run carries a statement out.
func (p *page) run(statement string) {
	p.t.Helper()
	ask[bool](p, "(() => {"+statement+"; return true; })()")
}

// missing are the texts that a place of the page does not show as they are; place is a JavaScript
// expression for the place's text.
func (p *page) missing(place string, texts []string) []string {
	p.t.Helper()
	said := ask[string](p, place)
	return slices.DeleteFunc(slices.Clone(texts), func(text string) bool { return strings.Contains(said, text) })
}

// readable are texts as the inspector writes them.
func readable(texts []string) []string {
	var out []string
	for _, text := range texts {
		out = append(out, playground.Readable(text))
	}
	return out
}

// besiege puts every payload into the keys and values of a node, and into the commands it remembers.
func besiege(t *testing.T, node string) {
	t.Helper()
	tell(t, node, "CONFIG", "SET", "masteruser", strings.Join(scripts, " "))
	for i, text := range append(append([]string{}, scripts...), oddities...) {
		key := "{user:1}" + text
		kinds := [][]string{
			{"SET", key, text}, {"RPUSH", key, text}, {"SADD", key, text}, {"HSET", key, text, text}, {"ZADD", key, "1", text},
		}
		tell(t, node, kinds[i%len(kinds)]...)
		tell(t, node, text)
		tell(t, node, "CLIENT", "SETNAME", text)
	}
	tell(t, node, "SET", "user:1", strings.Join(scripts, " "))
	tell(t, node, "CONFIG", "SET", "slowlog-log-slower-than", "0")
	tell(t, node, append([]string{"RPUSH", "{user:1}"}, scripts...)...)
	tell(t, node, "CONFIG", "SET", "slowlog-log-slower-than", "900") // from here on only who sleeps
}

// hostile is a lesson that holds each text wherever a lesson has text.
func hostile(id string, texts []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\nid: %s\nlevel: 1\nminutes: 1\nsummary: |-\n  %s\ncluster: {masters: 3, replicas: 0, cluster-node-timeout: 2000}\n---\n# %s\n", id, texts[0], escaped(texts[0]))
	for _, text := range texts {
		code, safe := "`` "+text+" ``", escaped(text)
		for _, block := range []string{
			"Raw: " + text, "## " + safe, code + " [" + safe + "](https://example.org/) ![" + safe + "](x) [link](<" + text + ">)",
			"> [!NOTE]\n> " + safe, "| " + safe + " |\n|----|\n| " + code + " |", "- " + safe, "```js\n" + text + "\n```",
			"```redis\n127.0.0.1:7000> ECHO " + quoted(text) + "\n" + text + "\n```",
			"```quiz\nWhat is " + code + "?\n- [ ] " + code + "\n- [x] " + safe + "\n\nIt is " + code + ".\n```",
			"```play\ncaption " + quoted(text) + " # " + text + "\n```",
		} {
			b.WriteString("\n" + block + "\n")
		}
	}
	return b.String()
}

// escaped is a text whose every mark is taken from Markdown.
func escaped(text string) string {
	var b strings.Builder
	for _, c := range text {
		if strings.ContainsRune("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", c) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}

func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// names holds connections open that are called as the texts say, and have slept long enough to be
// remembered for it.
func names(t *testing.T, node string, texts []string) {
	t.Helper()
	for _, text := range texts {
		conn, err := net.Dial("tcp", node)
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		_, err = fmt.Fprintf(conn, "*3\r\n$6\r\nCLIENT\r\n$7\r\nSETNAME\r\n$%d\r\n%s\r\n", len(text), text)
		require.NoError(t, err)
		answer := make([]byte, 5)
		_, err = conn.Read(answer)
		require.NoError(t, err)
		require.Equal(t, "+OK\r\n", string(answer), text)
		_, err = io.WriteString(conn, "DEBUG SLEEP 0.001\r\n")
		require.NoError(t, err)
		_, err = conn.Read(answer)
		require.NoError(t, err)
		require.Equal(t, "+OK\r\n", string(answer), text)
	}
}

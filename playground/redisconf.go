package playground

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"strconv"
	"strings"

	"clusterplay/node"
	"clusterplay/node/resp"
	"clusterplay/node/server"
)

// confFile is where a node outside a cluster keeps its settings. As in Redis it exists from the first
// CONFIG REWRITE on; who follows whom is forgotten at a restart unless it was written there.
const confFile = "redis.conf"

// configure tells a server that is about to be born what its redis.conf says: the file it has
// written in an earlier life or, before there is one, whom the lab wants it to follow.
func (m *member) configure(cfg *server.Config, b node.Birth) error {
	cfg.ConfigFile = confFile
	text, err := b.ReadFile(confFile)
	switch {
	case err == nil:
		settings, users := readConf(text)
		maps.Copy(cfg.Settings, settings)
		cfg.Users = users
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("read %s: %w", confFile, err)
	}
	if m.of != 0 {
		cfg.Settings["replicaof"] = loopback.String() + " " + strconv.Itoa(m.of)
	}
	return nil
}

// readConf reads the lines of a redis.conf that a node wrote, those about users apart. What the lab itself
// decides is left out.
func readConf(text []byte) (settings map[string]string, users [][]string) {
	settings = map[string]string{}
	for line := range strings.SplitSeq(string(text), "\n") {
		words, ok := resp.SplitLine(nil, []byte(line))
		if !ok || len(words) < 2 || strings.HasPrefix(line, "#") {
			continue
		}
		values := make([]string, 0, len(words)-1)
		for _, w := range words[1:] {
			values = append(values, string(w))
		}
		switch name := string(words[0]); name {
		case "port", "dir", "cluster-enabled":
		case "user":
			users = append(users, values)
		default:
			settings[name] = strings.Join(values, " ")
		}
	}
	return settings, users
}

// addressOf is a member's client port as REPLICAOF wants it.
func addressOf(m *member) (host, port string) { return loopback.String(), m.Name() }

// endpoint is a member's client port as clients want it.
func endpoint(m *member) string { return net.JoinHostPort(loopback.String(), m.Name()) }

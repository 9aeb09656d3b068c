package playground

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"strconv"

	"clusterplay/node"
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
		conf, err := readConf(text)
		if err != nil {
			return fmt.Errorf("read %s: %w", confFile, err)
		}
		maps.Copy(cfg.Settings, conf.Settings)
		cfg.Users = conf.Users
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("read %s: %w", confFile, err)
	}
	if m.of != 0 {
		cfg.Settings["replicaof"] = loopback.String() + " " + strconv.Itoa(m.of)
	}
	return nil
}

// readConf reads a redis.conf that a node wrote. What the lab itself decides is left out.
func readConf(text []byte) (*server.Conf, error) {
	conf, err := server.ParseConf(text, nil)
	if err != nil {
		return nil, err
	}
	for _, name := range [...]string{"port", "dir", "cluster-enabled"} {
		delete(conf.Settings, name)
	}
	return conf, nil
}

// addressOf is a member's client port as REPLICAOF wants it.
func addressOf(m *member) (host, port string) { return loopback.String(), m.Name() }

// endpoint is a member's client port as clients want it.
func endpoint(m *member) string { return net.JoinHostPort(loopback.String(), m.Name()) }

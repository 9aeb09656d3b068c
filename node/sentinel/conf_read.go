package sentinel

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Why a line is refused, in the words of sentinelHandleConfiguration.
const (
	errConfUnknown     = "Unrecognized sentinel configuration statement."
	errConfNoMaster    = "No such master with specified name."
	errConfQuorum      = "Quorum must be 1 or greater."
	errConfTime        = "negative or zero time parameter."
	errConfReboot      = "negative time parameter."
	errConfMyID        = "Malformed Sentinel id in myid option."
	errConfDenyScripts = "Please specify yes or no for the deny-scripts-reconfig options."
	errConfResolve     = "Please specify yes or no for the resolve-hostnames option."
	errConfAnnounce    = "Please specify yes or no for the announce-hostnames option."
	errConfRename      = "Same command renamed multiple times with rename-command."
	errConfDuplicate   = "Duplicate master name."
	errConfSameReplica = "Duplicate hostname and port for replica."
	errConfSamePeer    = "Duplicate runid for sentinel."
	errConfHost        = "Can't resolve instance hostname."
	errConfPort        = "Invalid port number."
)

// read takes one "sentinel" statement without that word, and returns why it cannot.
func (c *Conf) read(words []string) (refusal string) {
	option, args := strings.ToLower(words[0]), words[1:]
	if reader, known := ownReaders[option]; known && len(args) == 1 {
		return reader(c, args[0])
	}
	if option == "monitor" && len(args) == 4 {
		return c.readMonitor(args)
	}
	reader, known := masterReaders[option]
	if !known || !slices.Contains(reader.words, len(args)) {
		return errConfUnknown
	}
	m := c.master(args[0])
	if m == nil {
		return errConfNoMaster
	}
	return reader.read(c, m, args[1:])
}

// ownReaders take what is said about the Sentinel itself.
var ownReaders = map[string]func(c *Conf, value string) string{
	"announce-ip":           func(c *Conf, v string) string { c.AnnounceIP = v; return "" },
	"announce-port":         func(c *Conf, v string) string { c.AnnouncePort = atoi(v); return "" },
	"sentinel-user":         func(c *Conf, v string) string { c.PeerUser = v; return "" },
	"sentinel-pass":         func(c *Conf, v string) string { c.PeerPass = v; return "" },
	"current-epoch":         func(c *Conf, v string) string { c.raise(epochOf(v)); return "" },
	"myid":                  (*Conf).readMyID,
	"resolve-hostnames":     func(c *Conf, v string) string { return yesNo(&c.ResolveHostnames, v, errConfResolve) },
	"announce-hostnames":    func(c *Conf, v string) string { return yesNo(&c.AnnounceHostnames, v, errConfAnnounce) },
	"deny-scripts-reconfig": (*Conf).readDenyScripts,
}

// masterReaders take what is said about a master: args[0], which the reader does not see again.
// words is how many arguments there may be.
var masterReaders = map[string]struct {
	words []int
	read  func(c *Conf, m *ConfMaster, args []string) string
}{
	"down-after-milliseconds": {[]int{2}, func(_ *Conf, m *ConfMaster, a []string) string { return millis(&m.DownAfter, a[0], 1, errConfTime) }},
	"failover-timeout": {[]int{2}, func(_ *Conf, m *ConfMaster, a []string) string {
		return millis(&m.FailoverTimeout, a[0], 1, errConfTime)
	}},
	"master-reboot-down-after-period": {[]int{2}, func(_ *Conf, m *ConfMaster, a []string) string {
		return millis(&m.RebootDownAfter, a[0], 0, errConfReboot)
	}},
	"parallel-syncs":         {[]int{2}, func(_ *Conf, m *ConfMaster, a []string) string { m.ParallelSyncs = atoi(a[0]); return "" }},
	"notification-script":    {[]int{2}, func(_ *Conf, m *ConfMaster, a []string) string { m.NotifyScript = a[0]; return "" }},
	"client-reconfig-script": {[]int{2}, func(_ *Conf, m *ConfMaster, a []string) string { m.ReconfigScript = a[0]; return "" }},
	"auth-pass":              {[]int{2}, func(_ *Conf, m *ConfMaster, a []string) string { m.AuthPass = a[0]; return "" }},
	"auth-user":              {[]int{2}, func(_ *Conf, m *ConfMaster, a []string) string { m.AuthUser = a[0]; return "" }},
	"config-epoch":           {[]int{2}, readConfigEpoch},
	"leader-epoch":           {[]int{2}, func(_ *Conf, m *ConfMaster, a []string) string { m.LeaderEpoch = epochOf(a[0]); return "" }},
	"known-replica":          {[]int{3}, readReplica},
	"known-slave":            {[]int{3}, readReplica},
	"known-sentinel":         {[]int{3, 4}, readPeer},
	"rename-command":         {[]int{3}, readRename},
}

func (c *Conf) raise(epoch uint64) { c.CurrentEpoch = max(c.CurrentEpoch, epoch) }

func (c *Conf) readMyID(id string) string {
	if len(id) != 40 {
		return errConfMyID
	}
	c.MyID = id
	return ""
}

func (c *Conf) readDenyScripts(value string) string {
	deny := !c.AllowScripts
	refusal := yesNo(&deny, value, errConfDenyScripts)
	c.AllowScripts = !deny
	return refusal
}

// readMonitor: monitor <name> <host> <port> <quorum>
func (c *Conf) readMonitor(args []string) string {
	port, quorum := atoi(args[2]), atoi(args[3])
	if quorum <= 0 {
		return errConfQuorum
	}
	if refusal := c.checkAddr(args[1], port); refusal != "" {
		return refusal
	}
	if c.master(args[0]) != nil {
		return errConfDuplicate
	}
	c.Masters = append(c.Masters, newConfMaster(args[0], args[1], port, quorum))
	return ""
}

// checkAddr refuses an address that no instance may have. Names are only for those who resolve them.
func (c *Conf) checkAddr(host string, port int) string {
	if port < 0 || port > 65535 {
		return errConfPort
	}
	if _, err := netip.ParseAddr(host); err != nil && !c.ResolveHostnames {
		return errConfHost
	}
	return ""
}

func readConfigEpoch(c *Conf, m *ConfMaster, args []string) string {
	m.ConfigEpoch = epochOf(args[0])
	c.raise(m.ConfigEpoch)
	return ""
}

func readReplica(c *Conf, m *ConfMaster, args []string) string {
	at := ConfAddr{Host: args[0], Port: atoi(args[1])}
	if refusal := c.checkAddr(at.Host, at.Port); refusal != "" {
		return refusal
	}
	if slices.Contains(m.Replicas, at) {
		return errConfSameReplica
	}
	m.Replicas = append(m.Replicas, at)
	return ""
}

// readPeer leaves out a Sentinel without an id, the way very old ones wrote it.
func readPeer(c *Conf, m *ConfMaster, args []string) string {
	if len(args) < 3 || args[2] == "" {
		return ""
	}
	p := ConfPeer{ConfAddr{args[0], atoi(args[1])}, args[2]}
	if refusal := c.checkAddr(p.Host, p.Port); refusal != "" {
		return refusal
	}
	if slices.ContainsFunc(m.Sentinels, func(o ConfPeer) bool { return o.RunID == p.RunID }) {
		return errConfSamePeer
	}
	m.Sentinels = append(m.Sentinels, p)
	return ""
}

// readRename: rename-command <name> <command> <new>. The command's case does not matter.
func readRename(_ *Conf, m *ConfMaster, args []string) string {
	for old := range m.Renamed {
		if strings.EqualFold(old, args[0]) {
			return errConfRename
		}
	}
	if m.Renamed == nil {
		m.Renamed = map[string]string{}
	}
	m.Renamed[args[0]] = args[1]
	return ""
}

// yesNo reads a yes or a no.
func yesNo(to *bool, value, refusal string) string {
	switch strings.ToLower(value) {
	case "yes":
		*to = true
	case "no":
		*to = false
	default:
		return refusal
	}
	return ""
}

// millis reads a time in milliseconds that is at least the least.
func millis(to *time.Duration, value string, least int, refusal string) string {
	n := atoi(value)
	if n < least {
		return refusal
	}
	*to = time.Duration(n) * time.Millisecond
	return ""
}

// atoi reads a number as C does: as far as it goes, within 32 bits. A file that Redis accepts must
// not be refused here.
func atoi(text string) int {
	text = strings.TrimLeft(text, " \t\n\v\f\r")
	end := 0
	if end < len(text) && (text[end] == '-' || text[end] == '+') {
		end++
	}
	for end < len(text) && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	n, _ := strconv.ParseInt(text[:end], 10, 32) // out of range gives the nearest
	return int(n)
}

// maxEpoch leaves room to count on: an epoch travels as a number of 63 bits.
const maxEpoch = 1 << 62

// epochOf reads an epoch as far as it is a number.
func epochOf(text string) uint64 {
	end := 0
	for end < len(text) && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	n, _ := strconv.ParseUint(text[:end], 10, 64)
	return min(n, maxEpoch)
}

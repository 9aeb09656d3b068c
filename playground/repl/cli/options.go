package cli

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"clusterplay/playground/repl"
)

// options is what the command line says.
type options struct {
	host, user, password string
	port, db             int
	portGiven            bool
	resp2, resp3         bool
	cluster              bool
	style                repl.Style
	styled               bool // a style was chosen
	repeat               int
	interval             time.Duration
	fromInput            bool   // -x: the last argument is what stands on the input
	tag                  string // -X: this argument is
	between, after       *string
	exitOnError          bool
	quoted               bool
	pushes               string // "", "yes" or "no"
	silent               bool   // no warning about passwords
	unsafe               bool   // the password stands on the command line
	help, version        bool
	notes                string // what is to be said of the options and stops nothing
	words                []string
}

// option is one option of redis-cli: whether a value follows, and what it does.
type option struct {
	valued bool
	set    func(o *options, value string) error
}

// table is the options that we share with redis-cli.
var table = map[string]option{
	"-h": {true, text(func(o *options) *string { return &o.host })},
	"-p": {true, (*options).setPort},
	"-n": {true, number(func(o *options) *int { return &o.db })},
	"-r": {true, number(func(o *options) *int { return &o.repeat })},
	"-i": {true, (*options).setInterval},
	"-a": {true, (*options).setPassword}, "--pass": {true, (*options).setPassword},
	"--user": {true, text(func(o *options) *string { return &o.user })},
	"-u":     {true, (*options).setURI},
	"-d":     {true, func(o *options, v string) error { o.between = &v; return nil }},
	"-D":     {true, func(o *options, v string) error { o.after = &v; return nil }},
	"-X":     {true, text(func(o *options) *string { return &o.tag })},
	"-x":     {false, flag(func(o *options) *bool { return &o.fromInput })},
	"-2":     {false, flag(func(o *options) *bool { return &o.resp2 })},
	"-3":     {false, flag(func(o *options) *bool { return &o.resp3 })},
	"-c":     {false, flag(func(o *options) *bool { return &o.cluster })},
	"-e":     {false, flag(func(o *options) *bool { return &o.exitOnError })},
	"--raw":  {false, style(repl.Raw)}, "--no-raw": {false, style(repl.Terminal)}, "--csv": {false, style(repl.CSV)},
	"--json": {false, style(repl.JSON)}, "--quoted-json": {false, style(repl.QuotedJSON)},
	"--quoted-input":    {false, flag(func(o *options) *bool { return &o.quoted })},
	"--show-pushes":     {true, (*options).setPushes},
	"--no-auth-warning": {false, flag(func(o *options) *bool { return &o.silent })},
	"--verbose":         {false, func(*options, string) error { return nil }},
	"--help":            {false, flag(func(o *options) *bool { return &o.help })},
	"--version":         {false, flag(func(o *options) *bool { return &o.version })},
	"-v":                {false, flag(func(o *options) *bool { return &o.version })},
}

// others are the options of redis-cli that need redis-cli: our nodes understand it.
const others = " -s --askpass --tls --sni --cacert --cacertdir --insecure --cert --key --tls-ciphers --tls-ciphersuites --stat --latency" +
	" --latency-history --latency-dist --lru-test --replica --rdb --functions-rdb --pipe --pipe-timeout --bigkeys --memkeys" +
	" --memkeys-samples --hotkeys --scan --pattern --quoted-pattern --intrinsic-latency --eval --ldb --ldb-sync-mode --cluster "

// parse reads a command line up to the first word that is no option.
func parse(args []string) (options, error) {
	o := options{host: "127.0.0.1", repeat: 1}
	for i := 0; i < len(args); i++ {
		name := args[i]
		if !strings.HasPrefix(name, "-") {
			o.words = args[i:]
			return o, nil
		}
		known, ok := table[name]
		switch {
		case strings.Contains(others, " "+name+" "):
			return o, fmt.Errorf("playground cli does not know %s; redis-cli does, and talks to these nodes as well", name)
		case name == "-h" && i+1 == len(args): // as redis-cli: without a host it asks for help
			o.help = true
			return o, nil
		case !ok, known.valued && i+1 == len(args):
			return o, said("Unrecognized option or bad number of args for: '" + name + "'")
		}
		value := ""
		if known.valued {
			i++
			value = args[i]
		}
		if err := known.set(&o, value); err != nil {
			return o, err
		}
	}
	return o, nil
}

func text(field func(*options) *string) func(*options, string) error {
	return func(o *options, v string) error { *field(o) = v; return nil }
}

func flag(field func(*options) *bool) func(*options, string) error {
	return func(o *options, _ string) error { *field(o) = true; return nil }
}

func number(field func(*options) *int) func(*options, string) error {
	return func(o *options, v string) error { *field(o) = leading(v); return nil }
}

func style(s repl.Style) func(*options, string) error {
	return func(o *options, _ string) error { o.style, o.styled = s, true; return nil }
}

// leading reads the number that a text begins with, as C does: 0 when there is none.
func leading(v string) int {
	end := 0
	for end < len(v) && (v[end] >= '0' && v[end] <= '9' || end == 0 && v[end] == '-') {
		end++
	}
	n, err := strconv.Atoi(v[:end])
	if err != nil {
		return 0
	}
	return n
}

// said is a refusal in redis-cli's own words.
type said string

// Error is the words.
func (s said) Error() string { return string(s) }

func (o *options) setPort(v string) error {
	o.port, o.portGiven = leading(v), true
	if o.port < 0 || o.port > 65535 {
		return said("Invalid server port.")
	}
	return nil
}

func (o *options) setInterval(v string) error {
	seconds, err := strconv.ParseFloat(v, 64)
	if err == nil && seconds > 0 {
		o.interval = time.Duration(seconds * float64(time.Second))
	}
	return nil
}

func (o *options) setPassword(v string) error {
	o.password, o.unsafe = v, true
	return nil
}

func (o *options) setPushes(v string) error {
	switch strings.ToLower(v) {
	case "y", "yes":
		o.pushes = "yes"
	case "n", "no":
		o.pushes = "no"
	default:
		o.notes += "Unknown --show-pushes value '" + v + "' (valid: '[y]es', '[n]o')\n"
	}
	return nil
}

// setURI reads redis://user:password@host:port/database, of which everything may be missing.
func (o *options) setURI(v string) error {
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "redis" {
		return said("Invalid URI scheme")
	}
	if password, both := u.User.Password(); both {
		o.user, o.password, o.unsafe = u.User.Username(), password, true
	} else if u.User.Username() != "" {
		o.password, o.unsafe = u.User.Username(), true
	}
	if u.Hostname() != "" {
		o.host = u.Hostname()
	}
	if u.Port() != "" {
		o.port, o.portGiven = leading(u.Port()), true
	}
	o.db = leading(strings.TrimPrefix(u.Path, "/"))
	return nil
}

package alone

import (
	"bytes"
	"errors"
	"os"
	"strconv"
	"strings"

	"clusterplay/node/server"
)

// OwnTitle returns what writes another title over this process' command line, as ps shows it; nil where that
// cannot be done. It must be called before anybody has kept one of os.Args, whose text lies there: from then on
// os.Args are copies.
func OwnTitle() func(title string) error {
	own := make([]string, len(os.Args))
	for i, arg := range os.Args {
		own[i] = strings.Clone(arg)
	}
	os.Args = own
	area, err := findArguments()
	if err != nil {
		return nil
	}
	return area.write
}

// argumentArea is where the command line and, right behind it, the environment lie in this process' memory. Go
// has copied the environment at its start.
type argumentArea struct {
	begin, end int64 // from the first argument to the end of the environment
	name       int   // how long the first argument is
}

// findArguments asks the system where they are.
func findArguments() (a argumentArea, err error) {
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return a, err
	}
	const third, argStart, envEnd = 3, 48, 51 // the numbers of fields in proc(5)
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) <= envEnd-third {
		return a, errors.New("the system does not tell where the arguments are")
	}
	for field, number := range map[int]*int64{argStart: &a.begin, envEnd: &a.end} {
		if *number, err = strconv.ParseInt(fields[field-third], 10, 64); err != nil {
			return a, err
		}
	}
	a.name = len(os.Args[0])
	if a.end-a.begin < int64(a.name)+1 {
		return a, errors.New("there is no room for a title")
	}
	return a, nil
}

// longestTitle bounds a title as in Redis (SPT_MAXTITLE).
const longestTitle = 255

// write fills the area with a title, cut to what fits, and zeros. As in Redis the 0 behind the program's name goes
// in any case.
func (a argumentArea) write(title string) error {
	memory, err := os.OpenFile("/proc/self/mem", os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	text := make([]byte, a.end-a.begin)
	n := copy(text[:len(text)-1], title[:min(len(title), longestTitle)])
	switch behind := a.name; {
	case n < behind:
		text[behind] = '.'
	case n == behind && behind+1 < len(text):
		text[behind] = ' '
	}
	_, err = memory.WriteAt(text, a.begin)
	return errors.Join(err, memory.Close())
}

// entitle writes the title that a template gives, unless the process has none to write.
func (s *serverProcess) entitle(template string) error {
	if s.Title == nil {
		return nil
	}
	title, _ := server.ExpandTitle(template, s.titleWord)
	return s.Title(title)
}

// titleWord is what a word in braces stands for (redisProcTitleGetVariable).
func (s *serverProcess) titleWord(name string) (text string, known bool) {
	bind, port := s.clients.where()
	socket := s.setting("unixsocket")
	switch name {
	case "title":
		return s.Name, true
	case "listen-addr":
		if port == 0 {
			return "unixsocket:" + socket, true
		}
		return append(bind, "*")[0] + ":" + strconv.Itoa(port), true
	case "server-mode":
		if s.bus != nil {
			return "[cluster]", true
		}
		return "", true
	case "config-file":
		if s.file == "" {
			return "-", true
		}
		return s.file, true
	case "port":
		return strconv.Itoa(port), true
	case "tls-port":
		return "0", true
	case "unixsocket":
		return socket, true
	}
	return "", false
}

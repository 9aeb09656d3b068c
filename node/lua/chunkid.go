package lua

import "strings"

// idSize is the room that C has for a chunk's name, its end included.
const idSize = 60

// chunkID is a chunk's name as errors print it (luaO_chunkid).
func chunkID(name string) string {
	name = cString(name)
	switch {
	case strings.HasPrefix(name, "="):
		return name[1:min(len(name), idSize)]
	case strings.HasPrefix(name, "@"):
		name = name[1:]
		if room := idSize - len(" '...' ") - 1; len(name) > room {
			name = "..." + name[len(name)-room:]
		}
		return name
	}
	line, _, _ := strings.Cut(name, "\n")
	if i := strings.IndexByte(line, '\r'); i >= 0 {
		line = line[:i]
	}
	room := idSize - len(` [string "..."] `) - 1
	cut := min(len(line), room)
	if cut < len(name) {
		return `[string "` + line[:cut] + `..."]`
	}
	return `[string "` + line + `"]`
}

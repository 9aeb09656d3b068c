package assets

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"regexp"
)

// dist holds at least .keep, so that the package compiles before the front end was built.
//
//go:embed all:dist
var dist embed.FS

// Script and Style are the names of the two files every page loads.
const (
	Script = "app.js"
	Style  = "style.css"
)

// stampLength is how many hex digits of a file's SHA-256 tell one build from the next; 32 bits
// are plenty for the handful of builds a browser's cache remembers.
const stampLength = 8

// Files returns the built files by their plain names: "app.js", "style.css", fonts.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("assets: dist is not embedded: " + err.Error())
	}
	return files
}

// Built reports whether the front end was built before this program was.
func Built() bool {
	_, err := fs.Stat(Files(), Script)
	return err == nil
}

// URL returns the address of a built file under /assets/, stamped with its content so that it may
// be cached for ever. A file that was not built keeps its plain address.
func URL(name string) string {
	data, err := fs.ReadFile(Files(), name)
	if err != nil {
		return "/assets/" + name
	}
	sum := sha256.Sum256(data)
	return "/assets/" + name + "?v=" + hex.EncodeToString(sum[:])[:stampLength]
}

// chunk is the name of a part of the script that is loaded when it is needed; it ends with a hash
// of its content.
var chunk = regexp.MustCompile(`^[a-z-]+-[0-9A-Z]{8}\.js$`)

// Named reports whether a file's name alone tells one build from the next, as a chunk's does: such
// a file may be cached for ever under its plain address.
func Named(name string) bool { return chunk.MatchString(name) }

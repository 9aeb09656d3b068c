package playground

import (
	"bytes"
	"fmt"
	"strings"
)

// YesNo is a switch as redis.conf writes it: yes or no; a YAML file may also say true or false.
type YesNo bool

// UnmarshalYAML reads the word.
func (y *YesNo) UnmarshalYAML(text []byte) error {
	switch strings.ToLower(string(bytes.Trim(text, " \t\n\"'"))) {
	case "yes", "true":
		*y = true
	case "no", "false":
		*y = false
	default:
		return fmt.Errorf("%q is neither yes nor no", text)
	}
	return nil
}

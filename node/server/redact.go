package server

import (
	"slices"
	"strings"

	"clusterplay/node/command"
)

// redactedWord stands for what nobody may read over another's shoulder.
var redactedWord = []byte("(redacted)")

// redacted is a command as MONITOR and the slow log may show it: without passwords
// (redactClientCommandArgument). A command without any is returned as it is.
func redacted(cmd *command.Command, args [][]byte) [][]byte {
	var hide []int
	switch cmd.Full {
	case "auth":
		if len(args) <= 3 {
			hide = upTo(1, len(args))
		}
	case "acl|setuser", "acl|deluser", "acl|getuser":
		hide = upTo(2, len(args))
	case "hello":
		hide = wordsBehind(args, 2, "auth", 2)
	case "migrate":
		hide = append(wordsBehind(args, 6, "auth", 1), wordsBehind(args, 6, "auth2", 2)...)
	case "config|set":
		for i := 2; i+1 < len(args); i += 2 {
			switch strings.ToLower(string(args[i])) {
			case "requirepass", "masterauth", "masteruser", "tls-key-file-pass", "tls-client-key-file-pass":
				hide = append(hide, i+1)
			}
		}
	}
	if len(hide) == 0 {
		return args
	}
	shown := slices.Clone(args)
	for _, i := range hide {
		shown[i] = redactedWord
	}
	return shown
}

func upTo(from, end int) (list []int) {
	for i := from; i < end; i++ {
		list = append(list, i)
	}
	return list
}

// wordsBehind finds the n words behind an option, if there are as many.
func wordsBehind(args [][]byte, from int, option string, n int) []int {
	for i := from; i+n < len(args); i++ {
		if strings.EqualFold(string(args[i]), option) {
			return upTo(i+1, i+1+n)
		}
	}
	return nil
}

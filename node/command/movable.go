package command

import (
	"bytes"
	"slices"

	"clusterplay/node/keyspace"
)

// movableKeys finds the keys of commands whose specs cannot say where they are.
var movableKeys = map[string]func(args [][]byte, out []KeyRef) []KeyRef{
	"sort":    sortKeys,
	"sort_ro": sortReadOnlyKeys,
	"migrate": migrateKeys,
	"set":     setKeys,

	"bitfield": bitfieldKeys,

	"xread":      streamKeys,
	"xreadgroup": streamKeys,

	"georadius":         geoKeys,
	"georadiusbymember": geoKeys,

	"zunionstore": combineKeys,
	"zinterstore": combineKeys,
	"zdiffstore":  combineKeys,
}

// combineKeys finds the set that is stored and those that are combined, or none at all when their
// number makes no sense (zunionInterDiffStoreGetKeys). The stored one comes last when only C takes
// the number for one: then Redis does not find the keys by the specs.
func combineKeys(args [][]byte, out []KeyRef) []KeyRef {
	sets, stored := counted(2, RO|Access), KeyRef{1, OW | Update}
	found := sets.findCounted(args, 2, out)
	if len(found) == len(out) {
		return out
	}
	if _, proper := keyspace.ParseInt(args[2]); proper {
		return slices.Insert(found, len(out), stored)
	}
	return append(found, stored)
}

// setKeys says that SET with GET reads the key it writes (setGetKeys).
func setKeys(args [][]byte, out []KeyRef) []KeyRef {
	for _, arg := range args[3:] {
		if equalFold(arg, "get") {
			return append(out, KeyRef{1, RW | Access | Update})
		}
	}
	return append(out, KeyRef{1, OW | Update})
}

// bitfieldKeys says whether BITFIELD only reads; words that make no sense count as a write
// (bitfieldGetKeys).
func bitfieldKeys(args [][]byte, out []KeyRef) []KeyRef {
	for i := 2; i < len(args); i++ {
		switch left := len(args) - i - 1; {
		case equalFold(args[i], "get") && left >= 2:
			i += 2
		case equalFold(args[i], "overflow") && left >= 1:
			i++
		default:
			return append(out, KeyRef{1, RW | Access | Update})
		}
	}
	return append(out, KeyRef{1, RO | Access})
}

// sortKeys finds the sorted key and the last STORE (sortGetKeys). Words that take arguments are
// stepped over, so that a key called "store" is not taken for the option.
func sortKeys(args [][]byte, out []KeyRef) []KeyRef {
	out = sortReadOnlyKeys(args, out)
	stored := 0
	for i := 2; i < len(args); i++ {
		switch word := string(bytes.ToUpper(args[i])); word {
		case "LIMIT":
			i += 2
		case "GET", "BY":
			i++
		case "STORE":
			if i+1 < len(args) {
				i++
				stored = i
			}
		}
	}
	if stored > 0 {
		out = append(out, KeyRef{stored, OW | Update})
	}
	return out
}

// geoKeys finds the searched key and the last STORE or STOREDIST (georadiusGetKeys).
func geoKeys(args [][]byte, out []KeyRef) []KeyRef {
	out = append(out, KeyRef{1, RO | Access})
	stored := 0
	for i := 5; i+1 < len(args); i++ {
		if equalFold(args[i], "store") || equalFold(args[i], "storedist") {
			i++
			stored = i
		}
	}
	if stored > 0 {
		out = append(out, KeyRef{stored, OW | Update})
	}
	return out
}

func sortReadOnlyKeys(_ [][]byte, out []KeyRef) []KeyRef {
	return append(out, KeyRef{1, RO | Access})
}

// migrateKeys finds the one key, or those behind KEYS when the key is empty (migrateGetKeys).
func migrateKeys(args [][]byte, out []KeyRef) []KeyRef {
	const flags = RW | Access | Delete
	for i := 6; len(args[3]) == 0 && i < len(args); i++ {
		switch string(bytes.ToUpper(args[i])) {
		case "AUTH":
			i++
		case "AUTH2":
			i += 2
		case "KEYS":
			for i++; i < len(args); i++ {
				out = append(out, KeyRef{i, flags})
			}
			return out
		}
	}
	return append(out, KeyRef{3, flags})
}

// streamKeys finds the streams of XREAD and XREADGROUP: the first half of the words behind STREAMS, which
// is no option's argument (xreadGetKeys).
func streamKeys(args [][]byte, out []KeyRef) []KeyRef {
	for i := 1; i < len(args); i++ {
		switch {
		case equalFold(args[i], "block"), equalFold(args[i], "count"):
			i++
		case equalFold(args[i], "group"):
			i += 2
		case equalFold(args[i], "noack"):
		case equalFold(args[i], "streams"):
			n := len(args) - i - 1
			for k := i + 1; n%2 == 0 && k <= i+n/2; k++ {
				out = append(out, KeyRef{k, RO | Access})
			}
			return out
		default:
			return out
		}
	}
	return out
}

package server

import (
	"strconv"
	"strings"
)

// valueKind reads one parameter's value. It returns the text CONFIG GET shows and, for numbers,
// the number; or the reason for refusing the value, in CONFIG SET's words.
type valueKind func(text string) (canonical string, n int64, refusal string)

// word accepts any text.
func word(text string) (string, int64, string) { return text, 0, "" }

// yesNo accepts yes and no; its number is 1 or 0.
func yesNo(text string) (string, int64, string) {
	switch strings.ToLower(text) {
	case "yes":
		return "yes", 1, ""
	case "no":
		return "no", 0, ""
	}
	return "", 0, "argument must be 'yes' or 'no'"
}

// number accepts an integer between low and high.
func number(low, high int64) valueKind {
	return func(text string) (string, int64, string) {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return "", 0, "argument couldn't be parsed into an integer"
		}
		if n < low || n > high {
			return "", 0, "argument must be between " + strconv.FormatInt(low, 10) + " and " +
				strconv.FormatInt(high, 10) + " inclusive"
		}
		return strconv.FormatInt(n, 10), n, ""
	}
}

// memoryUnits are the suffixes of a memory value; b is left out because it is the unit itself.
var memoryUnits = map[string]int64{
	"": 1, "b": 1, "k": 1000, "kb": 1 << 10, "m": 1000 * 1000, "mb": 1 << 20, "g": 1000 * 1000 * 1000, "gb": 1 << 30,
}

// memory accepts a number of bytes with an optional unit, such as 64mb (memtoull).
func memory(text string) (string, int64, string) {
	const refusal = "argument must be a memory value"
	digits := strings.TrimRight(text, "bkmgBKMG")
	unit, ok := memoryUnits[strings.ToLower(text[len(digits):])]
	n, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || n < 0 || n > (1<<63-1)/unit {
		return "", 0, refusal
	}
	return strconv.FormatInt(n*unit, 10), n * unit, ""
}

// choice accepts one of the given words in any case.
func choice(words ...string) valueKind {
	return func(text string) (string, int64, string) {
		for i, w := range words {
			if strings.EqualFold(w, text) {
				return w, int64(i), ""
			}
		}
		return "", 0, "argument(s) must be one of the following: " + strings.Join(words, ", ")
	}
}

// savePoints accepts pairs of seconds and changes, or nothing.
func savePoints(text string) (string, int64, string) {
	fields := strings.Fields(text)
	if len(fields)%2 != 0 {
		return "", 0, "Invalid save parameters"
	}
	for i, f := range fields {
		n, err := strconv.ParseInt(f, 10, 32)
		if err != nil || n < int64(1-i%2) {
			return "", 0, "Invalid save parameters"
		}
	}
	return strings.Join(fields, " "), 0, ""
}

// hostname accepts what a DNS name may be made of, up to 255 bytes.
func hostname(text string) (string, int64, string) {
	if len(text) >= 256 {
		return "", 0, "Hostnames must be less than 256 characters"
	}
	for _, r := range []byte(text) {
		if !isAlphanumeric(r) && r != '-' && r != '.' {
			return "", 0, "Hostnames may only contain alphanumeric characters, hyphens or dots"
		}
	}
	return text, 0, ""
}

func isAlphanumeric(r byte) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// percentiles accepts numbers between 0 and 100.
func percentiles(text string) (string, int64, string) {
	fields := strings.Fields(text)
	for i, f := range fields {
		p, err := strconv.ParseFloat(f, 64)
		if err != nil {
			return "", 0, "Invalid latency-tracking-info-percentiles parameters"
		}
		if !(p >= 0 && p <= 100) {
			return "", 0, "latency-tracking-info-percentiles parameters should sit between [0.0,100.0]"
		}
		fields[i] = strconv.FormatFloat(p, 'g', -1, 64)
	}
	return strings.Join(fields, " "), 0, ""
}

// octal accepts the rights of a file.
func octal(text string) (string, int64, string) {
	n, err := strconv.ParseUint(text, 8, 9)
	if err != nil {
		return "", 0, "argument couldn't be parsed into an integer"
	}
	return strconv.FormatUint(n, 8), int64(n), ""
}

// oomScores accepts a score for a master, a replica and a child.
func oomScores(text string) (string, int64, string) {
	words := strings.Fields(text)
	if len(words) != 3 {
		return "", 0, "wrong number of arguments"
	}
	for _, word := range words {
		if n, err := strconv.ParseInt(word, 10, 64); err != nil || n < -2000 || n > 2000 {
			return "", 0, "Invalid oom-score-adj-values, elements must be between -2000 and 2000."
		}
	}
	return strings.Join(words, " "), 0, ""
}

// signalWords accepts what a signal to end may ask for: default, or some of save, nosave, now and force.
func signalWords(text string) (string, int64, string) {
	one := choice("default", "save", "nosave", "now", "force")
	given := map[string]bool{}
	if strings.TrimSpace(text) == "" {
		_, _, refusal := one("")
		return "", 0, refusal
	}
	for _, word := range strings.Fields(text) {
		canonical, _, refusal := one(word)
		if refusal != "" {
			return "", 0, refusal
		}
		given[canonical] = true
	}
	if given["save"] && given["nosave"] {
		return "", 0, "shutdown options SAVE and NOSAVE can't be used simultaneously"
	}
	words := []string{}
	for _, word := range []string{"save", "nosave", "now", "force"} {
		if given[word] {
			words = append(words, word)
		}
	}
	if len(words) == 0 {
		words = append(words, "default")
	}
	return strings.Join(words, " "), 0, ""
}

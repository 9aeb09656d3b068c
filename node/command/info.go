package command

import (
	"strings"

	"clusterplay/node/resp"
)

// WriteAll answers COMMAND.
func (t *Table) WriteAll(w *resp.Writer) {
	w.Array(len(t.commands))
	for _, c := range t.commands {
		writeCommand(w, c)
	}
}

// WriteInfo answers COMMAND INFO for the named commands and subcommands.
func (t *Table) WriteInfo(w *resp.Writer, names [][]byte) {
	w.Array(len(names))
	for _, name := range names {
		if c := t.Find(name); c != nil {
			writeCommand(w, c)
		} else {
			w.Null()
		}
	}
}

// WriteDocs answers COMMAND DOCS for the named commands and subcommands, for all when none is named.
func (t *Table) WriteDocs(w *resp.Writer, names [][]byte) {
	shown := t.commands
	if len(names) > 0 {
		shown = nil
	}
	for _, name := range names {
		if c := t.Find(name); c != nil {
			shown = append(shown, c)
		}
	}
	writeDocs(w, shown)
}

// Names lists the full names of the commands and subcommands that are wanted.
func (t *Table) Names(wanted func(*Command) bool) []string {
	var names []string
	for _, c := range t.byID {
		if wanted(c) {
			names = append(names, c.Full)
		}
	}
	return names
}

// ReadListFilter reads what follows COMMAND LIST: nothing, or FILTERBY MODULE|ACLCAT|PATTERN value.
func ReadListFilter(args [][]byte) (wanted func(*Command) bool, ok bool) {
	switch {
	case len(args) == 0:
		return func(*Command) bool { return true }, true
	case len(args) == 3 && strings.EqualFold(string(args[0]), "filterby"):
		wanted = listFilter(strings.ToLower(string(args[1])), args[2])
	}
	return wanted, wanted != nil
}

// listFilter returns the test a FILTERBY asks for, nil when there is no such filter.
func listFilter(kind string, value []byte) func(*Command) bool {
	switch kind {
	case "module":
		return func(*Command) bool { return false }
	case "aclcat":
		category := "@" + strings.ToLower(string(value))
		return func(cmd *Command) bool {
			for _, name := range cmd.AllCategories().Names() {
				if name == category {
					return true
				}
			}
			return false
		}
	case "pattern":
		glob := ReadGlob(value, true)
		return func(cmd *Command) bool { return Match(glob, cmd.Full) }
	}
	return nil
}

// writeCommand answers one element of COMMAND and COMMAND INFO (addReplyCommandInfo).
func writeCommand(w *resp.Writer, cmd *Command) {
	first, last, step := cmd.LegacyRange()
	w.Array(10)
	w.BulkString(cmd.Full)
	w.Int(int64(cmd.Arity))
	WriteStatusSet(w, cmd.Flags.Names())
	w.Int(int64(first))
	w.Int(int64(last))
	w.Int(int64(step))
	WriteStatusSet(w, cmd.AllCategories().Names())
	w.Set(len(cmd.Tips))
	for _, tip := range cmd.Tips {
		w.BulkString(tip)
	}
	w.Set(len(cmd.Keys))
	for i := range cmd.Keys {
		writeKeySpec(w, &cmd.Keys[i])
	}
	if len(cmd.Subcommands) == 0 {
		w.Set(0)
		return
	}
	w.Array(len(cmd.Subcommands))
	for _, sub := range cmd.Subcommands {
		writeCommand(w, sub)
	}
}

// WriteStatusSet answers a set of simple strings.
func WriteStatusSet(w *resp.Writer, names []string) {
	w.Set(len(names))
	for _, name := range names {
		w.Status(name)
	}
}

// writeKeySpec answers one key specification.
func writeKeySpec(w *resp.Writer, k *KeySpec) {
	w.Map(3)
	w.BulkString("flags")
	WriteStatusSet(w, k.Flags.Names())
	w.BulkString("begin_search")
	writeBeginSearch(w, k)
	w.BulkString("find_keys")
	writeFindKeys(w, k)
}

func writeBeginSearch(w *resp.Writer, k *KeySpec) {
	kind, fields := "index", []any{"index", k.Begin}
	switch {
	case k.Unknown && k.Keyword == "" && k.Begin == 0:
		kind, fields = "unknown", nil
	case k.Keyword != "":
		kind, fields = "keyword", []any{"keyword", k.Keyword, "startfrom", k.From}
	}
	writeSearch(w, kind, fields)
}

func writeFindKeys(w *resp.Writer, k *KeySpec) {
	switch {
	case k.Unknown:
		writeSearch(w, "unknown", nil)
	case k.Counted:
		writeSearch(w, "keynum", []any{"keynumidx", 0, "firstkey", 1, "keystep", k.Step})
	default:
		writeSearch(w, "range", []any{"lastkey", k.Last, "keystep", k.Step, "limit", k.Limit})
	}
}

// writeSearch answers {type, spec}; fields are names and values in turn.
func writeSearch(w *resp.Writer, kind string, fields []any) {
	w.Map(2)
	w.BulkString("type")
	w.BulkString(kind)
	w.BulkString("spec")
	w.Map(len(fields) / 2)
	for _, field := range fields {
		switch v := field.(type) {
		case string:
			w.BulkString(v)
		case int:
			w.Int(int64(v))
		}
	}
}

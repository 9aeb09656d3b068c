package command

import (
	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// zoptions says which options a command that combines sorted sets knows.
type zoptions struct{ weights, withScores, limit bool }

// options returns what op's command knows; a STORE form has no reply for scores.
func (op zoperation) options(reply bool) zoptions {
	return zoptions{weights: op.weighs, withScores: reply}
}

// parse reads numkeys key [key …] and options, or answers what is wrong
// (zunionInterDiffGenericCommand).
func (in *zinput) parse(c *Context, args [][]byte, known zoptions) bool {
	numKeys, ok := c.Integer(args[0])
	rest := args[1:]
	switch {
	case !ok:
		return false
	case numKeys < 1:
		c.Error("ERR at least 1 input key is needed for '" + c.Cmd.Full + "' command")
		return false
	case numKeys > int64(len(rest)):
		c.Error(resp.ErrSyntax)
		return false
	}
	in.aggregate = addScores
	return in.read(c, rest[:numKeys]) && in.parseOptions(c, rest[numKeys:], known)
}

// read fetches the sources.
func (in *zinput) read(c *Context, keys [][]byte) bool {
	in.sources = make([]zsource, len(keys))
	for i, key := range keys {
		source := zsource{weight: 1}
		if e := c.Read(key); e != nil {
			switch value := e.Value.(type) {
			case *keyspace.ZSetValue:
				source.zset = value
			case *keyspace.SetValue:
				source.set = value
			default:
				c.Error(resp.ErrWrongType)
				return false
			}
		}
		in.sources[i] = source
	}
	return true
}

func (in *zinput) parseOptions(c *Context, words [][]byte, known zoptions) bool {
	for len(words) > 0 {
		n, ok := in.option(c, words, known)
		if !ok {
			return false
		}
		words = words[n:]
	}
	return true
}

// option reads the option that words begin with and returns how many words it has.
func (in *zinput) option(c *Context, words [][]byte, known zoptions) (n int, ok bool) {
	word := words[0]
	switch {
	case known.weights && len(words) > len(in.sources) && equalFold(word, "weights"):
		return 1 + len(in.sources), in.weigh(c, words[1:])
	case known.weights && len(words) > 1 && equalFold(word, "aggregate"):
		return 2, in.chooseAggregate(c, words[1])
	case known.withScores && equalFold(word, "withscores"):
		in.withScores = true
		return 1, true
	case known.limit && len(words) > 1 && equalFold(word, "limit"):
		in.limit, ok = c.intFrom(words[1], 0, "ERR LIMIT can't be negative")
		return 2, ok
	}
	c.Error(resp.ErrSyntax)
	return 0, false
}

func (in *zinput) weigh(c *Context, words [][]byte) bool {
	for i := range in.sources {
		var ok bool
		if in.sources[i].weight, ok = c.double(words[i], "ERR weight value is not a float"); !ok {
			return false
		}
	}
	return true
}

func (in *zinput) chooseAggregate(c *Context, word []byte) bool {
	switch {
	case equalFold(word, "sum"):
		in.aggregate = addScores
	case equalFold(word, "min"):
		in.aggregate = lesser
	case equalFold(word, "max"):
		in.aggregate = greater
	default:
		c.Error(resp.ErrSyntax)
		return false
	}
	return true
}

// lesser and greater keep a where both are equal, 0 and -0 too.
func lesser(a, b float64) float64 {
	if b < a {
		return b
	}
	return a
}

func greater(a, b float64) float64 {
	if b > a {
		return b
	}
	return a
}

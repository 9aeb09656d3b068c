package command

import (
	"bytes"
	"cmp"
	"math"
	"slices"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

var sortCommands = []binding{
	{"sort", func(c *Context) { c.sort(false) }},
	{"sort_ro", func(c *Context) { c.sort(true) }},
}

// sortOptions are the options of SORT.
type sortOptions struct {
	descending, alpha, unsorted bool

	by      []byte // nil = the elements themselves
	get     [][]byte
	store   []byte // nil = answer
	storing bool
	skip    int64
	limit   int64 // negative = all
}

// sortElement is one element with what it is sorted by.
type sortElement struct {
	text   []byte
	score  float64
	weight []byte // with ALPHA and BY; nil when there is none
}

// sort is SORT and SORT_RO key [BY pattern] [LIMIT offset count] [GET pattern …] [ASC|DESC]
// [ALPHA] [STORE destination].
func (c *Context) sort(readonly bool) {
	o, ok := c.sortOptions(c.Args[2:], readonly)
	if !ok {
		return
	}
	value, ok := c.sortable(c.Args[1])
	if !ok {
		return
	}
	elements, ordered := c.sortElements(value, &o)
	if !ordered {
		if !c.weigh(elements, &o) {
			return
		}
		slices.SortStableFunc(elements, o.compare)
	}
	first, last := o.window(len(elements))
	if ordered && o.descending && value != nil && value.Kind() == keyspace.ZSet {
		slices.Reverse(elements)
	}
	elements = elements[first:last]
	if o.storing {
		c.sortStore(elements, &o)
		return
	}
	c.sortAnswer(elements, &o)
}

// sortable returns the value to sort, nil when there is none.
func (c *Context) sortable(key []byte) (value keyspace.Value, ok bool) {
	e := c.Read(key)
	if e == nil {
		return nil, true
	}
	switch e.Value.Kind() {
	case keyspace.List, keyspace.Set, keyspace.ZSet:
		return e.Value, true
	}
	c.Error(resp.ErrWrongType)
	return nil, false
}

func (c *Context) sortOptions(words [][]byte, readonly bool) (o sortOptions, ok bool) {
	o.limit = -1
	for i := 0; i < len(words); i++ {
		used, ok := c.sortOption(&o, words[i], words[i+1:], readonly)
		if !ok {
			return o, false
		}
		i += used
	}
	return o, true
}

// sortOption takes one option and returns how many of the words behind it belong to it.
func (c *Context) sortOption(o *sortOptions, word []byte, rest [][]byte, readonly bool) (used int, ok bool) {
	switch {
	case equalFold(word, "asc"):
		o.descending = false
	case equalFold(word, "desc"):
		o.descending = true
	case equalFold(word, "alpha"):
		o.alpha = true
	case equalFold(word, "limit") && len(rest) >= 2:
		return 2, c.sortLimit(o, rest)
	case equalFold(word, "store") && len(rest) >= 1 && !readonly:
		o.store, o.storing = rest[0], true
		return 1, true
	case equalFold(word, "by") && len(rest) >= 1:
		return 1, c.sortBy(o, rest[0])
	case equalFold(word, "get") && len(rest) >= 1:
		return 1, c.sortGet(o, rest[0])
	default:
		c.Error(resp.ErrSyntax)
		return 0, false
	}
	return 0, true
}

func (c *Context) sortLimit(o *sortOptions, rest [][]byte) (ok bool) {
	if o.skip, ok = c.Integer(rest[0]); !ok {
		return false
	}
	o.limit, ok = c.Integer(rest[1])
	return ok
}

// sortBy takes a pattern without a star as "do not sort", whatever a later BY says.
func (c *Context) sortBy(o *sortOptions, pattern []byte) bool {
	o.by = pattern
	if bytes.IndexByte(pattern, '*') < 0 {
		o.unsorted = true
	} else if c.clustered() {
		c.Error("ERR BY option of SORT denied in Cluster mode.")
		return false
	} else if !c.Host.ReadsAnyKey(c) {
		c.Error("ERR BY option of SORT denied due to insufficient ACL permissions.")
		return false
	}
	return true
}

func (c *Context) sortGet(o *sortOptions, pattern []byte) bool {
	if c.clustered() {
		c.Error("ERR GET option of SORT denied in Cluster mode.")
		return false
	}
	if !c.Host.ReadsAnyKey(c) {
		c.Error("ERR GET option of SORT denied due to insufficient ACL permissions.")
		return false
	}
	o.get = append(o.get, pattern)
	return true
}

// sortElements returns copies of the elements of value. ordered tells that they are to stay in
// this order; sets are sorted anyway when the result is stored, so that replicas agree.
func (c *Context) sortElements(value keyspace.Value, o *sortOptions) (elements []sortElement, ordered bool) {
	add := func(text []byte) bool {
		elements = append(elements, sortElement{text: append([]byte{}, text...)}) // never nil: that would be absent
		return true
	}
	switch v := value.(type) {
	case *keyspace.ListValue:
		for _, text := range v.Forward(0) {
			add(text)
		}
	case *keyspace.ZSetValue:
		lim := c.zsetLimits()
		v.Widen(&lim)
		for text := range v.All() {
			add(text)
		}
	case *keyspace.SetValue:
		for text := range v.All() {
			add(text)
		}
		if o.unsorted && (o.storing || c.Script) {
			o.unsorted, o.alpha, o.by = false, true, nil
		}
	}
	return elements, o.unsorted
}

// weigh finds what each element is sorted by. It writes the error for a weight that is no number.
func (c *Context) weigh(elements []sortElement, o *sortOptions) bool {
	for i := range elements {
		e := &elements[i]
		weight := e.text
		if o.by != nil {
			weight = c.lookupPattern(o.by, e.text)
		}
		if o.alpha {
			e.weight = weight
			continue
		}
		if weight == nil {
			continue // as good as 0
		}
		score, ok := sortScore(weight)
		if !ok {
			c.Error("ERR One or more scores can't be converted into double")
			return false
		}
		e.score = score
	}
	return true
}

// sortScore reads a weight as strtod does: nothing at all is 0, blanks may lead, and a NUL ends it.
func sortScore(text []byte) (score float64, ok bool) {
	text, _, _ = bytes.Cut(text, []byte{0})
	text = bytes.TrimLeft(text, " \t\n\v\f\r")
	if len(text) == 0 {
		return 0, true
	}
	return ParseFloat(text)
}

// compare orders two elements; those of equal weight by their own text, so that the order does
// not depend on how they were stored.
func (o *sortOptions) compare(a, b sortElement) int {
	order := 0
	switch {
	case !o.alpha:
		if order = cmp.Compare(a.score, b.score); order == 0 {
			order = bytes.Compare(a.text, b.text)
		}
	case a.weight == nil || b.weight == nil:
		order = cmp.Compare(presence(a.weight), presence(b.weight))
	default:
		order = bytes.Compare(a.weight, b.weight)
	}
	if o.descending {
		return -order
	}
	return order
}

func presence(weight []byte) int {
	if weight == nil {
		return 0
	}
	return 1
}

// window returns the part of n elements that LIMIT asks for.
func (o *sortOptions) window(n int) (first, last int) {
	start := min(max(0, o.skip), int64(n))
	if o.limit < 0 || o.limit > math.MaxInt64-start {
		return int(start), n
	}
	return int(start), int(min(start+o.limit, int64(n)))
}

// lookupPattern replaces the first star of pattern by text and returns the string at that key,
// or the field behind "->" of that hash; nil when there is none. "#" is text itself
// (lookupKeyByPattern).
func (c *Context) lookupPattern(pattern, text []byte) []byte {
	if string(pattern) == "#" {
		return text
	}
	star := bytes.IndexByte(pattern, '*')
	if star < 0 {
		return nil
	}
	suffix, field := pattern[star+1:], []byte(nil)
	if arrow := bytes.Index(suffix, []byte("->")); arrow >= 0 && arrow+2 < len(suffix) {
		suffix, field = suffix[:arrow], suffix[arrow+2:]
	}
	e := c.Read(slices.Concat(pattern[:star], text, suffix))
	if e == nil {
		return nil
	}
	switch v := e.Value.(type) {
	case *keyspace.HashValue:
		if value, ok := v.Get(field); ok && field != nil {
			return append(make([]byte, 0, len(value)), value...)
		}
	case *keyspace.StringValue:
		if field == nil {
			return append(make([]byte, 0, 24), v.Bytes(nil)...)
		}
	}
	return nil
}

// sortAnswer answers with the elements, or with what GET finds for them.
func (c *Context) sortAnswer(elements []sortElement, o *sortOptions) {
	c.Array(len(elements) * max(1, len(o.get)))
	for i := range elements {
		if len(o.get) == 0 {
			c.Bulk(elements[i].text)
		}
		for _, pattern := range o.get {
			if text := c.lookupPattern(pattern, elements[i].text); text != nil {
				c.Bulk(text)
			} else {
				c.Null()
			}
		}
	}
}

// sortStore makes the result a list; what GET does not find becomes an empty element.
func (c *Context) sortStore(elements []sortElement, o *sortOptions) {
	list := keyspace.NewList()
	for i := range elements {
		if len(o.get) == 0 {
			list.PushBack(elements[i].text)
		}
		for _, pattern := range o.get {
			list.PushBack(c.lookupPattern(pattern, elements[i].text))
		}
	}
	switch {
	case list.Len() > 0:
		c.DB.Set(c.Now, o.store, list)
		c.Modified(o.store, "sortstore")
		c.Ready(o.store)
		c.Changed(list.Len())
	case c.DB.Delete(c.Now, o.store):
		c.Modified(o.store, "del")
		c.Changed(1)
	}
	c.Int(int64(list.Len()))
}

package rdb

// value reads the body of a value of layout t.
func (r *reader) value(t Type) Value {
	switch t {
	case TypeString:
		return Value{Kind: String, Str: r.string()}
	case TypeList:
		return Value{Kind: List, Items: r.strings(1)}
	case TypeSet:
		return Value{Kind: Set, Items: r.strings(1)}
	case TypeHash:
		return Value{Kind: Hash, Items: r.strings(2)}
	case TypeZSetText:
		return r.zset((*reader).scoreText, 2)
	case TypeZSet:
		return r.zset((*reader).score, 9)
	case TypeListZip:
		return Value{Kind: List, Items: r.elements(ziplist, 1)}
	case TypeQuicklist, TypeQuicklist2:
		return Value{Kind: List, Items: r.quicklist(t)}
	case TypeIntset:
		return Value{Kind: Set, Items: r.elements(intset, 1), Packed: true}
	case TypeHashZipmap:
		return Value{Kind: Hash, Items: r.elements(zipmap, 2), Packed: true}
	case TypeHashZip:
		return Value{Kind: Hash, Items: r.elements(ziplist, 2), Packed: true}
	case TypeHashPack:
		return Value{Kind: Hash, Items: r.elements(packed, 2), Packed: true}
	case TypeZSetZip:
		return r.pairs(r.elements(ziplist, 2))
	case TypeZSetPack:
		return r.pairs(r.elements(packed, 2))
	case TypeStream1, TypeStream2:
		return Value{Kind: Stream, Log: r.log(t)}
	case TypeModule1, TypeModule2:
		r.fail("the value of a module, of layout %d, which this release cannot hold", t)
	default:
		r.fail("value of unknown layout %d", t)
	}
	return Value{}
}

// strings reads a count and count × group strings.
func (r *reader) strings(group int) [][]byte {
	n := r.count(group) * group
	items := make([][]byte, 0, n)
	for range n {
		items = append(items, r.string())
		if r.err != nil {
			return nil
		}
	}
	return items
}

func (r *reader) zset(score func(*reader) float64, size int) Value {
	n := r.count(size)
	v := Value{Kind: ZSet, Items: make([][]byte, 0, n), Scores: make([]float64, 0, n)}
	for range n {
		v.Items = append(v.Items, r.string())
		v.Scores = append(v.Scores, score(r))
		if r.err != nil {
			return Value{}
		}
	}
	return v
}

// pairs turns members and the text of their scores into a sorted set.
func (r *reader) pairs(flat [][]byte) Value {
	v := Value{Kind: ZSet, Items: flat[:0], Scores: make([]float64, 0, len(flat)/2), Packed: true}
	for i := 0; i+1 < len(flat); i += 2 {
		v.Scores = append(v.Scores, r.parseScore(flat[i+1]))
		v.Items = append(v.Items, flat[i])
	}
	return v
}

// unpack appends the elements of a packed structure to items.
type unpack func(items [][]byte, r *reader) [][]byte

// elements reads one packed structure whole; the number of its elements must divide by group.
func (r *reader) elements(u unpack, group int) [][]byte {
	items := r.blob(nil, u)
	if r.err == nil && len(items)%group != 0 {
		r.fail("%d elements where they come in pairs", len(items))
	}
	if r.err != nil {
		return nil
	}
	return items
}

// blob reads a string and unpacks the structure it holds.
func (r *reader) blob(items [][]byte, u unpack) [][]byte {
	inner := reader{data: r.string(), arena: r.arena}
	if r.err != nil {
		return nil
	}
	items = u(items, &inner)
	if inner.err == nil && inner.left() != 0 {
		inner.fail("bytes behind a packed structure")
	}
	if inner.err != nil {
		r.fail("%v", inner.err)
		return nil
	}
	r.arena = inner.arena
	return items
}

func (r *reader) quicklist(t Type) [][]byte {
	var items [][]byte
	for range r.count(1) {
		container, u := uint64(nodePacked), unpack(ziplist)
		if t == TypeQuicklist2 {
			container, u = r.len(), packed
		}
		switch container {
		case nodePlain:
			item := r.string()
			if len(item) == 0 {
				r.fail("list node with nothing in it")
			}
			items = append(items, item)
		case nodePacked:
			items = r.blob(items, u)
		default:
			r.fail("list node of container %d", container)
		}
		if r.err != nil {
			return nil
		}
	}
	return items
}

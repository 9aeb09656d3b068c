package command

import "strconv"

// Room is memory for the words that one unit propagates. Whoever propagates them empties it
// afterwards, so that a command rewritten a million times takes memory once. A nil Room takes new
// memory for everything.
type Room struct {
	words [][]byte
	text  []byte
}

const (
	// roomWords is how many words a Room begins with: a few commands.
	roomWords = 64
	// keptRoom is how many bytes or words a Room keeps when it is emptied.
	keptRoom = 4096
)

// Empty forgets everything: what was handed out is not to be used any more.
func (r *Room) Empty() {
	if cap(r.text) > keptRoom {
		r.text = nil
	}
	if cap(r.words) > keptRoom {
		r.words = nil
	}
	clear(r.words)
	r.words, r.text = r.words[:0], r.text[:0]
}

// command returns room for n words.
func (r *Room) command(n int) [][]byte {
	if r == nil {
		return make([][]byte, n)
	}
	if cap(r.words)-len(r.words) < n {
		r.words = make([][]byte, 0, max(n, roomWords, 2*cap(r.words))) // the old ones stay with who has them
	}
	at := len(r.words)
	r.words = r.words[:at+n]
	return r.words[at : at+n : at+n]
}

// copy returns a copy of text.
func (r *Room) copy(text []byte) []byte {
	if r == nil {
		return append([]byte(nil), text...)
	}
	at := len(r.text)
	r.text = append(r.text, text...)
	return r.text[at:len(r.text):len(r.text)]
}

// decimal writes n as text.
func (r *Room) decimal(n int64) []byte {
	var digits [20]byte
	return r.copy(strconv.AppendInt(digits[:0], n, 10))
}

// copyAll returns a copy of words.
func (r *Room) copyAll(words [][]byte) [][]byte {
	out := r.command(len(words))
	for i, w := range words {
		out[i] = r.copy(w)
	}
	return out
}

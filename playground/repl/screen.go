package repl

import "context"

// readSize is how much is read at once of what a person types or pastes.
const readSize = 4 << 10

// read hands on what is typed. A terminal cannot be told to stop waiting: this goroutine may
// outlive Run by one key.
func (sh *Shell) read(ctx context.Context) {
	defer close(sh.typed)
	for {
		b := make([]byte, readSize)
		n, err := sh.In.Read(b)
		if n > 0 {
			select {
			case sh.typed <- b[:n]:
			case <-ctx.Done():
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (sh *Shell) flush() {
	if b := sh.editor.Output(); len(b) > 0 {
		sh.send(b)
	}
}

// write shows text, whose lines end as those of files do.
func (sh *Shell) write(text string) {
	b := make([]byte, 0, len(text)+64)
	for i := range len(text) {
		if text[i] == '\n' && sh.last != '\r' {
			b = append(b, '\r')
		}
		sh.last = text[i]
		b = append(b, text[i])
	}
	if len(b) > 0 {
		sh.send(b)
	}
}

func (sh *Shell) send(b []byte) {
	sh.last = b[len(b)-1]
	if _, err := sh.Out.Write(b); err != nil && sh.failed == nil {
		sh.failed = err
	}
}

package words

import "context"

type key struct{}

// With gives a context in which T speaks a language.
func With(ctx context.Context, w *Words) context.Context { return context.WithValue(ctx, key{}, w) }

// From is the context's language; without one, the first language.
func From(ctx context.Context) *Words {
	if w, ok := ctx.Value(key{}).(*Words); ok {
		return w
	}
	return In("")
}

// T says a sentence in the language of the context. Arguments come in pairs: name, value.
func T(ctx context.Context, id string, pairs ...string) string {
	var args Args
	for i := 0; i+1 < len(pairs); i += 2 {
		if args == nil {
			args = Args{}
		}
		args[pairs[i]] = pairs[i+1]
	}
	return From(ctx).Say(id, args)
}

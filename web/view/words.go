package view

import (
	"context"

	"clusterplay/playground/words"
)

// T says a sentence in the language of the context; arguments come in pairs.
func T(ctx context.Context, id string, pairs ...string) string { return words.T(ctx, id, pairs...) }

// Language is the language of the context, as the page's lang attribute.
func Language(ctx context.Context) string { return words.From(ctx).Language() }

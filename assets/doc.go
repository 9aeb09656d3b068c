// Package assets holds the built browser side: one script, one style sheet and their fonts.
//
// The sources are in src; `npm ci --ignore-scripts && npm run build` writes dist, which is embedded
// here and never committed. Without it everything still compiles, and Built says so.
package assets

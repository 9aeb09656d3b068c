// Package tracking remembers which connections have read which keys and tells them when a key has
// changed, so that they may keep copies of their own (Redis' client side caching, tracking.c).
package tracking

// Package pubsub keeps who listens to which channels and patterns, and hands messages out.
package pubsub

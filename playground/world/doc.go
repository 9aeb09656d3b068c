// Package world runs many machines in one loop: one agenda ordered by time, links and disks in
// memory, every chance drawn from one seed. The same machines that serve real clients run here a
// thousand times faster than life, and the same seed always tells the same story.
package world

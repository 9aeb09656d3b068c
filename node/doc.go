// Package node is the rim: it makes a deterministic server machine live on this computer, with a
// client port, a bus port, dialled links, files and a clock, and lets a lab stand between nodes.
package node

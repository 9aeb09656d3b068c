// Package workload is a lab's own clients: they write numbered values through real connections,
// follow redirections as client libraries do, and keep a ledger of what they were promised and
// what became of it: acknowledged, replicated, lost, or unknown.
package workload

// Package metrics tells Prometheus about the process and, under the names of redis_exporter, about
// the nodes. It looks at the nodes without being one of their clients: a scrape changes no counter.
package metrics

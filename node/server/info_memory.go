package server

import "fmt"

// What a node with no data at all is said to occupy: about what an empty machine with its tables
// and backlog-less replication takes in this process.
const startupMemory = 1 << 20

// usedMemory estimates the bytes this node occupies in the process it shares with others.
func (s *Server) usedMemory() int {
	scripts := s.scriptMemory()
	return startupMemory + scripts.vmEval + scripts.vmFunctions + scripts.scripts + scripts.libraries + s.space.UsedMemory() + s.repl.Kept() + int(s.clientMem.total)
}

func (s *Server) infoMemory(b *infoText) {
	s.weighAll()
	used := int64(s.usedMemory())
	s.saves.peak = max(s.saves.peak, used)
	data := int64(s.space.UsedMemory())
	b.Section("Memory")
	b.human("used_memory", used)
	b.human("used_memory_rss", used)
	b.human("used_memory_peak", s.saves.peak)
	b.Field("used_memory_peak_perc", percent(used, s.saves.peak))
	b.Field("used_memory_overhead", used-data)
	b.Field("used_memory_startup", startupMemory)
	b.Field("used_memory_dataset", data)
	b.Field("used_memory_dataset_perc", percent(data, used-startupMemory))
	b.Field("allocator_allocated", used)
	b.Field("allocator_active", used)
	b.Field("allocator_resident", used)
	b.human("total_system_memory", 0)
	s.infoScripts(b)
	b.human("maxmemory", s.settings.number("maxmemory"))
	b.Field("maxmemory_policy", s.settings.text("maxmemory-policy"))
	s.infoFragmentation(b)
	b.Field("mem_not_counted_for_evict", s.uncountedMemory())
	b.Field("mem_replication_backlog", s.repl.Kept())
	b.Field("mem_total_replication_buffers", s.repl.Kept())
	b.Field("mem_clients_slaves", s.replicaBuffers())
	b.Field("mem_clients_normal", s.clientMem.total)
	b.Field("mem_cluster_links", s.linksMemory())
	b.Zeros("mem_aof_buffer")
	b.Field("mem_allocator", "go")
	b.Zeros("active_defrag_running", "lazyfree_pending_objects") // the collector owes nobody an account
	b.Field("lazyfreed_objects", s.space.Stats.Freed)
}

// linksMemory is what the links to the other nodes of a cluster occupy.
func (s *Server) linksMemory() int {
	if s.cluster == nil {
		return 0
	}
	return s.cluster.LinksMemory()
}

// scriptMemory is what scripts and functions occupy.
type scriptMemory struct {
	vmEval, vmFunctions, scripts, libraries int
	cached, functions, loaded               int
}

func (s *Server) scriptMemory() (m scriptMemory) {
	if e := s.script.engine; e != nil {
		m = scriptMemory{
			vmEval: e.EvalMemory(), vmFunctions: e.FunctionsMemory(), scripts: e.ScriptsMemory(),
			libraries: e.LibrariesMemory(), cached: e.Scripts(), functions: e.Functions(), loaded: len(s.libraries()),
		}
	}
	return m
}

func (s *Server) infoScripts(b *infoText) {
	if e := s.script.engine; e != nil && e.Running() == nil {
		e.Measure()
	}
	m := s.scriptMemory()
	b.Field("used_memory_lua", m.vmEval)
	b.Field("used_memory_vm_eval", m.vmEval)
	b.Field("used_memory_lua_human", humanSize(int64(m.vmEval)))
	b.Field("used_memory_scripts_eval", m.scripts)
	b.Field("number_of_cached_scripts", m.cached)
	b.Field("number_of_functions", m.functions)
	b.Field("number_of_libraries", m.loaded)
	b.Field("used_memory_vm_functions", m.vmFunctions)
	b.human("used_memory_vm_total", int64(m.vmEval+m.vmFunctions))
	b.Field("used_memory_functions", m.libraries)
	b.human("used_memory_scripts", int64(m.scripts+m.libraries))
}

// infoFragmentation is constant: memory is Go's and shared by all nodes of the process.
func (s *Server) infoFragmentation(b *infoText) {
	b.Field("allocator_frag_ratio", "1.00")
	b.Field("allocator_frag_bytes", 0)
	b.Field("allocator_rss_ratio", "1.00")
	b.Field("allocator_rss_bytes", 0)
	b.Field("rss_overhead_ratio", "1.00")
	b.Field("rss_overhead_bytes", 0)
	b.Field("mem_fragmentation_ratio", "1.00")
	b.Field("mem_fragmentation_bytes", 0)
}

func percent(part, whole int64) string {
	if whole <= 0 {
		return "0.00%"
	}
	return fmt.Sprintf("%.2f%%", float64(part)*100/float64(whole))
}

// memoryStats: MEMORY STATS
func (s *Server) memoryStats(c *client) {
	s.weighAll()
	scripts := s.scriptMemory()
	used, data := int64(s.usedMemory()), int64(s.space.UsedMemory())
	s.saves.peak = max(s.saves.peak, used)
	keys := int64(s.space.Keys())
	perKey := int64(0)
	if keys > 0 {
		perKey = data / keys
	}
	w := &c.ctx.Writer
	w.Map(27)
	for _, row := range []struct {
		name string
		n    int64
	}{
		{"peak.allocated", s.saves.peak}, {"total.allocated", used}, {"startup.allocated", startupMemory},
		{"replication.backlog", int64(s.repl.Kept())}, {"clients.slaves", s.replicaBuffers()},
		{"clients.normal", s.clientMem.total}, {"cluster.links", 0}, {"aof.buffer", 0},
		{"lua.caches", int64(scripts.scripts)}, {"functions.caches", int64(scripts.libraries)}, {"overhead.total", used - data}, {"keys.count", keys},
		{"keys.bytes-per-key", perKey}, {"dataset.bytes", data},
	} {
		w.BulkString(row.name)
		w.Int(row.n)
	}
	double := func(name string, f float64) { w.BulkString(name); w.Double(f) }
	double("dataset.percentage", float64(data)*100/float64(max(1, used-startupMemory)))
	double("peak.percentage", float64(used)*100/float64(s.saves.peak))
	for _, name := range []string{"allocator.allocated", "allocator.active", "allocator.resident"} {
		w.BulkString(name)
		w.Int(used)
	}
	double("allocator-fragmentation.ratio", 1)
	w.BulkString("allocator-fragmentation.bytes")
	w.Int(0)
	double("allocator-rss.ratio", 1)
	w.BulkString("allocator-rss.bytes")
	w.Int(0)
	double("rss-overhead.ratio", 1)
	w.BulkString("rss-overhead.bytes")
	w.Int(0)
	double("fragmentation", 1)
	w.BulkString("fragmentation.bytes")
	w.Int(0)
}

// memoryDoctor: MEMORY DOCTOR
func (s *Server) memoryDoctor(c *client) {
	c.ctx.Verbatim("txt", "This node shares the memory of one Go process with its neighbours; "+
		"it keeps "+humanSize(int64(s.space.UsedMemory()))+" of data and has nothing to complain about.\n")
}

// memoryMallocStats: MEMORY MALLOC-STATS
func (s *Server) memoryMallocStats(c *client) {
	c.ctx.Verbatim("txt", "Memory is managed by the Go runtime; statistics of an allocator do not exist.\n")
}

// memoryPurge: MEMORY PURGE
func (s *Server) memoryPurge(c *client) { c.ctx.OK() }

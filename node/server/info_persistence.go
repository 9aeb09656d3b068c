package server

import "time"

func (s *Server) infoPersistence(b *infoText) {
	b.section("Persistence")
	b.flag("loading", s.loading != nil)
	b.zeros("async_loading", "current_cow_peak", "current_cow_size", "current_cow_size_age")
	b.field("current_fork_perc", "0.00")
	b.zeros("current_save_keys_processed", "current_save_keys_total")
	b.field("rdb_changes_since_last_save", s.saves.dirty)
	b.flag("rdb_bgsave_in_progress", s.saving())
	b.field("rdb_last_save_time", s.saves.lastSave.Unix())
	b.field("rdb_last_bgsave_status", okOrErr(!s.saves.failed))
	b.field("rdb_last_bgsave_time_sec", s.lastSaveSeconds())
	b.field("rdb_current_bgsave_time_sec", s.currentSaveSeconds())
	b.field("rdb_saves", s.saves.count)
	b.zeros("rdb_last_cow_size")
	b.field("rdb_last_load_keys_expired", s.saves.expired)
	b.field("rdb_last_load_keys_loaded", s.saves.loaded)
	b.zeros("aof_enabled", "aof_rewrite_in_progress", "aof_rewrite_scheduled")
	b.field("aof_last_rewrite_time_sec", -1)
	b.field("aof_current_rewrite_time_sec", -1)
	b.field("aof_last_bgrewrite_status", "ok")
	b.zeros("aof_rewrites", "aof_rewrites_consecutive_failures")
	b.field("aof_last_write_status", "ok")
	b.zeros("aof_last_cow_size", "module_fork_in_progress", "module_fork_last_cow_size")
	s.infoLoading(b)
}

// infoLoading shows how far a full synchronisation has been read.
func (s *Server) infoLoading(b *infoText) {
	load := s.loading
	if load == nil {
		return
	}
	read := int64(load.decoder.Offset())
	b.field("loading_start_time", load.began.Unix())
	b.field("loading_total_bytes", load.size)
	b.field("loading_rdb_used_mem", s.space.UsedMemory())
	b.field("loading_loaded_bytes", read)
	b.field("loading_loaded_perc", percent(read, int64(load.size)))
	b.field("loading_eta_seconds", 1)
}

func okOrErr(ok bool) string {
	if ok {
		return "ok"
	}
	return "err"
}

func (s *Server) lastSaveSeconds() int64 {
	if s.saves.lastTry.IsZero() {
		return -1
	}
	return int64(s.saves.took / time.Second)
}

func (s *Server) currentSaveSeconds() int64 {
	if !s.saving() {
		return -1
	}
	return int64(s.now.Sub(s.saves.began) / time.Second)
}

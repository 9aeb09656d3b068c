package server

import "time"

func (s *Server) infoPersistence(b *infoText) {
	b.Section("Persistence")
	b.Flag("loading", s.loading != nil)
	b.Zeros("async_loading", "current_cow_peak", "current_cow_size", "current_cow_size_age")
	b.Field("current_fork_perc", "0.00")
	b.Zeros("current_save_keys_processed", "current_save_keys_total")
	b.Field("rdb_changes_since_last_save", s.saves.dirty)
	b.Flag("rdb_bgsave_in_progress", s.saving())
	b.Field("rdb_last_save_time", s.saves.lastSave.Unix())
	b.Field("rdb_last_bgsave_status", okOrErr(!s.saves.failed))
	b.Field("rdb_last_bgsave_time_sec", s.lastSaveSeconds())
	b.Field("rdb_current_bgsave_time_sec", s.currentSaveSeconds())
	b.Field("rdb_saves", s.saves.count)
	b.Zeros("rdb_last_cow_size")
	b.Field("rdb_last_load_keys_expired", s.saves.expired)
	b.Field("rdb_last_load_keys_loaded", s.saves.loaded)
	b.Zeros("aof_enabled", "aof_rewrite_in_progress", "aof_rewrite_scheduled")
	b.Field("aof_last_rewrite_time_sec", -1)
	b.Field("aof_current_rewrite_time_sec", -1)
	b.Field("aof_last_bgrewrite_status", "ok")
	b.Zeros("aof_rewrites", "aof_rewrites_consecutive_failures")
	b.Field("aof_last_write_status", "ok")
	b.Zeros("aof_last_cow_size", "module_fork_in_progress", "module_fork_last_cow_size")
	s.infoLoading(b)
}

// infoLoading shows how far a full synchronisation has been read.
func (s *Server) infoLoading(b *infoText) {
	load := s.loading
	if load == nil {
		return
	}
	read := int64(load.decoder.Offset())
	b.Field("loading_start_time", load.began.Unix())
	b.Field("loading_total_bytes", load.size)
	b.Field("loading_rdb_used_mem", s.space.UsedMemory())
	b.Field("loading_loaded_bytes", read)
	b.Field("loading_loaded_perc", percent(read, int64(load.size)))
	b.Field("loading_eta_seconds", 1)
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

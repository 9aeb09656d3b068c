package server

import (
	"strconv"
	"time"

	"clusterplay/node/aof"
)

func (s *Server) infoPersistence(b *infoText) {
	b.Section("Persistence")
	async := s.loading != nil && s.loading.async
	b.Flag("loading", s.loading != nil && !async)
	b.Flag("async_loading", async)
	b.Zeros("current_cow_peak", "current_cow_size", "current_cow_size_age")
	s.infoProgress(b)
	b.Field("rdb_changes_since_last_save", s.saves.dirty)
	b.Flag("rdb_bgsave_in_progress", s.snapshotting())
	b.Field("rdb_last_save_time", s.saves.lastSave.Unix())
	b.Field("rdb_last_bgsave_status", okOrErr(!s.saves.failed))
	b.Field("rdb_last_bgsave_time_sec", s.lastSaveSeconds())
	b.Field("rdb_current_bgsave_time_sec", s.currentSaveSeconds())
	b.Field("rdb_saves", s.saves.count)
	b.Zeros("rdb_last_cow_size")
	b.Field("rdb_last_load_keys_expired", s.saves.expired)
	b.Field("rdb_last_load_keys_loaded", s.saves.loaded)
	s.infoAOF(b)
	b.Zeros("module_fork_in_progress", "module_fork_last_cow_size")
	s.infoLog(b)
	s.infoLoading(b)
}

// infoProgress shows how far the snapshot being written has come. Nothing is forked, so that nothing
// is ever copied on a write.
func (s *Server) infoProgress(b *infoText) {
	done, total, share := 0, 0, 0.0
	if snap := s.saves.running; snap != nil && (snap.file != nil || snap.toBase) {
		done, total = snap.count, snap.total
	}
	if total > 0 {
		share = float64(done) * 100 / float64(total)
	}
	b.Field("current_fork_perc", strconv.FormatFloat(share, 'f', 2, 64))
	b.Field("current_save_keys_processed", done)
	b.Field("current_save_keys_total", total)
}

// infoAOF shows the append only file, kept or not.
func (s *Server) infoAOF(b *infoText) {
	is := s.aof.Info()
	b.Flag("aof_enabled", is.Mode != aof.Off)
	b.Flag("aof_rewrite_in_progress", is.Rewriting)
	b.Flag("aof_rewrite_scheduled", is.Scheduled)
	took, current := int64(-1), int64(-1)
	if is.Counts.Finished {
		took = int64(is.Counts.Took / time.Second)
	}
	if is.Rewriting {
		current = int64(s.now.Sub(is.Began) / time.Second)
	}
	b.Field("aof_last_rewrite_time_sec", took)
	b.Field("aof_current_rewrite_time_sec", current)
	b.Field("aof_last_bgrewrite_status", okOrErr(!is.Counts.Failed))
	b.Field("aof_rewrites", is.Counts.Rewrites)
	b.Field("aof_rewrites_consecutive_failures", is.Counts.Failures)
	b.Field("aof_last_write_status", okOrErr(!is.Trouble))
	b.Zeros("aof_last_cow_size")
}

// infoLog shows what there is to say only while a log is kept. A write never waits for a sync here, so
// that none is ever delayed.
func (s *Server) infoLog(b *infoText) {
	is := s.aof.Info()
	if is.Mode == aof.Off {
		return
	}
	b.Field("aof_current_size", is.Size)
	b.Field("aof_base_size", is.Base)
	b.Zeros("aof_pending_rewrite")
	b.Field("aof_buffer_length", is.Buffer)
	b.Flag("aof_pending_bio_fsync", is.Syncing)
	b.Zeros("aof_delayed_fsync")
}

// infoLoading shows how far a full synchronisation has been read.
func (s *Server) infoLoading(b *infoText) {
	load := s.loading
	if load == nil {
		return
	}
	read := load.offset()
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

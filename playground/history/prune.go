package history

// prune deletes the oldest tenth of everything as long as the file is over its cap, and gives
// the space back. It runs on the writer's goroutine.
func (r *Recorder) prune() {
	for range 20 { // 0.9^20 leaves an eighth: more rounds than any cap needs
		size, err := r.Size()
		if err != nil || size <= r.limit {
			return
		}
		if err := r.deleteOldest(); err != nil {
			r.failed.Store(&err)
			return
		}
	}
}

// deleteOldest removes what lies before the tenth part of the time recorded.
func (r *Recorder) deleteOldest() error {
	var first, last int64
	err := r.db.QueryRow(`SELECT coalesce(min(t), 0), coalesce(max(t), 0) FROM
		(SELECT t FROM events UNION ALL SELECT t FROM pictures UNION ALL SELECT t FROM frames UNION ALL SELECT t FROM samples)`).Scan(&first, &last)
	if err != nil {
		return err
	}
	before := first + (last-first)/10 + 1
	for _, statement := range [...]string{
		"DELETE FROM frames WHERE t < ?", "DELETE FROM pictures WHERE t < ?", "DELETE FROM events WHERE t < ?",
		"DELETE FROM samples WHERE t < ?",
	} {
		if _, err := r.db.Exec(statement, before); err != nil {
			return err
		}
	}
	_, err = r.db.Exec("PRAGMA incremental_vacuum")
	return err
}

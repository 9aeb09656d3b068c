package history

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver named "sqlite"
)

// options are every connection's settings: a reader waits for the writer rather than fail, and a
// power cut may cost the last moments but never the file.
const options = "?_pragma=busy_timeout(10000)" +
	"&_pragma=auto_vacuum(incremental)" +
	"&_pragma=journal_mode(wal)" +
	"&_pragma=synchronous(normal)" +
	"&_pragma=journal_size_limit(8388608)" +
	"&_txlock=immediate"

// version is the layout's number, kept in the file; a file with a higher one is refused.
const version = 1

const schema = `
CREATE TABLE IF NOT EXISTS events (
	seq INTEGER PRIMARY KEY, t INTEGER NOT NULL, wall INTEGER NOT NULL,
	node TEXT NOT NULL, name TEXT NOT NULL, line TEXT NOT NULL,
	caption TEXT NOT NULL, level TEXT NOT NULL, data BLOB
) STRICT;
CREATE INDEX IF NOT EXISTS events_by_time ON events (t);
CREATE TABLE IF NOT EXISTS snapshots (
	seq INTEGER PRIMARY KEY, t INTEGER NOT NULL, data BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS snapshots_by_time ON snapshots (t);
CREATE TABLE IF NOT EXISTS frames (
	seq INTEGER PRIMARY KEY AUTOINCREMENT, t INTEGER NOT NULL, data BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS frames_by_time ON frames (t);
`

// open opens or makes the file, readable by its owner only.
func open(path string) (*sql.DB, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open history: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("open history: %w", err)
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open history: %w", err)
	}
	address := url.URL{Scheme: "file", Path: filepath.ToSlash(full)}
	db, err := sql.Open("sqlite", address.String()+options)
	if err != nil {
		return nil, fmt.Errorf("open history %s: %w", path, err)
	}
	if err := prepare(db); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("open history %s: %w", path, err)
	}
	return db, nil
}

// prepare checks the layout's version and makes the tables.
func prepare(db *sql.DB) error {
	var found int
	if err := db.QueryRow("PRAGMA user_version").Scan(&found); err != nil {
		return err
	}
	if found > version {
		return fmt.Errorf("its layout %d is newer than this program's %d: use a newer playground, or another file", found, version)
	}
	if _, err := db.Exec(schema); err != nil {
		return err
	}
	_, err := db.Exec(fmt.Sprintf("PRAGMA user_version = %d", version))
	return err
}

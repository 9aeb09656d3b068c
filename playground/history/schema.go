package history

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver named "sqlite"
)

// cache is how many KiB of the file each connection keeps in memory; SQLite's own is two megabytes. What is
// recorded is appended, so little of the file is needed again.
const cache = "&_pragma=cache_size(-512)"

// options are every connection's settings: a reader waits for the writer rather than fail, and a
// power cut may cost the last moments but never the file.
const options = "?_pragma=busy_timeout(10000)" +
	"&_pragma=auto_vacuum(incremental)" +
	"&_pragma=journal_mode(wal)" +
	"&_pragma=synchronous(normal)" +
	"&_pragma=journal_size_limit(8388608)" +
	"&_txlock=immediate" + cache

// passing are the settings of a record that ends with its process: SQLite deletes such a file as
// soon as it is open, so there is nothing to save it for. A write is undone in memory.
const passing = "file:?_pragma=auto_vacuum(incremental)&_pragma=journal_mode(memory)&_pragma=synchronous(off)" + cache

// version is the layout's number, kept in the file; a file with a higher one is refused.
const version = 3

const schema = `
CREATE TABLE IF NOT EXISTS events (
	seq INTEGER PRIMARY KEY, t INTEGER NOT NULL, wall INTEGER NOT NULL,
	node TEXT NOT NULL, name TEXT NOT NULL, line TEXT NOT NULL,
	caption TEXT NOT NULL, level TEXT NOT NULL, data BLOB, say BLOB
) STRICT;
CREATE INDEX IF NOT EXISTS events_by_time ON events (t);
CREATE TABLE IF NOT EXISTS pictures (
	id INTEGER PRIMARY KEY AUTOINCREMENT, t INTEGER NOT NULL, whole INTEGER NOT NULL, data BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS pictures_by_time ON pictures (t);
CREATE INDEX IF NOT EXISTS whole_pictures ON pictures (t, id) WHERE whole = 1;
CREATE TABLE IF NOT EXISTS frames (
	seq INTEGER PRIMARY KEY AUTOINCREMENT, t INTEGER NOT NULL, data BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS frames_by_time ON frames (t);
CREATE TABLE IF NOT EXISTS samples (
	id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, t INTEGER NOT NULL, whole INTEGER NOT NULL, data BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS samples_by_time ON samples (kind, t);
CREATE INDEX IF NOT EXISTS whole_samples ON samples (kind, t, id) WHERE whole = 1;
`

// fromFirst makes layout 2 of layout 1, whose snapshots only said how things were now and then.
const fromFirst = `
ALTER TABLE events ADD COLUMN say BLOB;
DROP TABLE snapshots;
`

// open opens or makes the file, readable by its owner only. Without a path it opens one that has
// no name and is gone with the process, however that ends.
func open(path string) (*sql.DB, error) {
	if path == "" {
		return openPassing()
	}
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
	return prepared(db, path)
}

// openPassing opens a nameless file. It lives as long as its only connection, which is kept.
func openPassing() (*sql.DB, error) {
	db, err := sql.Open("sqlite", passing)
	if err != nil {
		return nil, fmt.Errorf("open history: %w", err)
	}
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	db.SetConnMaxIdleTime(0)
	db.SetConnMaxLifetime(0)
	return prepared(db, "without a name")
}

// prepared is the database with its tables, or closed again.
func prepared(db *sql.DB, path string) (*sql.DB, error) {
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
	if found == 1 {
		if _, err := db.Exec(fromFirst); err != nil {
			return fmt.Errorf("bring layout 1 up to date: %w", err)
		}
	}
	if _, err := db.Exec(schema); err != nil {
		return err
	}
	_, err := db.Exec(fmt.Sprintf("PRAGMA user_version = %d", version))
	return err
}

package keyspace

// Draft is another content for all databases of a Space, made beside the present one and put in its place
// at once: what a replica loads while it shows its old data.
type Draft struct{ dbs []*DB }

// NewDraft begins an empty content.
func (s *Space) NewDraft() *Draft {
	d := &Draft{}
	for _, db := range s.dbs {
		d.dbs = append(d.dbs, &DB{Number: db.Number, space: s, data: s.newTable()})
	}
	return d
}

// DB returns the database of the draft that will be number i, nil when there is none.
func (d *Draft) DB(i int) *DB {
	if i < 0 || i >= len(d.dbs) {
		return nil
	}
	return d.dbs[i]
}

// Adopt makes a draft the content of the databases; the old content is gone. A snapshot that is being
// taken cannot go on: it would take the new keys for old ones that it has not got.
func (s *Space) Adopt(d *Draft) {
	if s.snapshot != nil {
		panic("keyspace: a draft is adopted in the middle of a snapshot")
	}
	for i, db := range s.dbs {
		db.data = d.dbs[i].data
	}
	s.version++
}

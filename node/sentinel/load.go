package sentinel

import "fmt"

// load takes the state from the file.
func (s *Sentinel) load() error {
	if s.id == "" {
		s.id = s.newID()
		s.save()
	}
	return nil
}

// file is the state as the file keeps it.
func (s *Sentinel) file() []byte { return s.cfg.Conf }

// newID draws the name by which the group knows us for ever.
func (s *Sentinel) newID() string {
	return fmt.Sprintf("%016x%016x%08x", s.rng.Uint64(), s.rng.Uint64(), s.rng.Uint32())
}

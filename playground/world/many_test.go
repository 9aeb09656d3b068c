package world

import (
	"testing"
	"time"
)

func TestMany(t *testing.T) {
	for seed := uint64(1); seed <= 60; seed++ {
		func() {
			defer func() {
				if r := recover(); r != nil {
					t.Errorf("seed %d: panic %v", seed, r)
				}
			}()
			v, err := Episode(Config{Seed: seed}, PlanOf(seed, 2*time.Second), nil, nil)
			if err != nil {
				t.Errorf("seed %d: %v", seed, err)
			}
			if v.Unhealed != "" || v.Ledger.Lost+v.Ledger.Duplicated+v.Ledger.Phantom > 0 {
				t.Logf("%+v", v)
			}
		}()
	}
}

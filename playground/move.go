package playground

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"clusterplay/node/resp"
	"clusterplay/node/slot"
)

const (
	// keysPerMigrate is how many keys one MIGRATE takes: enough that round trips do not count, few
	// enough that neither node stops for long.
	keysPerMigrate = 200
	// stepsShown bounds the commands of a move in a snapshot: those of the last slots.
	stepsShown = 40
	// movesShown bounds the moves in a snapshot.
	movesShown = 20
	// migrateTimeout is what MIGRATE may take, in milliseconds; redis-cli's own default.
	migrateTimeout = "60000"
	// moveCallLimit bounds one command of a move: longer than MIGRATE's own timeout.
	moveCallLimit = 70 * time.Second
)

// The states of a move.
const (
	Running  = "running"
	Stepping = "stepping" // waits for move-step
	Queued   = "queued"   // waits for the move before it
	Done     = "done"
	Aborted  = "aborted"
	Failed   = "failed"
)

// MoveView is a move of slots as a snapshot shows it.
type MoveView struct {
	ID    int            `json:"id"`
	From  string         `json:"from"`
	To    string         `json:"to"`
	Total int            `json:"total"`
	Done  int            `json:"done"`
	Slot  int            `json:"slot"` // the present one; -1 before the first
	State string         `json:"state"`
	Why   string         `json:"why,omitempty"`
	Steps []MoveStepView `json:"steps"`
}

// MoveStepView is one command of a move.
type MoveStepView struct {
	N       int    `json:"n"`
	Command string `json:"command"`
	On      string `json:"on"`
	State   string `json:"state"` // next, running, done or failed
}

// mover carries out moves of slots, one after the other.
type mover struct {
	lab *Lab

	mu    sync.Mutex // guards everything below and the fields of all moves
	moves []*move
	busy  bool // run is at work
	ids   int
}

// move is slots on their way from one master to another.
type move struct {
	view  MoveView
	slots []slot.Slot
	step  chan struct{} // lets one command happen
	run   chan struct{} // closed: no more stepping
	abort chan struct{} // closed: end after the present slot
	leave context.CancelFunc
	ctx   context.Context
	keys  int  // moved with the present slot
	dies  bool // it leaves the next slot open as it ends; under the mover's mu

	rested time.Time // the end of the last rest, or the begin of the batch
}

func newMover(l *Lab) *mover { return &mover{lab: l} }

// queue adds a move. The caller holds mu.
func (v *mover) queue(from, to string, slots []slot.Slot, stepping bool) *move {
	v.ids++
	m := &move{
		view:  MoveView{ID: v.ids, From: from, To: to, Total: len(slots), Slot: -1, State: Queued},
		slots: slots, step: make(chan struct{}), run: make(chan struct{}), abort: make(chan struct{}),
	}
	m.ctx, m.leave = context.WithCancel(v.lab.ctx)
	if !stepping {
		close(m.run)
	}
	v.moves = append(v.moves, m)
	if len(v.moves) > movesShown && v.moves[0].over() {
		v.moves = v.moves[1:]
	}
	if !v.busy {
		v.busy = true
		v.lab.spawn(v.work)
	}
	return m
}

// over tells whether the move has ended. The caller holds mu.
func (m *move) over() bool {
	return m.view.State == Done || m.view.State == Aborted || m.view.State == Failed
}

// work carries out moves until none is queued.
func (v *mover) work() {
	for {
		m := v.nextQueued()
		if m == nil {
			return
		}
		err := v.carry(m)
		v.finish(m, err)
	}
}

func (v *mover) nextQueued() *move {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, m := range v.moves {
		if m.view.State == Queued {
			m.view.State = Running
			return m
		}
	}
	v.busy = false
	return nil
}

// finish notes how a move ended and tells of it.
func (v *mover) finish(m *move, err error) {
	v.mu.Lock()
	switch {
	case err != nil && (closed(m.abort) || m.ctx.Err() != nil):
		m.view.State, m.view.Why = Aborted, "slot "+strconv.Itoa(m.view.Slot)+" stays open"
	case err != nil:
		m.view.State, m.view.Why = Failed, err.Error()
	case m.view.Done < m.view.Total:
		m.view.State = Aborted
	default:
		m.view.State = Done
	}
	m.leave()
	e := MoveEnded{ID: m.view.ID, State: m.view.State, Done: m.view.Done, Of: m.view.Total, Why: m.view.Why}
	v.mu.Unlock()
	v.lab.publish("", v.lab.clock.Now(), e)
}

// carry moves the slots until the end or an abort: one after the other while it is stepped, in batches when
// it runs.
func (v *mover) carry(m *move) error {
	for rest := m.slots; len(rest) > 0; {
		if closed(m.abort) {
			return v.breakOff(m, rest[0])
		}
		if !closed(m.run) {
			if err := v.carrySlot(m, rest[0]); err != nil {
				return fmt.Errorf("slot %d: %w", rest[0], err)
			}
			rest = rest[1:]
			continue
		}
		n := min(len(rest), slotsPerBatch)
		m.rested = time.Now()
		if err := v.carryBatch(m, rest[:n]); err != nil {
			return fmt.Errorf("slots %d to %d: %w", rest[0], rest[n-1], err)
		}
		if rest = rest[n:]; len(rest) > 0 {
			m.rest()
		}
	}
	return nil
}

// rest leaves the computer to others for a while, as long as what was done since the last time asks for.
func (m *move) rest() {
	timer := time.NewTimer(time.Since(m.rested) / restShare)
	defer timer.Stop()
	defer func() { m.rested = time.Now() }()
	select {
	case <-timer.C:
	case <-m.abort:
	case <-m.ctx.Done():
	}
}

// ends are the members between which a move goes.
func (v *mover) ends(m *move) (from, to *member, err error) {
	if from, err = v.lab.find("from", m.view.From); err != nil {
		return nil, nil, err
	}
	to, err = v.lab.find("to", m.view.To)
	return from, to, err
}

// carrySlot is the protocol of redis-cli --cluster reshard for one slot: open it on both sides,
// move its keys, then tell the new owner, the old one, and all other masters.
func (v *mover) carrySlot(m *move, s slot.Slot) error {
	from, to, err := v.ends(m)
	if err != nil {
		return err
	}
	v.begin(m, s)
	text := strconv.Itoa(int(s))
	if _, err := v.command(m, to, "CLUSTER", "SETSLOT", text, "IMPORTING", from.identity()); err != nil {
		return err
	}
	if _, err := v.command(m, from, "CLUSTER", "SETSLOT", text, "MIGRATING", to.identity()); err != nil {
		return err
	}
	if err := v.carryKeys(m, from, to, text); err != nil {
		return err
	}
	for _, on := range v.informed(from, to) {
		if _, err := v.command(m, on, "CLUSTER", "SETSLOT", text, "NODE", to.identity()); err != nil && on == to {
			return err
		}
	}
	v.end(m, []slot.Slot{s}, m.keys)
	return nil
}

// informed lists who is told about a slot's new owner, in this order: the new owner, which takes
// a new epoch; the old one; every other running master.
func (v *mover) informed(from, to *member) []*member {
	list := []*member{to, from}
	for _, m := range v.lab.all() {
		if m != from && m != to && m.up() && v.lab.viewOf(m).Role == "master" {
			list = append(list, m)
		}
	}
	return list
}

// carryKeys moves all keys of the slot.
func (v *mover) carryKeys(m *move, from, to *member, text string) error {
	for {
		keys, err := v.command(m, from, "CLUSTER", "GETKEYSINSLOT", text, strconv.Itoa(keysPerMigrate))
		if err != nil || len(keys.List) == 0 {
			return err
		}
		if _, err := v.command(m, from, migrateWords(to, keys)...); err != nil {
			return err
		}
		m.keys += len(keys.List)
	}
}

// migrateWords is the MIGRATE of some keys of one slot.
func migrateWords(to *member, keys resp.Value) []string {
	words := []string{"MIGRATE", loopback.String(), to.Name(), "", "0", migrateTimeout, "REPLACE", "KEYS"}
	for _, key := range keys.List {
		words = append(words, key.Text)
	}
	return words
}

// begin notes the slot that is now being moved.
func (v *mover) begin(m *move, s slot.Slot) {
	v.mu.Lock()
	defer v.mu.Unlock()
	m.view.Slot, m.keys = int(s), 0
	if len(m.view.Steps) > stepsShown {
		m.view.Steps = m.view.Steps[len(m.view.Steps)-stepsShown:]
	}
}

// end notes that slots have been moved.
func (v *mover) end(m *move, slots []slot.Slot, keys int) {
	list := ""
	for _, s := range slots {
		list = slot.Join(list, s)
	}
	v.mu.Lock()
	m.view.Done += len(slots)
	e := SlotMoved{Slots: list, From: m.view.From, To: m.view.To, Keys: keys, Done: m.view.Done, Of: m.view.Total}
	v.mu.Unlock()
	v.lab.publish("", v.lab.clock.Now(), e)
}

// command shows a command, waits for its turn when the move is stepped, and executes it.
func (v *mover) command(m *move, on *member, words ...string) (resp.Value, error) {
	n := v.note(m, on.Name(), "next", words)
	if err := v.await(m); err != nil {
		return resp.Value{}, err
	}
	reply, err := v.call(m, on, words)
	v.noteEnd(m, n, err)
	return reply, err
}

// call executes a command; what the node refuses is an error.
func (v *mover) call(m *move, on *member, words []string) (resp.Value, error) {
	ctx, cancel := context.WithTimeout(m.ctx, moveCallLimit)
	defer cancel()
	reply, err := on.Call(ctx, words...)
	if err == nil {
		err = refusal(on, reply)
	}
	return reply, err
}

// refusal is an error that a node answered.
func refusal(on *member, reply resp.Value) error {
	if !reply.IsError() {
		return nil
	}
	return &Error{Message: fmt.Sprintf("%s answers: %s", on.Name(), reply.Text)}
}

// shown is a command with a long list of keys cut short.
func shown(words []string) string {
	const most = 10
	cut := ""
	if len(words) > most+1 {
		cut = fmt.Sprintf(" … (%d keys)", len(words)-8)
		words = words[:most]
	}
	var text strings.Builder
	for i, w := range words {
		if i > 0 {
			text.WriteByte(' ')
		}
		if w == "" {
			w = `""`
		}
		text.WriteString(w)
	}
	return text.String() + cut
}

// note adds commands that are about to happen and returns the first one's number.
func (v *mover) note(m *move, on, state string, commands ...[]string) (first int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	first = 1
	if len(m.view.Steps) > 0 {
		first = m.view.Steps[len(m.view.Steps)-1].N + 1
	}
	for i, words := range commands {
		m.view.Steps = append(m.view.Steps, MoveStepView{N: first + i, Command: shown(words), On: on, State: state})
	}
	if len(m.view.Steps) > 2*stepsShown {
		m.view.Steps = append(m.view.Steps[:0], m.view.Steps[len(m.view.Steps)-stepsShown:]...)
	}
	return first
}

// await waits for move-step, or for nothing when the move runs.
func (v *mover) await(m *move) error {
	if !closed(m.run) {
		v.setState(m, Stepping)
		select {
		case <-m.step:
		case <-m.run:
		case <-m.abort:
		case <-m.ctx.Done():
		}
	}
	v.setState(m, Running)
	v.mu.Lock()
	defer v.mu.Unlock()
	m.view.Steps[len(m.view.Steps)-1].State = "running"
	return m.ctx.Err()
}

func (v *mover) setState(m *move, state string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	m.view.State = state
}

// noteEnd says how a command ended, if it is still shown.
func (v *mover) noteEnd(m *move, n int, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	state := "done"
	if err != nil {
		state = "failed: " + err.Error()
	}
	if i := n - m.view.Steps[0].N; i >= 0 {
		m.view.Steps[i].State = state
	}
}

// present is the move that is under way or waits; nil when there is none.
func (v *mover) present() *move {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, m := range v.moves {
		if !m.over() {
			return m
		}
	}
	return nil
}

// forget takes the ended moves off the list: the nodes between which they went are gone.
func (v *mover) forget() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.moves = nil
}

// stopAll ends every move at once.
func (v *mover) stopAll() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, m := range v.moves {
		if m.view.State == Queued {
			m.view.State = Aborted
		}
		m.leave()
	}
}

func (v *mover) views() []MoveView {
	v.mu.Lock()
	defer v.mu.Unlock()
	views := make([]MoveView, 0, len(v.moves))
	for _, m := range v.moves {
		view := m.view
		view.Steps = append([]MoveStepView{}, view.Steps[max(len(view.Steps)-stepsShown, 0):]...)
		views = append(views, view)
	}
	return views
}

func closed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

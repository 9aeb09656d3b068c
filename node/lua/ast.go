package lua

// The tree that the parser builds and the compiler turns into closures.

// local is one local variable of a function.
type local struct {
	name     string
	slot     int
	captured bool   // an inner function uses it: it lives in a cell
	outer    *local // visible before it, in a traced function
}

// funcBody is one function as it was read.
type funcBody struct {
	source  string
	line    int // where it begins; 0 for a chunk
	params  []*local
	vararg  bool
	arg     *local // the table of extra arguments that old functions expect, if they do
	body    *block
	slots   int
	traced  bool
	weight  int // how deep its expressions and blocks stand in each other
	upNames []string
	ups     []upRef
}

// upRef says where a function finds a captured variable when it is made.
type upRef struct {
	outer *local // in the enclosing function, or
	index int    // among that function's own
}

type block struct {
	stmts []stmtNode
	size  int // of its text
}

// cost is how many steps running a block takes besides the first: about what its text says.
func (b *block) cost() int { return b.size / textPerStep }

// textPerStep is how many bytes of text do in a step what they say.
const textPerStep = 256

type stmtNode interface{}

type exprNode interface{}

// Expressions.
type (
	constExpr struct{ v Value }
	dotsExpr  struct{ m *mark }
	funcExpr  struct {
		f *funcBody
		m *mark
	}
	localExpr struct{ l *local }
	upExpr    struct {
		name  string
		index int
	}
	globalExpr struct {
		name *str
		line int
	}
	indexExpr struct {
		table, key exprNode
		line       int
		fetched    bool // it has its mark
	}
	callExpr struct {
		fn     exprNode
		method *str // with fn the object, for a:b()
		args   []exprNode
		line   int
		m      *mark
	}
	parenExpr struct{ e exprNode } // a call or ... cut to one value
	unaryExpr struct {
		op   tokenKind
		e    exprNode
		line int
	}
	binaryExpr struct {
		op   tokenKind
		a, b exprNode
		line int
	}
	tableExpr struct {
		items []tableItem
		array int
		hash  int
		line  int
		m     *mark // where it is made
		end   *mark // where its last elements are stored
	}
)

// tableItem is one field of a constructor; key is nil for an element.
type tableItem struct{ key, value exprNode }

// Statements.
type (
	localStmt struct {
		vars  []*local
		exprs []exprNode
		m     *mark // where they are emptied
	}
	assignStmt struct {
		targets []exprNode
		exprs   []exprNode
		line    int
		m       *mark // where several values are stored
	}
	callStmt  struct{ call *callExpr }
	doStmt    struct{ body *block }
	whileStmt struct {
		cond exprNode
		body *block
		line int
	}
	repeatStmt struct {
		body *block
		cond exprNode
		line int
	}
	ifStmt struct {
		conds []exprNode
		then  []*block
		other *block
	}
	numForStmt struct {
		v                 *local
		start, stop, step exprNode
		body              *block
		line              int
		base              int // three hidden slots when it is traced: index, limit, step
		prepare, turn     *mark
	}
	genForStmt struct {
		vars  []*local
		exprs []exprNode
		body  *block
		base  int // three hidden slots: function, state, control
		line  int

		prepare, turn *mark
	}
	localFuncStmt struct {
		v *local
		f *funcBody
		m *mark
	}
	returnStmt struct {
		exprs []exprNode
		line  int
		m     *mark
	}
	breakStmt struct{ m *mark }
)

package command

// bitmapRows describes the commands that see a string as bits.
var bitmapRows = []Command{
	{
		Name: "bitcount", Arity: -2, Flags: ReadOnly,
		Categories: CategoryBitmap,
		Keys:       []KeySpec{one(1, RO|Access)},
		Group:      "bitmap", Since: "2.6.0", Complexity: "O(N)",
		Summary: "Counts the bits that are set in a string or a part of it.",
		Syntax:  "key@key ?index(start@int end@int ?index_unit(BYTE | BIT))",
	},
	{
		Name: "bitfield", Arity: -2, Flags: Write | DenyOOM,
		Categories: CategoryBitmap,
		Keys:       []KeySpec{one(1, RW|Access|Update|Variable)},
		Group:      "bitmap", Since: "3.2.0", Complexity: "O(1) for each operation",
		Summary: "Reads and changes integers of any width at any bit of a string.",
		Syntax: "key@key ?operation(GET: encoding_offset(encoding offset@int) | " +
			"write(?OVERFLOW: wrap_sat_fail(WRAP | SAT | FAIL) write_operation(" +
			"SET: encoding_offset_value(encoding offset@int value@int) | " +
			"INCRBY: encoding_offset_increment(encoding offset@int increment@int))))*",
	},
	{
		Name: "bitfield_ro", Arity: -2, Flags: ReadOnly | Fast,
		Categories: CategoryBitmap,
		Keys:       []KeySpec{one(1, RO|Access)},
		Group:      "bitmap", Since: "6.0.0", Complexity: "O(1) for each operation",
		Summary: "Reads integers of any width at any bit of a string.",
		Syntax:  "key@key ?GET: encoding_offset(encoding offset@int)**",
	},
	{
		Name: "bitop", Arity: -4, Flags: Write | DenyOOM,
		Categories: CategoryBitmap,
		Keys:       []KeySpec{one(2, OW|Update), span(3, -1, 1, RO|Access)},
		Group:      "bitmap", Since: "2.6.0", Complexity: "O(N)",
		Summary: "Combines the bits of strings and stores the outcome.",
		Syntax:  "operation destkey@key key@key1*",
	},
	{
		Name: "bitpos", Arity: -3, Flags: ReadOnly,
		Categories: CategoryBitmap,
		Keys:       []KeySpec{one(1, RO|Access)},
		Group:      "bitmap", Since: "2.8.7", Complexity: "O(N)",
		Summary: "Finds the first bit that is set, or clear, in a string.",
		Syntax:  "key@key bit@int ?index(start@int ?end_index(end@int ?index_unit(BYTE | BIT)))",
	},
	{
		Name: "getbit", Arity: 3, Flags: ReadOnly | Fast,
		Categories: CategoryBitmap,
		Keys:       []KeySpec{one(1, RO|Access)},
		Group:      "bitmap", Since: "2.2.0", Complexity: "O(1)",
		Summary: "Tells one bit of a string.",
		Syntax:  "key@key offset@int",
	},
	{
		Name: "setbit", Arity: 4, Flags: Write | DenyOOM,
		Categories: CategoryBitmap,
		Keys:       []KeySpec{one(1, RW|Access|Update)},
		Group:      "bitmap", Since: "2.2.0", Complexity: "O(1)",
		Summary: "Sets or clears one bit of a string and tells what it was.",
		Syntax:  "key@key offset@int value@int",
	},
}

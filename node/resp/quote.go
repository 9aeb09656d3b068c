package resp

// AppendQuoted appends b in double quotes, with escapes for what cannot be printed (sdscatrepr).
// SplitLine reads it again.
func AppendQuoted(out, b []byte) []byte {
	const digits = "0123456789abcdef"
	out = append(out, '"')
	for _, r := range b {
		switch r {
		case '\\', '"':
			out = append(out, '\\', r)
		case '\n':
			out = append(out, '\\', 'n')
		case '\r':
			out = append(out, '\\', 'r')
		case '\t':
			out = append(out, '\\', 't')
		case '\a':
			out = append(out, '\\', 'a')
		case '\b':
			out = append(out, '\\', 'b')
		default:
			if r < ' ' || r > '~' {
				out = append(out, '\\', 'x', digits[r>>4], digits[r&15])
			} else {
				out = append(out, r)
			}
		}
	}
	return append(out, '"')
}

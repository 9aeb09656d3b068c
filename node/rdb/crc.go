package rdb

// jones is the reflected CRC-64 polynomial ad93d23594c935a9.
const jones = 0x95AC9329AC4BC9B5

// crcTables let eight bytes be folded in at once: crcTables[k][b] is the checksum of byte b
// followed by k zero bytes. The standard package builds such tables anew for every call when the
// polynomial is not one of its own.
var crcTables = makeCRCTables()

func makeCRCTables() (t [8][256]uint64) {
	for i := range t[0] {
		crc := uint64(i)
		for range 8 {
			if crc&1 == 1 {
				crc = crc>>1 ^ jones
			} else {
				crc >>= 1
			}
		}
		t[0][i] = crc
	}
	for i := range t[0] {
		for k := 1; k < 8; k++ {
			t[k][i] = t[0][byte(t[k-1][i])] ^ t[k-1][i]>>8
		}
	}
	return t
}

// Checksum continues crc over data. It starts at 0 and has no final complement.
func Checksum(crc uint64, data []byte) uint64 {
	t := &crcTables
	for len(data) >= 8 {
		crc ^= uint64(data[0]) | uint64(data[1])<<8 | uint64(data[2])<<16 | uint64(data[3])<<24 |
			uint64(data[4])<<32 | uint64(data[5])<<40 | uint64(data[6])<<48 | uint64(data[7])<<56
		crc = t[7][byte(crc)] ^ t[6][byte(crc>>8)] ^ t[5][byte(crc>>16)] ^ t[4][byte(crc>>24)] ^
			t[3][byte(crc>>32)] ^ t[2][byte(crc>>40)] ^ t[1][byte(crc>>48)] ^ t[0][crc>>56]
		data = data[8:]
	}
	for _, b := range data {
		crc = t[0][byte(crc)^b] ^ crc>>8
	}
	return crc
}

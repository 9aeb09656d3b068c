package slot

// polynomial is x^16 + x^12 + x^5 + 1, the one of CRC-16/XMODEM: nothing reflected, starting at
// zero, nothing inverted at the end.
const polynomial = 0x1021

// crcTable holds the CRC of each single byte.
var crcTable = makeCRCTable()

func makeCRCTable() (table [256]uint16) {
	for i := range table {
		crc := uint16(i) << 8
		for range 8 {
			if crc&0x8000 != 0 {
				crc = crc<<1 ^ polynomial
			} else {
				crc <<= 1
			}
		}
		table[i] = crc
	}
	return table
}

// CRC16 returns the CRC-16/XMODEM of b; of "123456789" it is 0x31C3.
func CRC16(b []byte) uint16 {
	var crc uint16
	for _, c := range b {
		crc = crc<<8 ^ crcTable[byte(crc>>8)^c]
	}
	return crc
}

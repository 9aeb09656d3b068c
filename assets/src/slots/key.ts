// From a key to its slot: CRC16 of the key, or of what stands between the first { and the next },
// modulo 16384. keys.golden.json holds what the nodes themselves compute.

import { SLOTS } from "../core/slots.ts";

/** CRC16-CCITT (XMODEM): polynomial 0x1021, no reflection, start 0. */
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc & 0xffff;
});

/** crc16 is the checksum that Redis Cluster takes of keys. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ TABLE[(crc >> 8) ^ byte]!;
  return crc;
}

/** How a key comes to its slot. A key without a hash tag is hashed whole, and before and after are empty. */
export interface Hashed {
  before: string;
  hashed: string;
  after: string;
  crc: number;
  slot: number;
}

/** hashKey tells which part of a key is hashed and what comes of it. */
export function hashKey(key: string): Hashed {
  const open = key.indexOf("{");
  const close = open < 0 ? -1 : key.indexOf("}", open + 1);
  const tagged = close > open + 1;
  const [from, to] = tagged ? [open + 1, close] : [0, key.length];
  const hashed = key.slice(from, to);
  const crc = crc16(new TextEncoder().encode(hashed));
  return { before: key.slice(0, from), hashed, after: key.slice(to), crc, slot: crc % SLOTS };
}

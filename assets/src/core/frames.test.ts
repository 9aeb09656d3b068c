import assert from "node:assert/strict";
import test from "node:test";
import { decodeFrames, encodeFrames, Kind, type Frame } from "./frames.ts";

// One AUTH_REQ from 7004 to 7000, sent 1.5 ms after t0 = 12345.5 and arrived 0.25 ms later, and
// one held PING still in flight; sampled from 40. The server's test has the same bytes.
const GOLDEN =
  "01010200" + "28000000" + "00000000c01cc840" +
  "dc050000" + "d6060000" + "0500" + "5c1b" + "581b" + "0700" + "d0080000" + "2a000000" +
  "e8030000" + "ffffffff" + "0002" + "581b" + "591b" + "0000" + "00090000" + "2b000000";

const frames: Frame[] = [
  { id: 42, kind: Kind.AuthRequest, dropped: false, held: false, from: 7004, to: 7000, aux: 7, bytes: 2256, sent: 12347, arrived: 12347.25 },
  { id: 43, kind: Kind.Ping, dropped: false, held: true, from: 7000, to: 7001, aux: 0, bytes: 2304, sent: 12346.5, arrived: null },
];

const buffer = (hex: string) => new Uint8Array(hex.match(/../g)!.map((b) => parseInt(b, 16))).buffer;

test("a frame message decodes to what was sent", () => {
  assert.deepEqual(decodeFrames(buffer(GOLDEN)), { total: 40, list: frames });
});

test("encoding writes the golden bytes", () => {
  assert.equal(Buffer.from(encodeFrames(12345.5, { total: 40, list: frames })).toString("hex"), GOLDEN);
});

test("a length that does not fit its count is refused", () => {
  assert.throws(() => decodeFrames(buffer(GOLDEN.slice(0, -2))), RangeError);
  assert.throws(() => decodeFrames(buffer(GOLDEN + "00")), RangeError);
  assert.throws(() => decodeFrames(new ArrayBuffer(3)), RangeError);
});

test("an unknown version or type is refused", () => {
  assert.throws(() => decodeFrames(buffer("02" + GOLDEN.slice(2))), /version 2/);
  assert.throws(() => decodeFrames(buffer("0109" + GOLDEN.slice(4))), /type 9/);
});

test("random bytes never do anything but decode or throw a RangeError", () => {
  let seed = 1;
  const next = () => (seed = (seed * 48271) % 2147483647);
  for (let i = 0; i < 3000; i++) {
    const bytes = new Uint8Array(next() % 90).map(() => next() & 255);
    if (next() % 2) bytes.set([1, 1, next() % 4, 0].slice(0, bytes.length));
    try {
      decodeFrames(bytes.buffer);
    } catch (err) {
      assert.ok(err instanceof RangeError);
    }
  }
});

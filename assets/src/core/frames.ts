// Binary gossip frames: a header of 16 bytes, then records of 24 bytes, all little-endian.

/** Header and record sizes on the wire. */
export const HEADER_BYTES = 16;
export const RECORD_BYTES = 24;

const VERSION = 1;
const TYPE_GOSSIP = 1;
const IN_FLIGHT = 0xffffffff;

/** Record flags. */
export const DROPPED = 1;
export const HELD = 2;

/** Kinds of frame: the bus packet types, then what is not a bus packet. */
export const Kind = {
  Ping: 0,
  Pong: 1,
  Meet: 2,
  Fail: 3,
  Publish: 4,
  AuthRequest: 5,
  AuthAck: 6,
  Update: 7,
  MFStart: 8,
  Module: 9,
  PublishShard: 10,
  Replication: 32,
  Migration: 33,
  Sentinel: 34,
  WatchPing: 35,
  WatchPong: 36,
  Info: 37,
  Hello: 38,
  AskDown: 39,
  AskVote: 40,
  Vote: 41,
  ReplicaOf: 42,
  Connect: 64,
  Close: 65,
} as const;

/** One frame between two nodes. Times are virtual milliseconds; arrived is null while it flies. */
export interface Frame {
  id: number;
  kind: number;
  dropped: boolean;
  held: boolean;
  from: number;
  to: number;
  aux: number;
  bytes: number;
  sent: number;
  arrived: number | null;
}

/** One message's frames. `total` is how many there were before the server sampled them. */
export interface Frames {
  total: number;
  list: Frame[];
}

/** Decodes a binary message; throws a RangeError when its length or header is wrong. */
export function decodeFrames(buffer: ArrayBuffer): Frames {
  if (buffer.byteLength < HEADER_BYTES) throw new RangeError("gossip frame: no header");
  const view = new DataView(buffer);
  const version = view.getUint8(0);
  const type = view.getUint8(1);
  if (version !== VERSION || type !== TYPE_GOSSIP) {
    throw new RangeError(`gossip frame: version ${version} type ${type} is not known`);
  }
  const count = view.getUint16(2, true);
  const want = HEADER_BYTES + count * RECORD_BYTES;
  if (buffer.byteLength !== want) {
    throw new RangeError(`gossip frame: ${count} records need ${want} bytes, got ${buffer.byteLength}`);
  }
  const t0 = view.getFloat64(8, true);
  const list: Frame[] = new Array(count);
  for (let i = 0; i < count; i++) list[i] = decodeRecord(view, HEADER_BYTES + i * RECORD_BYTES, t0);
  return { total: view.getUint32(4, true), list };
}

function decodeRecord(view: DataView, at: number, t0: number): Frame {
  const arrived = view.getUint32(at + 4, true);
  const flags = view.getUint8(at + 9);
  return {
    sent: t0 + view.getUint32(at, true) / 1000,
    arrived: arrived === IN_FLIGHT ? null : t0 + arrived / 1000,
    kind: view.getUint8(at + 8),
    dropped: (flags & DROPPED) !== 0,
    held: (flags & HELD) !== 0,
    from: view.getUint16(at + 10, true),
    to: view.getUint16(at + 12, true),
    aux: view.getUint16(at + 14, true),
    bytes: view.getUint32(at + 16, true),
    id: view.getUint32(at + 20, true),
  };
}

/** Encodes frames. Only tests and the page's own demonstrations write them. */
export function encodeFrames(t0: number, frames: Frames): ArrayBuffer {
  const buffer = new ArrayBuffer(HEADER_BYTES + frames.list.length * RECORD_BYTES);
  const view = new DataView(buffer);
  view.setUint8(0, VERSION);
  view.setUint8(1, TYPE_GOSSIP);
  view.setUint16(2, frames.list.length, true);
  view.setUint32(4, frames.total, true);
  view.setFloat64(8, t0, true);
  frames.list.forEach((frame, i) => {
    const at = HEADER_BYTES + i * RECORD_BYTES;
    const arrived = frame.arrived === null ? IN_FLIGHT : Math.round((frame.arrived - t0) * 1000);
    view.setUint32(at, Math.round((frame.sent - t0) * 1000), true);
    view.setUint32(at + 4, arrived, true);
    view.setUint8(at + 8, frame.kind);
    view.setUint8(at + 9, (frame.dropped ? DROPPED : 0) | (frame.held ? HELD : 0));
    view.setUint16(at + 10, frame.from, true);
    view.setUint16(at + 12, frame.to, true);
    view.setUint16(at + 14, frame.aux, true);
    view.setUint32(at + 16, frame.bytes, true);
    view.setUint32(at + 20, frame.id, true);
  });
  return buffer;
}

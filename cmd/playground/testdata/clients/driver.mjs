// The test and a client library talk in lines: a request on stdin, one line of JSON on stdout.
// A library is an object with connect, hello, pipeline, set, get and close.
import { createInterface } from 'node:readline';
import { setTimeout as rest } from 'node:timers/promises';

const writers = 4;
const pace = 15; // milliseconds between two writes of one writer: load, not a benchmark
const patience = 20_000; // how long a write may go on failing after a failover

// drive serves the requests; keys bear the name, which tells two riders apart.
export async function drive(name, library) {
  const state = { tags: [], running: false, next: 0, acked: new Map(), marked: new Set(), errors: 0, last: '', loops: [] };
  const requests = {
    hello: () => library.hello(),
    pipeline: () => pipeline(name, library),
    write: (tags) => begin(name, library, state, tags),
    count: async () => ({ acked: state.acked.size, errors: state.errors, last: state.last }),
    mark: async () => ({ acked: (state.marked = new Set(state.acked.keys())).size }),
    stop: () => stop(library, state),
    insist: ([key]) => insist(library, key),
  };
  await library.connect();
  console.log(JSON.stringify({ ready: true }));
  for await (const line of createInterface({ input: process.stdin })) {
    const [verb, ...words] = line.split(' ');
    const answer = await requests[verb](words).catch((e) => ({ error: String(e?.stack ?? e) }));
    console.log(JSON.stringify(answer));
  }
  await library.close();
  process.exit(0);
}

async function pipeline(name, library) {
  const pairs = Array.from({ length: 200 }, (_, i) => [`${name}:pipe:${i}`, String(i)]);
  const wrong = await library.pipeline(pairs);
  return { wrong };
}

async function begin(name, library, state, tags) {
  Object.assign(state, { tags, running: true, acked: new Map(), marked: new Set(), errors: 0, last: '' });
  state.loops = Array.from({ length: writers }, () => write(name, library, state));
  return { writing: true };
}

async function write(name, library, state) {
  while (state.running) {
    const i = state.next++;
    const key = `{${state.tags[i % state.tags.length]}}${name}:${i}`;
    try {
      await library.set(key, String(i));
      state.acked.set(key, String(i));
    } catch (e) {
      state.errors++;
      state.last = String(e);
    }
    await rest(pace);
  }
}

async function stop(library, state) {
  state.running = false;
  await Promise.all(state.loops);
  let lost = 0;
  let broken = 0; // of those that were acknowledged before the mark
  for (const [key, value] of state.acked) {
    if ((await library.get(key)) === value) continue;
    lost++;
    if (state.marked.has(key)) broken++;
  }
  return { acked: state.acked.size, lost, broken, errors: state.errors, last: state.last };
}

async function insist(library, key) {
  let last = '';
  for (const end = Date.now() + patience; Date.now() < end; await rest(20)) {
    try {
      await library.set(key, 'survived');
      if ((await library.get(key)) === 'survived') return { survived: true };
    } catch (e) {
      last = String(e);
    }
  }
  return { survived: false, last };
}

// about is an answer to HELLO: a map or, with RESP2, a list of names and values.
export function about(reply) {
  const pairs = Array.from({ length: (reply.length ?? 0) / 2 }, (_, i) => [reply[2 * i], reply[2 * i + 1]]);
  const { proto, server, version, mode } = Array.isArray(reply) ? Object.fromEntries(pairs) : reply;
  return { proto: Number(proto), server, version, mode };
}

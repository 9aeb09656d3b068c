import { createSentinel } from 'redis';
import { drive } from './driver.mjs';

const sentinel = createSentinel({
  name: 'mymaster',
  sentinelRootNodes: process.argv.slice(2).map((port) => ({ host: '127.0.0.1', port: Number(port) })),
  RESP: 3,
});
sentinel.on('error', () => {}); // a master that was killed; the commands tell
sentinel.on('client-error', () => {});

drive('node-redis', {
  connect: () => sentinel.connect(),
  close: () => sentinel.close(),
  set: (key, value) => sentinel.set(key, value),
  get: (key) => sentinel.get(key),
});

import { createSentinel } from 'redis';
import { drive } from './driver.mjs';

const [protocol, ...ports] = process.argv.slice(2);
const sentinel = createSentinel({
  name: 'mymaster',
  sentinelRootNodes: ports.map((port) => ({ host: '127.0.0.1', port: Number(port) })),
  RESP: Number(protocol),
});
sentinel.on('error', () => {}); // a master that was killed; the commands tell
sentinel.on('client-error', () => {});

drive(`node-redis${protocol}`, {
  connect: () => sentinel.connect(),
  close: () => sentinel.close(),
  set: (key, value) => sentinel.set(key, value),
  get: (key) => sentinel.get(key),
});

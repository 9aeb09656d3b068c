import { createCluster } from 'redis';
import { about, drive } from './driver.mjs';

const cluster = createCluster({ rootNodes: [{ url: `redis://127.0.0.1:${process.argv[2]}` }], RESP: Number(process.argv[3]) });
cluster.on('error', () => {}); // a node that was killed; the commands tell
cluster.on('node-error', () => {});

drive(`node-redis${process.argv[3]}`, {
  connect: () => cluster.connect(),
  close: () => cluster.close(),
  set: (key, value) => cluster.set(key, value),
  get: (key) => cluster.get(key),
  hello: async () => about(await cluster.sendCommand('hello', true, ['HELLO'])),
  // Commands of one turn of the event loop share a write; a transaction needs one slot.
  async pipeline(pairs) {
    const stored = await Promise.all(pairs.map(([key, value]) => cluster.set(key, value)));
    const values = await Promise.all(pairs.map(([key]) => cluster.get(key)));
    const [first, second] = await cluster.multi().set('{pipe}a', '1').incr('{pipe}a').exec();
    const wrong = pairs.filter(([, value], i) => stored[i] !== 'OK' || values[i] !== value).length;
    return wrong + (first !== 'OK') + (second !== 2);
  },
});

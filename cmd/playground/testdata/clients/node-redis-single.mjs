import { createClient } from 'redis';
import { about, drive } from './driver.mjs';

const [port, protocol] = process.argv.slice(2).map(Number);
const client = createClient({ url: `redis://127.0.0.1:${port}`, RESP: protocol, socket: { reconnectStrategy: () => 50 } });
client.on('error', () => {}); // a server that was killed; the commands tell

drive(`node-redis${protocol}`, {
  connect: () => client.connect(),
  close: () => client.close(),
  set: (key, value) => client.set(key, value),
  get: (key) => client.get(key),
  hello: async () => about(await client.sendCommand(['HELLO'])),
  // Commands of one turn of the event loop share a write.
  async pipeline(pairs) {
    const stored = await Promise.all(pairs.map(([key, value]) => client.set(key, value)));
    const values = await Promise.all(pairs.map(([key]) => client.get(key)));
    return pairs.filter(([, value], i) => stored[i] !== 'OK' || values[i] !== value).length;
  },
});

import Redis from 'ioredis';
import { about, drive } from './driver.mjs';

const [port, protocol] = process.argv.slice(2).map(Number);
const redis = new Redis({ host: '127.0.0.1', port, protocol, lazyConnect: true, retryStrategy: () => 50 });
redis.on('error', () => {}); // a server that was killed; the commands tell

drive(`ioredis${protocol}`, {
  connect: () => redis.connect(),
  close: () => redis.quit(),
  set: (key, value) => redis.set(key, value),
  get: (key) => redis.get(key),
  hello: async () => about(await redis.call('HELLO')),
  async pipeline(pairs) {
    const pipe = redis.pipeline();
    for (const [key, value] of pairs) pipe.set(key, value);
    for (const [key] of pairs) pipe.get(key);
    const replies = await pipe.exec();
    return pairs.filter(([, value], i) => replies[i][1] !== 'OK' || replies[pairs.length + i][1] !== value).length;
  },
});

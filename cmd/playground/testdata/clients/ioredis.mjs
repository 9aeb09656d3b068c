import { Cluster } from 'ioredis';
import { about, drive } from './driver.mjs';

const cluster = new Cluster([{ host: '127.0.0.1', port: Number(process.argv[2]) }], {
  redisOptions: { protocol: Number(process.argv[3]) },
  lazyConnect: true,
});
cluster.on('error', () => {}); // a node that was killed; the commands tell

drive(`ioredis${process.argv[3]}`, {
  connect: () => cluster.connect(),
  close: () => cluster.quit(),
  set: (key, value) => cluster.set(key, value),
  get: (key) => cluster.get(key),
  hello: async () => about(await cluster.nodes('master')[0].call('HELLO')),
  // ioredis wants the keys of one pipeline to belong to one node: one tag does that.
  async pipeline(pairs) {
    const pipe = cluster.pipeline();
    for (const [key, value] of pairs) pipe.set(`{pipe}${key}`, value);
    for (const [key] of pairs) pipe.get(`{pipe}${key}`);
    const replies = await pipe.exec();
    return pairs.filter(([, value], i) => replies[i][1] !== 'OK' || replies[pairs.length + i][1] !== value).length;
  },
});

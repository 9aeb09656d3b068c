import Redis from 'ioredis';
import { drive } from './driver.mjs';

const soon = () => 50; // milliseconds until the next try
const [protocol, ...ports] = process.argv.slice(2);
const redis = new Redis({
  protocol: Number(protocol),
  sentinels: ports.map((port) => ({ host: '127.0.0.1', port: Number(port) })),
  name: 'mymaster',
  failoverDetector: true, // listens to +switch-master on every Sentinel
  lazyConnect: true,
  retryStrategy: soon,
  sentinelRetryStrategy: soon,
});
redis.on('error', () => {}); // a master that was killed; the commands tell
// A +switch-master that ioredis hears while it connects ends it for good; its user begins again.
redis.on('end', () => redis.connect().catch(() => {}));

drive(`ioredis${protocol}`, {
  connect: () => redis.connect(),
  close: () => {
    redis.removeAllListeners('end');
    return redis.quit();
  },
  set: (key, value) => redis.set(key, value),
  get: (key) => redis.get(key),
});

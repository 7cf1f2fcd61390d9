export { diskSpaceCheck, type DiskSpaceCheckOptions } from "./disk-space-check.js";
export { eventLoopCheck, type EventLoopCheckOptions } from "./event-loop-check.js";
export { httpCheck, type HttpCheckOptions } from "./http-check.js";
export { memoryCheck, type MemoryCheckOptions } from "./memory-check.js";
export { redisCheck, type RedisCheckOptions, type RedisLike } from "./redis-check.js";

import { objectLike, parseOptions } from "@tasker-observability/core/options";
import * as z from "zod/mini";
import { type CustomCheck, readyMadeSettings } from "../checks/custom-check.js";

/** What is used of a Redis client: ioredis, node-redis, Valkey's and others have it. */
export interface RedisLike {
  /** Asks the server whether it is there. */
  ping(): Promise<unknown>;
}

const redisCheckOptions = z.strictObject({
  /** Your own client. It stays yours. */
  client: objectLike<RedisLike>({ name: "a Redis client", methods: ["ping"] }),
  ...readyMadeSettings("redis"),
});
/** Options of {@link redisCheck}. */
export type RedisCheckOptions = z.input<typeof redisCheckOptions>;

/**
 * Sends PING: unhealthy if the client rejects, or if no answer comes in time, for example because the client has no
 * connection.
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every wrong option.
 */
export function redisCheck(options: RedisCheckOptions): CustomCheck {
  const { client, ...settings } = parseOptions("redisCheck", redisCheckOptions, options);
  return {
    ...settings,
    async run() {
      await client.ping();
      return { status: "healthy", message: "answered" };
    },
  };
}

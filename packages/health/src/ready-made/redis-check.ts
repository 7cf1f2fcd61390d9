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
 * A check that sends PING: unhealthy where the client rejects, or no answer comes in time, as when it waits for a connection.
 *
 * @throws ObservabilityError INVALID_PARAMS that lists everything wrong with the options.
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

import { createHash, randomBytes } from "node:crypto";

/** Identifies a worker's connections in the database, also among workers with the same id. */
export interface InstanceName {
  /** Of this worker's connections, such as `tasker-worker orders-1 1f0c9a2b/7d3e5a90`: at most 63 bytes, which PostgreSQL keeps. */
  readonly applicationName: string;
  /** The same for all workers with the id. */
  readonly idTag: string;
  /** Unique to this worker process. */
  readonly instance: string;
}

const readableLength = 24;

/** Creates the name of one worker process. Its readable part is for people. */
export function createInstanceName(workerId: string): InstanceName {
  const readable = workerId.replace(/[^\w.-]+/g, "_").slice(0, readableLength);
  const idTag = createHash("sha256").update(workerId).digest("hex").slice(0, 8);
  const instance = randomBytes(4).toString("hex");
  return Object.freeze({
    applicationName: `tasker-worker ${readable} ${idTag}/${instance}`,
    idTag,
    instance,
  });
}

import { createHash, randomBytes } from "node:crypto";

/** By what a worker's connections are known to the database, and to other workers with its id. */
export interface InstanceName {
  /** Of this worker's connections, such as `tasker-worker orders-1 1f0c9a2b/7d3e5a90`: at most 63 bytes, which PostgreSQL keeps. */
  readonly applicationName: string;
  /** The same for all workers with the id. */
  readonly idTag: string;
  /** This worker's own. */
  readonly instance: string;
}

const readableLength = 24;

/** Makes a name of an id, of which the readable part is for people. */
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

import { readFile, stat } from "node:fs/promises";

/** What a heartbeat file contains, as one line of JSON. Its age is the age of the file. */
export interface HeartbeatContent {
  readonly status: "alive";
  /** Null without a `ready` option. */
  readonly ready: boolean | null;
  readonly timestamp: string;
  readonly worker_id: string;
  /** The process id of the writer, in its own container. */
  readonly pid: number;
}

/** A heartbeat has a few hundred bytes. */
const maxBytes = 65_536;

/** Reads a heartbeat file that another worker may have written; null if it is not a heartbeat. */
export async function readHeartbeat(path: string): Promise<Partial<HeartbeatContent> | null> {
  try {
    // Before reading: a pipe or a device may never end.
    const found = await stat(path, { bigint: true });
    if (!found.isFile() || found.size > maxBytes) return null;
    const content = JSON.parse(await readFile(path, "utf8")) as Partial<HeartbeatContent> | null;
    return content?.status === "alive" ? content : null;
  } catch {
    return null;
  }
}

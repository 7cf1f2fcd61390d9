import { readFile, stat } from "node:fs/promises";

/** What a heartbeat file holds, as one line of JSON. How old it is, the file's own time of change says. */
export interface HeartbeatContent {
  readonly status: "alive";
  /** Null where nobody is asked. */
  readonly ready: boolean | null;
  readonly timestamp: string;
  readonly worker_id: string;
  /** The process id of the writer, in its own container. */
  readonly pid: number;
}

/** A heartbeat has some hundred bytes. */
const maxBytes = 65_536;

/** What is in a heartbeat file that another worker may have written; null where it is anything else. */
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

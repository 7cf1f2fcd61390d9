import { readFileSync, statSync } from "node:fs";
import { type CommandResult, fail, succeed } from "./command-result.js";
import type { ProbeRequest } from "./probe-request.js";
import { cannotReach } from "./probe-verdict.js";

/** Clocks of a host and its container may differ by this much. A file with a later date gives no answer. */
const clockSlackMs = 5_000;
/** A heartbeat has a few hundred bytes. */
const maxBytes = 65_536;

export async function probeFile({ name, where, maxAgeMs }: ProbeRequest): Promise<CommandResult> {
  try {
    // Before reading: a pipe or a device may never end.
    const file = statSync(where);
    if (!file.isFile()) return cannotReach("the heartbeat file is not a regular file");
    if (file.size > maxBytes) return cannotReach("the heartbeat file is larger than 64 KiB");
    const { ready } = readHeartbeat(where);
    const sinceMs = Date.now() - file.mtimeMs;
    if (sinceMs < -clockSlackMs) return cannotReach("the heartbeat file is dated in the future");
    const ageMs = Math.max(0, sinceMs);
    const age = `${Math.floor(ageMs / 1_000)} s`;
    if (ageMs > maxAgeMs)
      return fail(`${name === "live" ? "dead" : "not ready"} (the heartbeat is ${age} old)`);
    if (name === "live") return succeed(`alive (heartbeat ${age} ago)`);
    return ready === true
      ? succeed(`ready (heartbeat ${age} ago)`)
      : fail("not ready (the heartbeat says so)");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return cannotReach(
      code === undefined
        ? "the file is not a heartbeat"
        : `the heartbeat file cannot be read (${code})`,
    );
  }
}

/** What a heartbeat file of `startHeartbeatFile` contains, as far as a probe needs it. */
interface Heartbeat {
  readonly status?: unknown;
  readonly ready?: unknown;
}

/** @throws Error if it is anything else. */
function readHeartbeat(path: string): Heartbeat {
  const content = JSON.parse(readFileSync(path, "utf8")) as Heartbeat | null;
  if (content?.status !== "alive") throw new TypeError("no heartbeat");
  return content;
}

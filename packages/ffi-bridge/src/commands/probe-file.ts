import { readFileSync, statSync } from "node:fs";
import type { HeartbeatContent } from "../supervision/heartbeat-content.js";
import { type CommandResult, fail, succeed } from "./command-result.js";
import type { ProbeRequest } from "./probe-request.js";
import { cannotReach } from "./probe-verdict.js";

export async function probeFile({ name, where, maxAgeMs }: ProbeRequest): Promise<CommandResult> {
  try {
    const ageMs = Date.now() - statSync(where).mtimeMs;
    const age = `${Math.floor(ageMs / 1_000)} s`;
    if (ageMs > maxAgeMs) return fail(`${name === "live" ? "dead" : "not ready"} (the heartbeat is ${age} old)`);
    if (name === "live") return succeed(`alive (heartbeat ${age} ago)`);
    const { ready } = JSON.parse(readFileSync(where, "utf8")) as Partial<HeartbeatContent>;
    return ready === true ? succeed(`ready (heartbeat ${age} ago)`) : fail("not ready (the heartbeat says so)");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return cannotReach(code === undefined ? "the file is no heartbeat" : `${code} for the heartbeat file`);
  }
}

import { longestSocketPathBytes } from "@tasker-observability/core";
import { z } from "zod";
import { annotate } from "./field-kinds.js";

/** The path of a file; empty for none. */
export function filePath(description: string) {
  return annotate(pathText().default(""), { description });
}

/** The path of a Unix socket; empty for none. */
export function socketPath(description: string) {
  const error = `must have at most ${longestSocketPathBytes} bytes, for this system takes no longer path for a socket: choose a shorter one, such as /run/worker.sock`;
  return annotate(pathText().refine((path) => Buffer.byteLength(path) <= longestSocketPathBytes, { error }).default(""), { description });
}

function pathText() {
  return z.string({ error: "must be text" }).refine((path) => !path.includes("\0"), { error: "must be a path, and no path holds a NUL character: remove it" });
}

import { longestSocketPathBytes } from "../files/socket-path.js";
import * as z from "zod";
import { annotate } from "./field-kinds.js";

/** File systems allow 255 bytes for a name, and an unfinished file, `heartbeat.1a2b3c4d`, needs nine more. */
const longestNameBytes = 246;

/** The path of a file to write; empty for none. */
export function filePath(description: string) {
  const error = `must have names of at most ${longestNameBytes} bytes between its slashes: choose a shorter one, such as /run/worker/heartbeat`;
  const isShort = (path: string): boolean =>
    path.split("/").every((name) => Buffer.byteLength(name) <= longestNameBytes);
  return annotate(optionalPath().refine(isShort, { error }).default(""), { description });
}

/** The path of a Unix socket; empty for none. */
export function socketPath(description: string) {
  const error = `must have at most ${longestSocketPathBytes} bytes, the limit of this system for the path of a socket: choose a shorter one, such as /run/worker.sock`;
  return annotate(
    optionalPath()
      .refine((path) => Buffer.byteLength(path) <= longestSocketPathBytes, { error })
      .default(""),
    { description },
  );
}

/** Globs of files to read; at least one that includes files. */
export function globList(description: string, value: readonly string[]) {
  const glob = pathText().refine((text) => text.trim() !== "", {
    error: "must not be blank: remove it, or name files, such as config/tasks/**/*.yaml",
  });
  const list = z.array(glob, {
    error: 'must be a list of globs, such as ["config/tasks/**/*.yaml"]',
  });
  const error =
    'must name at least one glob that does not begin with !, such as ["config/tasks/**/*.yaml"]; it may match no file';
  return annotate(
    list
      .refine((globs) => globs.some((text) => !text.startsWith("!")), { error })
      .default([...value]),
    { description },
  );
}

function optionalPath() {
  return pathText().refine((path) => path === "" || path.trim() !== "", {
    error: 'must not be blank: use "" for none',
  });
}

function pathText() {
  return z.string({ error: "must be text" }).refine((path) => !path.includes("\0"), {
    error: "must be a path, and no path contains a NUL character: remove it",
  });
}

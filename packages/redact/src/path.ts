/** One step of a path: a key of an object or an index of an array. */
export type PathSegment = string | number;

const plainKey = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u;

/**
 * Writes a path in JavaScript notation: `worker.web.auth.api_keys[0].key`.
 * A key that would be ambiguous in that notation is quoted: `labels["a.b"]`.
 */
export function formatPath(segments: readonly PathSegment[]): string {
  let path = "";
  for (const segment of segments) path = appendToPath(path, segment);
  return path;
}

/** {@link formatPath}, one step at a time. */
export function appendToPath(path: string, segment: PathSegment): string {
  if (typeof segment === "number") return `${path}[${segment}]`;
  if (!plainKey.test(segment)) return `${path}[${JSON.stringify(segment)}]`;
  return path === "" ? segment : `${path}.${segment}`;
}

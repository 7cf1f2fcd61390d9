import { unusedTaskerKeys } from "../reference/unused-keys.js";

const patterns = unusedTaskerKeys.flatMap(({ keys }) => keys);
const whole = patterns.filter((pattern) => typeof pattern === "string").map(toExpression);
const rest = patterns
  .filter((pattern) => typeof pattern !== "string")
  .map(({ all }) => toExpression(all));

/** Whether a key without effect is Tasker's for sure: by its name, or as part of a table that has none of ours. */
export function isLegacyKey(path: string): boolean {
  return whole.some((expression) => expression.test(path));
}

/** Whether it is in a table that Tasker's files and ours share: Tasker's, or a slip. */
export function isPossiblyLegacyKey(path: string): boolean {
  return rest.some((expression) => expression.test(path));
}

function toExpression(pattern: string): RegExp {
  const source = pattern
    .replaceAll(".", "\\.")
    .replace(/\\\.\*$/, "(\\..*)?")
    .replace(/_\*$/, "_.*");
  return new RegExp(`^${source}$`, "s");
}

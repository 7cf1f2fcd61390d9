import { unusedTaskerKeys } from "../reference/unused-keys.js";

const patterns = unusedTaskerKeys.flatMap(({ keys }) => keys);
const whole = patterns.filter((pattern) => typeof pattern === "string").map(toExpression);
const rest = patterns
  .filter((pattern) => typeof pattern !== "string")
  .map(({ all }) => toExpression(all));

/** Whether a key without effect is certainly Tasker's: by its name, or because its whole table is Tasker's. */
export function isLegacyKey(path: string): boolean {
  return whole.some((expression) => expression.test(path));
}

/** Whether a key is in a table that Tasker's files share with ours. It is either Tasker's or misspelled. */
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

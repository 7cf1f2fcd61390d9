import { setAt, type Tree, valueAt } from "../tree.js";
import type { Finding } from "./finding.js";

const older = ["worker", "web", "config_endpoint_enabled"] as const;
const newer = ["worker", "web", "endpoints", "config_enabled"] as const;

/**
 * Shows the older switch with the newer one's value if only the newer one is set: its default might say the opposite.
 * Returns, for the older key, the key that its value came from.
 */
export function followConfigEndpoint(
  tree: Tree,
  isGiven: (path: string) => boolean,
): ReadonlyMap<string, string> {
  const [olderPath, newerPath] = [older.join("."), newer.join(".")];
  if (isGiven(olderPath) || !isGiven(newerPath)) return new Map();
  setAt(tree, older, valueAt(tree, newer));
  return new Map([[olderPath, newerPath]]);
}

/** Two switches of one endpoint contradict each other: whichever won, somebody's endpoint would be open. */
export function configEndpointRule(
  tree: Tree,
  isGiven: (path: string) => boolean,
): readonly Finding[] {
  if (![older, newer].every((path) => isGiven(path.join(".")))) return [];
  if (valueAt(tree, older) === valueAt(tree, newer)) return [];
  return [
    {
      path: older,
      message: `is the older name of ${newer.join(".")} and says the opposite: keep one of them`,
    },
  ];
}

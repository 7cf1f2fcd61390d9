import { type Tree, valueAt } from "../tree.js";
import type { Finding } from "./auth-rules.js";

const older = ["worker", "web", "config_endpoint_enabled"] as const;
const newer = ["worker", "web", "endpoints", "config_enabled"] as const;

/** Two switches of one door that say different things: whichever won, somebody's door would be open. */
export function configEndpointRule(
  tree: Tree,
  isGiven: (path: string) => boolean,
): readonly Finding[] {
  if (![older, newer].every((path) => isGiven(path.join(".")))) return [];
  if (valueAt(tree, older) === valueAt(tree, newer)) return [];
  return [
    {
      path: older,
      message: `is the older place of ${newer.join(".")} and says the opposite: keep one of them`,
    },
  ];
}

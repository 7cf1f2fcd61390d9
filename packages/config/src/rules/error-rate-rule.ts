import { type Tree, valueAt } from "../tree.js";
import type { Finding } from "./finding.js";

const errorRatePath = ["worker", "health", "error_rate"] as const;

/** A check that is unhealthy before it is degraded would never say degraded. */
export function errorRateRule(tree: Tree): readonly Finding[] {
  const degraded = valueAt(tree, [...errorRatePath, "degraded"]);
  const unhealthy = valueAt(tree, [...errorRatePath, "unhealthy"]);
  if (typeof degraded !== "number" || typeof unhealthy !== "number" || degraded <= unhealthy)
    return [];
  return [
    {
      path: [...errorRatePath, "degraded"],
      message: "must not be above worker.health.error_rate.unhealthy",
    },
  ];
}
